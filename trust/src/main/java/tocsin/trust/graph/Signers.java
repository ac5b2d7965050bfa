package tocsin.trust.graph;

import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import tocsin.trust.KeyId;
import tocsin.trust.KeyUse;
import tocsin.trust.OrganizationId;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// Whose signatures on an alert count: organizations, never keys, so that nobody counts twice.
final class Signers {
  private Signers() {}

  /// The submitter's signature stands in this view.
  static boolean submitterStands(TrustGraph graph, Seen<Statement.Alert> alert, View view) {
    return graph.speaker(alert.issuer()).speaks(alert.id(), alert.header(), KeyUse.SUBMIT, view);
  }

  /// Organizations other than the submitter with an endorsement that stands in this view: by a key
  /// of theirs, unexpired, and not taken back.
  static NavigableSet<OrganizationId> endorsers(
      TrustGraph graph, Seen<? extends Statement> alert, View view) {
    NavigableSet<OrganizationId> endorsers = new TreeSet<>();
    for (Seen<Statement.Endorsement> it : graph.endorsementsOf(alert.id())) {
      if (!it.issuer().equals(alert.issuer()) && endorsementStands(graph, it, view)) {
        endorsers.add(it.issuer());
      }
    }
    return endorsers;
  }

  /// The organization endorses it with a key of this kind, in this view.
  static boolean endorsesWith(
      TrustGraph graph,
      StatementId alert,
      OrganizationId organization,
      Predicate<KeyId> kind,
      View view) {
    for (Seen<Statement.Endorsement> it : graph.endorsementsOf(alert)) {
      if (it.issuer().equals(organization)
          && kind.test(it.header().key())
          && endorsementStands(graph, it, view)) {
        return true;
      }
    }
    return false;
  }

  private static boolean endorsementStands(
      TrustGraph graph, Seen<Statement.Endorsement> endorsement, View view) {
    boolean inTime =
        !view.latestProfiles()
            || (!endorsement.header().isExpiredAt(view.atMillis())
                && endorsement.header().issuedAtMillis()
                    <= view.atMillis() + TrustPolicy.MAX_CLOCK_SKEW_MILLIS);
    return inTime
        && graph
            .speaker(endorsement.issuer())
            .speaks(endorsement.id(), endorsement.header(), KeyUse.ENDORSE, view)
        && !isRecalled(graph, endorsement, view);
  }

  private static boolean isRecalled(
      TrustGraph graph, Seen<Statement.Endorsement> endorsement, View view) {
    for (Seen<Statement.Recall> recall : graph.recallsOf(endorsement.id())) {
      if (isBySame(graph, recall, endorsement.issuer())
          && recall.firstSeenMillis() <= view.stopsUntilMillis()) {
        return true;
      }
    }
    return false;
  }

  /// A recall counts if it is by the organization whose statement it takes back.
  static boolean isBySame(TrustGraph graph, Seen<Statement.Recall> recall, OrganizationId issuer) {
    return recall.issuer().equals(issuer)
        && graph.speaker(issuer).everSpoke(recall.header(), KeyUse.SUBMIT, KeyUse.ENDORSE);
  }
}
