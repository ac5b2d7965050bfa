package tocsin.simulations;

import java.util.List;

/// The door: scenarios by name.
public final class Scenarios {
  /// @param minNodes fewer make no sense
  public record Described(String name, String summary, int minNodes) {}

  private static final Described CHECKFREE =
      new Described(
          "checkfree",
          "December 2008 replayed on a bad day: losses, a partition, crashes, a fake alert, and an"
              + " ending by flush, recall or expiry",
          CheckFree.MIN_NODES);

  private Scenarios() {}

  public static List<Described> list() {
    return List.of(CHECKFREE);
  }

  /// Runs one scenario to its end.
  ///
  /// @throws IllegalArgumentException if there is no such scenario, or it needs more nodes
  /// @throws Violation if something that must hold did not
  public static Report run(String name, int nodes, long seed) {
    return run(name, nodes, seed, Simulation.SOUND);
  }

  static Report run(String name, int nodes, long seed, Simulation.Parts parts) {
    if (!name.equals(CHECKFREE.name())) {
      throw new IllegalArgumentException("there is no scenario \"" + name + "\"");
    }
    if (nodes < CHECKFREE.minNodes() || nodes > MAX_NODES) {
      throw new IllegalArgumentException(
          name + " is played by " + CHECKFREE.minNodes() + " to " + MAX_NODES + " nodes");
    }
    String command =
        "tocsin simulate " + name + " --nodes " + nodes + " --seed " + seed + " -o json";
    return new CheckFree(nodes, new Simulation(seed, parts, command)).run();
  }

  /// Everybody is connected to everybody; beyond, it takes the mesh.
  private static final int MAX_NODES = 60;
}
