package tocsin.simulations;

import static tocsin.simulations.Agenda.SECOND;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// The network falls apart into two halves and a node that is all alone, for a minute, for ten, for
/// more than an hour, or for two days. Either half begins an incident of its own, and an older one
/// is recalled out of sight of the others. Then it heals.
final class Partition extends Trial {
  /// From this seed on it lasts two days.
  static final long DAYS_FROM_SEED = 1_000;

  private static final long HOUR = 3_600 * SECOND;
  private static final List<Long> LENGTHS = List.of(60 * SECOND, 600 * SECOND, 70 * 60 * SECOND);

  /// Two anchors, and all who descend from them, against three.
  private static final int FIRST_HALF = 2;

  Partition(Federation.Plan plan, Simulation simulation) {
    super("partition", plan, simulation);
  }

  static Federation.Plan plan(int nodes) {
    return Federation.Plan.honest(nodes, 1);
  }

  private static int halfOf(int number) {
    return Federation.descentOf(number) < FIRST_HALF ? 0 : 1;
  }

  private int lone() {
    return federation.size() - 1;
  }

  @Override
  void play() {
    long drawn = LENGTHS.get(script.nextInt(LENGTHS.size()));
    long length = simulation.chance().seed() >= DAYS_FROM_SEED ? 48 * HOUR : drawn;
    begin();
    Incident before = raise();
    figure("enacted_ms", untilWell());
    TreeMap<String, Integer> sides = new TreeMap<>();
    for (int i = 0; i < federation.size(); i++) {
      sides.put(federation.node(i).address(), i == lone() ? 2 : halfOf(i));
    }
    simulation.network().partition(sides);
    long apart = now();
    runFor(script.nextLong(SECOND, 20 * SECOND));
    List<Incident> active = new ArrayList<>();
    for (int half = 0; half < 2; half++) {
      active.add(raiseWithin(half));
    }
    recall(before);
    simulation.runUntil(apart + length);
    if (length > HOUR + 120 * SECOND) {
      require(
          federation.node(lone()).served().entries().isEmpty(),
          "the node that is cut off still serves overrides");
    }
    simulation.network().heal();
    long healed = now();
    figure("apart_s", length / SECOND);
    figure("agree_after_ms", outcomes.within(WELL_WITHIN, outcomes::whoDisagrees));
    long agreed = (now() - healed) / Agenda.MILLI;
    figure("well_after_heal_ms", agreed + untilWell());
    badDay(active);
    peace();
  }

  private Incident raiseWithin(int half) {
    int submitter = memberOf(half, Optional.empty());
    return raise(submitter, memberOf(half, Optional.of(submitter)));
  }

  /// Of this half, and not of the same descent as the other.
  private int memberOf(int half, Optional<Integer> other) {
    int number;
    do {
      number = federation.member(script, List.of(lone()));
    } while (halfOf(number) != half || isLike(number, other));
    return number;
  }

  private static boolean isLike(int number, Optional<Integer> other) {
    return other.filter(it -> Federation.descentOf(it) == Federation.descentOf(number)).isPresent();
  }
}
