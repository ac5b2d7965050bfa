package tocsin.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AllowanceTest {
  private static final long SECOND = 1_000_000_000L;

  private static long taken(Allowance allowance, int wanted, long at) {
    return IntStream.range(0, wanted).filter(_ -> allowance.take(at)).count();
  }

  @Test
  void soManyAtOnceAndThenSoManyPerSecond() {
    long start = Long.MAX_VALUE - SECOND;
    Allowance allowance = new Allowance(16, 2, start);
    assertThat(taken(allowance, 100, start)).isEqualTo(16);
    assertThat(taken(allowance, 100, start + SECOND / 4)).isZero();
    assertThat(taken(allowance, 100, start + SECOND)).isEqualTo(2);
    // The clock passes Long.MAX_VALUE, as a nanosecond clock may.
    assertThat(taken(allowance, 100, start + 3 * SECOND)).isEqualTo(4);
    assertThat(taken(allowance, 100, start + 1_000 * SECOND)).isEqualTo(16);
  }
}
