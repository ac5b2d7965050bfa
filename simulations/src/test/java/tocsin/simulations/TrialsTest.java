package tocsin.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every trial, short, with a handful of seeds each; and, tagged long, larger ones.
class TrialsTest {
  private static final int NODES = 12;
  private static final int SEEDS = 15;

  /// The long forms.
  private static final List<Integer> SIZES = List.of(30, 100);

  private static List<String> names() {
    return Trials.list().stream().map(Scenarios.Described::name).toList();
  }

  static Stream<Arguments> shortRuns() {
    return names().stream()
        .flatMap(
            name -> LongStream.rangeClosed(1, SEEDS).mapToObj(seed -> Arguments.of(name, seed)));
  }

  static Stream<Arguments> longRuns() {
    return names().stream()
        .flatMap(name ->
            SIZES.stream()
                .flatMap(nodes ->
                    LongStream.rangeClosed(1, 3)
                        .mapToObj(seed -> Arguments.of(name, nodes, seed))));
  }

  /// Lines of "scenario nodes seed # what it was".
  static Stream<Arguments> onceBroken() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(TrialsTest.class.getResourceAsStream("trial-seeds.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(line -> line.replaceFirst("#.*", "").strip())
              .filter(line -> !line.isEmpty())
              .map(line -> line.split("\\s+"))
              .map(words ->
                  Arguments.of(words[0], Integer.parseInt(words[1]), Long.parseLong(words[2])))
              .toList()
              .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("shortRuns")
  void endsWell(String scenario, long seed) {
    Report report = Scenarios.run(scenario, NODES, seed);
    assertThat(report.figures()).isNotEmpty();
    assertThat(report.events()).isGreaterThan(1_000);
  }

  @ParameterizedTest
  @MethodSource("names")
  void theSameSeedGivesTheSameTrace(String scenario) {
    Report once = Scenarios.run(scenario, NODES, 77);
    Report twice = Scenarios.run(scenario, NODES, 77);
    assertThat(once).isEqualTo(twice);
    assertThat(once.trace()).isNotEqualTo(Scenarios.run(scenario, NODES, 78).trace());
  }

  @ParameterizedTest
  @MethodSource("onceBroken")
  void whatWasBrokenOnceStaysWhole(String scenario, int nodes, long seed) {
    assertThat(Scenarios.run(scenario, nodes, seed).seed()).isEqualTo(seed);
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("longRuns")
  void endsWellInLargerNetworks(String scenario, int nodes, long seed) {
    assertThat(Scenarios.run(scenario, nodes, seed).figures()).isNotEmpty();
  }

  /// Two days of virtual time.
  @Tag("long")
  @Test
  void aPartitionOfTwoDaysHeals() {
    Report report = Scenarios.run("partition", NODES, Partition.DAYS_FROM_SEED);
    assertThat(report.virtualMillis()).isGreaterThan(48 * 3_600_000L);
  }

  @Test
  void theVictimOfAnEclipseHearsEverythingWithinASecond() {
    Report report = Scenarios.run("eclipse", NODES, 3);
    assertThat(figure(report, "victim_p99_ms").doubleValue()).isLessThan(1_000);
  }

  @Test
  void oneFlushCutsOffADayOfTail() {
    Report report = Scenarios.run("slack2021", NODES, 2);
    assertThat(figure(report, "without_max_h").doubleValue()).isBetween(12.0, 24.0);
    assertThat(figure(report, "with_max_ms").doubleValue()).isLessThan(12_000);
  }

  @Test
  void spamIsBoundedByKeysTimesQuota() {
    Report report = Scenarios.run("spam", NODES, 4);
    long held = figure(report, "spam_held_most").longValue();
    long bound = figure(report, "spam_bound").longValue();
    long said = figure(report, "said").longValue();
    assertThat(held).isBetween(1L, bound + 10);
    assertThat(said).isGreaterThan(bound);
  }

  @Test
  void smallNetworksAreNotPlayed() {
    assertThatThrownBy(() -> Scenarios.run("eclipse", Federation.MIN_NODES - 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is played by " + Federation.MIN_NODES);
  }

  private static Number figure(Report report, String name) {
    return (Number) Objects.requireNonNull(report.figures().get(name), name);
  }
}
