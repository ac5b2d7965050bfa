package tocsin.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.cli.demo.CannotPlay;
import tocsin.cli.demo.Casting;
import tocsin.cli.demo.NetworkBench;
import tocsin.cli.demo.NotSeen;
import tocsin.cli.demo.Screen;
import tocsin.storage.LogFailure;
import tocsin.storage.bench.LogBench;

@Command(
    name = "bench",
    description = {
      "Measure a network of real nodes, or the log, on this machine.",
      "",
      "network: how long an alert needs from the node that accepted it to all others, and from its",
      "second signature to an answer verified at every resolver.",
      "log: durable appends beside a plain loop of synced RocksDB writes, proofs, checking, opening,",
      "replay, room on disk and in memory."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin bench network",
      "  tocsin bench network --alerts 200 -o json",
      "  tocsin bench log --statements 1000000 --on /var/lib/tocsin"
    })
final class BenchCommand extends Action {
  @Parameters(paramLabel = "NAME", description = "What to measure: network or log.")
  String name = "";

  @Option(
      names = "--alerts",
      paramLabel = "N",
      description = "How many alerts, 10 to 2000 (default: 200).")
  int alerts = 200;

  @Option(
      names = "--resolvers",
      paramLabel = "KIND",
      split = ",",
      description = "As for demo (default: auto).")
  List<String> resolvers = List.of("auto");

  @Option(
      names = "--statements",
      paramLabel = "N",
      description = "For log, 10000 to 10000000 (default: 50000).")
  int statements = 50_000;

  @Option(
      names = "--on",
      paramLabel = "FOLDER",
      description = "For log: on which disk (default: the temporary folder's).")
  Path on = Path.of(System.getProperty("java.io.tmpdir"));

  private ExitCode log(Session session) throws Failure {
    if (statements < 10_000 || statements > 10_000_000) {
      throw Failure.usage("--statements is 10000 to 10000000, not " + statements);
    }
    if (!Files.isDirectory(on)) {
      throw Failure.usage("there is no folder " + on);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.bench/v1");
    try {
      fields.putAll(LogBench.run(on, statements, session::progress));
    } catch (IOException | LogFailure e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
    session.endProgress();
    session.output().one(fields, () -> shown(fields));
    return ExitCode.OK;
  }

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    if (name.equals("log")) {
      return log(session);
    }
    if (!name.equals("network")) {
      throw Failure.usage("there is no such benchmark").tryThis("tocsin bench network");
    }
    if (alerts < 10 || alerts > 2_000) {
      throw Failure.usage("--alerts is 10 to 2000, not " + alerts);
    }
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
      fields.putAll(new NetworkBench(casting, DemoCommand::init, screen).run(alerts));
      session.output().one(fields, () -> shown(fields));
      return ExitCode.OK;
    } catch (CannotPlay e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).tryThis(e.attempt());
    } catch (NotSeen | IOException e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  private static String shown(Map<String, Object> fields) {
    StringBuilder lines = new StringBuilder();
    fields.forEach((key, value) -> lines.append(key).append("  ").append(value).append('\n'));
    return lines.toString().stripTrailing();
  }
}
