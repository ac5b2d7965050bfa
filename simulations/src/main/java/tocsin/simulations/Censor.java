package tocsin.simulations;

import java.util.List;
import java.util.OptionalInt;
import tocsin.node.core.Effect;

/// A fifth of the directory never passes on what one submitter says.
final class Censor extends Trial {
  private static final int ALERTS = 20;

  Censor(Federation.Plan plan, Simulation simulation) {
    super("censor", plan, simulation);
  }

  static Federation.Plan plan(int nodes) {
    int submitter = Federation.target(nodes);
    return new Federation.Plan(
        nodes,
        1,
        number -> Encirclement.isLastFifth(number, nodes),
        OptionalInt.of(submitter),
        (self, wanted) -> scheme(self, wanted, submitter));
  }

  private static List<Effect> scheme(Adversary self, Effect wanted, int submitter) {
    return Encirclement.without(
        self, wanted, envelope -> envelope.issuer().equals(self.organizationOf(submitter)));
  }

  @Override
  void play() {
    int submitter = Federation.target(federation.size());
    begin();
    Spreading spreading = new Spreading();
    for (int i = 0; i < ALERTS; i++) {
      spreading.measure(submitter);
    }
    runFor(10 * Agenda.SECOND);
    figures("", spreading.counted());
    require(spreading.missing == 0, spreading.missing + " deliveries are missing");
    Incident incident = raise(submitter, federation.endorserFor(script, submitter));
    figure("enacted_ms", untilWell());
    badDay(List.of(incident));
    peace();
  }
}
