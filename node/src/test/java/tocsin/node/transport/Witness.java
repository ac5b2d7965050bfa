package tocsin.node.transport;

import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tocsin.node.core.Event;
import tocsin.node.core.Frame;
import tocsin.node.core.PeerId;
import tocsin.trust.Envelopes;
import tocsin.trust.Signatures;
import tocsin.trust.SigningKey;
import tocsin.trust.StatementId;

/// A node's transport with an inbox that writes down what comes, in place of a loop.
final class Witness implements AutoCloseable {
  final SigningKey key;
  final Set<StatementId> known = ConcurrentHashMap.newKeySet();
  final PeerConnections connections;
  private final EventSink inbox;
  private final List<Event> events = new ArrayList<>();

  Witness(String name) {
    this(name, TransportLimits.STANDARD, 0);
  }

  Witness(String name, TransportLimits limits, int port) {
    this(name, limits, port, (_, handled) -> handled.run());
  }

  /// @param inbox told of each event after it is written down; it may be slow
  Witness(String name, TransportLimits limits, int port, EventSink inbox) {
    this.inbox = inbox;
    this.key = SampleStatements.key(name);
    this.connections =
        PeerConnections.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            security(key),
            new Envelopes(new Signatures()),
            known::contains,
            this::put,
            limits);
  }

  static TransportSecurity security(SigningKey key) {
    return TransportSecurity.of(key, new Signatures());
  }

  private void put(Event event, Runnable handled) throws InterruptedException {
    synchronized (events) {
      events.add(event);
    }
    inbox.put(event, handled);
  }

  String address() {
    return Addresses.text(connections.address());
  }

  List<Event> events() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  <E extends Event> List<E> all(Class<E> kind) {
    return events().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  <E extends Event> E last(Class<E> kind) {
    return all(kind).getLast();
  }

  List<Frame> frames() {
    return all(Event.FrameReceived.class).stream().map(Event.FrameReceived::frame).toList();
  }

  /// Waits for the n-th event of the kind.
  <E extends Event> E expect(Class<E> kind, int n) {
    await(kind.getSimpleName())
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> all(kind).size() >= n);
    return all(kind).get(n - 1);
  }

  <E extends Event> E expect(Class<E> kind) {
    return expect(kind, 1);
  }

  /// Dials the other; the ids by which each knows the other.
  Link connectTo(Witness other) {
    int here = all(Event.PeerConnected.class).size();
    int there = other.all(Event.PeerConnected.class).size();
    connections.dial(other.address(), other.key.id());
    return new Link(
        expect(Event.PeerConnected.class, here + 1).peer(),
        other.expect(Event.PeerConnected.class, there + 1).peer());
  }

  record Link(PeerId there, PeerId here) {}

  @Override
  public void close() {
    connections.close();
  }
}
