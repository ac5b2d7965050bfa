package tocsin.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.simulations.Report;
import tocsin.simulations.Scenarios;
import tocsin.simulations.Violation;

@Command(
    name = "simulate",
    description = {
      "Play a scenario with many nodes in virtual time, checking after every step what must hold.",
      "The same seed gives the same run, told by the same trace."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin simulate list",
      "  tocsin simulate checkfree --nodes 5 --seed 7 -o json",
      "  tocsin simulate healthy --nodes 100"
    })
final class SimulateCommand extends Action {
  @Parameters(paramLabel = "SCENARIO", description = "A scenario, or: list.")
  String scenario = "";

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "How many nodes (default: as few as the scenario can do with).")
  int nodes;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "What all chance follows from (default: ${DEFAULT-VALUE}).")
  long seed = 1;

  @Override
  ExitCode run(Session session) throws Failure {
    if (scenario.equals("list")) {
      return list(session);
    }
    Report report;
    try {
      report = Scenarios.run(scenario, nodes == 0 ? fewest(scenario) : nodes, seed);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage()))
          .tryThis("tocsin simulate list")
          .causedBy(e);
    } catch (Violation e) {
      e.lastLines().forEach(session::tell);
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.simulation/v1");
    fields.put("scenario", report.scenario());
    fields.put("nodes", report.nodes());
    fields.put("seed", report.seed());
    fields.put("trace", report.trace());
    fields.put("events", report.events());
    fields.put("virtual_ms", report.virtualMillis());
    fields.putAll(report.figures());
    session.output().one(fields, () -> Table.figures(fields));
    return ExitCode.OK;
  }

  private static int fewest(String scenario) {
    return Scenarios.list().stream()
        .filter(it -> it.name().equals(scenario))
        .mapToInt(Scenarios.Described::minNodes)
        .findFirst()
        .orElse(0);
  }

  private static ExitCode list(Session session) {
    List<Map<String, Object>> items = new ArrayList<>();
    List<String> cells = new ArrayList<>();
    for (Scenarios.Described it : Scenarios.list()) {
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("scenario", it.name());
      item.put("summary", it.summary());
      item.put("min_nodes", it.minNodes());
      item.put("max_nodes", it.maxNodes());
      items.add(item);
      cells.add(it.name());
      cells.add(it.summary());
    }
    session.output().list(items, () -> Table.fields(cells.toArray(String[]::new)));
    return ExitCode.OK;
  }
}
