package tocsin.cli;

import picocli.CommandLine.Command;
import tocsin.proto.GetLogStatusRequest;
import tocsin.storage.SignedNote;

@Command(
    name = "status",
    description = "How many statements the log holds, and its Merkle root; also of a stopped node.",
    footer = {"", "Examples:", "  tocsin log status -o json"})
final class LogStatus extends Action {
  @Override
  ExitCode run(Session session) throws Failure {
    if (session.nodeRuns()) {
      GetLogStatusRequest request = GetLogStatusRequest.newBuilder().build();
      return LogShown.tell(
          session, LogShown.of(session.node().call(node -> node.getLogStatus(request))));
    }
    return LogShown.tell(
        session,
        StoppedLog.read(
            session.folder(),
            log ->
                new LogShown.State(
                    log.size(),
                    log.root().toString(),
                    true,
                    "",
                    StoppedLog.checkpoint(log).map(SignedNote::toString).orElse(""))));
  }
}
