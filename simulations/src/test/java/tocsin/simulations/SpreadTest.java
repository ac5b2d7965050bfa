package tocsin.simulations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// News in a network that is larger than anybody's circle of eager peers.
class SpreadTest {
  private static final int NODES = 16;

  private static Report.Spreading run(String scenario, long seed) {
    return (Report.Spreading) Scenarios.run(scenario, NODES, seed);
  }

  /// The limits are those of the smallest networks, where one far pair decides; the goals for large
  /// ones are looked at in reports.
  @ParameterizedTest
  @CsvSource({"healthy, 1", "healthy, 2", "silent, 1", "silent, 2"})
  void everybodyHearsSoonWithFewCopies(String scenario, long seed) {
    Report.Spreading report = run(scenario, seed);
    assertThat(report.missing()).isZero();
    assertThat(report.arrival().p99()).isLessThan(3 * report.bound().p99());
    assertThat(report.arrival().p50()).isGreaterThan(report.bound().p50());
    assertThat(report.copiesPerDelivery()).isBetween(1.0, 12.0);
  }

  @Test
  void theSameSeedGivesTheSameSpread() {
    assertThat(run("silent", 7)).isEqualTo(run("silent", 7));
  }
}
