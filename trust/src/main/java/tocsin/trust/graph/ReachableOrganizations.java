package tocsin.trust.graph;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import tocsin.trust.OrganizationId;
import tocsin.trust.Role;

/// S(anchor): the organizations that were ever reachable from one anchor by vouches within depth,
/// whose statements a node carries. Expiry, withdrawal, revocation and scope play no part, and any
/// valid version of a profile counts, so membership only grows: two nodes with the same statements
/// agree on it whatever their clocks and policies say.
final class ReachableOrganizations {
  /// d(anchor). The same in the whole network, and no policy's depth is greater.
  static final int DEPTH = 8;

  private final Function<OrganizationId, SortedMap<OrganizationId, List<Vouching>>> vouchings;

  /// How many vouches may still follow from here; 0 for those that may not vouch.
  private final TreeMap<OrganizationId, Integer> depths = new TreeMap<>();

  ReachableOrganizations(
      OrganizationId anchor,
      Function<OrganizationId, SortedMap<OrganizationId, List<Vouching>>> vouchings) {
    this.vouchings = vouchings;
    depths.put(anchor, DEPTH);
    spreadFrom(anchor);
  }

  /// To be called when anything changed about this organization's vouches.
  void spreadFrom(OrganizationId changed) {
    ArrayDeque<OrganizationId> waiting = new ArrayDeque<>();
    waiting.add(changed);
    while (!waiting.isEmpty()) {
      OrganizationId issuer = waiting.remove();
      int depth = depths.getOrDefault(issuer, 0);
      if (depth == 0) {
        continue;
      }
      for (var vouched : vouchings.apply(issuer).entrySet()) {
        int further = furtherDepth(vouched.getValue(), depth);
        Integer before = depths.get(vouched.getKey());
        if (further >= 0 && (before == null || before < further)) {
          depths.put(vouched.getKey(), further);
          waiting.add(vouched.getKey());
        }
      }
    }
  }

  /// -1 if none of the vouches was ever one of the issuer's keys.
  private static int furtherDepth(List<Vouching> vouchings, int issuerDepth) {
    int further = -1;
    for (Vouching it : vouchings) {
      if (it.listedEver()) {
        boolean vetter = it.vouch().roles().contains(Role.VETTER);
        further = Math.max(further, vetter ? Math.min(it.vouch().depth(), issuerDepth - 1) : 0);
      }
    }
    return further;
  }

  boolean contains(OrganizationId organization) {
    return depths.containsKey(organization);
  }

  NavigableSet<OrganizationId> all() {
    return Collections.unmodifiableNavigableSet(depths.navigableKeySet());
  }
}
