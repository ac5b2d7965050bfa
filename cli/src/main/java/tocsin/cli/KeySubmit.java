package tocsin.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tocsin.proto.Envelope;
import tocsin.trust.KeyId;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

@Command(
    name = "submit",
    description = "Hand a request that has all its signatures to this node.",
    footer = {"", "Examples:", "  tocsin key submit request.tocsin"})
final class KeySubmit extends Action {
  @Parameters(paramLabel = "FILE", description = "What came back from 'key sign'.")
  Path file = Path.of("");

  @Override
  ExitCode run(Session session) throws Failure {
    Envelope request = RootSigning.read(session, file);
    Statement statement = RootSigning.statement(request);
    List<KeyId> missing = RootSigning.missing(request, statement);
    if (!missing.isEmpty()) {
      throw new Failure(
              ExitCode.FAILED, "it still needs the signatures of " + RootSigning.shown(missing))
          .tryThis("tocsin key sign " + Words.quoted(file.toString()) + " --key FILE");
    }
    StatementId id = Signer.submit(session, request.toByteString());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.statement/v1");
    fields.put("id", id.toString());
    fields.put("kind", statement.kind().word());
    fields.put("state", "submitted");
    session.output().one(fields, () -> Table.fields(statement.kind().word(), id.toString()));
    return ExitCode.OK;
  }
}
