package tocsin.trust.graph;

import java.util.List;
import tocsin.trust.DnsName;
import tocsin.trust.OrganizationId;
import tocsin.trust.Statement;

/// Why a submitter has no standing for an alert: which of the conditions it fails, in words.
final class SubmitterStanding {
  private final Web web;
  private final Seen<Statement.Alert> alert;
  private final View view;

  SubmitterStanding(Web web, Seen<Statement.Alert> alert, long nowMillis) {
    this.web = web;
    this.alert = alert;
    this.view = View.now(nowMillis);
  }

  /// The signature itself does not stand.
  AlertStatus.Refused voidSigner() {
    Speaker speaker = web.graph().speaker(alert.issuer());
    if (speaker.profiles().latest().isEmpty()) {
      return new AlertStatus.Refused(Guard.VOID_SIGNER, "no profile of its submitter is known");
    }
    if (speaker.isSuspended(alert.header().key())) {
      return new AlertStatus.Refused(
          Guard.VOID_SIGNER,
          "the key that signed it is suspended: it has signed two different statements with one"
              + " number");
    }
    boolean revoked =
        speaker.voidSinceMillis(alert.id(), alert.header().key(), alert.header().sequence())
            != Long.MAX_VALUE;
    return new AlertStatus.Refused(
        Guard.VOID_SIGNER,
        revoked
            ? "the key that signed it is revoked, and it is not among that key's good statements"
            : "the key that signed it is none of its submitter's keys for submitting at that time");
  }

  /// The signature stands, but no path leads to the submitter as one.
  AlertStatus.Refused notVetted() {
    OrganizationId submitter = alert.issuer();
    if (web.isRevoked(submitter)) {
      return new AlertStatus.Refused(
          Guard.REVOKED, "its submitter is revoked by disjoint organizations");
    }
    Reach anyName = web.reachTo(submitter, view, List.of());
    if (anyName.isSubmitter(submitter)) {
      return outOfScope(anyName);
    }
    if (anyName.isReached(submitter)) {
      return new AlertStatus.Refused(
          Guard.NOT_A_SUBMITTER, "its submitter is vetted, but not to submit alerts");
    }
    return neverOrNoLonger();
  }

  private AlertStatus.Refused outOfScope(Reach anyName) {
    String scopes =
        String.join(
            ", ", anyName.scopesOf(alert.issuer()).stream().map(DnsName::toString).toList());
    for (DnsName name : alert.statement().names()) {
      if (!web.reachTo(alert.issuer(), view, List.of(name)).isSubmitter(alert.issuer())) {
        return new AlertStatus.Refused(
            Guard.OUT_OF_SCOPE,
            "its submitter is vetted for " + scopes + ", which does not cover " + name);
      }
    }
    return new AlertStatus.Refused(
        Guard.OUT_OF_SCOPE,
        "no path of vouches to its submitter covers all its names; "
            + scopes
            + " are covered apart");
  }

  private AlertStatus.Refused neverOrNoLonger() {
    Guard guard = Losses.noLonger(web, alert.issuer(), view);
    return new AlertStatus.Refused(
        guard,
        switch (guard) {
          case WITHDRAWN -> "the vouch for its submitter was withdrawn or is void";
          case VOUCH_EXPIRED -> "the vouch for its submitter has expired";
          default -> "no path of vouches leads from an anchor of this node to its submitter";
        });
  }
}
