package tocsin.trust.graph;

import tocsin.trust.OrganizationId;
import tocsin.trust.StatementId;

/// What an alert is to this node now: a function of the statements, the policy, the anchors and the
/// time. (*Resolved* is not here: it tells what the node has done.)
public sealed interface AlertStatus {
  /// Fewer disjoint paths so far than it needs.
  record Pending() implements AlertStatus {}

  /// Believed.
  record Active() implements AlertStatus {}

  /// Its submitter, or the owner of one of its names, has taken it back, for good.
  record Recalled(StatementId recall, OrganizationId by) implements AlertStatus {}

  /// An override that a flush of the same incident has ended.
  record Closed(StatementId flush) implements AlertStatus {}

  /// A later alert of the same issuer stands in its place.
  record Superseded(StatementId successor) implements AlertStatus {}

  record Expired() implements AlertStatus {}

  /// Cannot be accepted as things stand.
  ///
  /// @param reason one sentence, for people
  record Refused(Guard guard, String reason) implements AlertStatus {}

  /// One word, for people and scripts.
  default String word() {
    return switch (this) {
      case Pending _ -> "pending";
      case Active _ -> "active";
      case Recalled _ -> "recalled";
      case Closed _ -> "closed";
      case Superseded _ -> "superseded";
      case Expired _ -> "expired";
      case Refused _ -> "refused";
    };
  }
}
