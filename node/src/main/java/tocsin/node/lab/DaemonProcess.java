package tocsin.node.lab;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A real resolver as a child process in the foreground: a temporary folder of its own, free ports,
/// no privileges to drop, nothing shared with a daemon of the system. What it is and how it is
/// configured is the subclass's affair.
///
/// Close it to stop the process and remove the folder.
abstract sealed class DaemonProcess implements LabResolver
    permits BindProcess, KnotProcess, PowerDnsProcess, UnboundProcess {
  private static final int STARTS = 4;

  private final Path binary;
  private final Path folder;
  private int port;
  private int controlPort;
  private volatile @Nullable Process process;

  /// A child outlives its parent unless told otherwise.
  private final Thread atExit = new Thread(this::end, "lab-daemon-exit");

  /// @param name short, since the path of a Unix socket has at most 107 bytes
  /// @throws IOException if there is no such program, or no folder to be had
  DaemonProcess(String name, Optional<Path> binary) throws IOException {
    this.binary =
        binary.orElseThrow(() ->
            new IOException(name + " is not installed: neither on the PATH nor in /usr/sbin"));
    this.folder =
        Files.createTempDirectory(
            "tocsin-" + name,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /// A program of this machine: on the PATH, or in the folders where daemons live.
  static Optional<Path> find(String program) {
    String path = System.getenv("PATH");
    Stream<String> folders =
        Stream.concat(
            path == null ? Stream.empty() : Stream.of(path.split(File.pathSeparator, -1)),
            Stream.of("/usr/sbin", "/usr/local/sbin", "/sbin"));
    return folders
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// What a program says of its version: the first line in which the text stands, from there on.
  static Optional<String> version(Path binary, String option, String text) {
    try {
      Process asked =
          new ProcessBuilder(binary.toString(), option).redirectErrorStream(true).start();
      try (Stream<String> lines = asked.inputReader(StandardCharsets.ISO_8859_1).lines()) {
        return lines
            .filter(line -> line.contains(text))
            .map(line -> line.substring(line.indexOf(text) + text.length()).strip())
            .map(line -> line.split("[ (]", 2)[0].toLowerCase(Locale.ROOT))
            .findFirst();
      }
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  /// Writes the configuration for the ports that are its own now.
  abstract void configure() throws IOException;

  /// The command that runs it in the foreground.
  abstract List<String> command();

  /// Whether it answers, and its control channel too.
  abstract boolean isReady();

  /// What people call it.
  abstract String described();

  Path binary() {
    return binary;
  }

  Path folder() {
    return folder;
  }

  int port() {
    return port;
  }

  int controlPort() {
    return controlPort;
  }

  /// A port that is free now may be taken a moment later by somebody else: then another one.
  void startOnFreePorts() throws IOException {
    try {
      for (int attempt = 1; ; attempt++) {
        port = freePort();
        controlPort = freePort();
        configure();
        try {
          launch();
          return;
        } catch (IOException e) {
          stop();
          String log = log().toLowerCase(Locale.ROOT);
          if (attempt == STARTS || !(log.contains("in use") || log.contains("eaddrinuse"))) {
            throw e;
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private static int freePort() throws IOException {
    LabServer probe =
        new LabServer(InetAddress.ofLiteral("127.0.0.1"), 0, (query, client) -> Optional.empty());
    try (probe) {
      return probe.address().getPort();
    }
  }

  private void launch() throws IOException {
    Process child =
        new ProcessBuilder(command())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    process = child;
    // Nobody talks to it; kresd, which reads commands there, takes the end of its input calmly.
    child.getOutputStream().close();
    long deadline = System.nanoTime() + LabLimits.PROCESS_START.toNanos();
    while (!isReady()) {
      if (!child.isAlive()) {
        throw new IOException(described() + " ended at its start: " + lastWords());
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            described()
                + " does not answer after "
                + LabLimits.PROCESS_START.toSeconds()
                + " s: "
                + lastWords());
      }
      try {
        Thread.sleep(LabLimits.PROCESS_POLL);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }

  private String lastWords() {
    String log = log().strip();
    return log.isEmpty() ? "it said nothing" : log.substring(log.lastIndexOf('\n') + 1);
  }

  /// What it has logged so far.
  public String log() {
    try {
      return Files.readString(folder.resolve("log"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /// Where it answers DNS questions.
  @Override
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
  }

  @Override
  public String toString() {
    return described() + " at 127.0.0.1:" + port;
  }

  /// Ends the process; its folder and ports stay its own for [#restart].
  @Override
  public void stop() {
    end(Process::destroy);
  }

  /// Ends the process without a chance to tidy up, as by `kill -9`.
  public void kill() {
    end(Process::destroyForcibly);
  }

  private void end(java.util.function.Consumer<Process> how) {
    Process running = process;
    if (running == null) {
      return;
    }
    how.accept(running);
    try {
      if (!running.waitFor(LabLimits.PROCESS_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        running.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    process = null;
  }

  /// The id of the process; 0 if it does not run.
  public long pid() {
    Process running = process;
    return running == null ? 0 : running.pid();
  }

  /// Stops it if it runs, and starts it on the same ports with what it keeps on its disk.
  ///
  /// @throws IOException if it does not come up
  @Override
  public void restart() throws IOException {
    stop();
    launch();
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The hook is running already; doing it twice does no harm.
    }
    end();
  }

  private void end() {
    stop();
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // A temporary folder that stays behind does no harm.
    }
  }
}
