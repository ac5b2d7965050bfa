package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process appends to a log on a file system of 160 MiB, in a mount namespace of its own, which
/// somebody else fills to the last byte, twice: first the ballast helps, then nothing does, until
/// there is room. Nothing acknowledged is lost, nothing fails, and writes return.
class FullDiskIT {
  private static final int FILE_SYSTEM_MIB = 160;

  @TempDir private Path base;

  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicReference<String> other = new AtomicReference<>("");

  /// As root, or as anybody where users may have namespaces of their own.
  private static List<String> namespace() {
    List<String> command = new ArrayList<>(List.of("unshare", "--mount"));
    if (!System.getProperty("user.name").equals("root")) {
      command.add("--map-root-user");
    }
    return command;
  }

  private static void requireFileSystems(Path at) throws IOException, InterruptedException {
    List<String> command = namespace();
    command.addAll(List.of("mount", "-t", "tmpfs", "-o", "size=1m", "none", at.toString()));
    boolean works;
    try {
      works = new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      works = false;
    }
    RequiredProgram.check("unshare", works);
  }

  @Test
  void nothingIsLostWhenThereIsNoRoomAndWritesReturnWithIt() throws Exception {
    requireFileSystems(base);
    List<String> before = namespace();
    before.addAll(
        List.of(
            "sh",
            "-c",
            "mount -t tmpfs -o size=" + FILE_SYSTEM_MIB + "m none \"$0\" && { \"$@\"; read line; }",
            base.toString()));
    Process shell =
        AppendingProcess.start(before, base.resolve("log"), Integer.MAX_VALUE)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      BufferedReader out = shell.inputReader();
      Thread reader = Thread.ofVirtual().start(() -> out.lines().forEach(this::note));
      await().atMost(Duration.ofMinutes(1)).until(() -> acknowledged.get() > 100);
      // The other side of the namespace, as this process sees it.
      Path inside = Path.of("/proc/" + shell.pid() + "/root" + base);
      Path log = inside.resolve("log");
      new Ballast(log).take();
      assertThat(log.resolve(Ballast.FILE)).exists();

      fill(inside.resolve("filler-1"));
      await().atMost(Duration.ofMinutes(2)).until(() -> !Files.exists(log.resolve(Ballast.FILE)));
      long ballasted = acknowledged.get();
      await().atMost(Duration.ofMinutes(1)).until(() -> acknowledged.get() > ballasted);

      long stalled = fillUntilNothingGoes(inside);
      assertThat(other.get()).as("what the process said when there was no room").isEmpty();

      Files.delete(inside.resolve("filler-1"));
      long room = System.nanoTime();
      await().atMost(Duration.ofSeconds(30)).until(() -> acknowledged.get() > stalled);
      System.out.printf(
          "writes returned %d ms after there was room%n", (System.nanoTime() - room) / 1_000_000);

      assertThat(kill(shell)).isTrue();
      long size;
      // Opened outside of the namespace, where its path is one.
      Path copy = base.resolve("copy");
      copy(log, copy);
      try (StatementLog again = RocksStatementLog.open(copy, Samples::read)) {
        AppendingProcess.check(again);
        size = again.size();
      }
      shell.getOutputStream().write('\n');
      shell.getOutputStream().flush();
      assertThat(shell.waitFor(30, TimeUnit.SECONDS)).isTrue();
      reader.join();
      assertThat(size).isGreaterThanOrEqualTo(acknowledged.get());
      assertThat(other.get()).isEmpty();
    } finally {
      boolean _ = kill(shell);
      shell.destroyForcibly();
    }
  }

  private void note(String line) {
    if (line.matches("ack [0-9]+")) {
      acknowledged.set(Long.parseLong(line.substring(4)));
    } else if (!line.startsWith("ack")) {
      other.set(line);
    }
  }

  /// Whatever RocksDB gives free is taken too, until no more is acknowledged for three seconds.
  private long fillUntilNothingGoes(Path inside) throws Exception {
    long stalled = -1;
    for (int number = 2; stalled != acknowledged.get(); number++) {
      assertThat(number).isLessThan(100);
      stalled = acknowledged.get();
      fill(inside.resolve("filler-" + number));
      Thread.sleep(3_000);
    }
    return stalled;
  }

  private static void fill(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] zeros = new byte[4_096];
      while (true) {
        out.write(zeros);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    List<Path> paths;
    try (Stream<Path> found = Files.walk(from)) {
      paths = found.toList();
    }
    for (Path path : paths) {
      Files.copy(path, to.resolve(from.relativize(path).toString()));
    }
  }

  private static boolean kill(Process shell) {
    return shell.descendants().allMatch(ProcessHandle::destroyForcibly);
  }
}
