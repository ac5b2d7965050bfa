package tocsin.storage;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import tocsin.trust.Envelope;
import tocsin.trust.StatementId;

/// One statement in the log.
///
/// @param index position, from 0
/// @param firstSeenMillis Unix time at which this node first saw it, as logged
public record LogEntry(long index, long firstSeenMillis, Envelope envelope) {
  /// What the Merkle tree hashes for this entry: the statement's id (32 bytes) and the first-seen
  /// time (8 bytes, big-endian).
  public ByteString leaf() {
    return leaf(envelope.id(), firstSeenMillis);
  }

  /// The same, of an entry of which no more is known.
  public static ByteString leaf(StatementId id, long firstSeenMillis) {
    ByteBuffer buffer = ByteBuffer.allocate(40);
    buffer.put(id.hash().toByteArray()).putLong(firstSeenMillis).flip();
    return ByteString.copyFrom(buffer);
  }
}
