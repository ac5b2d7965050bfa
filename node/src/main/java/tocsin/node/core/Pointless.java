package tocsin.node.core;

import java.util.Optional;
import tocsin.storage.LogEntry;
import tocsin.storage.StatementLog;
import tocsin.trust.Envelope;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// What an operator hands in that could do nothing: it speaks of a statement that is not here, or
/// confirms the organization's own word. From a peer such statements are taken (what they speak of
/// may still come, and order must not matter); an operator is told of the slip of the pen instead
/// of believing that something was stopped.
final class Pointless {
  private Pointless() {}

  /// Why, as an answer; empty if it has a point.
  static Optional<Effect.Answer> reason(Envelope envelope, StatementLog log) {
    Statement statement = envelope.statement();
    if (statement instanceof Statement.Endorsement it) {
      Optional<LogEntry> alert = log.get(it.alert());
      boolean own =
          alert.filter(entry -> entry.envelope().issuer().equals(envelope.issuer())).isPresent();
      return own
          ? Optional.of(
              new Effect.Answer.Refused(
                  "it is by the alert's own submitter, and an organization counts once"))
          : notHere(alert, "alert", it.alert());
    }
    if (statement instanceof Statement.Dispute it) {
      return notHere(log.get(it.alert()), "alert", it.alert());
    }
    if (statement instanceof Statement.Recall it) {
      return notHere(log.get(it.statement()), "statement", it.statement());
    }
    return Optional.empty();
  }

  private static Optional<Effect.Answer> notHere(
      Optional<LogEntry> entry, String what, StatementId id) {
    return entry.isPresent()
        ? Optional.empty()
        : Optional.of(new Effect.Answer.NotFound("no " + what + " is known here as " + id));
  }
}
