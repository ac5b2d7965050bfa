package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two processes on one folder, and a medium that refuses to write.
class TroubleIT {
  @TempDir private Path base;

  private Path folder;

  @BeforeEach
  void choose() {
    folder = base.resolve("log");
  }

  private Process start() throws IOException {
    return AppendingProcess.start(List.of(), folder, Integer.MAX_VALUE)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @Test
  void aSecondNodeIsToldWhoHasTheFolder() throws Exception {
    Process process = start();
    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine()).startsWith("ack ");
      String holder = "in use by another node (pid " + process.pid() + ")";
      assertThatThrownBy(() -> RocksStatementLog.open(folder, Samples::read))
          .isInstanceOf(LogFailure.class)
          .hasMessageContaining(folder.toString())
          .hasMessageContaining(holder);
      assertThatThrownBy(() -> RocksStatementLog.openReadOnly(folder, Samples::read))
          .isInstanceOf(LogFailure.class)
          .hasMessageContaining(holder);
      assertThat(process.isAlive()).isTrue();
      assertThat(out.readLine()).startsWith("ack ");
    } finally {
      assertThat(process.destroyForcibly().waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    try (StatementLog log = RocksStatementLog.open(folder, Samples::read)) {
      AppendingProcess.check(log);
    }
  }

  @Test
  void whileSomebodyLooksNoNodeStarts() throws Exception {
    RocksStatementLog.open(folder, Samples::read).close();
    try (StatementLog _ = RocksStatementLog.openReadOnly(folder, Samples::read)) {
      Process process = AppendingProcess.start(List.of(), folder, 1).start();
      String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).isNotZero();
      assertThat(said).contains("the folder " + folder + " is in use by another ");
    }
  }

  /// The file size that the process may write is cut to nothing while it appends: every write to a
  /// file fails with an I/O error, as on a disk that died.
  @Test
  void afterAFailedWriteNothingIsWrittenAndNothingAcknowledgedIsLost() throws Exception {
    Process process = start();
    long acknowledged = 0;
    String failure = "";
    try (BufferedReader out = process.inputReader()) {
      for (int line = 0; line < 5; line++) {
        acknowledged = size(out.readLine());
      }
      limitFileSize(process.pid());
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("ack ")) {
          assertThat(failure).as("what was said before " + line).isEmpty();
          acknowledged = size(line);
        } else {
          failure = line;
        }
      }
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(failure)
        .startsWith("failed: cannot write the log in " + folder)
        .contains("File too large");
    assertThat(process.exitValue()).isEqualTo(3);
    try (StatementLog log = RocksStatementLog.open(folder, Samples::read)) {
      assertThat(log.size()).isGreaterThanOrEqualTo(acknowledged);
      AppendingProcess.check(log);
    }
  }

  /// RocksDB's own loader would leave 17 MB behind.
  @Test
  void aKilledProcessLeavesNoNativeLibrary() throws Exception {
    Process process = start();
    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine()).startsWith("ack ");
    } finally {
      assertThat(process.destroyForcibly().waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    try (Stream<Path> left = Files.list(base)) {
      assertThat(left).containsExactly(folder);
    }
  }

  private static long size(String line) {
    assertThat(line).startsWith("ack ");
    return Long.parseLong(line.substring(4));
  }

  private static void limitFileSize(long pid) throws InterruptedException {
    boolean limited;
    try {
      limited =
          new ProcessBuilder("prlimit", "--pid", String.valueOf(pid), "--fsize=1")
                  .inheritIO()
                  .start()
                  .waitFor()
              == 0;
    } catch (IOException e) {
      limited = false;
    }
    RequiredProgram.check("prlimit", limited);
  }
}
