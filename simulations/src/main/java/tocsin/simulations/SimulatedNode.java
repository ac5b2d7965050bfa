package tocsin.simulations;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tocsin.node.core.CoreConfig;
import tocsin.node.core.Effect;
import tocsin.node.core.Event;
import tocsin.node.core.Moment;
import tocsin.node.core.NodeCore;
import tocsin.node.core.Overlay;
import tocsin.node.core.PeerId;
import tocsin.node.core.Snapshot;
import tocsin.node.transport.FrameCodec;
import tocsin.node.transport.MalformedFrame;
import tocsin.trust.Envelope;
import tocsin.trust.KeyId;
import tocsin.trust.OrganizationId;
import tocsin.trust.StatementId;

/// One real core and what surrounds it: drives it as `NodeLoop` does. Events gather while a turn
/// runs; a turn handles them, commits after the time that a synced write takes, and only then runs
/// the effects. A crash forgets the core and what was not committed.
class SimulatedNode implements SimulatedNetwork.Endpoint {
  /// As in `NodeLoop`.
  static final int INBOX = 4_096;

  private static final int TURN = 256;

  /// A synced write to a good disk and to a bad one.
  private static final long COMMIT_MIN_NANOS = 200_000;

  private static final long COMMIT_MAX_NANOS = 8 * Agenda.MILLI;

  /// Where in a turn the next crash is to come.
  enum CrashPoint {
    /// Handled, and nothing committed: nobody ever knew.
    BEFORE_COMMIT,
    /// Committed, and nothing said.
    BEFORE_EFFECTS
  }

  private final Simulation simulation;
  private final CoreConfig config;
  private final List<Envelope> profile;
  private final SimulatedDisk disk;
  private final List<SimulatedResolver> resolvers;
  private final RandomGenerator chance;

  /// Made when the first message comes: where frames travel as values there is none.
  private @Nullable FrameCodec codec;

  private final TreeSet<OrganizationId> chosenAnchors = new TreeSet<>();
  private final ArrayDeque<Event> inbox = new ArrayDeque<>();
  private final TreeMap<Long, Consumer<Effect.Answer>> requests = new TreeMap<>();

  private Optional<Snapshot> snapshot = Optional.empty();
  private @Nullable NodeCore core;
  private boolean busy;
  private int life;
  private int crashes;
  private int number;
  private long lookedAtSize;
  private int[] crashesAt = new int[0];
  private long nextPeer;
  private long nextRequest;
  private long alarmNanos = Long.MAX_VALUE;

  /// Monotonic clocks mean nothing across restarts: each life has its own zero.
  private long clockOffsetNanos;

  private long clockAheadMillis;
  private long clockDriftPpm;
  private long clockSetNanos;

  private Optional<CrashPoint> crashPoint = Optional.empty();
  private long downNanos;

  private long lastHeardNanos;
  private long committedSize;
  private Overlay served = Overlay.EMPTY;
  private long servedSerial;
  private boolean hasServed;

  SimulatedNode(
      Simulation simulation,
      CoreConfig config,
      List<Envelope> profile,
      SimulatedDisk disk,
      List<SimulatedResolver> resolvers) {
    this.simulation = simulation;
    this.config = config;
    this.profile = profile;
    this.disk = disk;
    this.resolvers = List.copyOf(resolvers);
    this.chance = simulation.chance().stream("node " + config.address());
  }

  @Override
  public String address() {
    return config.address();
  }

  @Override
  public KeyId nodeKey() {
    return config.nodeKey();
  }

  @Override
  public boolean isUp() {
    return core != null;
  }

  @Override
  public PeerId nextPeer() {
    return new PeerId(++nextPeer);
  }

  @Override
  public boolean holds(StatementId statement) {
    return isUp() && disk.contains(statement);
  }

  CoreConfig config() {
    return config;
  }

  SimulatedDisk disk() {
    return disk;
  }

  List<SimulatedResolver> resolvers() {
    return resolvers;
  }

  /// Only while it [#isUp()].
  NodeCore core() {
    if (core == null) {
      throw new IllegalStateException(address() + " is down");
    }
    return core;
  }

  /// What its DNS server serves: of the last effect that ran, not of the core's mind.
  Overlay served() {
    return served;
  }

  /// In this life: a node that has just started serves nothing yet.
  boolean hasServed() {
    return hasServed;
  }

  long servedSerial() {
    return servedSerial;
  }

  /// Statements that no crash can take away.
  long committedSize() {
    return committedSize;
  }

  int crashes() {
    return crashes;
  }

  /// Its place among the nodes of the simulation.
  int number() {
    return number;
  }

  void numbered(int place) {
    number = place;
  }

  // ---- for who counts arrivals

  /// Statements in its log when it was looked at last.
  long lookedAtSize() {
    return lookedAtSize;
  }

  void looked() {
    lookedAtSize = disk.size();
  }

  /// From now on the alert of this number may come.
  void expects(int alert) {
    if (crashesAt.length <= alert) {
      crashesAt = java.util.Arrays.copyOf(crashesAt, Math.max(16, 2 * alert));
    }
    crashesAt[alert] = crashes;
  }

  /// It has come: if the node was up all the time, that counts.
  void counted(int alert, ArrivalTimes deliveries) {
    if (crashesAt[alert] != crashes) {
      deliveries.exclude(alert, number);
    }
  }

  int inboxSize() {
    return inbox.size();
  }

  /// What its own clock says, in Unix milliseconds.
  long nowMillis() {
    return simulation.wallMillis()
        + clockAheadMillis
        + (nowNanos() - clockSetNanos) * clockDriftPpm / 1_000_000 / Agenda.MILLI;
  }

  /// Its wall clock jumps and goes on at a pace of its own; its monotonic clock never jumps.
  ///
  /// @param aheadMillis of the right time from now on
  /// @param driftPpm how much faster than right it goes
  final void setClock(long aheadMillis, long driftPpm) {
    clockAheadMillis = aheadMillis;
    clockDriftPpm = driftPpm;
    clockSetNanos = nowNanos();
  }

  /// It is what it says it is. An adversary's promises are nobody's concern.
  boolean isHonest() {
    return true;
  }

  @Override
  public final void heard() {
    lastHeardNanos = nowNanos();
  }

  @Override
  public final boolean isFull() {
    return inbox.size() >= INBOX - TURN;
  }

  /// As the transport does: what is provably wrong is told to the core, and a message that is no
  /// frame at all ends the stream.
  @Override
  public final boolean hears(PeerId peer, ByteString message) {
    try {
      FrameCodec.Decoded decoded = decode(message);
      decoded.fault().ifPresent(fault -> happened(new Event.PeerFaulted(peer, fault)));
      decoded.frames().forEach(frame -> happened(new Event.FrameReceived(peer, frame)));
      return true;
    } catch (MalformedFrame e) {
      happened(new Event.PeerFaulted(peer, String.valueOf(e.getMessage())));
      return false;
    }
  }

  /// (Overridden to plant a fault.)
  FrameCodec.Decoded decode(ByteString message) throws MalformedFrame {
    FrameCodec reader = codec;
    if (reader == null) {
      reader = new FrameCodec(simulation.envelopes(), disk::contains);
      codec = reader;
    }
    return reader.decode(message);
  }

  long nowNanos() {
    return simulation.agenda().now();
  }

  long monotonicNanos() {
    return simulation.agenda().now() + clockOffsetNanos;
  }

  /// Its log begins with what this snapshot was made of.
  final void knows(Snapshot folded) {
    snapshot = Optional.of(folded);
    committedSize = disk.size();
  }

  final void start() {
    life++;
    clockOffsetNanos = chance.nextLong(1L << 50);
    lastHeardNanos = nowNanos();
    inbox.clear();
    requests.clear();
    nextPeer = 0;
    busy = false;
    core =
        snapshot
            .map(it -> new NodeCore(config, disk, Optional.empty(), it))
            .orElseGet(() -> new NodeCore(config, disk));
    happened(new Event.Started(chance.nextLong()));
    // As `Node.start` does: the node's own card.
    profile.forEach(envelope -> happened(new Event.Submitted(0, envelope)));
  }

  /// Crashes at this point of the next turn that writes something, and comes back.
  final void crashAt(CrashPoint point, long downForNanos) {
    crashPoint = Optional.of(point);
    downNanos = downForNanos;
  }

  /// It will not crash at a point of its turns any more.
  final void stand() {
    crashPoint = Optional.empty();
  }

  /// Crashes now, whatever it is doing.
  final void crash(long downForNanos) {
    if (core == null) {
      return;
    }
    simulation.trace().add(simulation.agenda().now(), address(), "crash", downForNanos);
    core = null;
    life++;
    crashes++;
    crashPoint = Optional.empty();
    alarmNanos = Long.MAX_VALUE;
    disk.crash();
    committedSize = disk.size();
    lookedAtSize = Math.min(lookedAtSize, committedSize);
    served = Overlay.EMPTY;
    hasServed = false;
    simulation.network().crashed(this);
    simulation
        .agenda()
        .after(
            downForNanos,
            () -> {
              if (core == null) {
                start();
                simulation.watcher().restarted(this);
              }
            });
  }

  /// An operator asks something of the node; the answer is lost if it crashes.
  final void ask(java.util.function.LongFunction<Event> question, Consumer<Effect.Answer> answer) {
    if (isUp()) {
      long request = ++nextRequest;
      requests.put(request, answer);
      Event event = question.apply(request);
      if (event instanceof Event.AnchorAdded added) {
        chosenAnchors.add(added.anchor());
      }
      happened(event);
    }
  }

  /// Whom its administrator ever chose.
  Set<OrganizationId> chosenAnchors() {
    return chosenAnchors;
  }

  /// When it last heard from anybody, or began; nanoseconds of virtual time.
  long lastHeardNanos() {
    return lastHeardNanos;
  }

  @Override
  public final void happened(Event event) {
    if (core == null) {
      return;
    }
    for (Event heard : hears(event)) {
      simulation.trace().add(simulation.agenda().now(), address(), "event", heard);
      inbox.add(heard);
    }
    begin();
  }

  /// What of an event comes to the core. (Overridden to plant a fault.)
  List<Event> hears(Event event) {
    return List.of(event);
  }

  /// What the core is told of the time. (Overridden to plant a fault.)
  Moment moment() {
    return new Moment(monotonicNanos(), nowMillis());
  }

  private void begin() {
    if (!busy) {
      busy = true;
      // At once, but after whatever else happens at this very time.
      inThisLife(0, this::turn);
    }
  }

  private void inThisLife(long nanos, Runnable action) {
    int now = life;
    simulation
        .agenda()
        .after(
            nanos,
            () -> {
              if (life == now) {
                action.run();
              }
            });
  }

  private void turn() {
    NodeCore driven = core();
    Moment now = moment();
    List<Effect> effects = new ArrayList<>();
    boolean happened = false;
    for (int i = 0; i < TURN && !inbox.isEmpty(); i++) {
      effects.addAll(driven.handle(inbox.remove(), now));
      happened = true;
    }
    if (!happened && driven.nextDeadline() <= now.monotonicNanos()) {
      effects.addAll(driven.handle(new Event.DeadlineReached(), now));
    }
    simulation.watcher().handled(this, now);
    handled(effects, disk.isDirty() ? syncNanos() : 0);
  }

  /// Most disks are near the good end: evenly drawn on a logarithmic scale.
  private long syncNanos() {
    double ratio = (double) COMMIT_MAX_NANOS / COMMIT_MIN_NANOS;
    return (long) (COMMIT_MIN_NANOS * StrictMath.pow(ratio, chance.nextDouble()));
  }

  /// Between the handling and the commit. (Overridden to plant a fault.)
  void handled(List<Effect> effects, long commitNanos) {
    if (commitNanos == 0) {
      // Nothing to write: nothing to wait for.
      commit(effects);
    } else {
      inThisLife(commitNanos, () -> commit(effects));
    }
  }

  final void commit(List<Effect> effects) {
    boolean dirty = disk.isDirty();
    if (dirty && crashPoint.equals(Optional.of(CrashPoint.BEFORE_COMMIT))) {
      crash(downNanos);
      return;
    }
    // From here on a crash forgets nothing that anybody was told.
    disk.commit();
    committedSize = disk.size();
    if (dirty && crashPoint.equals(Optional.of(CrashPoint.BEFORE_EFFECTS))) {
      crash(downNanos);
      return;
    }
    effects.forEach(this::run);
    ended();
  }

  final void ended() {
    busy = false;
    simulation.watcher().turned(this);
    if (inbox.isEmpty()) {
      arm();
    } else {
      begin();
    }
  }

  /// The one timer. (Overridden to plant a fault.)
  void arm() {
    long deadline = core().nextDeadline();
    if (deadline == Long.MAX_VALUE) {
      return;
    }
    long due = Math.max(deadline - clockOffsetNanos, simulation.agenda().now());
    if (due == alarmNanos) {
      return;
    }
    alarmNanos = due;
    inThisLife(
        due - simulation.agenda().now(),
        () -> {
          if (alarmNanos == due) {
            alarmNanos = Long.MAX_VALUE;
            begin();
          }
        });
  }

  void run(Effect effect) {
    simulation.trace().add(simulation.agenda().now(), address(), "effect", effect);
    simulation.watcher().speaks(this, effect);
    switch (effect) {
      case Effect.Send it -> simulation.network().send(this, it.peer(), it.frame());
      case Effect.Dial it -> simulation.network().dial(this, it.address());
      case Effect.Disconnect it -> simulation.network().disconnect(this, it.peer(), it.reason());
      case Effect.Reply it -> {
        Consumer<Effect.Answer> answer = requests.remove(it.request());
        if (answer != null) {
          answer.accept(it.answer());
        }
      }
      case Effect.ServeOverlay it -> {
        served = it.overlay();
        servedSerial = it.serial();
        hasServed = true;
        resolvers.forEach(resolver -> resolver.notified(this));
      }
      case Effect.Actuate it -> {
        int now = life;
        resolver(it.resolver())
            .perform(it.operation(), outcome -> answered(now, it.ticket(), outcome));
      }
      case Effect.CheckDelegation it -> {
        int now = life;
        simulation
            .world()
            .checkDelegation(it.names(), outcome -> answered(now, it.ticket(), outcome));
      }
      case Effect.ServeListings _,
          Effect.ShowAlerts _,
          Effect.Audit _,
          Effect.KeepProof _,
          Effect.Notice _ -> {}
      case Effect.Halt it -> throw new IllegalStateException(address() + " halts: " + it.reason());
    }
  }

  /// The edges die with their node: outcomes of another life reach nobody.
  private void answered(int askedInLife, long ticket, Event.Outcome outcome) {
    if (life == askedInLife) {
      happened(new Event.Actuated(ticket, outcome));
    }
  }

  private SimulatedResolver resolver(String name) {
    for (SimulatedResolver resolver : resolvers) {
      if (resolver.name().equals(name)) {
        return resolver;
      }
    }
    throw new IllegalStateException(address() + " has no resolver " + name);
  }
}
