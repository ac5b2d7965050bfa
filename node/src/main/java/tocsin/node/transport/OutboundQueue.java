package tocsin.node.transport;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import tocsin.node.core.Effect;

/// Serialized frames that wait for one peer, counted in bytes: the most urgent first, each priority
/// in order. Not thread-safe.
final class OutboundQueue {
  private final int limitBytes;

  /// In the order of the priorities.
  private final Map<Effect.Priority, Queue<ByteString>> byPriority =
      new EnumMap<>(Effect.Priority.class);

  private int sizeBytes;

  /// Of those, what reconciliation sends: everything else goes before it.
  private int syncBytes;

  OutboundQueue(int limitBytes) {
    this.limitBytes = limitBytes;
  }

  /// Takes the frame in. If that would pass the limit, all that waited is dropped first.
  ///
  /// @return false if something was dropped
  boolean add(ByteString frame, Effect.Priority priority) {
    boolean fits = sizeBytes + cost(frame) <= limitBytes;
    if (!fits) {
      clear();
    }
    byPriority.computeIfAbsent(priority, _ -> new ArrayDeque<>()).add(frame);
    sizeBytes += cost(frame);
    syncBytes += priority == Effect.Priority.SYNC ? cost(frame) : 0;
    return fits;
  }

  /// The next frame to send, or null if none waits.
  @Nullable ByteString poll() {
    for (Map.Entry<Effect.Priority, Queue<ByteString>> entry : byPriority.entrySet()) {
      ByteString frame = entry.getValue().poll();
      if (frame != null) {
        sizeBytes -= cost(frame);
        syncBytes -= entry.getKey() == Effect.Priority.SYNC ? cost(frame) : 0;
        return frame;
      }
    }
    return null;
  }

  boolean isEmpty() {
    return sizeBytes == 0;
  }

  int sizeBytes() {
    return sizeBytes;
  }

  /// What something new has to wait for: all but what reconciliation sends.
  int urgentBytes() {
    return sizeBytes - syncBytes;
  }

  void clear() {
    byPriority.clear();
    sizeBytes = 0;
    syncBytes = 0;
  }

  /// A frame's bytes and what Java needs around them: many tiny frames are bounded too.
  private static int cost(ByteString frame) {
    return frame.size() + 64;
  }
}
