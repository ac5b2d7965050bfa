package tocsin.simulations;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The door: scenarios by name.
public final class Scenarios {
  /// @param minNodes fewer make no sense
  /// @param maxNodes more take too long or too much memory, or make no sense
  public record Described(String name, String summary, int minNodes, int maxNodes) {}

  /// Everybody begins with an empty log and one address, and nobody leaves anything out.
  private static final int MAX_MEETING = 1_000;

  private static final Described CHECKFREE =
      new Described(
          "checkfree",
          "December 2008 replayed on a bad day: losses, a partition, crashes, a fake alert, and an"
              + " ending by flush, recall or expiry",
          CheckFree.MIN_NODES,
          MAX_MEETING);

  private static final Described HEALTHY =
      new Described(
          "healthy",
          "alerts raised here and there in a world-wide network where all is well: how fast they"
              + " reach everybody, beside the physical lower bound",
          Spread.MIN_NODES,
          Spread.MAX_NODES);

  private static final Described SILENT =
      new Described(
          "silent",
          "the same while a third of the nodes keep what they hear to themselves, a hundredth of the"
              + " segments is lost, and a tenth of the nodes restarts each minute",
          Spread.MIN_NODES,
          Spread.MAX_NODES);

  private static final Described BUSY =
      new Described(
          "busy",
          "the same as healthy with twenty alerts a second, so that nodes save copies: slow streams"
              + " are choked",
          Spread.MIN_NODES,
          Spread.MAX_NODES);

  private Scenarios() {}

  public static List<Described> list() {
    List<Described> all = new ArrayList<>(List.of(HEALTHY, SILENT, BUSY));
    all.addAll(Trials.list());
    all.add(CHECKFREE);
    return List.copyOf(all);
  }

  /// Runs one scenario to its end.
  ///
  /// @throws IllegalArgumentException if there is no such scenario, or it needs more nodes
  /// @throws Violation if something that must hold did not
  public static Report run(String name, int nodes, long seed) {
    return run(name, nodes, seed, Simulation.SOUND);
  }

  /// The same for a spreading of so many alerts, after those that warm the network up.
  public static Report.Spreading spread(String name, int nodes, long seed, int alerts) {
    if (Spread.Conditions.named(name).isEmpty()) {
      throw new IllegalArgumentException("in " + name + " it is given how many alerts there are");
    }
    if (alerts < 1 || alerts > Spread.ALERTS) {
      throw new IllegalArgumentException(
          "a spreading is measured with 1 to " + Spread.ALERTS + " alerts");
    }
    requireNodes(name, nodes);
    String command =
        "tocsin simulate " + name + " --nodes " + nodes + " --seed " + seed + " --alerts " + alerts;
    Spread.Conditions conditions = conditions(name).withAlerts(alerts);
    Simulation simulation =
        new Simulation(seed, Spread.parts(Simulation.SOUND, conditions), command);
    return new Spread(nodes, conditions, simulation).run();
  }

  /// A spreading beside what other protocols do over the same network; anything else as it is.
  public static Report besideBaselines(Report report) {
    return switch (report) {
      case Report.Spreading it ->
          it.beside(
              Baselines.all(
                  it.nodes(), conditions(it.scenario()).withAlerts(it.alerts()), it.seed()));
      default -> report;
    };
  }

  private static Spread.Conditions conditions(String scenario) {
    return Spread.Conditions.named(scenario).orElseThrow();
  }

  private static Described requireNodes(String name, int nodes) {
    Described scenario =
        list().stream()
            .filter(it -> it.name().equals(name))
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("there is no scenario \"" + name + "\""));
    if (nodes < scenario.minNodes() || nodes > scenario.maxNodes()) {
      throw new IllegalArgumentException(
          name + " is played by " + scenario.minNodes() + " to " + scenario.maxNodes() + " nodes");
    }
    return scenario;
  }

  static Report run(String name, int nodes, long seed, Simulation.Parts parts) {
    Described scenario = requireNodes(name, nodes);
    String command =
        "tocsin simulate " + name + " --nodes " + nodes + " --seed " + seed + " -o json";
    Optional<Report> trial = Trials.play(name, nodes, seed, parts, command);
    if (trial.isPresent()) {
      return trial.get();
    }
    if (scenario.equals(CHECKFREE)) {
      return new CheckFree(nodes, new Simulation(seed, parts, command)).run();
    }
    Spread.Conditions conditions = conditions(name);
    Simulation simulation = new Simulation(seed, Spread.parts(parts, conditions), command);
    return new Spread(nodes, conditions, simulation).run();
  }
}
