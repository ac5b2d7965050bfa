package tocsin.cli;

import java.time.Duration;
import java.util.Iterator;
import java.util.function.Function;
import tocsin.proto.ControlGrpc;
import tocsin.proto.LogReading;
import tocsin.proto.LogStatus;

/// A running node reads a log from its first statement to its last, and says how far it is.
final class LogReadings {
  /// A million statements and a slow disk.
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private LogReadings() {}

  /// What the node found, with a bar on a terminal meanwhile.
  ///
  /// @throws Failure with exit code 7 if it takes too long
  static LogStatus await(
      Session session, Function<ControlGrpc.ControlBlockingStub, Iterator<LogReading>> rpc)
      throws Failure {
    LogStatus[] found = {LogStatus.getDefaultInstance()};
    boolean done =
        session
            .node()
            .watch(
                PATIENCE,
                rpc,
                (LogReading news) -> {
                  if (news.hasProgress()) {
                    session.progress(
                        Progress.line(
                            "statements checked",
                            news.getProgress().getDone(),
                            news.getProgress().getSize()));
                  } else {
                    found[0] = news.getFound();
                  }
                  return news.hasFound();
                });
    session.endProgress();
    if (!done) {
      throw new Failure(
          ExitCode.PARTIAL,
          "the node had not read all of the log after %d minutes".formatted(PATIENCE.toMinutes()));
    }
    return found[0];
  }
}
