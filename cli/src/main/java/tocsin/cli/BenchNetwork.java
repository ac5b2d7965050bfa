package tocsin.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tocsin.cli.demo.CannotPlay;
import tocsin.cli.demo.Casting;
import tocsin.cli.demo.NetworkBench;
import tocsin.cli.demo.NotSeen;
import tocsin.cli.demo.Screen;

@Command(
    name = "network",
    description = {
      "Five real nodes with resolvers: how long an alert needs from the node that accepted it to all",
      "others, from its second signature to an answer verified at every resolver, and from its recall",
      "or the revocation of its key until no resolver answers with it."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin bench network",
      "  tocsin bench network --alerts 200 -o json"
    })
final class BenchNetwork extends Action {
  @Option(
      names = "--alerts",
      paramLabel = "N",
      description = "How many alerts, 10 to 2000 (default: 200).")
  int alerts = 200;

  @Option(
      names = "--endings",
      paramLabel = "N",
      description = {
        "How many overrides are recalled, and how many lose their submitter's key, 0 to 500",
        "(default: 50)."
      })
  int endings = 50;

  @Option(
      names = "--resolvers",
      paramLabel = "KIND",
      split = ",",
      description = "As for demo (default: auto).")
  List<String> resolvers = List.of("auto");

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    Failure.requireWithin("--alerts", alerts, 10, 2_000);
    Failure.requireWithin("--endings", endings, 0, 500);
    World world = session.world();
    Screen screen = new Screen(world.err(), false, false);
    try {
      Casting casting = Casting.of(5, "checkfree", resolvers);
      if (!casting.within().isEmpty()) {
        throw new Failure(ExitCode.FAILED, "port 53 on loopback cannot be bound by this user")
            .tryThis("as root, or --resolvers embedded");
      }
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("schema", "tocsin.bench/v1");
      fields.putAll(new NetworkBench(casting, DemoCommand::init, screen).run(alerts, endings));
      session.output().one(fields, () -> Table.figures(fields));
      return ExitCode.OK;
    } catch (CannotPlay e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).tryThis(e.attempt());
    } catch (NotSeen | IOException e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }
}
