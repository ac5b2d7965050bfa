package tocsin.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the kernel says of a process's memory (`proc_pid_status(5)`).
public final class ProcessMemory {
  private ProcessMemory() {}

  /// @param field as `VmRSS`, resident now, or `VmHWM`, at most so far
  public static long kilobytes(long pid, String field) throws IOException {
    return Files.readString(Path.of("/proc/" + pid + "/status"))
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .sum();
  }
}
