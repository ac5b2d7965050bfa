package tocsin.cli;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.proto.ExplainRequest;
import tocsin.proto.Explanation;
import tocsin.proto.GetAlertRequest;
import tocsin.proto.LogEntryView;
import tocsin.proto.ProveStatementRequest;
import tocsin.proto.StatementProof;
import tocsin.trust.StatementId;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "prove",
    description = {
      "Write a proof that a statement is in this node's log: the statement, its place, the signed",
      "checkpoint with the witnesses' cosignatures, and who vouched for whom. `log check` checks it",
      "anywhere."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin log prove 3f9a17c2 --out alert.proof",
      "  tocsin log check alert.proof"
    })
final class LogProve extends Action {
  @Parameters(paramLabel = "ID", description = "An alert, or the full id of any statement.")
  String id = "";

  @Option(names = "--out", paramLabel = "FILE", description = "Default: ID.proof here.")
  @Nullable Path out;

  @Override
  ExitCode run(Session session) throws Failure {
    ByteString full = fullId(session);
    ProveStatementRequest request = ProveStatementRequest.newBuilder().setId(full).build();
    StatementProof proof = session.node().call(node -> node.proveStatement(request));
    Map<String, Object> explanation = new LinkedHashMap<>();
    List<ByteString> behind = new ArrayList<>();
    if (proof.getEntry().getKind().equals("alert")) {
      ExplainRequest asked = ExplainRequest.newBuilder().setSubject(Words.hex(full)).build();
      Explanation why = session.node().call(node -> node.explain(asked));
      explanation.putAll(ExplanationShown.fields(why));
      behind.addAll(behind(session, proof, why));
    }
    Path file = out == null ? Path.of(Words.brief(full) + ".proof") : out;
    String text =
        JsonMapper.builder()
            .configure(SerializationFeature.INDENT_OUTPUT, true)
            .build()
            .writeValueAsString(StatementProofFile.fields(proof, behind, explanation));
    try {
      Files.writeString(file, text + "\n");
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, "cannot write " + file).causedBy(e);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.log-proof/v1");
    fields.put("id", Words.hex(full));
    fields.put("file", file.toString());
    session
        .output()
        .one(
            fields,
            () ->
                "written to %s; %s log check %s".formatted(file, session.world().program(), file));
    return ExitCode.OK;
  }

  private ByteString fullId(Session session) throws Failure {
    if (id.matches("[0-9a-fA-F]{64}")) {
      return StatementId.fromHex(id).toByteString();
    }
    GetAlertRequest request = GetAlertRequest.newBuilder().setId(id).build();
    return session.node().call(node -> node.getAlert(request)).getId();
  }

  /// Profiles and vouches of the organizations on the paths, and endorsements of the alert.
  private static List<ByteString> behind(Session session, StatementProof proof, Explanation why)
      throws Failure {
    TreeSet<String> organizations = new TreeSet<>();
    why.getPathsList()
        .forEach(
            path -> path.getOrganizationsList().forEach(it -> organizations.add(Words.hex(it))));
    organizations.add(Words.hex(proof.getEntry().getIssuer()));
    List<ByteString> behind = new ArrayList<>();
    LogPages.each(
        session,
        (LogEntryView entry) -> {
          boolean wanted =
              switch (entry.getKind()) {
                case "profile", "vouch", "endorsement" ->
                    organizations.contains(Words.hex(entry.getIssuer()));
                default -> false;
              };
          if (wanted) {
            behind.add(entry.getEnvelope().toByteString());
          }
        });
    return behind;
  }
}
