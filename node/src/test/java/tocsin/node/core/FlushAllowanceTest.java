package tocsin.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A resolver gets a few flushes at once, then so many a second.
class FlushAllowanceTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void aBurstAtOnceThenAtARate() {
    FlushAllowance allowance = new FlushAllowance();
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < Limits.FLUSH_BURST + 3 * Limits.FLUSHES_PER_SECOND; i++) {
      times.add(allowance.take("r", 5 * SECOND) - 5 * SECOND);
    }
    assertThat(times).isSorted();
    assertThat(times.subList(0, Limits.FLUSH_BURST)).containsOnly(0L);
    assertThat(times.get(Limits.FLUSH_BURST)).isEqualTo(SECOND / Limits.FLUSHES_PER_SECOND);
    assertThat(times.getLast()).isEqualTo(3 * SECOND);
  }

  @Test
  void eachResolverHasItsOwnAndRestRestores() {
    FlushAllowance allowance = new FlushAllowance();
    for (int i = 0; i < 2 * Limits.FLUSH_BURST; i++) {
      allowance.take("busy", 0);
    }
    assertThat(allowance.take("idle", 0)).isZero();
    assertThat(allowance.take("busy", 0)).isPositive();
    assertThat(allowance.take("busy", 60 * SECOND)).isEqualTo(60 * SECOND);
    allowance.take("gone", 0);
    allowance.forget("gone");
    assertThat(allowance.take("gone", 0)).isZero();
  }
}
