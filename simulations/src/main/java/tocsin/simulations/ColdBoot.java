package tocsin.simulations;

import static tocsin.simulations.Agenda.MILLI;
import static tocsin.simulations.Agenda.SECOND;

import java.util.List;

/// The power fails everywhere at once, in the midst of incidents, and comes back node by node;
/// resolvers start empty, too. The first nodes that are up raise the alarm again.
final class ColdBoot extends Trial {
  /// From the first node to the last.
  private static final long RETURN = 20 * SECOND;

  private static final long DARK = 5 * SECOND;

  ColdBoot(Federation.Plan plan, Simulation simulation) {
    super("cold-boot", plan, simulation);
  }

  static Federation.Plan plan(int nodes) {
    return Federation.Plan.honest(nodes, 1);
  }

  @Override
  void play() {
    begin();
    List<Incident> active = List.of(raise(), raise());
    untilWell();
    // What is being written when the light goes out is lost.
    raise();
    runFor(script.nextLong(MILLI, 200 * MILLI));
    long dark = now();
    for (SimulatedNode node : simulation.nodes()) {
      long down = DARK + script.nextLong(RETURN);
      node.crash(down);
      node.resolvers().forEach(resolver -> resolver.restart(script.nextLong(down)));
    }
    simulation.runUntil(dark + DARK + RETURN / 4);
    raise();
    simulation.runUntil(dark + DARK + RETURN);
    long back = now();
    figure("agree_after_ms", outcomes.within(WELL_WITHIN, outcomes::whoDisagrees));
    untilWell();
    figure("well_after_boot_ms", (now() - back) / MILLI);
    badDay(active);
    peace();
  }
}
