package tocsin.node.dns;

/// SipHash-2-4 (Aumasson and Bernstein, 2012) of a few bytes. Ours because Guava's makes objects
/// for each call, and this one is made for each question with a cookie.
final class SipHash {
  private SipHash() {}

  /// The hash of the first `length` bytes; the reference writes it low byte first.
  ///
  /// @param k0 the first eight bytes of the key, low byte first
  /// @param k1 the other eight
  static long hash(long k0, long k1, byte[] bytes, int length) {
    long v0 = k0 ^ 0x736f6d6570736575L;
    long v1 = k1 ^ 0x646f72616e646f6dL;
    long v2 = k0 ^ 0x6c7967656e657261L;
    long v3 = k1 ^ 0x7465646279746573L;
    int words = length / Long.BYTES;
    for (int word = 0; word <= words; word++) {
      long m = word == words ? (long) length << 56 : 0;
      int end = Math.min(length, (word + 1) * Long.BYTES);
      for (int i = word * Long.BYTES; i < end; i++) {
        m |= (bytes[i] & 0xffL) << (8 * (i - word * Long.BYTES));
      }
      v3 ^= m;
      // Four rounds stand at the end, two here; the steps are the same.
      for (int round = 0; round < 2; round++) {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= m;
    }
    v2 ^= 0xff;
    for (int round = 0; round < 4; round++) {
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 = Long.rotateLeft(v2, 32);
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }
}
