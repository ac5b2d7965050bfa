package tocsin.trust.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import tocsin.trust.OrganizationId;
import tocsin.trust.Statement;

/// What a pending alert has lost: signatures that counted once, so that people see why it does not
/// act, or acts no more.
final class Losses {
  /// So many signers without a path are looked at, and so many told: anybody may invent signers.
  private static final int LOOKED_AT = 16;

  private static final int TOLD = 4;

  private Losses() {}

  /// @param signers whose signatures stand
  /// @param reach to all of them
  static List<AlertJudgement.Loss> of(
      Web web,
      Seen<Statement.Alert> alert,
      NavigableSet<OrganizationId> signers,
      Reach reach,
      View view) {
    List<AlertJudgement.Loss> losses = new ArrayList<>();
    List<OrganizationId> order = new ArrayList<>(List.of(alert.issuer()));
    signers.stream().filter(it -> !it.equals(alert.issuer())).forEach(order::add);
    int looked = 0;
    for (OrganizationId one : order) {
      if (!reach.isSubmitter(one) && looked < LOOKED_AT) {
        looked++;
        cause(web, one, view).ifPresent(it -> losses.add(new AlertJudgement.Loss(one, it)));
      }
    }
    TreeSet<OrganizationId> told = new TreeSet<>(signers);
    for (Seen<Statement.Endorsement> it : web.graph().endorsementsOf(alert.id())) {
      if (looked < LOOKED_AT && told.add(it.issuer())) {
        looked++;
        boolean voided =
            web.graph()
                    .speaker(it.issuer())
                    .voidSinceMillis(it.id(), it.header().key(), it.header().sequence())
                != Long.MAX_VALUE;
        if (voided) {
          losses.add(new AlertJudgement.Loss(it.issuer(), AlertJudgement.Loss.Cause.VOID_KEY));
        }
      }
    }
    return losses.subList(0, Math.min(losses.size(), TOLD));
  }

  private static Optional<AlertJudgement.Loss.Cause> cause(
      Web web, OrganizationId organization, View view) {
    if (web.isRevoked(organization)) {
      return Optional.of(AlertJudgement.Loss.Cause.REVOKED);
    }
    return switch (noLonger(web, organization, view)) {
      case WITHDRAWN -> Optional.of(AlertJudgement.Loss.Cause.WITHDRAWN);
      case VOUCH_EXPIRED -> Optional.of(AlertJudgement.Loss.Cause.VOUCH_EXPIRED);
      default -> Optional.empty();
    };
  }

  /// What became of the vouches for an organization that no path leads to: withdrawn, expired, or
  /// never there.
  static Guard noLonger(Web web, OrganizationId organization, View view) {
    Guard guard = Guard.NOT_VETTED;
    NavigableSet<OrganizationId> vouchers = web.graph().vouchersOf(organization);
    Reach toThem = web.reachTo(vouchers, view, List.of());
    for (OrganizationId voucher : vouchers) {
      if (toThem.depthOf(voucher) >= 1) {
        for (Vouching it : web.graph().speaker(voucher).vouchingsFor(organization)) {
          if (it.stoppedAtMillis() != Long.MAX_VALUE) {
            guard = Guard.WITHDRAWN;
          } else if (it.expiresAtMillis() <= view.atMillis() && guard == Guard.NOT_VETTED) {
            guard = Guard.VOUCH_EXPIRED;
          }
        }
      }
    }
    return guard;
  }
}
