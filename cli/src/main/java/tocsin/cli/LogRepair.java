package tocsin.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tocsin.storage.EnvelopeDecoder;
import tocsin.storage.LogCopies;
import tocsin.storage.LogFailure;

@Command(
    name = "repair",
    description = {
      "Of a stopped node whose log is damaged: move the log aside and begin a new one, with the",
      "anchors and peers of the old one where they can still be read. The statements come from the",
      "peers when the node runs."
    },
    footer = {"", "Examples:", "  tocsin log repair --from-peers"})
final class LogRepair extends Action {
  /// Facts about the old log: where peers are to be resumed, what was signed of it.
  private static final List<String> DROPPED = List.of("cursor/", "checkpoint");

  @Option(names = "--from-peers", required = true, description = "The only way there is.")
  boolean fromPeers;

  @Override
  ExitCode run(Session session) throws Failure {
    if (session.nodeRuns()) {
      throw new Failure(ExitCode.FAILED, "the node runs").tryThis("stop it first");
    }
    session.confirm("The log is moved aside, and the node begins a new one.", "repair");
    try {
      LogCopies.Begun begun =
          LogCopies.beginAnew(session.folder().data(), DROPPED, EnvelopeDecoder.SIGNED);
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("schema", "tocsin.log-repair/v1");
      fields.put("aside", begun.aside().toString());
      fields.put("facts", begun.facts());
      fields.put("lost", begun.lost().orElse(""));
      session.output().one(fields, () -> text(session, begun));
      return begun.lost().isEmpty() ? ExitCode.OK : ExitCode.PARTIAL;
    } catch (LogFailure e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  private static String text(Session session, LogCopies.Begun begun) {
    String facts =
        begun.lost().isEmpty()
            ? begun.facts() + " facts (anchors, peers, serials) were taken over"
            : "anchors and peers could not be read: add them again with `"
                + session.command("trust anchor add CARD --as NAME")
                + "`";
    return "the old log is in %s\n%s\nnext: %s\n"
        .formatted(begun.aside(), facts, session.command("run"));
  }
}
