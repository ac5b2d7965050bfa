package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three processes after each other append to a log, and strace writes down what they do to the
/// disk. Then the disk is crashed again and again at another place of that history, each time with
/// every byte lost that was not synced: the log must open, and hold all that had been acknowledged.
class CrashIT {
  private static final int PROCESSES = 3;
  private static final Pattern ACKNOWLEDGED = Pattern.compile("ack (\\d+)\n");

  @TempDir private Path base;

  @TempDir(factory = FastFolders.class)
  private Path crashed;

  @Test
  void nothingAcknowledgedIsLostAt40CrashPoints() throws Exception {
    assertThat(crashes(20, 40)).isGreaterThanOrEqualTo(40);
  }

  @Tag("long")
  @Test
  void nothingAcknowledgedIsLostAt1000CrashPoints() throws Exception {
    assertThat(crashes(150, 1_000)).isGreaterThanOrEqualTo(1_000);
  }

  /// @param commits of each process
  /// @return at how many points it was crashed
  private int crashes(int commits, int points) throws Exception {
    SystemCalls.requireStrace();
    Path work = base.resolve("work");
    Files.createDirectory(work);
    List<List<SystemCalls.Call>> processes = new ArrayList<>();
    for (int number = 0; number < PROCESSES; number++) {
      processes.add(traced(work, commits, base.resolve("calls-" + number)));
    }
    CrashedDisk disk = new CrashedDisk(work);
    int all = 0;
    for (List<SystemCalls.Call> calls : processes) {
      disk.process();
      all += (int) calls.stream().filter(disk::apply).count();
    }
    return crashes(work, processes, Math.max(1, all / points));
  }

  private int crashes(Path work, List<List<SystemCalls.Call>> processes, int stride)
      throws IOException {
    CrashedDisk disk = new CrashedDisk(work);
    int changes = 0;
    int points = 0;
    for (List<SystemCalls.Call> calls : processes) {
      disk.process();
      for (SystemCalls.Call call : calls) {
        if (disk.apply(call) && changes++ % stride == 0) {
          CrashedDisk.Names names =
              points++ % 2 == 0 ? CrashedDisk.Names.SYNCED : CrashedDisk.Names.KEPT;
          check(
              disk, names, "after change %d (%s), names %s".formatted(changes, call.name(), names));
        }
      }
    }
    return points;
  }

  private void check(CrashedDisk disk, CrashedDisk.Names names, String when) throws IOException {
    Path folder = crashed.resolve("disk");
    disk.crash(folder, names);
    try (StatementLog log = RocksStatementLog.open(folder.resolve("log"), Samples::read)) {
      assertThat(log.size()).as(when).isGreaterThanOrEqualTo(acknowledged(disk.said()));
      AppendingProcess.check(log);
    } catch (LogFailure e) {
      throw new AssertionError(when + ": " + e.getMessage(), e);
    }
    delete(folder);
  }

  private static long acknowledged(String said) {
    long acknowledged = 0;
    Matcher lines = ACKNOWLEDGED.matcher(said);
    while (lines.find()) {
      acknowledged = Long.parseLong(lines.group(1));
    }
    return acknowledged;
  }

  private List<SystemCalls.Call> traced(Path work, int commits, Path calls) throws Exception {
    List<String> strace =
        SystemCalls.strace(calls, CrashedDisk.CALLS, "-xx", "-s", String.valueOf(64 << 20));
    Process process =
        AppendingProcess.start(strace, work.resolve("log"), commits)
            .redirectErrorStream(true)
            .redirectOutput(base.resolve("output").toFile())
            .start();
    assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(base.resolve("output"))).isZero();
    return SystemCalls.read(calls);
  }

  private static void delete(Path folder) throws IOException {
    List<Path> paths;
    try (Stream<Path> found = Files.walk(folder)) {
      paths = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }
}
