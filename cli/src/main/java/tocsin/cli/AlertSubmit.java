package tocsin.cli;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tocsin.trust.Envelope;
import tocsin.trust.EnvelopeVerdict;
import tocsin.trust.Envelopes;
import tocsin.trust.Signatures;
import tocsin.trust.Statement;

@Command(
    name = "submit",
    description = "Hand a statement that was signed elsewhere (--offline) to this node.",
    footer = {"", "Examples:", "  tocsin alert submit override.envelope"})
final class AlertSubmit extends Action {
  @Parameters(paramLabel = "FILE", description = "The signed statement.")
  Path file = Path.of("");

  @Mixin Waiting waiting = new Waiting();

  @Override
  ExitCode run(Session session) throws Failure {
    waiting.check();
    Envelope envelope = read();
    Optional<Failure> refusal = submit(session, envelope);
    if (envelope.statement() instanceof Statement.Alert) {
      Waiting.Outcome outcome = waiting.await(session, envelope.id(), refusal);
      AlertAnswer.show(session, outcome.view());
      AlertTold.tellRefusal(session, outcome);
      return outcome.code();
    }
    String kind = envelope.statement().kind().word();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.statement/v1");
    fields.put("id", envelope.id().toString());
    fields.put("kind", kind);
    fields.put("state", "submitted");
    session.output().one(fields, () -> Table.fields(kind, envelope.id().toString()));
    return ExitCode.OK;
  }

  /// A refused alert is shown with the reason; a refused statement of another kind is a failure.
  private static Optional<Failure> submit(Session session, Envelope envelope) throws Failure {
    try {
      Signer.submit(session, envelope.wire());
      return Optional.empty();
    } catch (Failure e) {
      if (e.code() != ExitCode.REFUSED || !(envelope.statement() instanceof Statement.Alert)) {
        throw e;
      }
      return Optional.of(e);
    }
  }

  private Envelope read() throws Failure {
    try {
      if (Files.size(file) > Envelope.MAX_WIRE_BYTES) {
        throw Failure.usage(file + " is too large for a signed statement");
      }
      ByteString wire = ByteString.copyFrom(Files.readAllBytes(file));
      return switch (new Envelopes(new Signatures()).verify(wire)) {
        case EnvelopeVerdict.Valid valid -> valid.envelope();
        case EnvelopeVerdict.Malformed it -> throw refused(it.reason());
        case EnvelopeVerdict.BadSignature it -> throw refused(it.reason());
      };
    } catch (NoSuchFileException e) {
      throw Failure.usage("there is no file " + file).causedBy(e);
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, "cannot read " + file + ": " + e.getMessage()).causedBy(e);
    }
  }

  private Failure refused(String reason) {
    return new Failure(ExitCode.REFUSED, file + " is no signed statement: " + reason);
  }
}
