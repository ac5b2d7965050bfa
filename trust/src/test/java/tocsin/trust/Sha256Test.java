package tocsin.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Sums of hashes, beside those of the Java platform.
class Sha256Test {
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(8 * Sha256.SIZE_BYTES);

  private static BigInteger number(Sha256 hash) {
    return new BigInteger(1, hash.toByteArray());
  }

  /// Words of which many are all zeros or all ones, where carries go far.
  private static Sha256 hash(Random random) {
    long[] words = new long[4];
    for (int i = 0; i < words.length; i++) {
      words[i] =
          switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> random.nextInt(3) - 1;
            default -> random.nextLong();
          };
    }
    return new Sha256(words[0], words[1], words[2], words[3]);
  }

  @Test
  void sumsAndDifferencesAreModulo2To256() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      Sha256 one = hash(random);
      Sha256 other = hash(random);
      assertThat(number(one.plus(other))).isEqualTo(number(one).add(number(other)).mod(MODULUS));
      assertThat(number(one.minus(other)))
          .isEqualTo(number(one).subtract(number(other)).mod(MODULUS));
    }
  }

  @Test
  void whatWasAddedIsTakenAway() {
    Sha256 one = Sha256.of(ByteString.copyFromUtf8("one"));
    Sha256 other = Sha256.of(ByteString.copyFromUtf8("other"));
    assertThat(one.plus(other).minus(one)).isEqualTo(other);
    assertThat(one.minus(one)).isEqualTo(Sha256.ZERO);
  }
}
