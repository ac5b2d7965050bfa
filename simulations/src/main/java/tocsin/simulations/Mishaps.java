package tocsin.simulations;

import static tocsin.simulations.Agenda.SECOND;

import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// What goes wrong on a bad day, drawn from one stream of chance: a few mishaps in small networks,
/// a steady rain of them in large ones.
final class Mishaps {
  /// Beyond it, a node refuses what others have just signed, and after that goes on as before.
  private static final long JUMP_MILLIS = 600_000;

  /// Cheap quartz in a hot rack.
  private static final long DRIFT_PPM = 200;

  private final Simulation simulation;
  private final List<SimulatedNode> nodes;
  private final RandomGenerator chance;

  /// @param nodes to which something may happen
  Mishaps(Simulation simulation, List<SimulatedNode> nodes, RandomGenerator chance) {
    this.simulation = simulation;
    this.nodes = nodes;
    this.chance = chance;
  }

  void begin(long lengthNanos) {
    simulation.setFaults(Faults.WORSE);
    long from = simulation.agenda().now();
    long to = from + lengthNanos;
    int each = Math.max(2, nodes.size() / 10);
    for (int i = 0; i < each; i++) {
      crash(from, to);
      restartResolver(from, to);
      clock(from, to);
    }
    partition(from, to);
  }

  /// Everything works again; clocks are set right.
  void end() {
    simulation.setFaults(Faults.NONE);
    simulation.network().heal();
    nodes.forEach(node -> {
      node.setClock(0, 0);
      node.stand();
    });
  }

  private SimulatedNode unlucky() {
    return nodes.get(chance.nextInt(nodes.size()));
  }

  private long downtime() {
    return chance.nextLong(SECOND / 2, 8 * SECOND);
  }

  private void crash(long from, long to) {
    SimulatedNode node = unlucky();
    int how = chance.nextInt(3);
    long downtime = downtime();
    simulation
        .agenda()
        .at(
            chance.nextLong(from, to),
            () -> {
              switch (how) {
                case 0 -> node.crash(downtime);
                case 1 -> node.crashAt(SimulatedNode.CrashPoint.BEFORE_COMMIT, downtime);
                default -> node.crashAt(SimulatedNode.CrashPoint.BEFORE_EFFECTS, downtime);
              }
            });
  }

  private void restartResolver(long from, long to) {
    SimulatedNode node = unlucky();
    long downtime = downtime();
    if (!node.resolvers().isEmpty()) {
      SimulatedResolver resolver = node.resolvers().get(chance.nextInt(node.resolvers().size()));
      simulation.agenda().at(chance.nextLong(from, to), () -> resolver.restart(downtime));
    }
  }

  private void clock(long from, long to) {
    SimulatedNode node = unlucky();
    long ahead = chance.nextLong(-JUMP_MILLIS, JUMP_MILLIS);
    long drift = chance.nextLong(-DRIFT_PPM, DRIFT_PPM);
    simulation.agenda().at(chance.nextLong(from, to), () -> node.setClock(ahead, drift));
  }

  private void partition(long from, long to) {
    TreeMap<String, Integer> sides = new TreeMap<>();
    simulation.nodes().forEach(node -> sides.put(node.address(), chance.nextInt(2)));
    long begins = chance.nextLong(from, (from + to) / 2);
    simulation.agenda().at(begins, () -> simulation.network().partition(sides));
    simulation.agenda().at(chance.nextLong(begins, to), simulation.network()::heal);
  }
}
