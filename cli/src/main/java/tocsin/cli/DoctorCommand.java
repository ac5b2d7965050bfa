package tocsin.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import tocsin.node.config.ConfigException;
import tocsin.node.config.ConfigFile;
import tocsin.node.config.ConfigProblem;
import tocsin.node.config.KeyFileException;
import tocsin.node.config.KeyFiles;
import tocsin.node.config.NodeConfig;
import tocsin.proto.NodeStatus;
import tocsin.proto.PeerView;
import tocsin.proto.ResolverTestStep;
import tocsin.storage.DiskSpace;

/// Looks at everything that has to be right before an alert can do its work here: the first command
/// for whoever is called at night.
@Command(
    name = "doctor",
    description = {
      "Look at configuration, keys, disk, node, peers and resolvers, and say what to change.",
      "Each resolver is tried with a canary name, as by \"resolver test\". Nothing is changed."
    },
    footer = {"", "Examples:", "  tocsin doctor", "  tocsin doctor -o json"})
final class DoctorCommand extends Action {
  private enum Verdict {
    OK("ok"),
    WARNING("warning"),
    WRONG("WRONG");

    private final String word;

    Verdict(String word) {
      this.word = word;
    }
  }

  /// @param attempt what to try; empty where all is well
  private record Finding(String about, Verdict verdict, String what, String attempt) {}

  private final List<Finding> findings = new ArrayList<>();

  @Override
  ExitCode run(Session session) throws Failure {
    Optional<NodeConfig> config = configuration(session);
    if (config.isPresent()) {
      keys(session);
      disk(config.get());
      node(session);
    }
    session.output().list(findings.stream().map(DoctorCommand::fields).toList(), this::table);
    return findings.stream().anyMatch(it -> it.verdict == Verdict.WRONG)
        ? ExitCode.PROBLEMS
        : ExitCode.OK;
  }

  private Optional<NodeConfig> configuration(Session session) throws Failure {
    String file = session.folder().configFile().toString();
    try {
      ConfigFile.Loaded loaded = session.loaded(Map.of());
      loaded.warnings().forEach(it -> add("configuration", Verdict.WARNING, it, ""));
      add("configuration", Verdict.OK, file + " is right", "");
      return Optional.of(loaded.config());
    } catch (Failure e) {
      if (e.getCause() instanceof ConfigException wrong) {
        for (ConfigProblem it : wrong.problems()) {
          add("configuration", Verdict.WRONG, it.where() + ": " + it.what(), it.attempt());
        }
        return Optional.empty();
      }
      throw e;
    }
  }

  /// The node's own key: it is the only one that the node cannot do without.
  private void keys(Session session) {
    Path key = session.folder().key("node");
    if (!Files.exists(key)) {
      add("keys", Verdict.WRONG, key + " is missing", "put it back from your second copy");
      return;
    }
    try {
      add("keys", Verdict.OK, "the node's key is " + KeyFiles.read(key, Optional.empty()).id(), "");
    } catch (KeyFileException e) {
      add("keys", Verdict.WRONG, String.valueOf(e.getMessage()), "");
    }
  }

  private void disk(NodeConfig config) {
    Path data = config.folder().data();
    if (!Files.exists(data)) {
      add("disk", Verdict.WARNING, data + " does not exist yet", "");
      return;
    }
    DiskSpace space = new DiskSpace(data, (long) config.log().minFreeMib() << 20);
    long free = space.usableBytes() >> 20;
    if (space.hasRoom()) {
      add("disk", Verdict.OK, free + " MiB are free for " + data, "");
    } else {
      add(
          "disk",
          Verdict.WRONG,
          "only " + free + " MiB are free for " + data + ": nothing new is accepted",
          "make room, or lower [log] min-free-mib");
    }
  }

  private void node(Session session) throws Failure {
    if (!session.nodeRuns()) {
      add("node", Verdict.WRONG, "no node runs on this folder", session.command("run"));
      return;
    }
    NodeStatus status = StatusCommand.status(session);
    add(
        "node",
        Verdict.OK,
        "runs since " + Words.time(status.getStartedAtMillis()) + ", mode " + status.getMode(),
        "");
    status.getWarningsList().forEach(it -> add("node", Verdict.WARNING, it, ""));
    peers(session);
    resolvers(session);
  }

  private void peers(Session session) throws Failure {
    List<PeerView> peers = PeerList.peers(session);
    long connected = peers.stream().filter(PeerView::getConnected).count();
    if (connected == 0) {
      add(
          "peers",
          Verdict.WRONG,
          "connected to nobody: no alert can arrive",
          session.command("peer add HOST:PORT"));
    } else {
      add("peers", Verdict.OK, connected + " connected", "");
    }
    for (PeerView peer : peers) {
      if (!peer.getConnected() && !peer.getLastError().isEmpty()) {
        add("peers", Verdict.WARNING, peer.getAddress() + ": " + peer.getLastError(), "");
      }
    }
  }

  private void resolvers(Session session) throws Failure {
    List<ResolverTestStep> steps = ResolverTest.steps(session, "");
    if (steps.isEmpty()) {
      add(
          "resolvers",
          Verdict.WARNING,
          "none is configured: alerts are passed on, and no answer is corrected",
          session.command("resolver stanza unbound"));
    }
    for (ResolverTestStep step : steps) {
      String about = "resolver " + step.getResolver();
      add(
          about,
          step.getOk() ? Verdict.OK : Verdict.WRONG,
          step.getStep() + (step.getDetail().isEmpty() ? "" : ": " + step.getDetail()),
          "");
    }
  }

  private void add(String about, Verdict verdict, String what, String attempt) {
    findings.add(new Finding(about, verdict, what, attempt));
  }

  private static Map<String, Object> fields(Finding finding) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.finding/v1");
    fields.put("about", finding.about);
    fields.put("verdict", finding.verdict.word.toLowerCase(Locale.ROOT));
    fields.put("what", finding.what);
    fields.put("try", finding.attempt);
    return fields;
  }

  private String table() {
    Table table = new Table("ABOUT", "", "WHAT");
    for (Finding it : findings) {
      table.row(it.about, it.verdict.word, Printable.line(it.what));
    }
    StringBuilder text = new StringBuilder(table.orElse(""));
    for (Finding it : findings) {
      if (!it.attempt.isEmpty()) {
        text.append("try: ").append(Printable.line(it.attempt)).append('\n');
      }
    }
    return text.toString();
  }
}
