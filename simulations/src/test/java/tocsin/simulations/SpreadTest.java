package tocsin.simulations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// News in a network that is larger than anybody's circle of eager peers.
class SpreadTest {
  private static final int NODES = 40;

  private static Report.Spreading run(String scenario, long seed) {
    return (Report.Spreading) Scenarios.run(scenario, NODES, seed);
  }

  /// The limits are those of small networks, where one far pair decides; the goals for large ones
  /// are looked at in reports.
  @ParameterizedTest
  @CsvSource({"healthy, 1", "silent, 2", "busy, 3"})
  void everybodyHearsSoonWithFewCopies(String scenario, long seed) {
    Report.Spreading report = run(scenario, seed);
    assertThat(report.missing()).isZero();
    assertThat(report.p99ToBound()).isBetween(1.0, scenario.equals("healthy") ? 1.8 : 3.0);
    assertThat(report.arrival().p50()).isGreaterThan(report.bound().p50());
    assertThat(report.copiesPerDelivery()).isBetween(1.0, 12.0);
    assertThat(report.bytesPerDelivery()).isGreaterThan(report.copiesPerDelivery() * 400);
  }

  @Test
  void theSameSeedGivesTheSameSpread() {
    assertThat(run("silent", 7)).isEqualTo(run("silent", 7));
  }

  /// Over countries it is the same as over all nodes: Dijkstra's algorithm on the complete graph.
  @Test
  void theBoundIsTheShortestWayThroughAllNodes() {
    WorldMap map = new WorldMap(new Chance(3));
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      addresses.add("node-" + i);
      map.place(addresses.getLast());
    }
    WorldMap.Bound bound = map.bound();
    boolean anyDetour = false;
    for (int origin = 0; origin < 5; origin++) {
      long[] best = shortest(map, addresses, origin);
      for (int to = 0; to < best.length; to++) {
        String from = addresses.get(origin);
        assertThat(bound.nanos(from, addresses.get(to))).isEqualTo(best[to]);
        anyDetour |= to != origin && best[to] < map.latencyNanos(from, addresses.get(to));
      }
    }
    assertThat(anyDetour).isTrue();
  }

  private static long[] shortest(WorldMap map, List<String> addresses, int origin) {
    int n = addresses.size();
    long[] best = new long[n];
    boolean[] done = new boolean[n];
    Arrays.fill(best, Long.MAX_VALUE);
    best[origin] = 0;
    for (int round = 0; round < n; round++) {
      int next = -1;
      for (int i = 0; i < n; i++) {
        if (!done[i] && (next < 0 || best[i] < best[next])) {
          next = i;
        }
      }
      done[next] = true;
      for (int i = 0; i < n; i++) {
        if (i != next) {
          best[i] =
              Math.min(
                  best[i], best[next] + map.latencyNanos(addresses.get(next), addresses.get(i)));
        }
      }
    }
    return best;
  }

  @Test
  void baselinesReachEverybodyOrNearlyWhileAllIsWell() {
    List<Report.Baseline> all = Baselines.all(60, Spread.Conditions.HEALTHY, 5);
    assertThat(all)
        .extracting(Report.Baseline::key)
        .containsExactly("flooding", "gossipsub", "memberlist");
    for (Report.Baseline it : all) {
      assertThat(it.copiesPerDelivery()).as(it.key()).isGreaterThan(1);
    }
    assertThat(all.get(0).missing()).isZero();
    assertThat(all.get(1).missing()).isZero();
    // Rounds among nodes drawn by chance end with a few who were never drawn; memberlist leaves
    // those to its exchanges of everything, some minutes apart.
    assertThat(all.get(2).missing()).isLessThan(60L * Spread.ALERTS / 1_000);
    // A round every half second costs some rounds; pushing at once does not.
    assertThat(all.get(2).arrival().p50()).isGreaterThan(500);
    assertThat(all.get(1).arrival().p50()).isLessThan(500);
    assertThat(Baselines.all(60, Spread.Conditions.HEALTHY, 5)).isEqualTo(all);
  }

  @Test
  void aPageShowsWhatWasMeasured() {
    Report.Spreading report = run("healthy", 1);
    Report.Spreading beside = (Report.Spreading) Scenarios.besideBaselines(report);
    String page =
        ReportPage.of(beside, new ReportPage.Origin("tocsin simulate <x>", "0123456789ab", "news"));
    assertThat(page)
        .contains(beside.trace(), "0123456789ab", "tocsin simulate &lt;x&gt;", "gossipsub v1.1")
        .contains("<svg", "prefers-color-scheme")
        .doesNotContain("<script", "http://", "https://", "NaN", "Infinity");
  }
}
