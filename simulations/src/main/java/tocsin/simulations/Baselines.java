package tocsin.simulations;

import static tocsin.simulations.Agenda.SECOND;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// What other protocols do over the same network: built from their public specifications, without
/// anything that would slow them down. They write nothing to disk before they pass it on, verify in
/// no time, know their neighbours from the start, and a lost segment holds up nothing but itself.
///
/// Alerts, places, distances, jitter, loss, silent nodes and restarts are drawn as for Tocsin's
/// nodes.
final class Baselines {
  /// Streams a node has, half of them dialled by itself: as many as Tocsin's nodes keep.
  static final int STREAMS = 20;

  /// An alert with its signatures, and what carries it.
  static final int ALERT_BYTES = 420 + FrameSize.ENVELOPE;

  /// A frame with one id.
  static final int ID_BYTES = 34 + FrameSize.ENVELOPE;

  private static final long BEGIN = 5 * SECOND;
  private static final long PACE = SECOND / 5;
  private static final long DOWN = 8 * SECOND;

  /// Long enough for gossipsub's history and for ten more rounds of anything else.
  private static final long PATIENCE = 60 * SECOND;

  /// A protocol, as far as one network goes. Nodes are numbers.
  interface Protocol {
    /// The network is there; timers may be set.
    void begin();

    /// This node has an alert that it did not have.
    ///
    /// @param from who brought it; -1 if it is raised here
    void learned(int node, int alert, int from);

    /// It was down and is back.
    default void returned(int node) {}
  }

  private record Kind(
      String key, String name, String specification, Function<Baselines, Protocol> make) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              "flooding",
              "Flooding",
              "everybody passes a new alert on to all "
                  + STREAMS
                  + " streams but the one it came by",
              Flooding::new),
          new Kind("gossipsub", "gossipsub v1.1", GossipSub.SPECIFICATION, GossipSub::new),
          new Kind(
              "memberlist", "Push-pull (memberlist, WAN)", PushPull.SPECIFICATION, PushPull::new));

  private final int count;
  private final Spread.Conditions conditions;
  private final Faults faults;
  private final WorldMap map;
  private final Agenda agenda = new Agenda();
  private final RandomGenerator chance;
  private final RandomGenerator script;
  private final List<String> addresses = new ArrayList<>();
  private final long[] uplinkFreeNanos;
  private final int[] crashes;
  private final boolean[] down;
  private final List<boolean[]> holds = new ArrayList<>();
  private final List<int[]> crashesAt = new ArrayList<>();
  private final ArrivalTimes deliveries;
  private long copies;
  private long bytes;

  private Baselines(int count, Spread.Conditions conditions, long seed, String name) {
    Chance all = new Chance(seed);
    this.count = count;
    this.conditions = conditions;
    this.faults = conditions.faults();
    this.map = new WorldMap(all);
    this.chance = all.stream("baseline " + name);
    this.script = all.stream("baseline script");
    for (int i = 0; i < count; i++) {
      addresses.add("node-" + i + ":7353");
      map.place(addresses.getLast());
    }
    this.uplinkFreeNanos = new long[count];
    this.crashes = new int[count];
    this.down = new boolean[count];
    this.deliveries = new ArrivalTimes(addresses, map);
  }

  /// All of them, one after the other.
  static List<Report.Baseline> all(int count, Spread.Conditions conditions, long seed) {
    return KINDS.stream()
        .map(kind -> new Baselines(count, conditions, seed, kind.key()).run(kind))
        .toList();
  }

  private Report.Baseline run(Kind kind) {
    Protocol protocol = kind.make().apply(this);
    protocol.begin();
    agenda.runUntil(BEGIN);
    for (int alert = 0; alert < conditions.alerts(); alert++) {
      churn(protocol);
      raise(protocol);
      agenda.runUntil(agenda.now() + PACE);
    }
    long until = agenda.now() + PATIENCE;
    while (agenda.now() < until && missing() > 0) {
      agenda.runUntil(agenda.now() + SECOND);
    }
    long delivered = deliveries.counted();
    return new Report.Baseline(
        kind.key(),
        kind.name(),
        kind.specification(),
        deliveries.arrival(),
        missing(),
        (double) copies / delivered,
        (double) bytes / delivered);
  }

  private long missing() {
    long missing = 0;
    for (boolean[] alert : holds) {
      for (int node = 0; node < count; node++) {
        missing += alert[node] || isSilent(node) ? 0 : 1;
      }
    }
    return missing;
  }

  private void churn(Protocol protocol) {
    double chanceOfEach = conditions.restartsPerMinute() * PACE / (60.0 * SECOND);
    for (int node = 0; node < count && chanceOfEach > 0; node++) {
      if (script.nextDouble() < chanceOfEach && !down[node]) {
        int returning = node;
        down[node] = true;
        crashes[node]++;
        agenda.after(
            script.nextLong(SECOND, DOWN),
            () -> {
              down[returning] = false;
              protocol.returned(returning);
            });
      }
    }
  }

  private void raise(Protocol protocol) {
    int origin = script.nextInt(count);
    while (down[origin] || isSilent(origin)) {
      origin = (origin + 1) % count;
    }
    int alert = deliveries.raised(origin, agenda.now());
    holds.add(new boolean[count]);
    crashesAt.add(crashes.clone());
    for (int node = 0; node < count; node++) {
      if (down[node] || isSilent(node)) {
        deliveries.exclude(alert, node);
      }
    }
    learn(protocol, origin, alert, -1);
  }

  private void learn(Protocol protocol, int node, int alert, int from) {
    if (!holds.get(alert)[node]) {
      holds.get(alert)[node] = true;
      deliveries.arrived(alert, node, agenda.now());
      if (crashesAt.get(alert)[node] != crashes[node]) {
        deliveries.exclude(alert, node);
      }
      protocol.learned(node, alert, from);
    }
  }

  // ---- what protocols are made with

  int count() {
    return count;
  }

  Agenda agenda() {
    return agenda;
  }

  RandomGenerator chance() {
    return chance;
  }

  boolean isSilent(int node) {
    return conditions.isSilent(node);
  }

  boolean isDown(int node) {
    return down[node];
  }

  boolean holds(int node, int alert) {
    return holds.get(alert)[node];
  }

  /// Connections of each node, mutual, drawn by chance.
  int[][] streams() {
    List<TreeSet<Integer>> peers = new ArrayList<>();
    for (int node = 0; node < count; node++) {
      peers.add(new TreeSet<>());
    }
    for (int node = 0; node < count; node++) {
      int own = Math.min(STREAMS / 2, (count - 1) / 2);
      for (int dialled = 0; dialled < own; ) {
        int other = chance.nextInt(count);
        if (other != node && peers.get(node).add(other)) {
          peers.get(other).add(node);
          dialled++;
        }
      }
    }
    return peers.stream()
        .map(set -> set.stream().mapToInt(Integer::intValue).toArray())
        .toArray(int[][]::new);
  }

  /// Brings a whole alert somewhere.
  void bring(Protocol protocol, int from, int to, int alert) {
    send(
        from,
        to,
        ALERT_BYTES,
        () -> {
          copies++;
          learn(protocol, to, alert, from);
        });
  }

  /// A segment comes late if it is lost; one to a node that is down comes to nothing.
  void send(int from, int to, int sizeBytes, Runnable arrived) {
    long latency = map.latencyNanos(addresses.get(from), addresses.get(to));
    at(leaves(from, sizeBytes) + faults.travelNanos(latency, chance), to, arrived);
  }

  /// A datagram that is lost is lost.
  void sendUnreliably(int from, int to, int sizeBytes, Runnable arrived) {
    long latency = map.latencyNanos(addresses.get(from), addresses.get(to));
    long leaves = leaves(from, sizeBytes);
    if (chance.nextDouble() >= faults.loss()) {
      at(leaves + latency + chance.nextLong(faults.jitterNanos() + 1), to, arrived);
    }
  }

  /// @param alert brought by a datagram
  void bringUnreliably(Protocol protocol, int from, int to, int alert) {
    sendUnreliably(
        from,
        to,
        ALERT_BYTES,
        () -> {
          copies++;
          learn(protocol, to, alert, from);
        });
  }

  private void at(long nanos, int to, Runnable arrived) {
    agenda.at(
        nanos,
        () -> {
          if (!down[to]) {
            arrived.run();
          }
        });
  }

  private long leaves(int from, int sizeBytes) {
    bytes += sizeBytes;
    uplinkFreeNanos[from] =
        Math.max(uplinkFreeNanos[from], agenda.now())
            + sizeBytes * SimulatedNetwork.UPLINK_NANOS_PER_BYTE;
    return uplinkFreeNanos[from];
  }

  // ---- flooding

  private static final class Flooding implements Protocol {
    private final Baselines network;
    private int[][] streams = {};

    Flooding(Baselines network) {
      this.network = network;
    }

    @Override
    public void begin() {
      streams = network.streams();
    }

    @Override
    public void learned(int node, int alert, int from) {
      if (network.isSilent(node)) {
        return;
      }
      for (int peer : streams[node]) {
        if (peer != from) {
          network.bring(this, node, peer, alert);
        }
      }
    }
  }
}
