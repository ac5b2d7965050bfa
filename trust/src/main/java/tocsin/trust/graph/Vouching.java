package tocsin.trust.graph;

import tocsin.trust.DnsName;
import tocsin.trust.Role;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// A vouch together with what its issuer's own statements say of it.
///
/// @param listedNow the issuer's latest profile lists the key for vouching
/// @param listedEver some valid version of it does
/// @param stoppedAtMillis when this node first saw a withdrawal of it, or a revocation of its key
///   that voids it; `Long.MAX_VALUE` if it never did
record Vouching(
    StatementId id,
    Statement.Vouch vouch,
    boolean listedNow,
    boolean listedEver,
    long stoppedAtMillis) {
  boolean isAdmissible(View view) {
    return (view.latestProfiles() ? listedNow : listedEver)
        && (stoppedAtMillis == Long.MAX_VALUE || stoppedAtMillis > view.stopsUntilMillis())
        && !vouch.header().isExpiredAt(view.atMillis())
        && (!view.latestProfiles()
            || vouch.header().issuedAtMillis()
                <= view.atMillis() + TrustPolicy.MAX_CLOCK_SKEW_MILLIS);
  }

  boolean covers(DnsName name) {
    for (DnsName scope : vouch.scopes()) {
      if (name.isAtOrBelow(scope)) {
        return true;
      }
    }
    return false;
  }

  /// How many vouches may follow; -1 if the vouch does not give the vetter's role.
  int vettingDepth() {
    return vouch.roles().contains(Role.VETTER) ? vouch.depth() : -1;
  }

  boolean isForSubmitting() {
    return vouch.roles().contains(Role.SUBMITTER);
  }
}
