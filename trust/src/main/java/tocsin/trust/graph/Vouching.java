package tocsin.trust.graph;

import java.util.List;
import tocsin.trust.DnsName;
import tocsin.trust.KeyId;
import tocsin.trust.OrganizationId;
import tocsin.trust.Role;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// A vouch as far as it is judged, together with what its issuer's own statements say of it.
///
/// @param key that signed it
/// @param sequence its number among that key's statements
/// @param vettingDepth how many vouches may follow; -1 if it does not give the vetter's role
/// @param submitting it gives the submitter's role
/// @param listedNow the issuer's latest profile lists the key for vouching
/// @param listedEver some valid version of it does
/// @param stoppedAtMillis when this node first saw a withdrawal of it, or a revocation of its key
///   that voids it; `Long.MAX_VALUE` if it never did
record Vouching(
    StatementId id,
    OrganizationId subject,
    KeyId key,
    long sequence,
    int vettingDepth,
    boolean submitting,
    List<DnsName> scopes,
    long issuedAtMillis,
    long expiresAtMillis,
    boolean listedNow,
    boolean listedEver,
    long stoppedAtMillis) {
  static Vouching of(
      StatementId id,
      Statement.Vouch vouch,
      boolean listedNow,
      boolean listedEver,
      long stoppedAtMillis) {
    return new Vouching(
        id,
        vouch.subject(),
        vouch.header().key(),
        vouch.header().sequence(),
        vouch.roles().contains(Role.VETTER) ? vouch.depth() : -1,
        vouch.roles().contains(Role.SUBMITTER),
        vouch.scopes(),
        vouch.header().issuedAtMillis(),
        vouch.header().expiresAtMillis(),
        listedNow,
        listedEver,
        stoppedAtMillis);
  }

  Vouching with(boolean now, boolean ever, long stoppedAt) {
    return new Vouching(
        id,
        subject,
        key,
        sequence,
        vettingDepth,
        submitting,
        scopes,
        issuedAtMillis,
        expiresAtMillis,
        now,
        ever,
        stoppedAt);
  }

  boolean isAdmissible(View view) {
    return isAdmissible(
        view, listedNow, listedEver, stoppedAtMillis, issuedAtMillis, expiresAtMillis);
  }

  /// The one rule, for vouches wherever they are kept.
  static boolean isAdmissible(
      View view,
      boolean listedNow,
      boolean listedEver,
      long stoppedAtMillis,
      long issuedAtMillis,
      long expiresAtMillis) {
    return (view.latestProfiles() ? listedNow : listedEver)
        && (stoppedAtMillis == Long.MAX_VALUE || stoppedAtMillis > view.stopsUntilMillis())
        && view.atMillis() < expiresAtMillis
        && (!view.latestProfiles()
            || issuedAtMillis <= view.atMillis() + TrustPolicy.MAX_CLOCK_SKEW_MILLIS);
  }
}
