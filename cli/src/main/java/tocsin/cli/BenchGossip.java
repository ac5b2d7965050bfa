package tocsin.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tocsin.cli.demo.GossipBench;
import tocsin.cli.demo.NotSeen;
import tocsin.cli.demo.Screen;

@Command(
    name = "gossip",
    description = {
      "Real nodes in one process, streams over loopback: how long alerts of 1 KiB, raised at a steady",
      "rate, need from the node that they are handed to, to each of the others."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin bench gossip",
      "  tocsin bench gossip --nodes 30 --rate 20 --alerts 1200 -o json"
    })
final class BenchGossip extends Action {
  private static final int MAX_ALERTS = 50_000;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "How many nodes, 5 to 40 (default: ${DEFAULT-VALUE}).")
  int nodes = 10;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "Alerts a second, 1 to 1000 (default: ${DEFAULT-VALUE}).")
  int rate = 20;

  @Option(
      names = "--alerts",
      paramLabel = "N",
      description = "How many alerts, 10 to 50000 (default: ${DEFAULT-VALUE}).")
  int alerts = 600;

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    Failure.requireWithin("--nodes", nodes, GossipBench.MIN_NODES, GossipBench.MAX_NODES);
    Failure.requireWithin("--rate", rate, 1, GossipBench.MAX_RATE);
    Failure.requireWithin("--alerts", alerts, 10, MAX_ALERTS);
    Screen screen = new Screen(session.world().err(), false, false);
    try {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("schema", "tocsin.bench/v1");
      fields.putAll(new GossipBench(DemoCommand::init, screen).run(nodes, rate, alerts));
      session.output().one(fields, () -> Table.figures(fields));
      return ExitCode.OK;
    } catch (NotSeen | IOException e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }
}
