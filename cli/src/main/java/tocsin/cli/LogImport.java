package tocsin.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tocsin.proto.SubmitReply;
import tocsin.proto.SubmitRequest;
import tocsin.storage.LogExport;

@Command(
    name = "import",
    description = {
      "Hand the statements of an export to the running node, which judges each as if a peer had",
      "sent it. For a site that no network reaches."
    },
    footer = {"", "Examples:", "  tocsin log import log.tocsin"})
final class LogImport extends Action {
  @Parameters(paramLabel = "FILE", description = "What `log export` wrote.")
  Path file = Path.of("");

  private long taken;
  private long known;
  private long refused;

  @Override
  ExitCode run(Session session) throws Failure {
    LogExport.Verified verified = LogVerify.export(session, file);
    if (verified.damage().isPresent()) {
      throw new Failure(ExitCode.PROBLEMS, "the export is damaged, nothing was taken")
          .because(Printable.line(verified.damage().get()));
    }
    Failure[] failed = new Failure[1];
    try (InputStream in = Files.newInputStream(file)) {
      LogExport.Header _ =
          LogExport.read(
              in,
              (index, _, wire) -> {
                if (failed[0] != null) {
                  return;
                }
                try {
                  submit(session, tocsin.proto.Envelope.parseFrom(wire));
                } catch (Failure e) {
                  failed[0] = e;
                }
                session.progress(Progress.line("statements", index + 1, verified.size()));
              });
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, "cannot read " + file).causedBy(e);
    }
    session.endProgress();
    if (failed[0] != null) {
      throw failed[0];
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.log-import/v1");
    fields.put("taken", taken);
    fields.put("known", known);
    fields.put("refused", refused);
    session
        .output()
        .one(
            fields,
            () ->
                Table.fields(
                    "taken", Long.toString(taken),
                    "known", Long.toString(known),
                    "refused", Long.toString(refused)));
    return refused == 0 ? ExitCode.OK : ExitCode.PARTIAL;
  }

  private void submit(Session session, tocsin.proto.Envelope envelope) throws Failure {
    SubmitRequest request = SubmitRequest.newBuilder().setEnvelope(envelope).build();
    try {
      SubmitReply reply = session.node().call(node -> node.submit(request));
      if (reply.getDuplicate()) {
        known++;
      } else {
        taken++;
      }
    } catch (Failure e) {
      if (e.code() != ExitCode.REFUSED && e.code() != ExitCode.USAGE) {
        throw e;
      }
      refused++;
    }
  }
}
