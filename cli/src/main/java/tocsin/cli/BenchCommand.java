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
import tocsin.cli.demo.DnsBench;
import tocsin.cli.demo.NetworkBench;
import tocsin.cli.demo.NotSeen;
import tocsin.cli.demo.Screen;

@Command(
    name = "bench",
    description = {
      "Measure real nodes on this machine.",
      "",
      "network: how long an alert needs from the node that accepted it to all others, and from its",
      "second signature to an answer verified at every resolver.",
      "",
      "dns: the node's DNS server with many entries: transfers, and questions by dnsperf; beside a",
      "knotd with the same zones, where both are installed."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin bench network",
      "  tocsin bench network --alerts 200 -o json",
      "  tocsin bench dns --entries 100000"
    })
final class BenchCommand extends Action {
  @Parameters(paramLabel = "NAME", description = "What to measure: network or dns.")
  String name = "";

  @Option(
      names = "--alerts",
      paramLabel = "N",
      description = "How many alerts, 10 to 2000 (default: 200).")
  int alerts = 200;

  @Option(
      names = "--entries",
      paramLabel = "N",
      description = "dns: entries of a zone, 1000 to 500000 (default: 100000).")
  int entries = 100_000;

  @Option(
      names = "--resolvers",
      paramLabel = "KIND",
      split = ",",
      description = "As for demo (default: auto).")
  List<String> resolvers = List.of("auto");

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    if (name.equals("dns")) {
      return dns(session);
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

  private ExitCode dns(Session session) throws Failure, InterruptedException {
    if (entries < 1_000 || entries > 500_000) {
      throw Failure.usage("--entries is 1000 to 500000, not " + entries);
    }
    try {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("schema", "tocsin.bench/v1");
      fields.putAll(new DnsBench(new Screen(session.world().err(), false, false)).run(entries));
      session.output().one(fields, () -> shown(fields));
      return ExitCode.OK;
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
