package tocsin.node.control;

import tocsin.node.core.NodeCore;
import tocsin.node.core.NodeView;
import tocsin.proto.LogStatus;
import tocsin.proto.ShowLogReply;
import tocsin.proto.ShowLogRequest;
import tocsin.storage.LogCheck;
import tocsin.storage.StatementLog;

/// The log, looked at and re-hashed.
public final class LogAnswers {
  private static final int USUAL_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;

  LogStatus status(NodeCore core) {
    StatementLog log = core.view().log();
    return LogStatus.newBuilder()
        .setSize(log.size())
        .setRoot(log.root().toByteString())
        .setOk(true)
        .setLogId(log.id().bytes())
        .setRefused(log.refusedCount())
        .build();
  }

  /// Re-hashes the whole log. Not on the loop's thread: it takes as long as the log is large.
  LogStatus verify(StatementLog log) {
    LogCheck check = log.verify();
    return LogStatus.newBuilder()
        .setSize(check.size())
        .setRoot(check.root().toByteString())
        .setOk(check.ok())
        .setDamage(check.damage().orElse(""))
        .setLogId(log.id().bytes())
        .build();
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
