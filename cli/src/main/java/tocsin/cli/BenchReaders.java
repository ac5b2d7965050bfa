package tocsin.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tocsin.cli.demo.NotSeen;
import tocsin.cli.demo.ReadersBench;
import tocsin.cli.demo.Screen;

@Command(
    name = "readers",
    description = {
      "What peers that stop reading cost the others: a real node with guests over loopback, of which",
      "some stop reading for a while, as alerts of 1 KiB go on. Its memory, the others' arrivals, and",
      "whether anything is lost."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin bench readers",
      "  tocsin bench readers --peers 20 --stalled 8 --minutes 10 --rate 100 -o json"
    })
final class BenchReaders extends Action {
  /// A key may say no more in an hour than the nodes of this benchmark take from it.
  private static final int MAX_ALERTS = 95_000;

  @Option(
      names = "--peers",
      paramLabel = "N",
      description = "How many read at first, 2 to 60 (default: ${DEFAULT-VALUE}).")
  int peers = 20;

  @Option(
      names = "--stalled",
      paramLabel = "N",
      description = "How many of them stop reading (default: ${DEFAULT-VALUE}).")
  int stalled = 8;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description =
          "For how long, 1 to 60; before that all read for half of it (default: ${DEFAULT-VALUE}).")
  int minutes = 2;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "Alerts a second, 1 to 500 (default: ${DEFAULT-VALUE}).")
  int rate = 100;

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    Failure.requireWithin("--peers", peers, 2, 60);
    Failure.requireWithin("--stalled", stalled, 1, peers - 1);
    Failure.requireWithin("--minutes", minutes, 1, 60);
    Failure.requireWithin("--rate", rate, 1, 500);
    if (minutes * 90 * rate > MAX_ALERTS) {
      throw Failure.usage(
          "--minutes %d at --rate %d are more alerts than one key may raise in an hour; choose less of either"
              .formatted(minutes, rate));
    }
    Screen screen = new Screen(session.world().err(), false, false);
    try {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("schema", "tocsin.bench/v1");
      fields.putAll(new ReadersBench(DemoCommand::init, screen).run(peers, stalled, minutes, rate));
      session.output().one(fields, () -> Table.figures(fields));
      return ExitCode.OK;
    } catch (NotSeen | IOException e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }
}
