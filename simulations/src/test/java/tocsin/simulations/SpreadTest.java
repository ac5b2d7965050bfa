package tocsin.simulations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// News in a network that is larger than anybody's circle of peers.
class SpreadTest {
  private static final int NODES = 30;

  @Test
  void everybodyHearsSoonAndTheSameWayTwice() {
    Report.Spreading report = (Report.Spreading) Scenarios.run("healthy", NODES, 1);
    assertThat(report.missing()).isZero();
    assertThat(report.arrival().p99()).isLessThan(2 * report.bound().p99());
    assertThat(report.arrival().p50()).isGreaterThan(report.bound().p50());
    assertThat(report.copiesPerDelivery()).isBetween(1.0, 8.5);
    assertThat(report).isEqualTo(Scenarios.run("healthy", NODES, 1));
  }
}
