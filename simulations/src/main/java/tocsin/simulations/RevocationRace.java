package tocsin.simulations;

import static tocsin.simulations.Agenda.MILLI;
import static tocsin.simulations.Agenda.SECOND;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import tocsin.node.core.Event;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Header;
import tocsin.trust.StatementId;

/// Somebody has the keys of a submitter and an endorser of different descent: enough to be believed
/// until their owners notice. In one half of a divided network they raise an override; in the other
/// half the submitter's root revokes the key. When the halves meet, the override must be gone at
/// once and for good, and what the owner had said before must stand.
final class RevocationRace extends Trial {
  /// Where the thief's override leads: not the address that no invariant ever allows, for an
  /// override by two stolen keys is rightly believed until one is revoked.
  private static final com.google.protobuf.ByteString STOLEN =
      SimulatedWorld.address(91, 203, 92, 64);

  private static final int HALF = 2;

  RevocationRace(Federation.Plan plan, Simulation simulation) {
    super("revocation-race", plan, simulation);
  }

  static Federation.Plan plan(int nodes) {
    return Federation.Plan.honest(nodes, 1);
  }

  @Override
  void play() {
    begin();
    int victim = federation.member(script, List.of());
    int accomplice = federation.endorserFor(script, victim);
    Incident honest = raise(victim, federation.endorserFor(script, victim));
    untilWell();
    Optional<StatementId> lastGood = federation.organization(victim).lastSaid();

    TreeMap<String, Integer> sides = new TreeMap<>();
    for (int i = 0; i < federation.size(); i++) {
      sides.put(federation.node(i).address(), i % HALF);
    }
    simulation.network().partition(sides);
    runFor(script.nextLong(2 * SECOND));
    List<Envelope> theft = theft(victim, accomplice);
    Envelope revocation =
        federation.organization(victim).revokeKey(simulation.wallMillis(), lastGood);
    expect(revocation.id());
    simulation.agenda().after(script.nextLong(5 * SECOND), () -> handIn(theft, 1));
    simulation.agenda().after(script.nextLong(5 * SECOND), () -> handIn(List.of(revocation), 0));
    runFor(20 * SECOND);
    StatementId stolen = theft.getFirst().id();
    long believed = serving(stolen).size();
    figure("believed_by", believed);
    require(believed > 0, "nobody has believed two stolen keys: there is nothing to race");
    simulation.network().heal();
    long healed = now();
    List<Long> gone = new ArrayList<>();
    SortedSet<String> before = serving(stolen);
    figure(
        "zero_effect_ms",
        outcomes.within(
            WELL_WITHIN,
            () -> {
              SortedSet<String> still = serving(stolen);
              before.stream()
                  .filter(it -> !still.contains(it))
                  .forEach(_ -> gone.add(now() - healed));
              before.retainAll(still);
              return still.isEmpty()
                  ? Optional.empty()
                  : Optional.of(still.first() + " still serves what a revoked key has signed");
            }));

    // Once more, everywhere, with the same keys: nobody believes it.
    List<Envelope> again = theft(victim, accomplice);
    handIn(again, 0);
    handIn(again, 1);
    runFor(5 * SECOND);
    require(serving(again.getFirst().id()).isEmpty(), "a revoked key is believed again");
    untilWell();
    require(
        serving(honest.id()).size() == believers(honest.id()).size(),
        "what was said before the theft does not stand");
    stopsInSeconds();
    badDay(List.of());
    peace();
    require(serving(stolen).isEmpty(), "the thief's override has come back");
  }

  /// In a whole network, from the moment of its being handed in: a recall, and a revocation, until
  /// no node serves what it stops.
  private void stopsInSeconds() {
    Incident recalled = raise();
    untilWell();
    recall(recalled);
    figures("recall_", until(recalled.id()));
    Incident revoked = raise();
    untilWell();
    Envelope revocation =
        federation
            .organization(revoked.endorser())
            .revokeKey(simulation.wallMillis(), Optional.empty());
    workload.submit(federation.node(revoked.endorser()), revocation, () -> {});
    figures("revocation_", until(revoked.id()));
  }

  private void figures(String prefix, List<Long> nanos) {
    Report.Quantiles quantiles = Report.Quantiles.of(nanos);
    figure(prefix + "p99_ms", quantiles.p99());
    figure(prefix + "max_ms", quantiles.max());
  }

  /// When each of the nodes that serve it does so no more, looked at every 10 ms.
  private List<Long> until(StatementId alert) {
    long from = now();
    List<Long> gone = new ArrayList<>();
    SortedSet<String> serving = serving(alert);
    while (!serving.isEmpty()) {
      runFor(10 * MILLI);
      SortedSet<String> still = serving(alert);
      serving.stream().filter(it -> !still.contains(it)).forEach(_ -> gone.add(now() - from));
      serving = still;
      require(now() - from < WELL_WITHIN, "an alert that was stopped is still served");
    }
    return gone.isEmpty() ? List.of(0L) : gone;
  }

  private List<Envelope> theft(int victim, int accomplice) {
    DnsName name = nextVictim();
    Envelope alert = federation.override(victim, name, STOLEN, 24 * Header.HOUR_MILLIS);
    return List.of(alert, federation.endorsement(accomplice, alert.id()));
  }

  /// Some node of this half is fooled.
  private void handIn(List<Envelope> statements, int half) {
    SimulatedNode fooled = federation.node(script.nextInt(federation.size() / 2) * HALF + half);
    for (Envelope it : statements) {
      fooled.ask(request -> new Event.Submitted(request, it), _ -> {});
    }
  }

  private SortedSet<String> serving(StatementId alert) {
    SortedSet<String> serving = new TreeSet<>();
    for (SimulatedNode node : simulation.nodes()) {
      if (node.served().entries().stream().anyMatch(it -> it.alert().equals(alert))) {
        serving.add(node.address());
      }
    }
    return serving;
  }
}
