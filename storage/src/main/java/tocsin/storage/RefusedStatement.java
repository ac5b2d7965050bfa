package tocsin.storage;

import tocsin.trust.Envelope;

/// A well-signed statement that was not accepted, kept for audit.
///
/// @param reason one sentence for people; cut at 1,000 characters
/// @param revisit true if a change of vouches, anchors or time may still turn the judgement
public record RefusedStatement(
    Envelope envelope, long firstSeenMillis, String reason, boolean revisit) {
  public RefusedStatement {
    reason = Limits.cut(reason);
  }

  /// The same, first seen at another time.
  RefusedStatement firstSeenAt(long millis) {
    return new RefusedStatement(envelope, millis, reason, revisit);
  }
}
