package tocsin.simulations;

import static tocsin.simulations.Agenda.SECOND;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import tocsin.node.core.CoreConfig;
import tocsin.node.core.Effect;
import tocsin.node.core.Event;
import tocsin.node.core.Frame;
import tocsin.node.core.Moment;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Header;
import tocsin.trust.Role;
import tocsin.trust.Severity;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;
import tocsin.trust.graph.TrustPolicy;

/// How fast news reaches everybody in a world-wide network that has been running for a while: each
/// node knows the directory, the mesh has settled, and alerts are raised here and there; while all
/// is well, or while a third of the nodes take everything in and tell nobody, segments are lost and
/// nodes restart.
final class Spread {
  /// What it is like while alerts are raised.
  ///
  /// @param silentEvery each so-manieth node is silent; 0: none
  /// @param loss chance that a segment is lost
  /// @param restartsPerMinute share of the nodes
  record Conditions(String name, int silentEvery, double loss, double restartsPerMinute) {
    static final Conditions HEALTHY = new Conditions("healthy", 0, 0, 0);
    static final Conditions SILENT = new Conditions("silent", 3, 0.01, 0.1);

    /// Anchors are not: who runs them is known.
    boolean isSilent(int number) {
      return silentEvery > 0 && number >= ANCHORS && number % silentEvery == 0;
    }

    Faults faults() {
      return new Faults(
          Faults.NONE.latencyMinNanos(),
          Faults.NONE.latencyMaxNanos(),
          Faults.NONE.jitterNanos(),
          loss,
          0,
          0.5,
          0,
          0,
          0,
          0);
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
              && (send.frame() instanceof Frame.Push
                  || send.frame() instanceof Frame.Announce
                  || send.frame() instanceof Frame.Appended
                  || send.frame() instanceof Frame.Digests);
      if (!tells) {
        super.run(effect);
      }
    }
  }

  private static final int ANCHORS = 5;
  private static final int VOUCHES_PER_HOUR = 50;
  private static final long STARTS = 20 * SECOND;
  private static final long SETTLED = 420 * SECOND;
  private static final long PATIENCE = 2 * SECOND;

  /// After the faults: streams are dialled again, digests compared, gaps read.
  private static final long REPAIR = 90 * SECOND;

  private static final long DOWN = 8 * SECOND;
  private static final int WARM_UP = 30;
  private static final int ALERTS = 30;

  static final int MIN_NODES = 10;

  /// Each node knows everybody: that is 1,000,000 entries of a directory for 1,000 nodes.
  static final int MAX_NODES = 1_000;

  /// Notes when an alert is in whose log.
  static final class Arrivals implements Watcher {
    private final TreeMap<String, Long> times = new TreeMap<>();
    private Optional<StatementId> alert = Optional.empty();

    void lookFor(StatementId id) {
      times.clear();
      alert = Optional.of(id);
    }

    @Override
    public void turned(SimulatedNode node) {
      if (alert.filter(node.disk()::contains).isPresent()) {
        times.putIfAbsent(node.address(), node.nowNanos());
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
      public void traced(String line) {
        parts.traced(line);
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
    List<String> addresses = organizations.stream().map(Organization::address).toList();
    List<Long> arrival = new ArrayList<>();
    List<Long> bound = new ArrayList<>();
    // The first rounds show the mesh who is fast.
    for (int i = 0; i < WARM_UP; i++) {
      raise(i);
    }
    simulation.setFaults(conditions.faults());
    long copiesBefore = simulation.network().copies();
    List<StatementId> raised = new ArrayList<>();
    for (int i = WARM_UP; i < WARM_UP + ALERTS; i++) {
      churn();
      long at = simulation.agenda().now();
      List<Boolean> steady = simulation.nodes().stream().map(SimulatedNode::isUp).toList();
      List<Integer> crashes = simulation.nodes().stream().map(SimulatedNode::crashes).toList();
      int origin = raise(i);
      raised.addAll(arrivals.alert.stream().toList());
      List<Long> bounds = map.lowerBoundNanos(addresses, origin);
      for (int n = 0; n < count; n++) {
        Long time = arrivals.times.get(addresses.get(n));
        boolean counts =
            steady.get(n) && node(n).crashes() == crashes.get(n) && !conditions.isSilent(n);
        if (counts && time != null) {
          arrival.add(time - at);
          bound.add(bounds.get(n));
        }
      }
    }
    long copies = simulation.network().copies() - copiesBefore;
    simulation.setFaults(Faults.NONE);
    simulation.runUntil(simulation.agenda().now() + REPAIR);
    long missing =
        simulation.nodes().stream()
            .mapToLong(
                node -> raised.stream().filter(alert -> !node.disk().contains(alert)).count())
            .sum();
    if (missing > 0) {
      throw simulation.violation(missing + " deliveries are missing", null);
    }
    return new Report.Spreading(
        conditions.name(),
        count,
        simulation.chance().seed(),
        simulation.trace().hash(),
        simulation.trace().lines(),
        simulation.agenda().now() / Agenda.MILLI,
        ALERTS,
        missing,
        Report.Quantiles.of(arrival),
        Report.Quantiles.of(bound),
        (double) copies / arrival.size(),
        simulation.nodes().stream()
            .mapToInt(it -> it.core().view().peerCount())
            .average()
            .orElse(0));
  }

  /// Some nodes crash, and come back soon.
  private void churn() {
    double expected = conditions.restartsPerMinute() * count * PATIENCE / (60.0 * SECOND);
    for (int i = ANCHORS; i < count; i++) {
      if (script.nextDouble() < expected / count) {
        node(i).crash(script.nextLong(SECOND, DOWN));
      }
    }
  }

  /// Raises one alert at a node that is up and not silent, lets it spread, and returns where.
  private int raise(int number) {
    int origin = script.nextInt(count);
    while (!node(origin).isUp() || conditions.isSilent(origin)) {
      origin = (origin + 1) % count;
    }
    Envelope alert = alert(organizations.get(origin), number);
    arrivals.lookFor(alert.id());
    long at = simulation.agenda().now();
    node(origin).ask(request -> new Event.Submitted(request, alert), _ -> {});
    simulation.runUntil(at + PATIENCE);
    return origin;
  }

  private SimulatedNode node(int number) {
    return simulation.nodes().get(number);
  }

  private void found() {
    simulation.network().setGeography(map);
    for (int i = 0; i < count; i++) {
      organizations.add(
          new Organization("Organization " + i, "node-" + i + ":7353", simulation.chance()));
    }
    List<Envelope> directory = directory();
    for (Organization own : organizations) {
      map.place(own.address());
      SimulatedNode node =
          simulation.add(
              new CoreConfig(
                  Organization.NETWORK,
                  own.id(),
                  own.nodeKey().id(),
                  "simulated",
                  own.address(),
                  List.of(),
                  CoreConfig.Mode.ENFORCE,
                  TrustPolicy.DEFAULT,
                  10_000,
                  List.of()),
              List.of());
      directory.forEach(envelope -> node.disk().append(envelope, simulation.wallMillis()));
      node.disk().commit();
      simulation.agenda().at(script.nextLong(STARTS), () -> start(node));
    }
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

  private void start(SimulatedNode node) {
    node.start();
    for (int i = 0; i < ANCHORS; i++) {
      Organization anchor = organizations.get(i);
      String name = "anchor-" + i;
      node.ask(request -> new Event.AnchorAdded(request, anchor.id(), name, List.of()), _ -> {});
    }
  }

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
                false));
  }
}
