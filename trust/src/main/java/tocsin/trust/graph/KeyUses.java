package tocsin.trust.graph;

import tocsin.trust.KeyUse;
import tocsin.trust.Statement;

/// Which use of an operational key each kind of statement needs. Profiles and revocations of keys
/// are the roots' business and need none.
final class KeyUses {
  private KeyUses() {}

  /// Any one of these will do; none where root keys sign.
  static KeyUse[] of(Statement statement) {
    return switch (statement) {
      case Statement.Profile _ -> new KeyUse[0];
      case Statement.Revocation revocation ->
          switch (revocation.target()) {
            case Statement.Revoked.Key _ -> new KeyUse[0];
            case Statement.Revoked.Organization _ -> new KeyUse[] {KeyUse.VOUCH};
          };
      case Statement.Vouch _ -> new KeyUse[] {KeyUse.VOUCH};
      case Statement.VouchWithdrawal _ -> new KeyUse[] {KeyUse.VOUCH};
      case Statement.Alert _ -> new KeyUse[] {KeyUse.SUBMIT};
      case Statement.Registration _ -> new KeyUse[] {KeyUse.SUBMIT};
      case Statement.Endorsement _ -> new KeyUse[] {KeyUse.ENDORSE};
      // Stopping is easier than starting.
      case Statement.Dispute _ -> new KeyUse[] {KeyUse.SUBMIT, KeyUse.ENDORSE};
      case Statement.Recall _ -> new KeyUse[] {KeyUse.SUBMIT, KeyUse.ENDORSE};
    };
  }
}
