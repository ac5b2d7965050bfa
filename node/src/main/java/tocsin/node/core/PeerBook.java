package tocsin.node.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tocsin.trust.KeyId;

/// Who is connected, whom to dial, and who is a member. Small networks connect to all whose address
/// the directory of profiles names; in large ones [Directory] chooses among them.
final class PeerBook {
  /// Where an address is from.
  enum Source {
    BOOTSTRAP,
    ADDED,
    DIRECTORY
  }

  /// An address that we want to be connected to.
  static final class Target {
    final String address;
    Source source;

    /// The node that answers there, once known.
    Optional<KeyId> nodeKey = Optional.empty();

    boolean dialling;
    boolean isSelf;
    int failures;
    long nextAttemptNanos;

    /// Wanted now: a large directory is not all dialled.
    boolean chosen = true;

    /// 0: not measured yet.
    long rttNanos;

    String lastError = "";

    /// In the draws of the directory; null until it is drawn for.
    @Nullable Luck luck;

    Target(String address, Source source) {
      this.address = address;
      this.source = source;
    }
  }

  /// Says whether a node key speaks for the organization that its Hello names, now.
  interface Membership {
    boolean isMember(Frame.Hello hello, KeyId nodeKey);
  }

  private final CoreConfig config;
  private final TreeMap<PeerId, Peer> peers = new TreeMap<>();
  private final TreeMap<String, Target> targets = new TreeMap<>();
  private Directory directory = new Directory(0);

  /// Addresses that the operator took away: the directory's word does not bring them back.
  private final TreeSet<String> unwanted = new TreeSet<>();

  private long version;

  /// Streams or addresses changed since [#tick] last looked at them all.
  private boolean stale = true;

  /// Nothing is due before that, as long as nothing changes.
  private long dueNanos;

  /// As they were at that version: what follows is asked for with every event.
  private long readyVersion = -1;

  private List<Peer> ready = List.of();
  private int nodes;

  PeerBook(CoreConfig config) {
    this.config = config;
    for (String address : config.bootstrap()) {
      want(address, Source.BOOTSTRAP, Optional.empty());
    }
  }

  /// @param seed of this life's draws
  void started(long seed) {
    directory = new Directory(seed);
  }

  /// Wants some of the nodes of a snapshot's directory, drawn from all, whose distance may be known
  /// from before.
  void wantSome(Snapshot snapshot) {
    List<Snapshot.Listed> all = snapshot.directory();
    for (int place : directory.sample(all.size(), Limits.MAX_TARGETS)) {
      Snapshot.Listed it = all.get(place);
      want(it.address(), Source.DIRECTORY, Optional.of(it.nodeKey()));
      Target target = targets.get(it.address());
      if (target != null) {
        target.rttNanos = snapshot.roundTripNanos(config.address(), it.address());
      }
    }
  }

  /// Grows whenever a stream comes or goes, says Hello, or becomes a member's.
  long version() {
    return version;
  }

  Optional<Peer> find(PeerId id) {
    return Optional.ofNullable(peers.get(id));
  }

  /// All streams that have said Hello, in order of their number.
  List<Peer> ready() {
    if (readyVersion != version) {
      readyVersion = version;
      List<Peer> now = new ArrayList<>();
      TreeSet<KeyId> keys = new TreeSet<>();
      for (Peer peer : peers.values()) {
        if (peer.isReady()) {
          now.add(peer);
          keys.add(peer.nodeKey);
        }
      }
      // A new list each time: who walks through the last one may drop peers meanwhile.
      ready = List.copyOf(now);
      nodes = keys.size();
    }
    return ready;
  }

  private void changed() {
    version++;
    stale = true;
  }

  Collection<Target> targets() {
    return targets.values();
  }

  /// Wants a connection to this address; one more reason for an address wanted already is nothing
  /// new, except that an operator's own word is kept as the source.
  void want(String address, Source source, Optional<KeyId> nodeKey) {
    boolean isUnwanted = source == Source.DIRECTORY && unwanted.contains(address);
    if (address.isEmpty() || address.equals(config.address()) || isUnwanted) {
      return;
    }
    unwanted.remove(address);
    Target target = targets.get(address);
    if (target == null) {
      if (targets.size() >= Limits.MAX_TARGETS
          && !directory.makesRoom(address, source, targets, this::isConnected)) {
        return;
      }
      target = new Target(address, source);
      targets.put(address, target);
      stale = true;
    } else if (source == Source.ADDED) {
      target.source = source;
    }
    if (nodeKey.isPresent() && !nodeKey.equals(target.nodeKey)) {
      target.nodeKey = nodeKey;
      stale = true;
    }
  }

  /// These are the addresses to be dialled from the start; what was one before, and is none now, is
  /// let go.
  void bootstrap(List<String> addresses, Turn turn) {
    for (Target target : List.copyOf(targets.values())) {
      if (target.source == Source.BOOTSTRAP && !addresses.contains(target.address)) {
        unwant(target.address, turn);
      }
    }
    for (String address : addresses) {
      want(address, Source.BOOTSTRAP, Optional.empty());
    }
  }

  /// The operator removes an address, for good or until he adds it again; false if it was not
  /// wanted. At most [Limits#MAX_TARGETS] are remembered so.
  boolean remove(String address, Turn turn) {
    boolean wanted = unwant(address, turn);
    if (wanted) {
      removed(address);
    }
    return wanted;
  }

  /// He removed it before a restart.
  void removed(String address) {
    if (unwanted.size() < Limits.MAX_TARGETS) {
      unwanted.add(address);
    }
  }

  /// Forgets an address and ends the stream that was dialled to it; false if it was not wanted.
  boolean unwant(String address, Turn turn) {
    boolean wanted = targets.remove(address) != null;
    stale = true;
    for (Peer peer : List.copyOf(peers.values())) {
      if (peer.dialledAddress.equals(Optional.of(address))) {
        drop(peer, "an operator removed the peer", turn);
      }
    }
    return wanted;
  }

  void connected(Event.PeerConnected event, Turn turn) {
    event
        .dialledAddress()
        .map(targets::get)
        .ifPresent(target -> {
          target.dialling = false;
          target.nodeKey = Optional.of(event.nodeKey());
          target.isSelf = event.nodeKey().equals(config.nodeKey());
        });
    Peer peer = new Peer(event.peer(), event.nodeKey(), event.dialledAddress(), turn.nanos());
    peers.put(peer.id, peer);
    changed();
    if (event.nodeKey().equals(config.nodeKey())) {
      drop(peer, "this is the node itself", turn);
    } else if (peers.size() > Limits.MAX_PEERS) {
      drop(peer, "no room for another peer", turn);
    }
  }

  void dialFailed(Event.DialFailed event, Turn turn) {
    Target target = targets.get(event.address());
    stale = true;
    if (target != null) {
      failed(target, event.reason(), turn);
    }
  }

  /// True if statements came or went whole over that stream.
  boolean disconnected(Event.PeerDisconnected event, Turn turn) {
    Peer peer = peers.remove(event.peer());
    if (peer == null) {
      return false;
    }
    changed();
    peer.dialledAddress.map(targets::get).ifPresent(target -> failed(target, event.reason(), turn));
    return peer.isReady() && (peer.weChose || peer.theyChose);
  }

  private boolean isConnected(Target target) {
    return target.dialling || target.nodeKey.filter(connectedKeys()::contains).isPresent();
  }

  private static void failed(Target target, String reason, Turn turn) {
    target.dialling = false;
    target.failures++;
    target.lastError = reason;
    target.nextAttemptNanos =
        turn.after(
            Backoff.millis(target.failures, Limits.REDIAL_MIN_MILLIS, Limits.REDIAL_MAX_MILLIS));
  }

  /// Takes a Hello and says whether the peer may stay. Of two streams between the same two nodes,
  /// both keep the one that the node with the lower key dialled. Only a stream whose Hello was good
  /// clears the failures of its address: a peer of another network is dialled ever more rarely.
  boolean hello(Peer peer, Frame.Hello hello, Membership membership, Turn turn) {
    if (peer.isReady()) {
      drop(peer, "said Hello twice", turn);
      return false;
    }
    if (hello.versionMin() > Limits.VERSION || hello.versionMax() < Limits.VERSION) {
      drop(peer, "speaks no protocol version that we speak", turn);
      return false;
    }
    if (!hello.network().equals(config.network())) {
      drop(peer, "belongs to another network", turn);
      return false;
    }
    changed();
    peer.hello = Optional.of(hello);
    peer.member = membership.isMember(hello, peer.nodeKey);
    for (Peer other : ready()) {
      if (other != peer && other.nodeKey.equals(peer.nodeKey)) {
        Peer surplus = isKeptOf(peer, other) ? other : peer;
        close(surplus, "a second stream between the same nodes", turn)
            // No failure of the address: it is connected by the other stream.
            .ifPresent(target -> target.nextAttemptNanos = turn.after(Limits.REDIAL_MIN_MILLIS));
        return surplus != peer;
      }
    }
    if (!peer.member && guests() > Limits.MAX_GUESTS) {
      drop(peer, "no room for another guest", turn);
      return false;
    }
    peer.dialledAddress
        .map(targets::get)
        .ifPresent(target -> {
          target.failures = 0;
          target.lastError = "";
        });
    return true;
  }

  private boolean isKeptOf(Peer one, Peer other) {
    boolean together =
        Math.abs(one.connectedNanos - other.connectedNanos)
            < Limits.HELLO_MILLIS * Moment.NANOS_PER_MILLI;
    if (!together || one.dialledAddress.isPresent() == other.dialledAddress.isPresent()) {
      // The same side dialled twice, or one side dialled long after the other had: who dials has
      // no living stream, so the newer is the living one. (After a power cut nothing tells the
      // other side of a stream that it is dead.)
      return one.id.compareTo(other.id) > 0;
    }
    boolean weAreLower = config.nodeKey().compareTo(one.nodeKey) < 0;
    return one.dialledAddress.isPresent() == weAreLower;
  }

  /// Ends a stream; if we had dialled it, its address is dialled again after a wait that grows.
  void drop(Peer peer, String reason, Turn turn) {
    close(peer, reason, turn).ifPresent(target -> failed(target, reason, turn));
  }

  /// Ends a stream and returns the address to which it was dialled, if that is still wanted.
  private Optional<Target> close(Peer peer, String reason, Turn turn) {
    peers.remove(peer.id);
    changed();
    turn.add(new Effect.Disconnect(peer.id, reason));
    Optional<Target> target = peer.dialledAddress.map(targets::get);
    target.ifPresent(it -> {
      it.dialling = false;
      it.lastError = reason;
    });
    return target;
  }

  /// Ends a stream whose peer is provably at fault, and leaves its address alone for a while.
  void dropFaulty(Peer peer, String reason, Turn turn) {
    drop(peer, "broke the protocol: " + reason, turn);
    stale = true;
    peer.dialledAddress
        .map(targets::get)
        .ifPresent(target -> target.nextAttemptNanos = turn.after(Limits.REDIAL_MAX_MILLIS));
  }

  /// Judges anew who is a member: after vouches, profiles, anchors or time changed. Returns the
  /// guests that may submit from now on.
  List<Peer> refreshMembership(Membership membership) {
    List<Peer> admitted = new ArrayList<>();
    changed();
    for (Peer peer : peers.values()) {
      boolean before = peer.maySubmit();
      peer.hello.ifPresent(hello -> peer.member = membership.isMember(hello, peer.nodeKey));
      if (peer.maySubmit() && !before) {
        admitted.add(peer);
      }
    }
    return admitted;
  }

  /// Pings, closes what is silent, and dials, as far as its time has come. Looks at peers and
  /// addresses only if something changed or is due: it is called with every event.
  void tick(Turn turn) {
    if (!stale && turn.nanos() < dueNanos) {
      return;
    }
    for (Peer peer : List.copyOf(peers.values())) {
      if (!peer.isReady()) {
        if (turn.nanos() >= helloDeadline(peer)) {
          drop(peer, "did not say Hello in time", turn);
        }
      } else if (turn.nanos() >= silenceDeadline(peer)) {
        drop(peer, "went silent", turn);
      } else if (turn.nanos() >= peer.nextPingNanos) {
        peer.pingNonce++;
        peer.pingSentNanos = OptionalLong.of(turn.nanos());
        peer.nextPingNanos = turn.after(Limits.PING_MILLIS);
        turn.add(new Effect.Send(peer.id, new Frame.Ping(peer.pingNonce), Effect.Priority.CONTROL));
      }
    }
    if (directory.isDue(targets, turn)) {
      directory.choose(targets, turn);
      leaveUnchosen(turn);
    }
    // After the silent ones are gone: whoever was connected by one of them only is dialled at once.
    Set<KeyId> connectedKeys = connectedKeys();
    for (Target target : targets.values()) {
      if (isDue(target, connectedKeys) && target.nextAttemptNanos <= turn.nanos()) {
        target.dialling = true;
        turn.add(new Effect.Dial(target.address));
      }
    }
    stale = false;
    dueNanos = earliestNanos();
  }

  /// Ends the streams that were dialled to see how far somebody is, and to whom others are better.
  private void leaveUnchosen(Turn turn) {
    for (Peer peer : List.copyOf(peers.values())) {
      boolean left =
          peer.isReady()
              && peer.dialledAddress.map(targets::get).filter(target -> !target.chosen).isPresent();
      if (left) {
        close(peer, "makes room for others", turn);
      }
    }
  }

  void pong(Peer peer, Frame.Pong pong, Turn turn) {
    if (pong.nonce() == peer.pingNonce && peer.pingSentNanos.isPresent()) {
      peer.measured(turn.nanos() - peer.pingSentNanos.getAsLong());
      String address =
          peer.dialledAddress.or(() -> peer.hello.map(Frame.Hello::address)).orElse("");
      Target target = targets.get(address);
      if (target != null) {
        target.rttNanos = peer.rttNanos;
      }
      peer.pingSentNanos = OptionalLong.empty();
    }
  }

  long nextDeadlineNanos() {
    return stale ? earliestNanos() : dueNanos;
  }

  private long earliestNanos() {
    long next = directory.nextDeadlineNanos(targets);
    Set<KeyId> connectedKeys = connectedKeys();
    for (Target target : targets.values()) {
      if (isDue(target, connectedKeys)) {
        next = Math.min(next, target.nextAttemptNanos);
      }
    }
    for (Peer peer : peers.values()) {
      next =
          Math.min(
              next,
              peer.isReady()
                  ? Math.min(peer.nextPingNanos, silenceDeadline(peer))
                  : helloDeadline(peer));
    }
    return next;
  }

  private static boolean isDue(Target target, Set<KeyId> connectedKeys) {
    return !target.dialling
        && !target.isSelf
        && target.chosen
        && target.nodeKey.filter(connectedKeys::contains).isEmpty();
  }

  private static long helloDeadline(Peer peer) {
    return peer.connectedNanos + Limits.HELLO_MILLIS * Moment.NANOS_PER_MILLI;
  }

  private static long silenceDeadline(Peer peer) {
    return peer.lastHeardNanos + Limits.SILENCE_MILLIS * Moment.NANOS_PER_MILLI;
  }

  private Set<KeyId> connectedKeys() {
    TreeSet<KeyId> keys = new TreeSet<>();
    for (Peer peer : peers.values()) {
      keys.add(peer.nodeKey);
    }
    return keys;
  }

  /// The network is small, and there is a stream to everybody whose address is known.
  boolean isComplete() {
    if (Directory.isLarge(targets)) {
      return false;
    }
    Set<KeyId> connected = connectedKeys();
    return targets.values().stream()
        .allMatch(it -> it.isSelf || it.nodeKey.filter(connected::contains).isPresent());
  }

  /// Distinct nodes that have said Hello, guests included.
  int nodeCount() {
    ready();
    return nodes;
  }

  int guests() {
    int guests = 0;
    for (Peer peer : peers.values()) {
      if (peer.isReady() && !peer.member) {
        guests++;
      }
    }
    return guests;
  }
}
