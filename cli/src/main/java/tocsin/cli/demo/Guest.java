package tocsin.cli.demo;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import tocsin.node.config.HostPort;
import tocsin.node.core.Effect;
import tocsin.node.core.Event;
import tocsin.node.core.Frame;
import tocsin.node.core.PeerId;
import tocsin.node.transport.PeerConnections;
import tocsin.node.transport.TransportLimits;
import tocsin.node.transport.TransportSecurity;
import tocsin.storage.LogId;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.Signatures;
import tocsin.trust.SigningKey;

/// A node's transport and what a guest says on a stream, with no node behind it: it costs next to
/// nothing, so that one machine can have many. It can stop reading, and later read what it missed.
final class Guest implements AutoCloseable {
  private final NetworkId network;
  private final OrganizationId anchor;
  private final HostPort node;
  private final ToIntFunction<Envelope> numbers;
  private final SigningKey key;
  private final PeerConnections connections;

  /// When each numbered statement came, on [System#nanoTime]'s clock; 0: not yet.
  private final long[] arrived;

  // Guarded by this.
  private final BitSet has = new BitSet();
  private final Queue<Runnable> unread = new ArrayDeque<>();
  private boolean reads = true;
  private @Nullable PeerId stream;
  private @Nullable LogId log;
  private boolean hasReadAll = true;

  /// @param numbers a statement's number; negative: not one of those that are counted
  /// @param most numbers, which begin with 0
  Guest(
      NetworkId network,
      OrganizationId anchor,
      HostPort node,
      ToIntFunction<Envelope> numbers,
      int most) {
    this.network = network;
    this.anchor = anchor;
    this.node = node;
    this.numbers = numbers;
    this.arrived = new long[most];
    Signatures signatures = new Signatures();
    this.key = SigningKey.generate(new SecureRandom());
    this.connections =
        PeerConnections.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            TransportSecurity.of(key, signatures),
            new Envelopes(signatures),
            _ -> false,
            this::happened,
            TransportLimits.STANDARD);
  }

  void dial() {
    connections.dial(node.toString());
  }

  private synchronized void happened(Event event, Runnable handled) {
    switch (event) {
      case Event.PeerConnected connected -> {
        stream = connected.peer();
        log = null;
        say(
            new Frame.Hello(
                1,
                1,
                network,
                new OrganizationId(key.id().hash()),
                new LogId(key.id().hash().toByteString().substring(0, LogId.SIZE_BYTES)),
                List.of(anchor),
                "bench",
                ""));
      }
      case Event.FrameReceived received -> heard(received.frame());
      default -> {
        // The stream that ended may not be the last one.
      }
    }
    if (reads) {
      handled.run();
    } else {
      // The transport asks for no more frames until these are handled.
      unread.add(handled);
    }
  }

  private void heard(Frame frame) {
    switch (frame) {
      case Frame.Hello hello -> log = hello.logId();
      case Frame.Ping ping -> say(new Frame.Pong(ping.nonce()));
      case Frame.Push push -> push.envelopes().forEach(this::note);
      case Frame.Announce announce -> say(new Frame.Pull(announce.ids()));
      case Frame.Appended appended -> {
        appended.envelopes().forEach(this::note);
        hasReadAll = appended.end();
        if (!appended.end()) {
          say(new Frame.Resume(appended.logId(), appended.next()));
        }
      }
      default -> {
        // Of no interest to a guest without a log.
      }
    }
  }

  private void note(Envelope envelope) {
    int number = numbers.applyAsInt(envelope);
    if (number >= 0 && !has.get(number)) {
      has.set(number);
      arrived[number] = System.nanoTime();
    }
  }

  private void say(Frame frame) {
    if (stream != null) {
      connections.send(stream, frame, Effect.Priority.CONTROL);
    }
  }

  /// Its stream stands, and it knows whose log it would read.
  synchronized boolean isConnected() {
    return log != null;
  }

  /// From now on it asks for no more, and answers nothing.
  synchronized void stopReading() {
    reads = false;
  }

  /// It drops its stream and dials anew, and does not read that one either.
  synchronized void dialAgain() {
    if (stream != null) {
      connections.disconnect(stream, "dials again");
      stream = null;
    }
    log = null;
    unread.clear();
    dial();
  }

  /// It reads again.
  synchronized void goOn() {
    reads = true;
    unread.forEach(Runnable::run);
    unread.clear();
  }

  /// It reads what its node's log got from this index on.
  synchronized void catchUp(long index) {
    hasReadAll = false;
    Optional.ofNullable(log).ifPresent(id -> say(new Frame.Resume(id, index)));
  }

  synchronized boolean hasReadAll() {
    return hasReadAll;
  }

  /// How many of the statements of these numbers it has.
  synchronized int count(int from, int to) {
    return has.get(from, to).cardinality();
  }

  /// When it got that one; 0: not yet.
  synchronized long arrivedNanos(int number) {
    return arrived[number];
  }

  @Override
  public void close() {
    connections.close();
  }
}
