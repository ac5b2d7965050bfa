package tocsin.simulations;

import static tocsin.simulations.Agenda.MILLI;
import static tocsin.simulations.Agenda.SECOND;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Header;
import tocsin.trust.StatementId;

/// A federation is put to the test: first a blow of the scenario's own, which is measured; then a
/// bad day on top of it, when nothing wrong may happen; then peace, when all must become well in
/// its time. An adversary goes on all the while.
abstract class Trial {
  /// After the faults a stream that is open and dead is found in 35 s, an address dialled again
  /// after 15 s, a gap seen in 5 s, read again from the beginning after 60 s at most, and a
  /// resolver verified again in 30 s.
  static final long WELL_WITHIN = 150 * SECOND;

  /// How long one alert is waited for before the next is raised.
  private static final long BETWEEN = 700 * MILLI;

  private static final long BAD_DAY = 30 * SECOND;

  /// An incident and who began it.
  record Incident(int submitter, int endorser, DnsName name, Envelope alert, Envelope endorsement) {
    StatementId id() {
      return alert.id();
    }
  }

  private final String name;
  final Simulation simulation;
  final Federation federation;
  final Deliveries deliveries;
  final Workload workload;
  final Outcomes outcomes;
  final RandomGenerator script;
  private final Map<String, Object> figures = new LinkedHashMap<>();
  private final List<Report.Arrival> arrivals = new ArrayList<>();

  /// What everybody must get to know.
  private final List<StatementId> said = new ArrayList<>();

  private int victims;

  Trial(String name, Federation.Plan plan, Simulation simulation) {
    this.name = name;
    this.simulation = simulation;
    this.deliveries = ((Deliveries.With) simulation.watcher()).deliveries();
    this.federation = new Federation(plan, simulation);
    this.workload = new Workload(simulation);
    this.outcomes = new Outcomes(simulation);
    this.script = simulation.chance().stream("script");
  }

  /// The scenario's own part, all of it.
  abstract void play();

  final Report.Findings run() {
    play();
    figure("crashes", simulation.nodes().stream().mapToInt(SimulatedNode::crashes).sum());
    figure("longest_queue", simulation.network().longestQueue());
    List<Long> afterTheFirst = afterTheFirst();
    if (arrivals.isEmpty() && !afterTheFirst.isEmpty()) {
      picture("own", "honest nodes, with all faults", afterTheFirst);
    }
    return new Report.Findings(
        name,
        federation.size(),
        simulation.chance().seed(),
        simulation.trace().hash(),
        simulation.trace().lines(),
        simulation.agenda().now() / MILLI,
        figures,
        arrivals);
  }

  final void figure(String figure, Object value) {
    figures.put(figure, value);
  }

  final long now() {
    return simulation.agenda().now();
  }

  final void runFor(long nanos) {
    simulation.runUntil(now() + nanos);
  }

  final void require(boolean holds, String otherwise) {
    if (!holds) {
      throw simulation.violation(otherwise, null);
    }
  }

  /// Everybody starts, dials and compares logs.
  final void begin() {
    federation.start(Federation.STARTS);
    runFor(Federation.SETTLED);
  }

  /// Everybody is to get to know this.
  final void expect(StatementId statement) {
    deliveries.waitFor(statement);
    said.add(statement);
  }

  /// Runs on until everybody knows what was said and all is well.
  ///
  /// @return after how many milliseconds it was
  final long untilWell() {
    return outcomes.within(WELL_WITHIN, () -> whoLacks().or(outcomes::whatIsNotWell));
  }

  final Optional<String> whoLacks() {
    for (SimulatedNode node : federation.honest()) {
      for (StatementId statement : said) {
        if (!node.disk().contains(statement)) {
          return Optional.of(node.address() + " lacks " + statement);
        }
      }
    }
    return Optional.empty();
  }

  /// How long after the first of the honest nodes each of them had what was said, in nanoseconds.
  private List<Long> afterTheFirst() {
    List<Long> all = new ArrayList<>();
    for (StatementId statement : said) {
      List<Long> times =
          federation.honest().stream()
              .flatMap(node -> deliveries.nanos(statement, node).stream())
              .sorted()
              .toList();
      times.forEach(time -> all.add(time - times.getFirst()));
    }
    return all;
  }

  /// The honest nodes whose log and anchors ask for this alert to be acted on.
  final List<SimulatedNode> believers(StatementId alert) {
    return federation.honest().stream().filter(node -> outcomes.isActive(node, alert)).toList();
  }

  // ---- incidents

  final DnsName nextVictim() {
    return Federation.victim(victims++);
  }

  /// An override by two honest members of different descent, handed in and waited for until the
  /// endorser has it.
  final Incident raise(int submitter, int endorser) {
    DnsName victim = nextVictim();
    simulation.world().hijack(SimulatedWorld.domainOf(victim));
    Envelope alert =
        federation.override(
            submitter, victim, SimulatedWorld.RIGHT_ADDRESS, 24 * Header.HOUR_MILLIS);
    Envelope endorsement = federation.endorsement(endorser, alert.id());
    expect(alert.id());
    expect(endorsement.id());
    Incident incident = new Incident(submitter, endorser, victim, alert, endorsement);
    workload.submit(federation.node(submitter), alert, () -> {});
    workload.when(
        () ->
            federation.node(endorser).isUp()
                && federation.node(endorser).disk().contains(alert.id()),
        () -> workload.submit(federation.node(endorser), endorsement, () -> {}));
    return incident;
  }

  final Incident raise() {
    int submitter = federation.member(script, List.of());
    return raise(submitter, federation.endorserFor(script, submitter));
  }

  final void recall(Incident incident) {
    Envelope recall = federation.recall(incident.submitter(), incident.id());
    expect(recall.id());
    workload.submit(federation.node(incident.submitter()), recall, () -> {});
  }

  /// A flush by some member: one statement, to measure how it spreads.
  final StatementId flush(int by) {
    Envelope flush = federation.flush(by, nextVictim(), Optional.empty());
    expect(flush.id());
    federation
        .node(by)
        .ask(request -> new tocsin.node.core.Event.Submitted(request, flush), _ -> {});
    return flush.id();
  }

  /// How soon, in nanoseconds, the honest nodes that are up have got these alerts, each raised by
  /// one of these members; and by the lower bound.
  final class Spreading {
    final List<Long> arrivals = new ArrayList<>();
    final List<Long> bounds = new ArrayList<>();

    /// By node.
    final TreeMap<String, List<Long>> at = new TreeMap<>();

    long missing;

    void measure(int by) {
      long from = now();
      StatementId flush = flush(by);
      WorldMap.Bound lowest = federation.map().bound();
      runFor(BETWEEN);
      later.add(() -> {
        for (int i = 0; i < federation.size(); i++) {
          SimulatedNode node = federation.node(i);
          if (!node.isHonest()) {
            continue;
          }
          Optional<Long> arrived = deliveries.nanos(flush, node);
          if (arrived.isEmpty()) {
            missing++;
            continue;
          }
          arrivals.add(arrived.get() - from);
          bounds.add(lowest.nanos(federation.addresses().get(by), node.address()));
          at.computeIfAbsent(node.address(), _ -> new ArrayList<>()).add(arrived.get() - from);
        }
      });
    }

    private final List<Runnable> later = new ArrayList<>();

    /// To be called when all had time to arrive.
    Spreading counted() {
      later.forEach(Runnable::run);
      later.clear();
      return this;
    }
  }

  final void figures(String prefix, Spreading spreading) {
    Report.Quantiles arrival = Report.Quantiles.of(spreading.arrivals);
    Report.Quantiles bound = Report.Quantiles.of(spreading.bounds);
    figure(prefix + "deliveries", spreading.arrivals.size());
    figure(prefix + "missing", spreading.missing);
    figure(prefix + "p50_ms", arrival.p50());
    figure(prefix + "p99_ms", arrival.p99());
    figure(prefix + "max_ms", arrival.max());
    figure(prefix + "bound_p99_ms", bound.p99());
    figure(prefix + "p99_to_bound", Math.round(arrival.p99() / bound.p99() * 100) / 100.0);
    boolean all = prefix.isEmpty();
    picture(all ? "own" : "before", all ? "honest nodes" : "before the attack", spreading.arrivals);
    if (all) {
      picture("bound", "lower bound", spreading.bounds);
    }
  }

  /// A line of the page's picture of arrivals.
  ///
  /// @param key a class of the page's style sheet
  /// @param nanos of each arrival
  final void picture(String key, String name, List<Long> nanos) {
    arrivals.add(new Report.Arrival(key, name, Report.Curve.of(nanos)));
  }

  // ---- a bad day, and peace

  /// Loss, broken and half-open streams, a partition, crashes, restarts of resolvers that also are
  /// slow, fail and lie, clocks that jump and drift; and incidents in the midst of it: one begins,
  /// and one of these is recalled.
  final void badDay(List<Incident> active) {
    Mishaps mishaps = new Mishaps(simulation, federation.honest(), script);
    mishaps.begin(BAD_DAY);
    long from = now();
    simulation.runUntil(from + BAD_DAY / 6);
    raise();
    if (!active.isEmpty()) {
      recall(active.get(script.nextInt(active.size())));
    }
    simulation.runUntil(from + BAD_DAY);
    mishaps.end();
  }

  /// Everybody has time; all must become well.
  final void peace() {
    figure("well_after_ms", untilWell());
  }
}
