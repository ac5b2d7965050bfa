package tocsin.node.core;

import com.google.protobuf.ByteString;
import tocsin.trust.Sha256;

/// What one name is worth in each of many draws: from a secret seed by SHA-256, once, so that
/// nobody else can tell; from draw to draw by mixing, which is cheap.
final class Luck {
  private final long key;
  private final long step;

  private Luck(long key, long step) {
    this.key = key;
    this.step = step;
  }

  /// @param seed what nobody else knows
  static Luck of(ByteString seed, ByteString name) {
    Sha256 hash = Sha256.of(seed, name);
    return new Luck(hash.a(), hash.b() | 1);
  }

  /// Not negative. The finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom
  /// Number Generators, 2014) over a sequence that only the seed's owner knows.
  long rank(long draw) {
    long mixed = key + draw * step;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return (mixed ^ (mixed >>> 31)) >>> 1;
  }
}
