package tocsin.cli;

import java.nio.file.Files;
import java.util.Optional;
import java.util.function.Function;
import tocsin.node.config.NodeFolder;
import tocsin.node.config.SequenceBook.Last;
import tocsin.storage.Checkpoint;
import tocsin.storage.EnvelopeDecoder;
import tocsin.storage.LogFailure;
import tocsin.storage.RocksStatementLog;
import tocsin.storage.SignedNote;
import tocsin.trust.KeyId;

/// The log in the folder of a node that does not run.
final class StoppedLog {
  private StoppedLog() {}

  /// The key's newest statement; empty if the log has none, or there is no log.
  static Optional<Last> lastOf(NodeFolder folder, KeyId key) throws Failure {
    if (!Files.isDirectory(folder.data())) {
      return Optional.empty();
    }
    return read(
        folder,
        log ->
            log.latestOf(key)
                .map(entry -> entry.envelope())
                .map(envelope -> Last.of(envelope.statement().header(), envelope.id())));
  }

  /// The newest checkpoint that the node signed of this log; empty if none. A log that was restored
  /// still has the last one of the log that was backed up, which is another one.
  static Optional<SignedNote> checkpoint(RocksStatementLog log) {
    return log.recall("checkpoint")
        .map(SignedNote::parse)
        .filter(note -> Checkpoint.of(note).log().equals(log.id()));
  }

  /// @throws Failure with exit code 3 if there is no log, it is in use, or it is damaged
  static <T> T read(NodeFolder folder, Function<RocksStatementLog, T> question) throws Failure {
    try (RocksStatementLog log =
        RocksStatementLog.openReadOnly(folder.data(), EnvelopeDecoder.SIGNED)) {
      return question.apply(log);
    } catch (LogFailure e) {
      throw new Failure(ExitCode.HALTED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }
}
