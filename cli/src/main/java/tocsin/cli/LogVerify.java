package tocsin.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tocsin.proto.VerifyLogRequest;
import tocsin.storage.LogCheck;
import tocsin.storage.LogExport;
import tocsin.storage.SignedNote;

@Command(
    name = "verify",
    description = {
      "Read and re-hash the whole log, and compare; also of a stopped node. With FILE: check an",
      "export, signatures and checkpoint included; that needs no node and no folder."
    },
    footer = {"", "Examples:", "  tocsin log verify", "  tocsin log verify log.tocsin"})
final class LogVerify extends Action {
  @Parameters(arity = "0..1", paramLabel = "FILE", description = "What `log export` wrote.")
  @Nullable Path file;

  /// Checks an export, with a bar on a terminal.
  static LogExport.Verified export(Session session, Path file) throws Failure {
    try (InputStream in = Files.newInputStream(file)) {
      LogExport.Verified verified =
          LogExport.verify(in, done -> session.progress("%,d statements checked".formatted(done)));
      session.endProgress();
      return verified;
    } catch (NoSuchFileException e) {
      throw new Failure(ExitCode.NOT_FOUND, "there is no file " + file).causedBy(e);
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, "cannot read " + file).causedBy(e);
    }
  }

  @Override
  ExitCode run(Session session) throws Failure {
    if (file != null) {
      LogExport.Verified verified = export(session, file);
      if (verified.damage().isPresent()) {
        throw new Failure(
            ExitCode.HALTED, "the export is not whole: " + Printable.line(verified.damage().get()));
      }
      return LogShown.tell(
          session,
          new LogShown.State(
              verified.size(),
              verified.root().toString(),
              true,
              "",
              verified.checkpoint().map(SignedNote::toString).orElse("")));
    }
    if (session.nodeRuns()) {
      VerifyLogRequest request = VerifyLogRequest.newBuilder().build();
      return LogShown.tell(
          session, LogShown.of(LogReadings.await(session, node -> node.verifyLog(request))));
    }
    return LogShown.tell(
        session,
        StoppedLog.read(
            session.folder(),
            log -> {
              LogCheck check =
                  log.verify(done ->
                      session.progress(Progress.line("statements checked", done, log.size())));
              session.endProgress();
              return new LogShown.State(
                  check.size(),
                  check.root().toString(),
                  check.ok(),
                  check.damage().orElse(""),
                  check.ok()
                      ? StoppedLog.checkpoint(log).map(SignedNote::toString).orElse("")
                      : "");
            }));
  }
}
