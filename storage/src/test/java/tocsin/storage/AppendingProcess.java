package tocsin.storage;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
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

  static ProcessBuilder start(List<String> before, Path folder, int commits) {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-cp",
            System.getProperty("java.class.path"),
            AppendingProcess.class.getName(),
            folder.toString(),
            String.valueOf(commits)));
    return new ProcessBuilder(command);
  }

  public static void main(String[] arguments) throws IOException {
    Random random = new Random(ProcessHandle.current().pid());
    try (StatementLog log = RocksStatementLog.open(Path.of(arguments[0]), Samples::read);
        FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
      for (int commit = 0; commit < Integer.parseInt(arguments[1]); commit++) {
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
}
