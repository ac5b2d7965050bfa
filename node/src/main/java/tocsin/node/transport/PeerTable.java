package tocsin.node.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tocsin.node.core.PeerId;
import tocsin.trust.KeyId;

/// The streams that stand, of both directions, and what they have in common.
final class PeerTable {
  private final AtomicLong nextId = new AtomicLong(1);
  private final Map<PeerId, PeerStream> streams = new ConcurrentHashMap<>();
  private final KeyId ownKey;
  private final FrameCodec codec;
  private final EventSink sink;
  private final FrameWorkers workers;

  PeerTable(KeyId ownKey, FrameCodec codec, EventSink sink, FrameWorkers workers) {
    this.ownKey = ownKey;
    this.codec = codec;
    this.sink = sink;
    this.workers = workers;
  }

  /// Why there can be no stream with this key; empty if there can.
  Optional<String> objection(KeyId nodeKey) {
    if (nodeKey.equals(ownKey)) {
      return Optional.of("that is this node itself");
    }
    long same = streams.values().stream().filter(it -> it.nodeKey().equals(nodeKey)).count();
    return same >= TransportLimits.STREAMS_PER_NODE_KEY
        ? Optional.of("there are " + same + " streams with that node already")
        : Optional.empty();
  }

  /// A stream that stands; it reports itself and is listed until it ends.
  PeerStream open(
      KeyId nodeKey, PeerStream.Call call, Optional<String> dialledAddress, Runnable onEnd) {
    PeerId id = new PeerId(nextId.getAndIncrement());
    PeerStream stream =
        new PeerStream(
            id,
            nodeKey,
            call,
            codec,
            sink,
            workers.newLane(),
            () -> {
              streams.remove(id);
              onEnd.run();
            });
    streams.put(id, stream);
    stream.opened(dialledAddress);
    return stream;
  }

  @Nullable PeerStream find(PeerId id) {
    return streams.get(id);
  }

  List<PeerStream> all() {
    return new ArrayList<>(streams.values());
  }
}
