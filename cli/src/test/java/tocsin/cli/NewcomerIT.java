package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A brand-new node catches up while new alerts are raised: `tocsin bench newcomer`, at its
/// smallest.
final class NewcomerIT {
  private static final int STATEMENTS = 5_000;

  @TempDir Path folder;

  @Test
  void hasEverythingAndEachAlertThatWasRaisedMeanwhile() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    JsonNode figures =
        Launcher.install(folder)
            .run(
                "bench",
                "newcomer",
                "--statements",
                "" + STATEMENTS,
                "--on",
                disk.toString(),
                "-o",
                "json")
            .json();
    assertThat(figures.get("schema").asString()).isEqualTo("tocsin.bench/v1");
    int meanwhile = figures.get("alerts_meanwhile").asInt();
    assertThat(meanwhile).isPositive();
    // Beside what there was: the first alert, those meanwhile, and the other node's own profile.
    assertThat(figures.get("statements").asInt()).isBetween(STATEMENTS, STATEMENTS + 2 + meanwhile);
    assertThat(figures.get("missing").asInt()).isZero();
    for (String when : List.of("meanwhile", "afterwards")) {
      assertThat(figures.get("alerts_" + when).asInt()).isEqualTo(meanwhile);
      JsonNode arrival = figures.get("arrival_ms_" + when);
      assertThat(arrival.get("p50").asDouble())
          .isPositive()
          .isLessThanOrEqualTo(arrival.get("max").asDouble());
    }
    try (Stream<Path> left = Files.list(disk)) {
      assertThat(left).isEmpty();
    }
  }
}
