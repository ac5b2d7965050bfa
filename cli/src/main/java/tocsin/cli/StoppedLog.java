package tocsin.cli;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tocsin.node.config.NodeFolder;
import tocsin.node.config.SequenceBook.Last;
import tocsin.storage.Checkpoint;
import tocsin.storage.EnvelopeDecoder;
import tocsin.storage.LogEntry;
import tocsin.storage.LogFailure;
import tocsin.storage.RocksStatementLog;
import tocsin.storage.SignedNote;
import tocsin.trust.Envelope;
import tocsin.trust.KeyId;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.Statement;
import tocsin.trust.graph.TrustGraph;
import tocsin.trust.graph.TrustPolicy;

/// The log in the folder of a node that does not run.
final class StoppedLog {
  private static final int PORTION = 1_024;

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

  /// The versions of an organization's profile that a stopped node knew to be in force, from the
  /// genesis on; empty if there is no log.
  static List<Envelope> profiles(NodeFolder folder, NetworkId network, OrganizationId of)
      throws Failure {
    if (!Files.isDirectory(folder.data())) {
      return List.of();
    }
    return read(
        folder,
        log -> {
          TrustGraph graph = new TrustGraph(network, TrustPolicy.DEFAULT_SLOT_QUOTA);
          for (long from = 0; ; ) {
            List<LogEntry> portion = log.scan(from, PORTION);
            for (LogEntry entry : portion) {
              Envelope envelope = entry.envelope();
              if (envelope.statement() instanceof Statement.Profile
                  && envelope.issuer().equals(of)) {
                graph.add(envelope, entry.firstSeenMillis());
              }
            }
            if (portion.isEmpty()) {
              break;
            }
            from = portion.getLast().index() + 1;
          }
          List<Envelope> versions = new ArrayList<>();
          graph
              .profileIds(of)
              .forEach(id -> log.get(id).map(LogEntry::envelope).ifPresent(versions::add));
          return List.copyOf(versions);
        });
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
