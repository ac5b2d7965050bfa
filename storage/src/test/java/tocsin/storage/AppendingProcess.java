package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A process that appends to a log and says after each commit how far it is: "ack SIZE". Statement
/// n of the log is `statement(n)`; the fact "size" is written with every commit.
final class AppendingProcess {
  static final int MAX_BATCH = 20;

  private AppendingProcess() {}

  static LogEntry statement(long index) {
    return new LogEntry(index, 5_000 + index, Samples.envelope(index));
  }

  /// Holds the log to what these processes write: every statement at its index, and no commit in
  /// part.
  static void check(StatementLog log) {
    MerkleTree tree = new MerkleTree();
    for (long from = 0; from < log.size(); from += 1_000) {
      for (LogEntry entry : log.scan(from, 1_000)) {
        assertThat(entry).isEqualTo(statement(tree.size()));
        tree.append(entry.leaf());
      }
    }
    assertThat(tree.size()).isEqualTo(log.size());
    assertThat(tree.root()).isEqualTo(log.root());
    if (log.size() > 0) {
      assertThat(log.recall("size")).contains(Samples.bytes(String.valueOf(log.size())));
    }
  }

  static ProcessBuilder start(List<String> before, Path folder, int commits) {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            // What a killed process leaves there goes with the test's folder.
            "-Djava.io.tmpdir=" + folder.getParent(),
            "-cp",
            System.getProperty("java.class.path"),
            AppendingProcess.class.getName(),
            folder.toString(),
            String.valueOf(commits)));
    return new ProcessBuilder(command);
  }

  /// Exit code 3 if the log failed, and failed again when it was asked to go on.
  public static void main(String[] arguments) throws IOException {
    try (StatementLog log = RocksStatementLog.open(Path.of(arguments[0]), Samples::read);
        FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
      try {
        append(log, Integer.parseInt(arguments[1]), out);
      } catch (LogFailure first) {
        out.write(("failed: " + first.getMessage() + "\n").getBytes(StandardCharsets.UTF_8));
        try {
          append(log, 1, out);
        } catch (LogFailure second) {
          System.exit(3);
        }
      }
    }
  }

  private static void append(StatementLog log, int commits, OutputStream out) throws IOException {
    Random random = new Random(ProcessHandle.current().pid());
    for (int commit = 0; commit < commits; commit++) {
      for (int i = random.nextInt(MAX_BATCH); i >= 0; i--) {
        LogEntry next = statement(log.size());
        LogEntry _ = log.append(next.envelope(), next.firstSeenMillis());
      }
      log.remember("size", Samples.bytes(String.valueOf(log.size())));
      log.commit();
      out.write(("ack " + log.size() + "\n").getBytes(StandardCharsets.US_ASCII));
    }
  }
}
