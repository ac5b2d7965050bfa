package tocsin.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tocsin.cli.demo.ProcessMemory;
import tocsin.node.config.HostPort;
import tocsin.node.config.KeyFileException;
import tocsin.node.config.NodeFolder;
import tocsin.proto.AddAnchorRequest;
import tocsin.proto.AnchorView;
import tocsin.storage.EnvelopeDecoder;
import tocsin.storage.RocksStatementLog;
import tocsin.trust.Envelope;
import tocsin.trust.NetworkId;

/// A node of a benchmark: its folder, and the node on it as a process of its own, started by the
/// program that this one was called by, as its operator does.
final class BenchNode {
  static final String NETWORK = "bench";

  /// The corrections of an invented log point to addresses for examples.
  private static final String TEST_ADDRESSES = "policy.allow-special-purpose-addresses=true";

  private static final long PATIENCE_SECONDS = 600;

  /// From a node's last answer to its end.
  private static final long ENDING_MILLIS = 500;

  /// Of what a node says, so much is told when it ends by itself.
  private static final int LAST_LINES = 5;

  private final NodeFolder folder;
  private final String program;
  private final HostPort gossip;
  private final String card;
  private final List<String> settings;

  private BenchNode(
      NodeFolder folder, String program, HostPort gossip, String card, List<String> settings) {
    this.folder = folder;
    this.program = program;
    this.gossip = gossip;
    this.card = card;
    this.settings = settings;
  }

  /// The program that this one was called by.
  ///
  /// @param command what to type, for a person who is told that it is not known
  static String program(Session session, String command) throws Failure {
    String program = session.world().environment().getOrDefault("TOCSIN_PROGRAM", "");
    if (program.isEmpty()) {
      throw new Failure(ExitCode.FAILED, "it is not known by which program to start a node")
          .because("TOCSIN_PROGRAM is not set, which the launcher sets")
          .tryThis(command);
    }
    return program;
  }

  /// A new organization with one node, which knows nobody.
  ///
  /// @param settings of the configuration, `KEY=VALUE`, as after `--set`
  static BenchNode found(Path folder, String program, String name, List<String> settings)
      throws IOException, Failure {
    HostPort gossip = HostPort.parseNumeric("127.0.0.1:" + FreePort.find());
    Founding.Answers answers =
        new Founding.Answers(
            name,
            name,
            NETWORK,
            gossip,
            Optional.empty(),
            HostPort.parseNumeric("127.0.0.1:" + FreePort.find()),
            List.of(),
            List.of());
    NodeFolder inside = new NodeFolder(folder);
    try {
      Founding.Founded founded =
          Founding.found(inside, answers, Optional.empty(), System.currentTimeMillis());
      List<String> all = new ArrayList<>(settings);
      all.add(TEST_ADDRESSES);
      return new BenchNode(inside, program, gossip, founded.card(), List.copyOf(all));
    } catch (KeyFileException e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  NodeFolder folder() {
    return folder;
  }

  /// Where others dial it.
  HostPort gossip() {
    return gossip;
  }

  /// Its organization's.
  String card() {
    return card;
  }

  /// Writes a large log into the folder of the node, which does not run, and makes the log's
  /// anchors its own.
  LargeLog fill(Session session, int statements) throws IOException, InterruptedException, Failure {
    LargeLog content =
        new LargeLog(NetworkId.named(NETWORK), statements, System.currentTimeMillis());
    session.progress("a first start, for the anchors");
    try (Started node = start()) {
      node.anchors(content);
      node.stop();
    }
    try (RocksStatementLog log = RocksStatementLog.open(folder.data(), EnvelopeDecoder.SIGNED)) {
      content.write(
          log, statements, done -> session.progress(Progress.line("signed", done, statements)));
    }
    return content;
  }

  /// A node that has said `ready`.
  final class Started implements AutoCloseable {
    private final Process process;
    private final long millis;
    private final ArrayDeque<String> last;

    private Started(Process process, long millis, ArrayDeque<String> last) {
      this.process = process;
      this.millis = millis;
      this.last = last;
    }

    /// From the start to `ready`.
    long millisToReady() {
      return millis;
    }

    /// One of the fields of `/proc/PID/status` that are in kilobytes; in megabytes.
    long megabytes(String field) throws IOException {
      return ProcessMemory.kilobytes(process.pid(), field) >> 10;
    }

    /// @throws Failure with its last words, if it has ended by itself
    void requireAlive() throws InterruptedException, Failure {
      if (process.waitFor(ENDING_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new Failure(
            ExitCode.FAILED,
            "the node in %s ended with exit code %d: %s"
                .formatted(folder.directory(), process.exitValue(), said(last)));
      }
    }

    NodeClient client() throws Failure {
      return NodeClient.connect(
          folder.directory().resolve("control.sock"), words -> program + " " + words);
    }

    /// The anchors of an invented log, by their cards.
    void anchors(LargeLog content) throws Failure {
      int number = 0;
      for (Envelope anchor : content.anchors()) {
        anchor(Cards.of(List.of(anchor)), "anchor-" + ++number);
      }
    }

    void anchor(String card, String name) throws Failure {
      AddAnchorRequest request =
          AddAnchorRequest.newBuilder().setOrganization(card).setName(name).build();
      try (NodeClient client = client()) {
        AnchorView _ = client.call(node -> node.addAnchor(request));
      }
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

  private static String said(ArrayDeque<String> last) {
    synchronized (last) {
      return Printable.line(String.join(" / ", last));
    }
  }

  Started start() throws IOException, InterruptedException, Failure {
    long begun = System.nanoTime();
    List<String> words =
        new ArrayList<>(List.of(program, "run", "--dir", folder.directory().toString()));
    settings.forEach(setting -> words.addAll(List.of("--set", setting)));
    Process process =
        new ProcessBuilder(words).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader errors = process.errorReader();
    ArrayDeque<String> last = new ArrayDeque<>();
    for (String line = errors.readLine(); line != null; line = errors.readLine()) {
      if (line.equals("ready")) {
        Thread.ofVirtual().start(() -> errors.lines().forEach(said -> keep(last, said)));
        return new Started(process, (System.nanoTime() - begun) / 1_000_000, last);
      }
      keep(last, line);
    }
    throw new Failure(
        ExitCode.FAILED,
        "the node ended with exit code %d before it was ready: %s"
            .formatted(process.waitFor(), said(last)));
  }

  private static void keep(ArrayDeque<String> last, String line) {
    synchronized (last) {
      last.add(line);
      if (last.size() > LAST_LINES) {
        last.remove();
      }
    }
  }

  /// Runs a command on the folder; what it printed.
  String command(String... words) throws IOException, InterruptedException, Failure {
    List<String> all = new ArrayList<>(List.of(program));
    all.addAll(List.of(words));
    all.addAll(List.of("--dir", folder.directory().toString()));
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
