package tocsin.trust.graph;

import java.util.List;
import java.util.function.Function;
import tocsin.trust.OrganizationId;
import tocsin.trust.StatementId;

/// What this node makes of one alert now, and why.
///
/// @param endorsers organizations other than the submitter whose endorsements count as signatures,
///   ascending; whether a path leads to them is another question
/// @param found how many vertex-disjoint paths lead from the anchors to the alert
/// @param required how many it needs
/// @param paths them, each from an anchor to a signer (of one organization where it is both)
/// @param obstacle where `found < required`: the smallest coalition that all paths go through; as
///   many organizations as paths
/// @param losses where it is pending: signatures that no longer count, as far as they are looked at
/// @param disputedBy organizations with standing for the names that dispute it, ascending
/// @param waitingForApproval it may not begin to act before a person here has approved it; what is
///   active already goes on
/// @param endsAtMillis when it expires, by its own word and the policy's
public record AlertJudgement(
    StatementId alert,
    OrganizationId submitter,
    List<OrganizationId> endorsers,
    AlertStatus status,
    int found,
    int required,
    List<List<OrganizationId>> paths,
    List<OrganizationId> obstacle,
    List<Loss> losses,
    List<OrganizationId> disputedBy,
    boolean waitingForApproval,
    long firstSeenMillis,
    long endsAtMillis) {
  public AlertJudgement {
    endorsers = List.copyOf(endorsers);
    paths = List.copyOf(paths);
    obstacle = List.copyOf(obstacle);
    losses = List.copyOf(losses);
    disputedBy = List.copyOf(disputedBy);
  }

  /// A signer that no path leads to any more, or whose signature does not stand any more.
  public record Loss(OrganizationId organization, Cause cause) {
    /// Why.
    public enum Cause {
      REVOKED,
      WITHDRAWN,
      VOUCH_EXPIRED,
      VOID_KEY
    }

    String inWords(Function<OrganizationId, String> name) {
      String who = name.apply(organization);
      return switch (cause) {
        case REVOKED -> who + " has been revoked";
        case WITHDRAWN -> "the vouch for " + who + " was withdrawn or is void";
        case VOUCH_EXPIRED -> "the vouch for " + who + " has expired";
        case VOID_KEY -> "the endorsement by " + who + " is void, as its key is";
      };
    }
  }

  /// Believed, and in force.
  public boolean isActive() {
    return status instanceof AlertStatus.Active;
  }

  /// The judgement in a sentence.
  ///
  /// @param name how organizations are called here
  public String inWords(Function<OrganizationId, String> name) {
    return switch (status) {
      case AlertStatus.Active _ -> "accepted: " + found + " of " + required + " disjoint paths";
      case AlertStatus.Pending _ ->
          found + " of " + required + " disjoint paths" + lost(name) + lack(name);
      case AlertStatus.Recalled recalled -> "recalled by " + name.apply(recalled.by());
      case AlertStatus.Closed(StatementId flush) -> "ended by flush alert " + flush;
      case AlertStatus.Superseded(StatementId successor) -> "replaced by alert " + successor;
      case AlertStatus.Expired _ -> "expired";
      case AlertStatus.Refused refused -> refused.reason();
    };
  }

  private String lost(Function<OrganizationId, String> name) {
    StringBuilder text = new StringBuilder();
    losses.forEach(it -> text.append("; ").append(it.inWords(name)));
    return text.toString();
  }

  private String lack(Function<OrganizationId, String> name) {
    if (obstacle.isEmpty()) {
      return "; no signer of it can be reached from an anchor";
    }
    int missing = required - found;
    return "; all paths go through "
        + String.join(" and ", obstacle.stream().map(name).toList())
        + "; "
        + (missing == 1 ? "one endorsement" : missing + " endorsements")
        + " independent of "
        + (obstacle.size() == 1 ? "it" : "them")
        + (missing == 1 ? " is" : " are")
        + " needed";
  }
}
