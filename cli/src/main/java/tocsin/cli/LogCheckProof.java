package tocsin.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tocsin.storage.HistoryProof;
import tocsin.trust.Signatures;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "check",
    description = {
      "Check a proof: of a statement (`log prove`), or that a node served two histories of its log",
      "(a file in data/evidence/). Needs no node and no folder."
    },
    footer = {"", "Examples:", "  tocsin log check alert.proof"})
final class LogCheckProof extends Action {
  @Parameters(paramLabel = "FILE", description = "The proof.")
  Path file = Path.of("");

  @Override
  ExitCode run(Session session) throws Failure {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new Failure(ExitCode.NOT_FOUND, "cannot read " + file).causedBy(e);
    }
    try {
      return HistoryProof.isOne(text)
          ? history(session, HistoryProof.parse(text, new Signatures()))
          : statement(
              session, StatementProofFile.check(JsonMapper.builder().build().readTree(text)));
    } catch (IllegalArgumentException e) {
      throw new Failure(
              ExitCode.PROBLEMS, "the proof does not hold: " + Printable.line(e.getMessage() + ""))
          .causedBy(e);
    } catch (JacksonException e) {
      throw new Failure(ExitCode.PROBLEMS, "the file is no proof").causedBy(e);
    }
  }

  private static ExitCode history(Session session, HistoryProof proof) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.log-check/v1");
    fields.put("kind", "history");
    fields.put("ok", true);
    fields.put("node", proof.node().id().toString());
    fields.put("log", proof.log().toString());
    fields.put("shows", proof.sentence());
    session
        .output()
        .one(
            fields,
            () ->
                Table.fields(
                    "proof", "holds",
                    "node", proof.node().id().toString(),
                    "log", proof.log().toString(),
                    "shows", proof.sentence()));
    return ExitCode.OK;
  }

  private static ExitCode statement(Session session, StatementProofFile.Shown shown) {
    var head = shown.checkpoint().checkpoint().head();
    String kind = shown.statement().statement().kind().word();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.log-check/v1");
    fields.put("kind", "statement");
    fields.put("ok", true);
    fields.put("id", shown.statement().id().toString());
    fields.put("statement", kind);
    fields.put("issuer", shown.statement().issuer().toString());
    fields.put("index", shown.index());
    fields.put("first_seen", Words.exactTime(shown.firstSeenMillis()));
    fields.put("node", shown.node().id().toString());
    fields.put("size", head.size());
    fields.put("root", head.root().toString());
    fields.put("signed_at", Words.exactTime(shown.checkpoint().atMillis()));
    fields.put("cosignatures", shown.cosignatures());
    fields.put("vouches", shown.vouches());
    session
        .output()
        .one(
            fields,
            () ->
                Table.fields(
                        "proof",
                        "holds",
                        "statement",
                        kind + " " + shown.statement().id(),
                        "issuer",
                        shown.statement().issuer().toString(),
                        "seen",
                        Words.exactTime(shown.firstSeenMillis()) + ", index " + shown.index(),
                        "node",
                        shown.node().id().toString(),
                        "signed",
                        Words.exactTime(shown.checkpoint().atMillis()),
                        "witnesses",
                        shown.cosignatures() + " with good cosignatures")
                    + String.join("", shown.vouches().stream().map(it -> it + "\n").toList()));
    return ExitCode.OK;
  }
}
