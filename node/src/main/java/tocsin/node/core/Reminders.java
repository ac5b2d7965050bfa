package tocsin.node.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tocsin.trust.KeyUse;
import tocsin.trust.OrganizationId;
import tocsin.trust.Statement;
import tocsin.trust.graph.TrustGraph;

/// What this node's own organization should see to before it runs out, and keys that are caught
/// contradicting themselves.
final class Reminders {
  private static final long DAY_MILLIS = 24L * 3_600_000;

  /// A month: time to find the person who holds the key, and to ask the vetters.
  static final long AHEAD_MILLIS = 30 * DAY_MILLIS;

  /// Beyond, there is one line that says how many more there are.
  private static final int MOST = 10;

  private Reminders() {}

  static List<String> of(
      TrustGraph graph,
      OrganizationId self,
      Function<OrganizationId, String> names,
      long nowMillis) {
    List<String> all = new ArrayList<>();
    for (TrustGraph.Suspension it : graph.suspensions()) {
      all.add(
          "key "
              + it.key()
              + " of "
              + names.apply(it.organization())
              + " is suspended: it signed two different statements with one number, "
              + it.first()
              + " and "
              + it.second());
    }
    graph
        .profile(self)
        .ifPresent(profile -> {
          for (Statement.OperationalKey key : profile.keys()) {
            if (isSoon(key.notAfterMillis(), nowMillis)) {
              all.add(
                  "your key "
                      + key.key().id()
                      + " ("
                      + uses(key)
                      + ") ends "
                      + in(key.notAfterMillis(), nowMillis)
                      + ": tocsin key rotate "
                      + key.key().id().toString().substring(0, 12));
            }
          }
        });
    for (var vouch : graph.vouches(self, nowMillis)) {
      if (isSoon(vouch, nowMillis) && !isRenewed(graph, self, vouch, nowMillis)) {
        all.add(
            "your vouch for "
                + names.apply(vouch.subject())
                + " ends "
                + in(vouch.expiresAtMillis(), nowMillis)
                + ": look again at whom you vouch for, then "
                + renewal(vouch));
      }
    }
    for (OrganizationId voucher : graph.vouchersOf(self)) {
      for (var vouch : graph.vouches(voucher, nowMillis)) {
        if (vouch.subject().equals(self)
            && isSoon(vouch, nowMillis)
            && !isRenewed(graph, voucher, vouch, nowMillis)) {
          all.add(
              "what "
                  + names.apply(voucher)
                  + " vouches for you ends "
                  + in(vouch.expiresAtMillis(), nowMillis)
                  + ": ask it for another");
        }
      }
    }
    if (all.size() > MOST) {
      int more = all.size() - MOST;
      return List.copyOf(
          java.util.stream.Stream.concat(
                  all.subList(0, MOST).stream(),
                  java.util.stream.Stream.of("and " + more + " more reminders of this kind"))
              .toList());
    }
    return all;
  }

  private static String renewal(TrustGraph.VouchStanding vouch) {
    StringBuilder command =
        new StringBuilder("tocsin trust vouch " + vouch.subject().toString().substring(0, 12));
    if (vouch.depth() >= 0) {
      command.append(" --role vetter --depth ").append(vouch.depth());
    }
    if (vouch.submitter()) {
      command.append(" --role submitter");
    }
    vouch.scopes().forEach(scope -> command.append(" --scope ").append(scope));
    return command.toString();
  }

  private static boolean isSoon(TrustGraph.VouchStanding vouch, long nowMillis) {
    return vouch.state().equals("in force") && isSoon(vouch.expiresAtMillis(), nowMillis);
  }

  private static boolean isSoon(long endMillis, long nowMillis) {
    return endMillis > nowMillis && endMillis <= nowMillis + AHEAD_MILLIS;
  }

  private static boolean isRenewed(
      TrustGraph graph, OrganizationId issuer, TrustGraph.VouchStanding old, long nowMillis) {
    return graph.vouches(issuer, nowMillis).stream()
        .anyMatch(it ->
            it.subject().equals(old.subject())
                && it.state().equals("in force")
                && it.expiresAtMillis() > nowMillis + AHEAD_MILLIS);
  }

  private static String uses(Statement.OperationalKey key) {
    return String.join(
        ", ",
        key.uses().stream()
            .map(KeyUse::name)
            .map(it -> it.toLowerCase(java.util.Locale.ROOT))
            .toList());
  }

  private static String in(long endMillis, long nowMillis) {
    long days = (endMillis - nowMillis) / DAY_MILLIS;
    return days == 0 ? "within a day" : "in " + days + (days == 1 ? " day" : " days");
  }
}
