package tocsin.simulations;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import tocsin.node.core.Event;
import tocsin.node.core.Frame;
import tocsin.node.core.PeerId;
import tocsin.node.transport.FrameCodec;
import tocsin.trust.Envelope;
import tocsin.trust.KeyId;
import tocsin.trust.StatementId;

/// The network between nodes: streams that deliver in order, late, in bursts after a loss, or
/// break. Nothing is lost inside a stream that stands, as with TCP; a partition holds everything up
/// until it heals or somebody loses patience.
final class SimulatedNetwork {
  /// Frames under way in one direction. Beyond, the sender's queue is dropped and it is told so, as
  /// the real transport does.
  static final int MAX_QUEUE = 1_024;

  /// A dial into a partition comes to nothing after this time.
  private static final long DIAL_TIMEOUT_NANOS = 5 * Agenda.SECOND;

  /// A stream whose reader has no room is looked at again after this time.
  private static final long BACK_PRESSURE_NANOS = Agenda.MILLI;

  /// Whoever has streams: a node, an intruder.
  interface Endpoint {
    /// "host:port", and who it is in the trace.
    String address();

    KeyId nodeKey();

    /// It takes part now; a crashed one does not.
    boolean isUp();

    /// The number of the next stream, unique in this life.
    PeerId nextPeer();

    /// It holds this statement: the transport drops the bodies of pushed duplicates.
    boolean holds(StatementId statement);

    void happened(Event event);

    /// A message in the form in which it travels.
    ///
    /// @return false if the stream is to end for it
    boolean hears(PeerId peer, ByteString message);

    /// Something has come from somebody.
    void heard();

    /// It has so much to do that its streams are to wait.
    boolean isFull();
  }

  /// One end of a stream.
  private static final class End {
    final Endpoint owner;
    final PeerId peer;
    final ArrayDeque<Parcel> inbound = new ArrayDeque<>();
    boolean pumping;

    /// Its owner ended the stream: nothing reaches it any more.
    boolean closed;

    long lastArrival;

    End(Endpoint owner) {
      this.owner = owner;
      this.peer = owner.nextPeer();
    }
  }

  /// What travels in a stream.
  private sealed interface Load {
    record Value(Frame frame) implements Load {}

    record Message(ByteString bytes) implements Load {}

    record EndOfStream() implements Load {}
  }

  private record Parcel(long arrivalNanos, Load load) {}

  private static final class Stream {
    final End dialler;
    final End listener;
    final long latencyNanos;
    boolean broken;

    Stream(End dialler, End listener, long latencyNanos) {
      this.dialler = dialler;
      this.listener = listener;
      this.latencyNanos = latencyNanos;
    }

    End other(End end) {
      return end == dialler ? listener : dialler;
    }
  }

  /// What one endpoint has of the network.
  private static final class Links {
    final TreeMap<PeerId, Stream> streams = new TreeMap<>();

    /// When what it sends now leaves it: everything goes through one uplink.
    long uplinkFreeNanos;
  }

  /// What every node can send at least: 100 Mbit/s.
  static final long UPLINK_NANOS_PER_BYTE = 80;

  private final Agenda agenda;
  private final RandomGenerator chance;
  private final RandomGenerator geography;
  private final TreeMap<String, Endpoint> endpoints = new TreeMap<>();
  private final TreeMap<String, Long> latencies = new TreeMap<>();
  private final IdentityHashMap<Endpoint, Links> links = new IdentityHashMap<>();
  private final TreeMap<String, Integer> sides = new TreeMap<>();
  private Faults faults = Faults.NONE;
  private Optional<WorldMap> worldMap = Optional.empty();
  private boolean asMessages;
  private int longestQueue;
  private long copies;
  private long bytes;

  SimulatedNetwork(Agenda agenda, Chance chance) {
    this.agenda = agenda;
    this.chance = chance.stream("network");
    this.geography = chance.stream("geography");
  }

  void add(Endpoint endpoint) {
    endpoints.put(endpoint.address(), endpoint);
  }

  void setFaults(Faults faults) {
    this.faults = faults;
  }

  /// Splits the network: endpoints on different sides do not reach each other. Whom nobody puts
  /// anywhere is on side 0.
  void partition(Map<String, Integer> newSides) {
    sides.clear();
    sides.putAll(newSides);
  }

  void heal() {
    sides.clear();
  }

  /// Whole statements that were sent, duplicates among them.
  long copies() {
    return copies;
  }

  /// What was sent, with the headers that carry it.
  long bytes() {
    return bytes;
  }

  int endpointCount() {
    return endpoints.size();
  }

  int longestQueue() {
    return longestQueue;
  }

  private boolean isCut(Endpoint one, Endpoint other) {
    return !sides.getOrDefault(one.address(), 0).equals(sides.getOrDefault(other.address(), 0));
  }

  /// Places endpoints in the world; without one, each pair's latency is drawn.
  void setGeography(WorldMap map) {
    worldMap = Optional.of(map);
  }

  /// One direction, without jitter: the same for a pair at all times, both ways.
  long latency(Endpoint one, Endpoint other) {
    if (worldMap.isPresent()) {
      return worldMap.get().latencyNanos(one.address(), other.address());
    }
    String a = one.address();
    String b = other.address();
    return latencies.computeIfAbsent(
        a.compareTo(b) < 0 ? a + " " + b : b + " " + a,
        _ -> geography.nextLong(faults.latencyMinNanos(), faults.latencyMaxNanos()));
  }

  private long travel(Endpoint from, Endpoint to) {
    return travel(latency(from, to));
  }

  private long travel(long latencyNanos) {
    return faults.travelNanos(latencyNanos, chance);
  }

  /// TCP's and TLS's round trips, then both ends are told; or the dial comes to nothing.
  void dial(Endpoint from, String address) {
    Endpoint to = endpoints.get(address);
    if (to == null) {
      agenda.after(
          Agenda.MILLI, () -> from.happened(new Event.DialFailed(address, "no such address")));
      return;
    }
    long there = travel(from, to) * 3;
    if (isCut(from, to)) {
      agenda.after(
          DIAL_TIMEOUT_NANOS, () -> from.happened(new Event.DialFailed(address, "timed out")));
      return;
    }
    agenda.after(there, () -> accepted(from, to));
  }

  private void accepted(Endpoint from, Endpoint to) {
    if (!from.isUp()) {
      return;
    }
    if (!to.isUp() || isCut(from, to)) {
      String reason = to.isUp() ? "timed out" : "connection refused";
      agenda.after(
          latency(from, to), () -> from.happened(new Event.DialFailed(to.address(), reason)));
      return;
    }
    Stream stream = new Stream(new End(from), new End(to), latency(from, to));
    of(from).put(stream.dialler.peer, stream);
    of(to).put(stream.listener.peer, stream);
    to.happened(new Event.PeerConnected(stream.listener.peer, from.nodeKey(), Optional.empty()));
    from.happened(
        new Event.PeerConnected(stream.dialler.peer, to.nodeKey(), Optional.of(to.address())));
  }

  /// Sends on a stream; to one that is gone it does nothing.
  void send(Endpoint from, PeerId peer, Frame frame) {
    if (frame instanceof Frame.Push push) {
      copies += push.envelopes().size();
    }
    send(
        from,
        peer,
        asMessages
            ? FrameCodec.encode(frame).stream().<Load>map(Load.Message::new).toList()
            : List.of(new Load.Value(frame)));
  }

  /// The same with whatever bytes.
  void sendMessage(Endpoint from, PeerId peer, ByteString message) {
    send(from, peer, List.of(new Load.Message(message)));
  }

  private void send(Endpoint from, PeerId peer, List<Load> load) {
    Stream stream = of(from).get(peer);
    if (stream != null) {
      send(stream, ownEnd(stream, from), load);
    }
  }

  /// Every frame is written and read as the real transport does, its signatures verified.
  void sendAsMessages() {
    asMessages = true;
  }

  /// Who is at the other end of this stream; empty if it is gone.
  Optional<String> otherEnd(Endpoint of, PeerId peer) {
    return Optional.ofNullable(of(of).get(peer))
        .map(stream -> stream.other(ownEnd(stream, of)).owner.address());
  }

  List<PeerId> streamsOf(Endpoint endpoint) {
    return List.copyOf(of(endpoint).keySet());
  }

  private SortedMap<PeerId, Stream> of(Endpoint endpoint) {
    return linksOf(endpoint).streams;
  }

  private Links linksOf(Endpoint endpoint) {
    return links.computeIfAbsent(endpoint, _ -> new Links());
  }

  /// The very same: addresses of endpoints are compared millions of times otherwise.
  @SuppressWarnings("ReferenceEquality")
  private static End ownEnd(Stream stream, Endpoint owner) {
    return stream.dialler.owner == owner ? stream.dialler : stream.listener;
  }

  private void send(Stream stream, End own, List<Load> load) {
    if (stream.broken || own.closed || stream.other(own).closed) {
      return;
    }
    if (chance.nextDouble() < faults.streamBreak()) {
      tear(stream, "connection reset");
      return;
    }
    End other = stream.other(own);
    if (other.inbound.size() >= MAX_QUEUE) {
      other.inbound.clear();
      own.owner.happened(new Event.PeerOverflowed(own.peer));
      return;
    }
    load.forEach(one -> enqueue(stream, own, other, one));
  }

  private void enqueue(Stream stream, End own, End other, Load load) {
    // A lost segment holds up what was sent after it.
    int sizeBytes =
        switch (load) {
          case Load.Value value -> FrameSize.of(value.frame());
          case Load.Message message -> FrameSize.ENVELOPE + message.bytes().size();
          case Load.EndOfStream _ -> FrameSize.ENVELOPE;
        };
    long arrival = leaves(own.owner, sizeBytes) + travel(stream.latencyNanos);
    other.lastArrival = Math.max(other.lastArrival, arrival);
    other.inbound.add(new Parcel(other.lastArrival, load));
    longestQueue = Math.max(longestQueue, other.inbound.size());
    pump(stream, other);
  }

  private long leaves(Endpoint from, int sizeBytes) {
    bytes += sizeBytes;
    Links out = linksOf(from);
    out.uplinkFreeNanos =
        Math.max(out.uplinkFreeNanos, agenda.now()) + sizeBytes * UPLINK_NANOS_PER_BYTE;
    return out.uplinkFreeNanos;
  }

  private void pump(Stream stream, End end) {
    Parcel head = end.inbound.peek();
    if (!end.pumping && head != null) {
      end.pumping = true;
      agenda.at(head.arrivalNanos(), () -> arrive(stream, end));
    }
  }

  private void arrive(Stream stream, End end) {
    end.pumping = false;
    if (stream.broken || end.closed) {
      return;
    }
    if (isCut(stream.dialler.owner, stream.listener.owner)) {
      end.pumping = true;
      agenda.after(Faults.RETRANSMISSION_NANOS, () -> arrive(stream, end));
      return;
    }
    if (end.owner.isFull()) {
      end.pumping = true;
      agenda.after(BACK_PRESSURE_NANOS, () -> arrive(stream, end));
      return;
    }
    Parcel parcel = end.inbound.poll();
    if (parcel == null) {
      return;
    }
    end.owner.heard();
    switch (parcel.load()) {
      case Load.EndOfStream _ -> {
        remove(stream);
        end.owner.happened(new Event.PeerDisconnected(end.peer, "the peer ended the stream"));
        return;
      }
      case Load.Value value -> {
        for (Frame frame : withoutDuplicates(end.owner, value.frame())) {
          end.owner.happened(new Event.FrameReceived(end.peer, frame));
        }
      }
      case Load.Message message -> {
        if (!end.owner.hears(end.peer, message.bytes())) {
          disconnect(end.owner, end.peer, "a malformed frame");
        }
      }
    }
    pump(stream, end);
  }

  /// What the transport does before it spends a signature check.
  private List<Frame> withoutDuplicates(Endpoint at, Frame frame) {
    if (!(frame instanceof Frame.Push push)) {
      return List.of(frame);
    }
    List<StatementId> known = new ArrayList<>();
    List<Envelope> fresh = new ArrayList<>();
    for (Envelope envelope : push.envelopes()) {
      if (at.holds(envelope.id())) {
        known.add(envelope.id());
      } else {
        fresh.add(envelope);
      }
    }
    List<Frame> frames = new ArrayList<>();
    if (!known.isEmpty()) {
      frames.add(new Frame.Announce(known));
    }
    if (!fresh.isEmpty()) {
      frames.add(new Frame.Push(fresh, push.hops()));
    }
    return frames;
  }

  /// One side ends a stream: the other hears of it after what was sent before.
  void disconnect(Endpoint from, PeerId peer, String reason) {
    Stream stream = of(from).get(peer);
    if (stream == null) {
      return;
    }
    End own = ownEnd(stream, from);
    if (!own.closed) {
      own.closed = true;
      own.inbound.clear();
      enqueue(stream, own, stream.other(own), new Load.EndOfStream());
      from.happened(new Event.PeerDisconnected(peer, reason));
    }
  }

  /// Both ends hear of it, each in its time.
  private void tear(Stream stream, String reason) {
    remove(stream);
    for (End end : List.of(stream.dialler, stream.listener)) {
      agenda.after(
          travel(stream.other(end).owner, end.owner),
          () -> {
            if (!end.closed) {
              end.owner.happened(new Event.PeerDisconnected(end.peer, reason));
            }
          });
    }
  }

  /// Every stream of one that crashed is gone; the others hear of it soon, or, half open, never.
  void crashed(Endpoint endpoint) {
    for (Stream stream : List.copyOf(of(endpoint).values())) {
      End own = ownEnd(stream, endpoint);
      End other = stream.other(own);
      boolean silent = chance.nextDouble() < faults.halfOpen();
      remove(stream);
      if (!silent) {
        agenda.after(
            travel(own.owner, other.owner),
            () -> other.owner.happened(new Event.PeerDisconnected(other.peer, "connection reset")));
      }
    }
  }

  private void remove(Stream stream) {
    stream.broken = true;
    of(stream.dialler.owner).remove(stream.dialler.peer);
    of(stream.listener.owner).remove(stream.listener.peer);
  }
}
