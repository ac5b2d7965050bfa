package tocsin.node.control;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import tocsin.node.core.NodeCore;
import tocsin.node.core.NodeView;
import tocsin.node.core.Witnesses;
import tocsin.node.loop.NodeLoop;
import tocsin.proto.BackupLogRequest;
import tocsin.proto.LogProgress;
import tocsin.proto.LogReading;
import tocsin.proto.LogStatus;
import tocsin.proto.ProveStatementRequest;
import tocsin.proto.ShowLogReply;
import tocsin.proto.ShowLogRequest;
import tocsin.proto.StatementProof;
import tocsin.storage.Checkpoint;
import tocsin.storage.EnvelopeDecoder;
import tocsin.storage.LogCheck;
import tocsin.storage.LogEntry;
import tocsin.storage.LogFailure;
import tocsin.storage.RocksStatementLog;
import tocsin.storage.SignedNote;
import tocsin.storage.StatementLog;
import tocsin.trust.StatementId;

/// The log, looked at and re-hashed.
public final class LogAnswers {
  private static final int USUAL_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;

  /// As often as somebody who looks at it can see.
  private static final long NEWS_NANOS = 100_000_000;

  LogStatus status(NodeCore core) {
    StatementLog log = core.view().log();
    return LogStatus.newBuilder()
        .setSize(log.size())
        .setRoot(log.root().toByteString())
        .setOk(true)
        .setLogId(log.id().bytes())
        .setRefused(log.refusedCount())
        .mergeFrom(witnessed(core))
        .build();
  }

  private static LogStatus witnessed(NodeCore core) {
    LogStatus.Builder status = LogStatus.newBuilder();
    core.witnesses()
        .ifPresent(it -> {
          it.checkpoint().ifPresent(note -> status.setCheckpoint(note.toString()));
          status.setFreshOrganizations(it.fresh()).setRequiredOrganizations(it.required());
          it.exposed().forEach(log -> status.addExposed(log.bytes()));
          it.clockOffsetMillis().ifPresent(status::setClockOffsetMillis);
        });
    return status.build();
  }

  /// Re-hashes the whole log. Not on the loop's thread: it takes as long as the log is large.
  ///
  /// @param news is told how far it is, and last what was found
  void verify(StatementLog log, Optional<SignedNote> checkpoint, Consumer<LogReading> news) {
    LogCheck check = log.verify(progress(log.size(), news));
    LogStatus found =
        LogStatus.newBuilder()
            .setSize(check.size())
            .setRoot(check.root().toByteString())
            .setOk(check.ok())
            .setDamage(check.damage().orElse(""))
            .setLogId(log.id().bytes())
            .setCheckpoint(checkpoint.map(SignedNote::toString).orElse(""))
            .build();
    news.accept(LogReading.newBuilder().setFound(found).build());
  }

  private static LongConsumer progress(long size, Consumer<LogReading> news) {
    long[] told = {System.nanoTime()};
    return done -> {
      if (System.nanoTime() - told[0] > NEWS_NANOS) {
        told[0] = System.nanoTime();
        LogProgress progress = LogProgress.newBuilder().setDone(done).setSize(size).build();
        news.accept(LogReading.newBuilder().setProgress(progress).build());
      }
    };
  }

  /// @throws Refusal if there is no such statement, or no checkpoint covers it yet
  StatementProof prove(NodeCore core, ProveStatementRequest request) {
    StatementLog log = core.view().log();
    StatementId id;
    try {
      id = StatementId.fromBytes(request.getId());
    } catch (IllegalArgumentException e) {
      throw Refusal.badInput("the id of a statement has 32 bytes");
    }
    LogEntry entry =
        log.get(id).orElseThrow(() -> Refusal.notFound("the log holds no such statement"));
    Witnesses witnesses =
        core.witnesses().orElseThrow(() -> Refusal.unavailable("this node signs no checkpoints"));
    SignedNote note =
        witnesses
            .checkpoint()
            .filter(it -> Checkpoint.of(it).head().size() > entry.index())
            .orElseThrow(() ->
                Refusal.unavailable(
                    "no signed checkpoint covers this statement yet; one is signed twice a minute"));
    StatementProof.Builder proof =
        StatementProof.newBuilder()
            .setEntry(Protos.entry(entry))
            .setCheckpoint(note.toString())
            .setNode(witnesses.node().key());
    witnesses.nodes().forEach(node -> proof.addWitnesses(node.key()));
    log.inclusionProof(entry.index(), Checkpoint.of(note).head().size())
        .forEach(hash -> proof.addPath(hash.toByteString()));
    return proof.build();
  }

  /// Copies the log between two turns, then reads the copy back; not on the loop's thread.
  ///
  /// @throws Refusal if the folder cannot be had
  void backup(NodeLoop loop, BackupLogRequest request, Consumer<LogReading> news) {
    Path target = Path.of(request.getFolder());
    if (!target.isAbsolute()) {
      throw Refusal.badInput("the folder of a backup is named by its absolute path");
    }
    if (Files.exists(target.resolve("statements"))) {
      throw Refusal.badInput("there is something in " + target + " already");
    }
    try {
      boolean copied =
          loop.ask(core -> {
            if (core.view().log() instanceof RocksStatementLog log) {
              log.backup(target);
              return true;
            }
            return false;
          });
      if (!copied) {
        throw Refusal.unavailable("this node keeps its log in memory");
      }
      try (RocksStatementLog copy =
          RocksStatementLog.openReadOnly(target, EnvelopeDecoder.SIGNED)) {
        verify(copy, Optional.empty(), news);
      }
    } catch (LogFailure e) {
      throw Refusal.unavailable(String.valueOf(e.getMessage()));
    }
  }

  ShowLogReply show(NodeCore core, ShowLogRequest request) {
    NodeView view = core.view();
    int limit = Math.min(request.getLimit() == 0 ? USUAL_LIMIT : request.getLimit(), MAX_LIMIT);
    ShowLogReply.Builder reply = ShowLogReply.newBuilder();
    if (request.getRefused()) {
      view.log().refused(limit).forEach(refused -> reply.addEntries(Protos.refused(refused)));
    } else {
      view.log().scan(request.getFrom(), limit).forEach(it -> reply.addEntries(Protos.entry(it)));
    }
    return reply.build();
  }
}
