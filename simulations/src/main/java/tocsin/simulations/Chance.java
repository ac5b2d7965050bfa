package tocsin.simulations;

import com.google.protobuf.ByteString;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import tocsin.trust.Sha256;

/// One seed, split and not shared: every part of a simulation has a stream of its own, so that one
/// more draw in one part changes nobody else's luck.
final class Chance {
  /// Named, so that no release of Java changes what a seed means.
  private static final RandomGeneratorFactory<RandomGenerator> ALGORITHM =
      RandomGeneratorFactory.of("L64X128MixRandom");

  private final long seed;

  Chance(long seed) {
    this.seed = seed;
  }

  long seed() {
    return seed;
  }

  /// The stream of the part of this name.
  RandomGenerator stream(String name) {
    return ALGORITHM.create(bytes(name).a());
  }

  /// 32 bytes that follow from the seed and the name: a key, an id.
  Sha256 bytes(String name) {
    return Sha256.of(ByteString.copyFromUtf8("tocsin simulation " + seed + " " + name));
  }
}
