package tocsin.simulations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CheckFreeTest {
  @Test
  void theSameSeedGivesTheSameTrace() {
    for (long seed = 1; seed <= 30; seed++) {
      Report first = Scenarios.run("checkfree", 5, seed);
      Report second = Scenarios.run("checkfree", 5, seed);
      System.out.println(first);
      assertThat(second).isEqualTo(first);
    }
  }
}
