package tocsin.simulations;

import static tocsin.simulations.Agenda.SECOND;

import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import tocsin.node.core.Effect;
import tocsin.node.core.Frame;

/// Three in ten behave for a while, as fast and faithful as can be, so that everybody chooses them;
/// then, in the same moment as an alert is raised, all of them fall silent, or are gone.
final class CovertFlash extends Trial {
  private static final int COVERT = 20;
  private static final int ALERTS = 10;
  private static final long FOR_GOOD = 365L * 24 * 3_600 * SECOND;

  private final AtomicBoolean flash;

  CovertFlash(Federation.Plan plan, AtomicBoolean flash, Simulation simulation) {
    super("covert-flash", plan, simulation);
    this.flash = flash;
  }

  /// @param flash they have fallen silent
  static Federation.Plan plan(int nodes, AtomicBoolean flash) {
    return new Federation.Plan(
        nodes,
        1,
        number -> number >= nodes - Math.max(2, nodes * 3 / 10),
        OptionalInt.empty(),
        (_, wanted) -> flash.get() && tells(wanted) ? List.of() : List.of(wanted));
  }

  private static boolean tells(Effect effect) {
    return effect instanceof Effect.Send send
        && !(send.frame() instanceof Frame.Ping || send.frame() instanceof Frame.Pong);
  }

  @Override
  void play() {
    begin();
    boolean gone = script.nextBoolean();
    Spreading covert = new Spreading();
    for (int i = 0; i < COVERT; i++) {
      covert.measure(federation.member(script, List.of()));
    }
    figures("before_", covert.counted());
    if (gone) {
      // Nobody tells their peers.
      simulation.setFaults(Faults.HALF_OPEN);
      for (int i = 0; i < federation.size(); i++) {
        if (federation.isHostile(i)) {
          federation.node(i).crash(FOR_GOOD);
        }
      }
      simulation.setFaults(Faults.NONE);
    } else {
      flash.set(true);
    }
    Spreading spreading = new Spreading();
    for (int i = 0; i < ALERTS; i++) {
      spreading.measure(federation.member(script, List.of()));
    }
    runFor(10 * SECOND);
    figures("", spreading.counted());
    figure("flash", gone ? "gone" : "silent");
    require(spreading.missing == 0, spreading.missing + " deliveries are missing");
    badDay(List.of());
    peace();
  }
}
