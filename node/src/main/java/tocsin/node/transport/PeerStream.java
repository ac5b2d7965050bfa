package tocsin.node.transport;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import java.util.Optional;
import tocsin.node.core.Effect;
import tocsin.node.core.Event;
import tocsin.node.core.Frame;
import tocsin.node.core.PeerId;
import tocsin.trust.KeyId;

/// One stream to one peer, whoever dialled. Frames go out as fast as gRPC takes them, else they
/// wait in a bounded queue; frames that come in are asked for, one by one, as the loop handles
/// them.
///
/// Its calls come from the loop (send, disconnect), from Netty's event loop (opened, received,
/// writable, ended) and from workers; none of them blocks.
final class PeerStream {
  /// The half of a gRPC call that both sides have in common.
  interface Call {
    boolean isReady();

    void sendMessage(ByteString frame);

    /// Asks for one more frame. Unlike the rest, it may be called by any thread at any time.
    void request(int frames);

    /// Ends the stream from our side.
    void close(Status status);
  }

  private final PeerId id;
  private final KeyId nodeKey;
  private final Call call;
  private final FrameCodec codec;
  private final EventSink sink;
  private final FrameWorkers.Lane lane;
  private final Runnable onEnd;

  private final Object lock = new Object();
  // Guarded by lock: sending, too, because gRPC wants one sender at a time.
  private final OutboundQueue queue = new OutboundQueue(TransportLimits.QUEUE_BYTES);
  private boolean overflowed;
  private boolean ended;

  /// True once we end it: what the peer still had to say is void.
  private volatile boolean deaf;

  /// @param onEnd run once, when the stream ends, whoever ended it
  PeerStream(
      PeerId id,
      KeyId nodeKey,
      Call call,
      FrameCodec codec,
      EventSink sink,
      FrameWorkers.Lane lane,
      Runnable onEnd) {
    this.id = id;
    this.nodeKey = nodeKey;
    this.call = call;
    this.codec = codec;
    this.sink = sink;
    this.lane = lane;
    this.onEnd = onEnd;
  }

  PeerId id() {
    return id;
  }

  KeyId nodeKey() {
    return nodeKey;
  }

  /// The stream stands: from here on the peer may speak.
  void opened(Optional<String> dialledAddress) {
    report(new Event.PeerConnected(id, nodeKey, dialledAddress));
    call.request(TransportLimits.FRAMES_UNDER_WAY);
  }

  void send(ByteString frame, Effect.Priority priority) {
    synchronized (lock) {
      if (ended) {
        return;
      }
      if (queue.isEmpty() && call.isReady()) {
        call.sendMessage(frame);
        return;
      }
      // gRPC promises to call `writable` once it is ready again.
      if (queue.add(frame, priority) || overflowed) {
        return;
      }
      overflowed = true;
    }
    report(new Event.PeerOverflowed(id));
  }

  /// gRPC takes frames again.
  void writable() {
    synchronized (lock) {
      while (!ended && call.isReady()) {
        ByteString frame = queue.poll();
        if (frame == null) {
          overflowed = false;
          return;
        }
        call.sendMessage(frame);
      }
    }
  }

  /// A frame came whole. At most [TransportLimits#FRAMES_UNDER_WAY] are here at once, because no
  /// more were asked for.
  void received(ByteString bytes) {
    lane.add(() -> judge(bytes));
  }

  private void judge(ByteString bytes) throws InterruptedException {
    if (deaf) {
      return;
    }
    FrameCodec.Decoded decoded;
    try {
      decoded = codec.decode(bytes);
    } catch (MalformedFrame e) {
      String reason = String.valueOf(e.getMessage());
      sink.put(new Event.PeerFaulted(id, reason), () -> {});
      end(Status.INVALID_ARGUMENT, reason, () -> {});
      return;
    } catch (RuntimeException e) {
      end(Status.INTERNAL, "this node failed on a frame", () -> {});
      throw e;
    }
    if (decoded.fault().isPresent()) {
      sink.put(new Event.PeerFaulted(id, decoded.fault().get()), () -> {});
    }
    int last = decoded.frames().size() - 1;
    for (int i = 0; i <= last; i++) {
      Frame frame = decoded.frames().get(i);
      sink.put(new Event.FrameReceived(id, frame), i == last ? this::askForMore : () -> {});
    }
    if (last < 0) {
      askForMore();
    }
  }

  private void askForMore() {
    call.request(1);
  }

  /// The peer broke the protocol beyond repair: says so and ends the stream.
  void fault(String reason) {
    end(Status.INVALID_ARGUMENT, reason, () -> report(new Event.PeerFaulted(id, reason)));
  }

  /// We end the stream.
  void disconnect(String reason) {
    end(Status.ABORTED, reason, () -> {});
  }

  private void end(Status status, String reason, Runnable before) {
    deaf = true;
    synchronized (lock) {
      if (ended) {
        return;
      }
      ended = true;
      queue.clear();
      call.close(
          status.withDescription(Words.printable(reason, TransportLimits.QUOTED_CHARACTERS)));
    }
    before.run();
    over(reason);
  }

  /// The stream ended without us. Frames that came before are still handed on.
  void ended(String reason) {
    synchronized (lock) {
      if (ended) {
        return;
      }
      ended = true;
      queue.clear();
    }
    over(reason);
  }

  private void over(String reason) {
    onEnd.run();
    report(new Event.PeerDisconnected(id, reason));
  }

  /// In order with the frames. There is one PeerConnected, one PeerFaulted that ends, and one
  /// PeerDisconnected, and a PeerOverflowed only after the queue was drained: so these are bounded.
  private void report(Event event) {
    lane.add(() -> sink.put(event, () -> {}));
  }

  /// Of what waits to be sent, what goes before a catching-up.
  int urgentBytes() {
    synchronized (lock) {
      return queue.urgentBytes();
    }
  }

  /// What waits to be sent, for tests and metrics.
  int queuedBytes() {
    synchronized (lock) {
      return queue.sizeBytes();
    }
  }
}
