package tocsin.cli;

import java.io.IOException;
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

@Command(
    name = "bench",
    description = {
      "Measure a network of real nodes on this machine.",
      "",
      "network: how long an alert needs from the node that accepted it to all others, and from its",
      "second signature to an answer verified at every resolver.",
      "",
      "trust: signatures verified by each engine, and alerts judged in a large invented web."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin bench network",
      "  tocsin bench network --alerts 200 -o json",
      "  tocsin bench trust --organizations 10000 --vouches 100000"
    })
final class BenchCommand extends Action {
  @Parameters(paramLabel = "NAME", description = "What to measure: network or trust.")
  String name = "";

  @Option(
      names = "--alerts",
      paramLabel = "N",
      description = "How many alerts, 10 to 2000 (default: 200).")
  int alerts = 200;

  @Option(
      names = "--organizations",
      paramLabel = "N",
      description = "trust: how many, 1000 to 100000 (default: 10000).")
  int organizations = 10_000;

  @Option(
      names = "--vouches",
      paramLabel = "N",
      description = "trust: how many, up to 1000000 (default: 100000).")
  int vouches = 100_000;

  @Option(
      names = "--resolvers",
      paramLabel = "KIND",
      split = ",",
      description = "As for demo (default: auto).")
  List<String> resolvers = List.of("auto");

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    if (name.equals("trust")) {
      return trust(session);
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

  private ExitCode trust(Session session) throws Failure {
    boolean sane =
        organizations >= 1_000
            && organizations <= 100_000
            && vouches >= organizations
            && vouches <= 1_000_000;
    if (!sane) {
      throw Failure.usage(
          "--organizations is 1000 to 100000, and --vouches that many at least, 1000000 at most");
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.bench/v1");
    fields.putAll(new TrustBench(organizations, vouches, 20, session::tell).run());
    session.output().one(fields, () -> shown(fields));
    return ExitCode.OK;
  }

  private static String shown(Map<String, Object> fields) {
    StringBuilder lines = new StringBuilder();
    fields.forEach((key, value) -> lines.append(key).append("  ").append(value).append('\n'));
    return lines.toString().stripTrailing();
  }
}
