package tocsin.simulations;

import static tocsin.simulations.Agenda.MILLI;
import static tocsin.simulations.Agenda.SECOND;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tocsin.node.core.Effect;
import tocsin.node.core.Frame;
import tocsin.trust.OrganizationId;
import tocsin.trust.Sha256;

/// A fifth of the directory aims at one victim: they stand beside it, dial it again and again, tell
/// it nothing, and say that they hold exactly what it holds.
final class Eclipse extends Trial {
  private static final int ALERTS = 20;
  private static final long DIAL_AGAIN = 5 * SECOND;

  Eclipse(Federation.Plan plan, Simulation simulation) {
    super("eclipse", plan, simulation);
  }

  static Federation.Plan plan(int nodes) {
    int victim = Federation.target(nodes);
    return new Federation.Plan(
        nodes,
        1,
        number -> Encirclement.isLastFifth(number, nodes),
        OptionalInt.of(victim),
        (self, wanted) -> scheme(self, wanted, Federation.addressOf(victim)));
  }

  private static List<Effect> scheme(Adversary self, Effect wanted, String victim) {
    boolean toVictim =
        wanted instanceof Effect.Send send
            && self.otherEnd(send.peer()).equals(Optional.of(victim));
    if (!toVictim) {
      return List.of(wanted);
    }
    return Encirclement.without(self, wanted, _ -> true).stream()
        .map(effect -> effect instanceof Effect.Send send ? echo(self, send) : effect)
        .toList();
  }

  /// Digests as the victim itself would give them.
  private static Effect echo(Adversary self, Effect.Send send) {
    if (!(send.frame() instanceof Frame.Digests)) {
      return send;
    }
    return self.lastDigestsOf(send.peer())
        .<Effect>map(theirs -> new Effect.Send(send.peer(), theirs, send.priority()))
        .orElse(
            new Effect.Send(
                send.peer(),
                new Frame.Digests(List.of(new Frame.AnchorDigest(ANYBODY, 0, Sha256.ZERO)), 0),
                send.priority()));
  }

  private static final OrganizationId ANYBODY = new OrganizationId(Sha256.ZERO);

  @Override
  void play() {
    int victim = Federation.target(federation.size());
    begin();
    besiege(Federation.addressOf(victim));
    runFor(60 * SECOND);
    Spreading spreading = new Spreading();
    for (int i = 0; i < ALERTS; i++) {
      spreading.measure(federation.member(script, List.of(victim)));
    }
    runFor(10 * SECOND);
    spreading.counted();
    List<Long> atVictim = spreading.at.getOrDefault(federation.node(victim).address(), List.of());
    require(atVictim.size() == ALERTS, "the victim has " + atVictim.size() + " of the alerts");
    Report.Quantiles waited = Report.Quantiles.of(atVictim);
    require(waited.max() <= 1_000, "the victim has waited for " + waited.max() + " ms");
    figure("victim_p50_ms", waited.p50());
    figure("victim_p99_ms", waited.p99());
    figures("", spreading);
    picture("victim", "the victim", atVictim);
    badDay(List.of());
    peace();
  }

  /// They dial, whatever their cores think of it.
  private void besiege(String victim) {
    for (int i = 0; i < federation.size(); i++) {
      if (federation.isHostile(i)) {
        simulation.network().dial(federation.node(i), victim);
      }
    }
    simulation.agenda().after(DIAL_AGAIN + script.nextLong(100 * MILLI), () -> besiege(victim));
  }
}
