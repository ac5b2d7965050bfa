package tocsin.cli;

import java.time.Duration;
import picocli.CommandLine.Command;
import tocsin.proto.VerifyLogRequest;
import tocsin.storage.LogCheck;

@Command(
    name = "verify",
    description = "Read and re-hash the whole log, and compare; also of a stopped node.",
    footer = {"", "Examples:", "  tocsin log verify"})
final class LogVerify extends Action {
  /// A million statements and a slow disk.
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @Override
  ExitCode run(Session session) throws Failure {
    if (session.nodeRuns()) {
      VerifyLogRequest request = VerifyLogRequest.newBuilder().build();
      return LogShown.tell(
          session, LogShown.of(session.node().call(PATIENCE, node -> node.verifyLog(request))));
    }
    LogCheck check = StoppedLog.read(session.folder(), log -> log.verify());
    return LogShown.tell(
        session,
        new LogShown.State(
            check.size(), check.root().toString(), check.ok(), check.damage().orElse("")));
  }
}
