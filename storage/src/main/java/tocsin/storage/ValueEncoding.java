package tocsin.storage;

import static tocsin.storage.Encoding.require;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import tocsin.trust.Sha256;

/// How values are written. Numbers stand big-endian.
final class ValueEncoding {
  /// First-seen time, 8 bytes; then the envelope as received.
  static final Encoding<StoredEntry> ENTRY =
      Encoding.of(ValueEncoding::entry, ValueEncoding::entry);

  /// First-seen time, 8 bytes; 1 if it may be revisited, else 0, one byte; length of the reason in
  /// UTF-8, 2 bytes; reason; the envelope as received.
  static final Encoding<StoredRefusal> REFUSAL =
      Encoding.of(ValueEncoding::refusal, ValueEncoding::refusal);

  /// 8 bytes.
  static final Encoding<Long> NUMBER = KeyEncoding.NUMBER;

  /// 32 bytes.
  static final Encoding<Sha256> HASH =
      Encoding.of(Sha256::toByteArray, bytes -> Sha256.fromBytes(ByteString.copyFrom(bytes)));

  static final Encoding<ByteString> BYTES =
      Encoding.of(ByteString::toByteArray, ByteString::copyFrom);

  /// The key says it all.
  static final Encoding<Nothing> NOTHING =
      Encoding.of(
          _ -> new byte[0],
          bytes -> {
            require(bytes.length == 0, "has " + bytes.length + " bytes instead of none");
            return Nothing.NOTHING;
          });

  private ValueEncoding() {}

  enum Nothing {
    NOTHING
  }

  record StoredEntry(long firstSeenMillis, ByteString wire) {}

  record StoredRefusal(long firstSeenMillis, boolean revisit, String reason, ByteString wire) {}

  private static byte[] entry(StoredEntry entry) {
    ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES + entry.wire.size());
    buffer.putLong(entry.firstSeenMillis);
    entry.wire.copyTo(buffer);
    return buffer.array();
  }

  private static StoredEntry entry(byte[] bytes) {
    long firstSeenMillis = ByteBuffer.wrap(bytes).getLong();
    // Not copied: nobody else holds the array that was read, and nobody writes to it.
    return new StoredEntry(
        firstSeenMillis,
        UnsafeByteOperations.unsafeWrap(bytes, Long.BYTES, bytes.length - Long.BYTES));
  }

  private static byte[] refusal(StoredRefusal refusal) {
    byte[] reason = refusal.reason.getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer =
        ByteBuffer.allocate(Long.BYTES + 1 + Short.BYTES + reason.length + refusal.wire.size());
    buffer.putLong(refusal.firstSeenMillis).put((byte) (refusal.revisit ? 1 : 0));
    buffer.putShort((short) reason.length).put(reason);
    refusal.wire.copyTo(buffer);
    return buffer.array();
  }

  private static StoredRefusal refusal(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long firstSeenMillis = buffer.getLong();
    boolean revisit = buffer.get() != 0;
    ByteString reason = ByteString.copyFrom(buffer, Short.toUnsignedInt(buffer.getShort()));
    return new StoredRefusal(
        firstSeenMillis, revisit, reason.toStringUtf8(), ByteString.copyFrom(buffer));
  }
}
