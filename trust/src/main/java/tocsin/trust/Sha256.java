package tocsin.trust;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A SHA-256 value (FIPS 180-4): 32 bytes as four big-endian words, ordered as unsigned bytes.
public record Sha256(long a, long b, long c, long d) implements Comparable<Sha256> {
  public static final int SIZE_BYTES = 32;
  public static final Sha256 ZERO = new Sha256(0, 0, 0, 0);

  private static final Sha256 ONE = new Sha256(0, 0, 0, 1);

  private static final MessageDigest FRESH = fresh();

  /// Hash of the parts, one after the other.
  public static Sha256 of(ByteString... parts) {
    int size = 0;
    for (ByteString part : parts) {
      size += part.size();
    }
    // One copy; of a read-only buffer a digest makes several.
    byte[] all = new byte[size];
    int at = 0;
    for (ByteString part : parts) {
      part.copyTo(all, at);
      at += part.size();
    }
    return read(ByteBuffer.wrap(digest().digest(all)));
  }

  /// The 32 bytes at hand, taken as a hash.
  ///
  /// @throws IllegalArgumentException if there are not exactly 32
  public static Sha256 fromBytes(ByteString bytes) {
    if (bytes.size() != SIZE_BYTES) {
      throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.size());
    }
    return read(bytes.asReadOnlyByteBuffer());
  }

  /// 64 hexadecimal digits of either case.
  ///
  /// @throws IllegalArgumentException if it is anything else
  public static Sha256 fromHex(String hex) {
    if (hex.length() != 2 * SIZE_BYTES) {
      throw new IllegalArgumentException("a hash has 64 hexadecimal digits, not " + hex.length());
    }
    return read(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
  }

  private static Sha256 read(ByteBuffer buffer) {
    return new Sha256(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
  }

  /// A copy of one that has seen nothing yet, which is sooner had than one from the providers.
  private static MessageDigest digest() {
    try {
      return (MessageDigest) FRESH.clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("digests of the Java platform can be copied", e);
    }
  }

  private static MessageDigest fresh() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /// A fresh array of the 32 bytes.
  public byte[] toByteArray() {
    return ByteBuffer.allocate(SIZE_BYTES).putLong(a).putLong(b).putLong(c).putLong(d).array();
  }

  public ByteString toByteString() {
    return ByteString.copyFrom(toByteArray());
  }

  /// Sum modulo 2^256 of both, as big-endian integers: an order-free digest of a set. No proof
  /// against somebody who chooses the summands.
  public Sha256 plus(Sha256 other) {
    long sumD = d + other.d;
    long carry = Long.compareUnsigned(sumD, d) < 0 ? 1 : 0;
    long sumC = c + other.c;
    long carryC = Long.compareUnsigned(sumC, c) < 0 ? 1 : 0;
    sumC += carry;
    carry = carryC | (carry == 1 && sumC == 0 ? 1 : 0);
    long sumB = b + other.b;
    long carryB = Long.compareUnsigned(sumB, b) < 0 ? 1 : 0;
    sumB += carry;
    carry = carryB | (carry == 1 && sumB == 0 ? 1 : 0);
    return new Sha256(a + other.a + carry, sumB, sumC, sumD);
  }

  /// What [#plus] with the other makes this of.
  public Sha256 minus(Sha256 other) {
    // -x = ~x + 1, word by word.
    return plus(new Sha256(~other.a, ~other.b, ~other.c, ~other.d)).plus(ONE);
  }

  @Override
  public int compareTo(Sha256 other) {
    int order = Long.compareUnsigned(a, other.a);
    if (order == 0) {
      order = Long.compareUnsigned(b, other.b);
    }
    if (order == 0) {
      order = Long.compareUnsigned(c, other.c);
    }
    return order == 0 ? Long.compareUnsigned(d, other.d) : order;
  }

  /// 64 lower-case hexadecimal digits.
  @Override
  public String toString() {
    return HexFormat.of().formatHex(toByteArray());
  }
}
