package tocsin.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.Optional;
import tocsin.proto.AlertView;
import tocsin.proto.Endorsement;
import tocsin.proto.LogEntryView;
import tocsin.proto.ShowLogRequest;
import tocsin.trust.StatementId;
import tocsin.trust.StatementKind;

/// What a person means who names an alert to be recalled: the alert itself, if it is the
/// organization's own, else the organization's endorsement of it.
///
/// @param statement what the recall names
/// @param about the alert, if one was named, else the statement
record Recallable(StatementId statement, StatementId about) {
  /// Of the largest statements so many still fit a message of the control interface (4 MiB).
  private static final int PAGE = 200;

  /// A full id that is no alert's is taken as it is: an endorsement may be named, too.
  static Recallable find(Session session, String text) throws Failure {
    StatementId id = AlertReference.id(session, text);
    if (!session.nodeRuns()) {
      return new Recallable(id, id);
    }
    AlertView alert;
    try {
      alert = AlertReference.find(session, id.toString());
    } catch (Failure e) {
      if (e.code() == ExitCode.NOT_FOUND) {
        return new Recallable(id, id);
      }
      throw e;
    }
    ByteString own = OwnProfile.organization(session.folder()).toByteString();
    if (alert.getSubmitter().equals(own) || !alert.getEndorsersList().contains(own)) {
      // Neither submitter nor endorser: the node says why it is refused.
      return new Recallable(id, id);
    }
    return new Recallable(endorsement(session, alert, own).orElse(id), id);
  }

  /// The newest endorsement of the alert by this organization. The log is read from the alert on:
  /// what endorses it usually came after it; if it came before, the log is read from its beginning.
  private static Optional<StatementId> endorsement(Session session, AlertView alert, ByteString own)
      throws Failure {
    Optional<StatementId> after = endorsement(session, alert, own, alert.getLogIndex());
    return after.isPresent() ? after : endorsement(session, alert, own, 0);
  }

  private static Optional<StatementId> endorsement(
      Session session, AlertView alert, ByteString own, long from) throws Failure {
    Optional<StatementId> found = Optional.empty();
    for (long index = from; ; ) {
      ShowLogRequest request = ShowLogRequest.newBuilder().setFrom(index).setLimit(PAGE).build();
      List<LogEntryView> page = session.node().call(node -> node.showLog(request)).getEntriesList();
      if (page.isEmpty()) {
        return found;
      }
      for (LogEntryView entry : page) {
        if (entry.getIssuer().equals(own) && endorses(entry, alert.getId())) {
          found = Optional.of(StatementId.fromBytes(entry.getId()));
        }
      }
      index = page.getLast().getIndex() + 1;
    }
  }

  private static boolean endorses(LogEntryView entry, ByteString alert) {
    String type = StatementKind.ENDORSEMENT.payloadType();
    try {
      return entry.getEnvelope().getPayloadType().equals(type)
          && Endorsement.parseFrom(entry.getEnvelope().getBody()).getAlert().equals(alert);
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }
}
