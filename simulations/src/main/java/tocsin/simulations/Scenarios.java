package tocsin.simulations;

import java.util.List;

/// The door: scenarios by name.
public final class Scenarios {
  /// @param minNodes fewer make no sense
  /// @param maxNodes more take too long or too much memory, or make no sense
  public record Described(String name, String summary, int minNodes, int maxNodes) {}

  /// Invariants are checked against the whole log after every turn: beyond, that takes too long.
  private static final int MAX_MEETING = 60;

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

  private Scenarios() {}

  public static List<Described> list() {
    return List.of(CHECKFREE, HEALTHY);
  }

  /// Runs one scenario to its end.
  ///
  /// @throws IllegalArgumentException if there is no such scenario, or it needs more nodes
  /// @throws Violation if something that must hold did not
  public static Report run(String name, int nodes, long seed) {
    return run(name, nodes, seed, Simulation.SOUND);
  }

  static Report run(String name, int nodes, long seed, Simulation.Parts parts) {
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
    String command =
        "tocsin simulate " + name + " --nodes " + nodes + " --seed " + seed + " -o json";
    return scenario.equals(HEALTHY)
        ? new Spread(nodes, new Simulation(seed, Spread.parts(parts), command)).run()
        : new CheckFree(nodes, new Simulation(seed, parts, command)).run();
  }
}
