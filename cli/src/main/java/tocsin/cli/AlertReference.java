package tocsin.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tocsin.proto.AlertView;
import tocsin.proto.GetAlertRequest;
import tocsin.trust.StatementId;

/// An alert as people name it: its id, or the beginning of it.
final class AlertReference {
  private AlertReference() {}

  static AlertView find(Session session, String text) throws Failure {
    try {
      return session
          .node()
          .call(node -> node.getAlert(GetAlertRequest.newBuilder().setId(text).build()));
    } catch (Failure e) {
      throw e.code() == ExitCode.NOT_FOUND ? e.tryThis(session.command("alert list")) : e;
    }
  }

  /// A full id is taken as it is, so that it works without a node.
  static StatementId id(Session session, String text) throws Failure {
    if (text.matches("[0-9a-fA-F]{64}")) {
      return StatementId.fromHex(text);
    }
    if (!text.matches("[0-9a-fA-F]{4,63}")) {
      throw Failure.usage("\"" + text + "\" is no id: 4 to 64 hexadecimal digits")
          .tryThis(session.command("alert list"));
    }
    return StatementId.fromBytes(find(session, text).getId());
  }

  static Optional<StatementId> optional(Session session, @Nullable String text) throws Failure {
    return text == null ? Optional.empty() : Optional.of(id(session, text));
  }
}
