package tocsin.simulations;

import static tocsin.simulations.Agenda.MILLI;
import static tocsin.simulations.Agenda.SECOND;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Header;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// The 30th of September 2021: an owner stops signing while the DS record of his domain is cached
/// by the world's validating resolvers for up to 24 hours. Nobody is attacked; and yet the domain
/// is gone for everybody behind a resolver that remembers. The registry takes the DS back at once,
/// which helps nobody who has it cached. One flush does.
final class Slack2021 extends Trial {
  private static final DnsName DOMAIN = DnsName.of("messenger.test");
  private static final DnsName HOST = DnsName.of("www.messenger.test");
  private static final long HOUR = 3_600 * SECOND;
  private static final long SHORT_TTL = 60 * SECOND;

  /// From the mistake to somebody's noticing, and from there to the registry's taking back the DS.
  private static final long NOTICED = 90 * SECOND;

  private static final long REGISTRY = 120 * SECOND;

  Slack2021(Federation.Plan plan, Simulation simulation) {
    super("slack2021", plan, simulation);
  }

  static Federation.Plan plan(int nodes) {
    return Federation.Plan.honest(nodes, 2);
  }

  @Override
  void play() {
    begin();
    SimulatedWorld world = simulation.world();
    world.setTtl(DOMAIN, SHORT_TTL);
    world.sign(DOMAIN, true);
    world.delegateSecurely(DOMAIN, true);
    // In the course of the day, everybody's resolver has asked.
    resolvers()
        .forEach(
            it -> it.askedBefore(HOST, script.nextLong(SHORT_TTL, SimulatedWorld.DS_TTL_NANOS)));
    require(failing(resolvers()).isEmpty(), "the domain does not resolve to begin with");
    world.sign(DOMAIN, false);
    long mistake = now();
    runFor(NOTICED);
    int owner = federation.member(script, List.of());
    boolean bridge = script.nextBoolean();
    Optional<Incident> bridged = bridge ? Optional.of(bridge(owner)) : Optional.empty();
    if (bridge) {
      // A negative trust anchor, until the registry has done its part.
      StatementId alert = bridged.orElseThrow().id();
      outcomes.within(
          WELL_WITHIN,
          () -> Optional.of("nobody believes the alert").filter(_ -> believers(alert).isEmpty()));
      outcomes.within(WELL_WITHIN, () -> whoFails(believers(alert)));
      figure("bridged_after_ms", (now() - mistake - NOTICED) / MILLI);
    }
    simulation.runUntil(mistake + NOTICED + REGISTRY);
    world.delegateSecurely(DOMAIN, false);
    tail();
    long alarm = now();
    Envelope flush = federation.flush(owner, HOST, bridged.map(Incident::id));
    expect(flush.id());
    workload.submit(federation.node(owner), flush, () -> {});
    outcomes.within(WELL_WITHIN, this::whoLacks);
    List<SimulatedResolver> ours = resolversOf(believers(flush.id()));
    List<Long> healed = new ArrayList<>();
    TreeMap<String, SimulatedResolver> sick = new TreeMap<>();
    ours.stream()
        .filter(it -> it.wrongUntil(DOMAIN).isPresent())
        .forEach(it -> sick.put(it.name(), it));
    while (!sick.isEmpty()) {
      runFor(50 * MILLI);
      int before = sick.size();
      sick.values().removeIf(it -> it.wrongUntil(DOMAIN).isEmpty());
      for (int i = sick.size(); i < before; i++) {
        healed.add(now() - alarm);
      }
      require(now() - alarm < WELL_WITHIN, sick.size() + " resolvers still hold the DS");
    }
    Report.Quantiles with = Report.Quantiles.of(healed.isEmpty() ? List.of(0L) : healed);
    figure("with_p50_ms", with.p50());
    figure("with_p99_ms", with.p99());
    figure("with_max_ms", with.max());
    require(failing(ours).isEmpty(), "the domain does not resolve after the flush");
    badDay(List.of());
    peace();
    require(failing(ours).isEmpty(), "the domain does not resolve after the bad day");
  }

  private Incident bridge(int owner) {
    int endorser = federation.endorserFor(script, owner);
    Envelope alert =
        federation.alert(
            owner,
            HOST,
            24 * Header.HOUR_MILLIS,
            new Statement.OverrideAction(List.of(), List.of(), List.of(), List.of(), true, 300),
            Optional.empty());
    Envelope endorsement = federation.endorsement(endorser, alert.id());
    workload.submit(federation.node(owner), alert, () -> {});
    workload.when(
        () -> federation.node(endorser).disk().contains(alert.id()),
        () -> workload.submit(federation.node(endorser), endorsement, () -> {}));
    return new Incident(owner, endorser, HOST, alert, endorsement);
  }

  /// What it would be like without us: as long as the DS is cached.
  private void tail() {
    List<Long> tails = new ArrayList<>();
    resolvers().forEach(it -> it.wrongUntil(DOMAIN).ifPresent(until -> tails.add(until - now())));
    figure("resolvers", resolvers().size());
    figure("resolvers_with_the_ds", tails.size());
    tails.sort(null);
    if (!tails.isEmpty()) {
      figure("without_p50_h", hours(tails.get(tails.size() / 2)));
      figure("without_max_h", hours(tails.getLast()));
    }
  }

  private static double hours(long nanos) {
    return Math.round(nanos * 10.0 / HOUR) / 10.0;
  }

  private List<SimulatedResolver> resolvers() {
    return resolversOf(federation.honest());
  }

  private static List<SimulatedResolver> resolversOf(List<SimulatedNode> nodes) {
    return nodes.stream().flatMap(node -> node.resolvers().stream()).toList();
  }

  private static List<SimulatedResolver> failing(List<SimulatedResolver> resolvers) {
    return resolvers.stream().filter(it -> it.isUp() && it.answer(HOST).isEmpty()).toList();
  }

  private static Optional<String> whoFails(List<SimulatedNode> nodes) {
    List<SimulatedResolver> failing = failing(resolversOf(nodes));
    return failing.isEmpty()
        ? Optional.empty()
        : Optional.of(failing.getFirst().name() + " answers SERVFAIL");
  }
}
