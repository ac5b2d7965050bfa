package tocsin.simulations;

import static tocsin.simulations.Agenda.MILLI;
import static tocsin.simulations.Agenda.SECOND;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import tocsin.node.core.CoreConfig;
import tocsin.node.core.Effect;
import tocsin.node.core.Event;
import tocsin.node.core.Frame;
import tocsin.node.core.Moment;
import tocsin.node.core.NodeCore;
import tocsin.node.core.Snapshot;
import tocsin.storage.LogEntry;
import tocsin.storage.MemoryStatementLog;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Header;
import tocsin.trust.Role;
import tocsin.trust.Severity;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// How fast news reaches everybody in a world-wide network that has been running for a while: each
/// node knows the directory and how far others are, the mesh has settled, and alerts are raised
/// here and there; while all is well, or while a third of the nodes take everything in and tell
/// nobody, segments are lost and nodes restart.
///
/// The nodes are real cores. What they all know, the directory, is folded once and shared.
final class Spread {
  /// What it is like while alerts are raised.
  ///
  /// @param silentEvery each so-manieth node is silent; 0: none
  /// @param loss chance that a segment is lost
  /// @param restartsPerMinute share of the nodes
  /// @param paceNanos between two alerts in the whole world
  /// @param alerts that are measured
  record Conditions(
      String name,
      int silentEvery,
      double loss,
      double restartsPerMinute,
      long paceNanos,
      int alerts) {
    static final Conditions HEALTHY = new Conditions("healthy", 0, 0, 0, PACE, ALERTS);
    static final Conditions SILENT = new Conditions("silent", 3, 0.01, 0.1, PACE, ALERTS);
    static final Conditions BUSY = new Conditions("busy", 0, 0, 0, BUSY_PACE, ALERTS);

    static Optional<Conditions> named(String name) {
      return Stream.of(HEALTHY, SILENT, BUSY).filter(it -> it.name.equals(name)).findFirst();
    }

    Conditions withAlerts(int number) {
      return new Conditions(name, silentEvery, loss, restartsPerMinute, paceNanos, number);
    }

    /// The first alerts show the nodes who is fast; where much is said, slow streams are choked
    /// while they come.
    private int warmUp() {
      return isBusy() ? BUSY_WARM_UP : Math.min(WARM_UP, alerts);
    }

    /// How long it is quiet after them.
    private long rest() {
      return isBusy() ? 0 : WARM;
    }

    private boolean isBusy() {
      return paceNanos == BUSY_PACE;
    }

    /// Anchors are not: who runs them is known.
    boolean isSilent(int number) {
      return silentEvery > 0 && number >= ANCHORS && number % silentEvery == 0;
    }

    Faults faults() {
      return Faults.NONE.inTheWorld(JITTER_NANOS, loss);
    }

    String inWords() {
      String words =
          "round-trip times between 48 countries as measured by RIPE Atlas, up to "
              + JITTER_NANOS / MILLI
              + " ms of jitter for every frame, 100 Mbit/s up at each node, a synced write of 0.2 to"
              + " 8 ms before anything is passed on";
      return silentEvery == 0
          ? words
          : words
              + "; every third node keeps what it hears to itself, "
              + (int) (100 * loss)
              + " % of the segments are lost and come a retransmission later, "
              + (int) (100 * restartsPerMinute)
              + " % of the nodes restart each minute";
    }
  }

  /// Behaves in all ways but one: what it hears it keeps to itself.
  private static final class SilentNode extends SimulatedNode {
    SilentNode(
        Simulation simulation, CoreConfig config, List<Envelope> profile, SimulatedDisk disk) {
      super(simulation, config, profile, disk, List.of());
    }

    @Override
    void run(Effect effect) {
      boolean tells =
          effect instanceof Effect.Send send
              && !(send.frame() instanceof Frame.Hello
                  || send.frame() instanceof Frame.Wish
                  || send.frame() instanceof Frame.Ping
                  || send.frame() instanceof Frame.Pong
                  || send.frame() instanceof Frame.Pull
                  || send.frame() instanceof Frame.Compare
                  || send.frame() instanceof Frame.Want
                  || send.frame() instanceof Frame.Resume
                  || send.frame() instanceof Frame.Refused);
      if (!tells) {
        super.run(effect);
      }
    }
  }

  private static final int ANCHORS = 5;
  private static final int VOUCHES_PER_HOUR = 50;

  /// Jitter of a frame, evenly drawn up to this.
  static final long JITTER_NANOS = 5 * MILLI;

  private static final long STARTS = 5 * SECOND;
  private static final long SETTLED = 20 * SECOND;

  private static final int WARM_UP = 30;

  private static final long WARM = 12 * SECOND;

  static final int ALERTS = 100;

  /// Between two alerts: five a second in the whole world.
  private static final long PACE = SECOND / 5;

  /// More than ten a second, where nodes begin to save copies.
  private static final long BUSY_PACE = SECOND / 20;

  /// As many as come in twice the time after which streams are choked.
  private static final int BUSY_WARM_UP = 400;

  private static final long PATIENCE = 3 * SECOND;

  /// After the faults: streams are dialled again, digests compared, gaps read.
  private static final int REPAIR_SECONDS = 120;

  private static final long DOWN = 8 * SECOND;

  static final int MIN_NODES = 10;
  static final int MAX_NODES = 10_000;

  /// Notes when an alert is in whose log.
  static final class Arrivals implements Watcher {
    private final TreeMap<StatementId, Integer> alerts = new TreeMap<>();
    private Optional<ArrivalTimes> deliveries = Optional.empty();

    private void lookFor(StatementId id, int number) {
      alerts.put(id, number);
    }

    @Override
    public void turned(SimulatedNode node) {
      if (deliveries.isPresent() && node.lookedAtSize() < node.disk().size()) {
        for (LogEntry entry : node.disk().scan(node.lookedAtSize(), Integer.MAX_VALUE)) {
          Integer alert = alerts.get(entry.envelope().id());
          if (alert != null && deliveries.get().arrived(alert, node.number(), node.nowNanos())) {
            node.counted(alert, deliveries.get());
          }
        }
        node.looked();
      }
    }

    @Override
    public void speaks(SimulatedNode node, Effect effect) {}

    @Override
    public void handled(SimulatedNode node, Moment now) {}

    @Override
    public void restarted(SimulatedNode node) {}

    @Override
    public void acknowledged(SimulatedNode node, StatementId id) {}
  }

  private final int count;
  private final Conditions conditions;
  private final Simulation simulation;
  private final Arrivals arrivals;
  private final WorldMap map;
  private final RandomGenerator script;
  private final List<Organization> organizations = new ArrayList<>();

  /// @param simulation watched by what [#parts] gave it
  Spread(int count, Conditions conditions, Simulation simulation) {
    this.count = count;
    this.conditions = conditions;
    this.simulation = simulation;
    this.arrivals = (Arrivals) simulation.watcher();
    this.map = new WorldMap(simulation.chance());
    this.script = simulation.chance().stream("script");
  }

  /// The same parts, watched for arrivals only: the invariants look at whole logs.
  static Simulation.Parts parts(Simulation.Parts parts, Conditions conditions) {
    return new Simulation.Parts() {
      @Override
      public Optional<java.util.function.Consumer<String>> listener() {
        return parts.listener();
      }

      @Override
      public Watcher watcher(Simulation simulation) {
        return new Arrivals();
      }

      @Override
      public SimulatedNode node(
          Simulation simulation,
          CoreConfig config,
          List<Envelope> profile,
          SimulatedDisk disk,
          List<SimulatedResolver> resolvers) {
        return conditions.isSilent(simulation.nodes().size())
            ? new SilentNode(simulation, config, profile, disk)
            : parts.node(simulation, config, profile, disk, resolvers);
      }
    };
  }

  Report.Spreading run() {
    found();
    simulation.runUntil(SETTLED);
    for (int i = 0; i < conditions.warmUp(); i++) {
      raise(i, Optional.empty());
      runOn(conditions.paceNanos());
    }
    runOn(conditions.rest());

    ArrivalTimes deliveries =
        new ArrivalTimes(organizations.stream().map(Organization::address).toList(), map);
    arrivals.deliveries = Optional.of(deliveries);
    simulation.nodes().forEach(SimulatedNode::looked);
    simulation.setFaults(conditions.faults());
    long copiesBefore = simulation.network().copies();
    long bytesBefore = simulation.network().bytes();
    List<StatementId> raised = new ArrayList<>();
    for (int i = 0; i < conditions.alerts(); i++) {
      churn();
      raised.add(raise(conditions.warmUp() + i, Optional.of(deliveries)));
      runOn(conditions.paceNanos());
    }
    runOn(PATIENCE);
    long copies = simulation.network().copies() - copiesBefore;
    long bytes = simulation.network().bytes() - bytesBefore;
    long delivered = deliveries.counted();
    simulation.setFaults(Faults.NONE.inTheWorld(JITTER_NANOS, 0));
    long missing = missing(raised);
    for (int i = 0; i < REPAIR_SECONDS && missing > 0; i++) {
      runOn(SECOND);
      missing = missing(raised);
    }
    if (missing > 0) {
      throw simulation.violation(missing + " deliveries are missing", null);
    }
    return new Report.Spreading(
        conditions.name(),
        count,
        simulation.chance().seed(),
        simulation.trace().hash(),
        simulation.trace().lines(),
        simulation.agenda().now() / MILLI,
        conditions.inWords(),
        conditions.alerts(),
        missing,
        deliveries.arrival(),
        deliveries.bound(),
        (double) copies / delivered,
        (double) bytes / delivered,
        simulation.nodes().stream()
            .filter(SimulatedNode::isUp)
            .mapToInt(it -> it.core().view().peerCount())
            .average()
            .orElse(0),
        deliveries.journey(0),
        List.of());
  }

  private void runOn(long nanos) {
    simulation.runUntil(simulation.agenda().now() + nanos);
  }

  /// Honest nodes that lack an alert, alert by alert. Who is down has still to come back.
  private long missing(List<StatementId> raised) {
    return simulation.nodes().stream()
        .filter(node -> !conditions.isSilent(node.number()))
        .mapToLong(node ->
            node.isUp() ? raised.stream().filter(alert -> !node.disk().contains(alert)).count() : 1)
        .sum();
  }

  /// Some nodes crash, and come back soon.
  private void churn() {
    double chance = conditions.restartsPerMinute() * conditions.paceNanos() / (60.0 * SECOND);
    for (int i = ANCHORS; i < count && chance > 0; i++) {
      if (script.nextDouble() < chance) {
        node(i).crash(script.nextLong(SECOND, DOWN));
      }
    }
  }

  /// Raises one alert at a node that is up and not silent.
  private StatementId raise(int number, Optional<ArrivalTimes> deliveries) {
    int origin = script.nextInt(count);
    while (!node(origin).isUp() || conditions.isSilent(origin)) {
      origin = (origin + 1) % count;
    }
    Envelope alert = alert(organizations.get(origin), number);
    if (deliveries.isPresent()) {
      int at = deliveries.get().raised(origin, simulation.agenda().now());
      arrivals.lookFor(alert.id(), at);
      for (SimulatedNode node : simulation.nodes()) {
        node.expects(at);
        if (!node.isUp() || conditions.isSilent(node.number())) {
          deliveries.get().exclude(at, node.number());
        }
      }
    }
    node(origin).ask(request -> new Event.Submitted(request, alert), _ -> {});
    return alert.id();
  }

  private SimulatedNode node(int number) {
    return simulation.nodes().get(number);
  }

  // ---- the network before anything is measured

  private void found() {
    simulation.network().setGeography(map);
    simulation.setFaults(Faults.NONE.inTheWorld(JITTER_NANOS, 0));
    for (int i = 0; i < count; i++) {
      Organization own =
          new Organization("Organization " + i, "node-" + i + ":7353", simulation.chance());
      organizations.add(own);
      map.place(own.address());
    }
    MemoryStatementLog log = new MemoryStatementLog(simulation.logId("what all know"));
    directory().forEach(envelope -> log.append(envelope, simulation.wallMillis()));
    log.commit();
    Snapshot snapshot = folded(log);
    for (Organization own : organizations) {
      SimulatedNode node =
          simulation.add(
              own.config(List.of(), List.of()),
              log.fork(simulation.logId(own.address())),
              snapshot);
      simulation.agenda().at(script.nextLong(STARTS), node::start);
    }
  }

  /// One core reads the directory and is told the anchors, for all.
  private Snapshot folded(MemoryStatementLog log) {
    NodeCore core = new NodeCore(organizations.getFirst().config(List.of(), List.of()), log);
    Moment now = new Moment(1, simulation.wallMillis());
    var _ = core.handle(new Event.Started(0), now);
    for (int i = 0; i < ANCHORS; i++) {
      var _ =
          core.handle(
              new Event.AnchorAdded(i, organizations.get(i).id(), "anchor-" + i, List.of()), now);
    }
    log.commit();
    return core.snapshot((from, to) -> 2 * map.latencyNanos(from, to) + JITTER_NANOS);
  }

  /// All profiles, and a vouch for each by one of the anchors, some an hour, within the quota.
  private List<Envelope> directory() {
    List<Envelope> directory = new ArrayList<>();
    organizations.forEach(it -> directory.add(it.profile()));
    long hours = (long) count / ANCHORS / VOUCHES_PER_HOUR + 2;
    for (int i = ANCHORS; i < count; i++) {
      long hoursAgo = hours - (long) i / ANCHORS / VOUCHES_PER_HOUR;
      directory.add(
          organizations
              .get(i % ANCHORS)
              .vouch(
                  simulation.wallMillis() - hoursAgo * Header.HOUR_MILLIS,
                  organizations.get(i),
                  List.of(Role.SUBMITTER),
                  List.of(".")));
    }
    return directory;
  }

  /// A drill: it is judged and listed like any other, and acts on nothing.
  private Envelope alert(Organization submitter, int number) {
    return submitter.say(
        simulation.wallMillis(),
        3_600_000,
        header ->
            new Statement.Alert(
                header,
                List.of(DnsName.of("www.bank-" + number + ".test")),
                false,
                new Statement.FlushAction(),
                Optional.empty(),
                Optional.empty(),
                Severity.SEVERE,
                "an alert",
                "",
                true));
  }
}
