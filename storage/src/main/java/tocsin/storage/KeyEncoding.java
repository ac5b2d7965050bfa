package tocsin.storage;

import static tocsin.storage.Encoding.require;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tocsin.trust.DnsName;
import tocsin.trust.KeyId;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// How keys are written: RocksDB compares them as unsigned bytes, and that order is the order of
/// the values. Numbers are never negative and stand big-endian.
final class KeyEncoding {
  private static final byte END = 0;

  /// A position in the log or an order of arrival: 8 bytes.
  static final Encoding<Long> NUMBER =
      Encoding.of(KeyEncoding::number, bytes -> number(exactly(bytes, Long.BYTES)));

  /// 32 bytes.
  static final Encoding<StatementId> STATEMENT_ID =
      Encoding.of(
          id -> id.hash().toByteArray(),
          bytes -> StatementId.fromBytes(ByteString.copyFrom(bytes)));

  /// 1 to 256 characters from '!' to '~', one byte each.
  static final Encoding<String> TEXT = Encoding.of(KeyEncoding::text, KeyEncoding::text);

  /// Key id, sequence number, index: 48 bytes.
  static final Encoding<FeedKey> FEED = Encoding.of(KeyEncoding::feed, KeyEncoding::feed);

  /// Labels from the right, each closed by a zero byte, which no label has; one more zero byte;
  /// index. A name and all below it stand together, and the name itself comes first.
  static final Encoding<NameKey> NAME = Encoding.of(KeyEncoding::name, KeyEncoding::name);

  /// Level, index: 9 bytes.
  static final Encoding<MerkleTree.Position> NODE =
      Encoding.of(KeyEncoding::node, KeyEncoding::node);

  private KeyEncoding() {}

  /// A statement in the feed of the key that made it.
  record FeedKey(KeyId key, long sequence, long index) {}

  /// An alert that lists this name.
  record NameKey(DnsName name, long index) {}

  /// What the feed rows of a key begin with.
  static byte[] feedPrefix(KeyId key) {
    return key.hash().toByteArray();
  }

  /// What the rows of this very name begin with; those of names below it do not.
  static byte[] namePrefix(DnsName name) {
    ByteBuffer buffer = ByteBuffer.allocate(DnsName.MAX_WIRE_BYTES + 1);
    for (String label : name.labels().reversed()) {
      buffer.put(label.getBytes(StandardCharsets.US_ASCII)).put(END);
    }
    return bytes(buffer.put(END));
  }

  private static byte[] number(long value) {
    require(value >= 0, "a number in a key is not negative");
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  private static long number(ByteBuffer buffer) {
    long value = buffer.getLong();
    require(value >= 0, "a number in a key is not negative");
    return value;
  }

  private static byte[] text(String text) {
    Limits.requireFactKey(text);
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  private static byte[] feed(FeedKey key) {
    require(key.sequence >= 0 && key.index >= 0, "a number in a key is not negative");
    return ByteBuffer.allocate(Sha256.SIZE_BYTES + 2 * Long.BYTES)
        .put(feedPrefix(key.key))
        .putLong(key.sequence)
        .putLong(key.index)
        .array();
  }

  private static FeedKey feed(byte[] bytes) {
    ByteBuffer buffer = exactly(bytes, Sha256.SIZE_BYTES + 2 * Long.BYTES);
    KeyId key = KeyId.fromBytes(ByteString.copyFrom(buffer, Sha256.SIZE_BYTES));
    return new FeedKey(key, number(buffer), number(buffer));
  }

  private static byte[] name(NameKey key) {
    byte[] prefix = namePrefix(key.name);
    return ByteBuffer.allocate(prefix.length + Long.BYTES)
        .put(prefix)
        .put(number(key.index))
        .array();
  }

  private static NameKey name(byte[] bytes) {
    int end = bytes.length - Long.BYTES - 1;
    require(end >= 0 && bytes[end] == END, "a name key has no end");
    String reversed = new String(bytes, 0, end, StandardCharsets.US_ASCII);
    StringBuilder name = new StringBuilder();
    for (String label : Arrays.asList(reversed.split("\0")).reversed()) {
      name.append(label).append('.');
    }
    long index = number(ByteBuffer.wrap(bytes, end + 1, Long.BYTES));
    return new NameKey(DnsName.parse(name.toString()), index);
  }

  private static byte[] node(MerkleTree.Position position) {
    return ByteBuffer.allocate(1 + Long.BYTES)
        .put((byte) position.level())
        .putLong(position.index())
        .array();
  }

  private static MerkleTree.Position node(byte[] bytes) {
    ByteBuffer buffer = exactly(bytes, 1 + Long.BYTES);
    return new MerkleTree.Position(buffer.get(), number(buffer));
  }

  private static ByteBuffer exactly(byte[] bytes, int size) {
    require(bytes.length == size, "has " + bytes.length + " bytes instead of " + size);
    return ByteBuffer.wrap(bytes);
  }

  private static byte[] bytes(ByteBuffer written) {
    byte[] bytes = new byte[written.flip().remaining()];
    written.get(bytes);
    return bytes;
  }
}
