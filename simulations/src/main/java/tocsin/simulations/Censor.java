package tocsin.simulations;

import java.util.List;
import java.util.OptionalInt;
import tocsin.node.core.Effect;

/// A fifth of the directory never passes on what one submitter says.
final class Censor extends Trial {
  private static final int SUBMITTER = Federation.ANCHORS + Federation.VETTERS - 1;
  private static final int ALERTS = 20;

  Censor(Federation.Plan plan, Simulation simulation) {
    super("censor", plan, simulation);
  }

  static Federation.Plan plan(int nodes) {
    return new Federation.Plan(
        nodes,
        1,
        number -> Encirclement.isLastFifth(number, nodes),
        OptionalInt.of(SUBMITTER),
        Censor::scheme);
  }

  private static List<Effect> scheme(Adversary self, Effect wanted) {
    return Encirclement.without(
        self, wanted, envelope -> envelope.issuer().equals(self.organizationOf(SUBMITTER)));
  }

  @Override
  void play() {
    begin();
    Spreading spreading = new Spreading();
    for (int i = 0; i < ALERTS; i++) {
      spreading.measure(SUBMITTER);
    }
    runFor(10 * Agenda.SECOND);
    figures("", spreading.counted());
    require(spreading.missing == 0, spreading.missing + " deliveries are missing");
    Incident incident = raise(SUBMITTER, federation.endorserFor(script, SUBMITTER));
    figure("enacted_ms", untilWell());
    badDay(List.of(incident));
    peace();
  }
}
