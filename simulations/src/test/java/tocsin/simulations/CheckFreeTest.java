package tocsin.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bad days, each of which must end well, twice in the very same way.
class CheckFreeTest {
  private static final int NODES = 5;
  private static final long FIRST = 101;
  private static final int SEEDS = 30;

  static LongStream seeds() {
    return LongStream.range(FIRST, FIRST + SEEDS);
  }

  static LongStream onceBroken() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(CheckFreeTest.class.getResourceAsStream("seeds.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.replaceFirst("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .mapToLong(Long::parseLong);
    }
  }

  private static Report.BadDay run(long seed) {
    return (Report.BadDay) Scenarios.run("checkfree", NODES, seed);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aBadDayEndsWellAndTheSameWayTwice(long seed) {
    assertThat(Scenarios.run("checkfree", NODES, seed))
        .isEqualTo(Scenarios.run("checkfree", NODES, seed));
  }

  @ParameterizedTest
  @MethodSource("onceBroken")
  void whatWasBrokenOnceStaysWhole(long seed) {
    assertThat(run(seed).crashes()).isPositive();
  }

  @Test
  void otherSeedsGiveOtherDaysAndEveryEnding() {
    TreeSet<String> traces = new TreeSet<>();
    TreeSet<String> endings = new TreeSet<>();
    for (long seed = FIRST; seed < FIRST + 10; seed++) {
      Report.BadDay report = run(seed);
      traces.add(report.trace());
      endings.add(report.ending());
    }
    assertThat(traces).hasSize(10);
    assertThat(endings).containsExactly("expiry", "flush", "recall");
  }

  @Test
  void moreNodesPlayToo() {
    assertThat(Scenarios.run("checkfree", 9, FIRST).nodes()).isEqualTo(9);
  }

  @Test
  void refusesWhatItDoesNotPlay() {
    assertThatThrownBy(() -> Scenarios.run("slack2022", NODES, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no scenario \"slack2022\"");
    assertThatThrownBy(() -> Scenarios.run("checkfree", 4, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is played by 5 to");
  }
}
