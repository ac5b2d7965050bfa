package tocsin.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.simulations.Report;
import tocsin.simulations.ReportPage;
import tocsin.simulations.Scenarios;
import tocsin.simulations.Violation;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

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
      "  tocsin simulate checkfree --nodes 7 --seeds 1..20",
      "  tocsin simulate healthy --nodes 100 --report reports"
    })
final class SimulateCommand extends Action {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,18})\\.\\.(\\d{1,18})");
  private static final int MAX_SEEDS = 100_000;

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

  @Option(
      names = "--seeds",
      paramLabel = "A..B",
      description = "Play with each of these seeds, up to the first that shows something wrong.")
  @Nullable String seeds;

  @Option(
      names = "--alerts",
      paramLabel = "N",
      description = "How many alerts a spreading is measured with (default: 100).")
  @Nullable Integer alerts;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = {
        "Write a page with pictures and the figures as JSON into this folder; a spreading is then",
        "also played by other protocols over the same network."
      })
  @Nullable Path reports;

  @Option(
      names = "--baselines",
      description = "Play a spreading with gossipsub, flooding and push-pull, too.")
  boolean baselines;

  @Override
  ExitCode run(Session session) throws Failure {
    if (scenario.equals("list")) {
      return list(session);
    }
    if (seeds == null) {
      Map<String, Object> fields = play(session, seed);
      session.output().one(fields, () -> Table.figures(fields));
      return ExitCode.OK;
    }
    List<Map<String, Object>> all = new ArrayList<>();
    for (long each : range(seeds)) {
      all.add(play(session, each));
      session.tell("seed " + each + ": all is well");
    }
    session.output().list(all, () -> table(all));
    return ExitCode.OK;
  }

  private static String table(List<Map<String, Object>> all) {
    List<String> cells = new ArrayList<>();
    for (Map<String, Object> one : all) {
      cells.add(String.valueOf(one.get("seed")));
      cells.add(String.valueOf(one.get("trace")));
    }
    return Table.fields(cells.toArray(String[]::new));
  }

  private static long[] range(String text) throws Failure {
    Matcher range = RANGE.matcher(text);
    if (!range.matches()) {
      throw Failure.usage("\"" + text + "\" is no range of seeds")
          .because("it is written FIRST..LAST")
          .tryThis("tocsin simulate checkfree --seeds 1..20");
    }
    long first = Long.parseLong(range.group(1));
    long last = Long.parseLong(range.group(2));
    if (last < first || last - first >= MAX_SEEDS) {
      throw Failure.usage("the seeds " + text + " are none, or more than " + MAX_SEEDS);
    }
    long[] all = new long[(int) (last - first + 1)];
    for (int i = 0; i < all.length; i++) {
      all[i] = first + i;
    }
    return all;
  }

  private Map<String, Object> play(Session session, long withSeed) throws Failure {
    Report report;
    int count = nodes == 0 ? fewest(scenario) : nodes;
    try {
      report =
          alerts == null
              ? Scenarios.run(scenario, count, withSeed)
              : Scenarios.spread(scenario, count, withSeed, alerts);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage()))
          .tryThis("tocsin simulate list")
          .causedBy(e);
    } catch (Violation e) {
      e.lastLines().forEach(session::tell);
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
    if (baselines || reports != null) {
      report = Scenarios.besideBaselines(report);
    }
    Map<String, Object> fields = fields(report);
    if (reports != null) {
      write(report, fields, reports, session);
    }
    return fields;
  }

  private static Map<String, Object> fields(Report report) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.simulation/v1");
    fields.put("scenario", report.scenario());
    fields.put("nodes", report.nodes());
    fields.put("seed", report.seed());
    fields.put("trace", report.trace());
    fields.put("events", report.events());
    fields.put("virtual_ms", report.virtualMillis());
    fields.putAll(report.figures());
    return fields;
  }

  private void write(Report report, Map<String, Object> fields, Path folder, Session session)
      throws Failure {
    String commit = Optional.ofNullable(System.getenv("TOCSIN_COMMIT")).orElse("unknown");
    String name = report.scenario() + "-" + report.nodes() + "-" + report.seed();
    ReportPage.Origin origin =
        new ReportPage.Origin(
            "tocsin simulate "
                + report.scenario()
                + " --nodes "
                + report.nodes()
                + " --seed "
                + report.seed()
                + (alerts == null ? "" : " --alerts " + alerts)
                + " --report "
                + folder,
            commit,
            Scenarios.list().stream()
                .filter(it -> it.name().equals(report.scenario()))
                .map(Scenarios.Described::summary)
                .findFirst()
                .orElse(""));
    Map<String, Object> whole = new LinkedHashMap<>(fields);
    whole.put("commit", commit);
    whole.putAll(report.curves());
    Path page = folder.resolve(name + ".html");
    try {
      Files.createDirectories(folder);
      Files.writeString(page, ReportPage.of(report, origin));
      Files.writeString(
          folder.resolve(name + ".json"),
          JsonMapper.builder()
                  .enable(SerializationFeature.INDENT_OUTPUT)
                  .build()
                  .writeValueAsString(whole)
              + "\n");
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, "the report cannot be written to " + folder)
          .because(String.valueOf(e.getMessage()))
          .causedBy(e);
    }
    session.tell("report: " + page);
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
