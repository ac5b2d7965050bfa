package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that appends is killed with SIGKILL, again and again, in the middle of its work and
/// while it opens. Each time everything that it acknowledged must be there, at its index, and each
/// commit wholly or not at all.
///
/// A killed process loses nothing that it has handed to the kernel; `AcknowledgementIT` shows that
/// the disk has it too.
class KillIT {
  private static final int CYCLES_PER_FOLDER = 50;

  @TempDir private Path folders;

  private final Random random = new Random(42);
  private long acknowledged;

  @Test
  void nothingAcknowledgedIsLostIn20Kills() throws Exception {
    assertThat(killed(20)).isPositive();
  }

  @Tag("long")
  @Test
  void nothingAcknowledgedIsLostIn1000Kills() throws Exception {
    assertThat(killed(1_000)).isPositive();
  }

  /// Returns how many statements were acknowledged.
  private long killed(int cycles) throws Exception {
    long total = 0;
    for (int cycle = 0; cycle < cycles; cycle++) {
      if (cycle % CYCLES_PER_FOLDER == 0) {
        total += acknowledged;
        acknowledged = 0;
      }
      Path folder = folders.resolve("log" + cycle / CYCLES_PER_FOLDER);
      runAndKill(folder);
      check(folder);
    }
    return total + acknowledged;
  }

  private void runAndKill(Path folder) throws IOException, InterruptedException {
    Process process =
        AppendingProcess.start(List.of(), folder, Integer.MAX_VALUE)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = process.inputReader()) {
      if (random.nextInt(4) == 0) {
        boolean ended = process.waitFor(random.nextInt(900), TimeUnit.MILLISECONDS);
        assertThat(ended).as("the process ended by itself").isFalse();
      } else {
        for (int acks = random.nextInt(40); acks >= 0; acks--) {
          note(out.readLine());
        }
      }
      // Not the process's own destroyForcibly(), which closes its streams: what it has said before
      // it died is still to be read.
      assertThat(process.toHandle().destroyForcibly()).isTrue();
      out.lines().forEach(this::note);
    }
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  /// The last line may be cut by the kill; then it was not acknowledged.
  private void note(String line) {
    assertThat(line).as("a line of the process").isNotNull();
    if (line.matches("ack [0-9]+")) {
      acknowledged = Math.max(acknowledged, Long.parseLong(line.substring(4)));
    }
  }

  private void check(Path folder) {
    try (StatementLog log = RocksStatementLog.open(folder, Samples::read)) {
      assertThat(log.size()).isGreaterThanOrEqualTo(acknowledged);
      assertThat(log.size()).isLessThanOrEqualTo(acknowledged + AppendingProcess.MAX_BATCH);
      AppendingProcess.check(log);
      // What a process that was killed had committed counts as acknowledged from now on.
      acknowledged = log.size();
    }
  }
}
