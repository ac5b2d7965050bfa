package tocsin.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tocsin.cli.demo.Folder;
import tocsin.node.config.HostPort;
import tocsin.node.config.KeyFileException;
import tocsin.node.config.NodeFolder;
import tocsin.storage.EnvelopeDecoder;
import tocsin.storage.RocksStatementLog;
import tocsin.trust.Envelope;
import tocsin.trust.NetworkId;

/// Makes the folder of a node with a large log and starts the node on it, each time as a process of
/// its own by the program that this one was called by, as its operator does.
final class StartBench {
  private static final String NETWORK = "bench";

  /// The corrections of an invented log point to addresses for examples.
  private static final String TEST_ADDRESSES = "policy.allow-special-purpose-addresses=true";

  private static final long PATIENCE_SECONDS = 600;

  private final Session session;
  private final Path folder;
  private final String program;

  private StartBench(Session session, Path folder, String program) {
    this.session = session;
    this.folder = folder;
    this.program = program;
  }

  /// @param on a folder inside it is made and deleted
  static Map<String, Object> run(Session session, Path on, int statements, int starts)
      throws IOException, InterruptedException, Failure {
    String program = session.world().environment().getOrDefault("TOCSIN_PROGRAM", "");
    if (program.isEmpty()) {
      throw new Failure(ExitCode.FAILED, "it is not known by which program to start a node")
          .because("TOCSIN_PROGRAM is not set, which the launcher sets")
          .tryThis("tocsin bench start");
    }
    try (Folder inside = Folder.in(on, "tocsin-bench-")) {
      StartBench bench = new StartBench(session, inside.path().resolve("node"), program);
      bench.found();
      bench.fill(statements);
      return bench.measure(statements, starts);
    }
  }

  private void found() throws IOException, Failure {
    Founding.Answers answers =
        new Founding.Answers(
            "Bench",
            "bench",
            NETWORK,
            HostPort.parseNumeric("127.0.0.1:" + FreePort.find()),
            Optional.empty(),
            HostPort.parseNumeric("127.0.0.1:" + FreePort.find()),
            List.of(),
            List.of());
    try {
      Founding.Founded _ =
          Founding.found(
              new NodeFolder(folder), answers, Optional.empty(), System.currentTimeMillis());
    } catch (KeyFileException e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  private void fill(int statements) throws IOException, InterruptedException, Failure {
    LargeLog content =
        new LargeLog(NetworkId.named(NETWORK), statements, System.currentTimeMillis());
    session.progress("a first start, for the anchors");
    try (Started node = start()) {
      int number = 0;
      for (Envelope anchor : content.anchors()) {
        String card = Cards.of(List.of(anchor));
        command("trust", "anchor", "add", card, "--as", "anchor-" + ++number);
      }
      node.stop();
    }
    try (RocksStatementLog log =
        RocksStatementLog.open(new NodeFolder(folder).data(), EnvelopeDecoder.SIGNED)) {
      content.write(
          log, statements, done -> session.progress(Progress.line("signed", done, statements)));
    }
  }

  private Map<String, Object> measure(int statements, int starts)
      throws IOException, InterruptedException, Failure {
    List<Long> millis = new ArrayList<>();
    List<Long> resident = new ArrayList<>();
    List<Long> most = new ArrayList<>();
    for (int number = 1; number <= starts; number++) {
      session.progress("start " + number + " of " + starts);
      try (Started node = start()) {
        millis.add(node.millis);
        String status = Files.readString(Path.of("/proc/" + node.process.pid() + "/status"));
        resident.add(megabytes(status, "VmRSS"));
        most.add(megabytes(status, "VmHWM"));
        String answer = command("log", "status", "-o", "json");
        if (!answer.contains("\"size\" : " + statements + ",")) {
          throw new Failure(ExitCode.FAILED, "the node holds another log: " + answer);
        }
        node.stop();
      }
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("processors", Runtime.getRuntime().availableProcessors());
    figures.put("statements", statements);
    figures.put("start_to_ready_millis", millis);
    figures.put("resident_mb_when_ready", resident);
    figures.put("resident_mb_at_most", most);
    return figures;
  }

  private static long megabytes(String status, String field) {
    return status
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10)
        .sum();
  }

  /// A node that has said `ready`.
  private static final class Started implements AutoCloseable {
    final Process process;
    final long millis;

    Started(Process process, long millis) {
      this.process = process;
      this.millis = millis;
    }

    void stop() throws InterruptedException, Failure {
      process.destroy();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new Failure(ExitCode.FAILED, "the node does not stop");
      }
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private Started start() throws IOException, InterruptedException, Failure {
    long begun = System.nanoTime();
    Process process =
        new ProcessBuilder(program, "run", "--dir", folder.toString(), "--set", TEST_ADDRESSES)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader said = process.errorReader();
    ArrayDeque<String> last = new ArrayDeque<>();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.equals("ready")) {
        Thread.ofVirtual().start(() -> said.lines().forEach(_ -> {}));
        return new Started(process, (System.nanoTime() - begun) / 1_000_000);
      }
      last.add(line);
      if (last.size() > 5) {
        last.remove();
      }
    }
    throw new Failure(
        ExitCode.FAILED,
        "the node ended with exit code %d before it was ready: %s"
            .formatted(process.waitFor(), Printable.line(String.join(" / ", last))));
  }

  /// Runs a command on the folder; what it printed.
  private String command(String... words) throws IOException, InterruptedException, Failure {
    List<String> all = new ArrayList<>(List.of(program));
    all.addAll(List.of(words));
    all.addAll(List.of("--dir", folder.toString()));
    Process process =
        new ProcessBuilder(all).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new Failure(
          ExitCode.FAILED, "%s: exit code %d".formatted(String.join(" ", words), code));
    }
    return out;
  }
}
