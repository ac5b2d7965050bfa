package tocsin.trust.graph;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import tocsin.trust.OrganizationId;

/// Which organizations are one party: they declare the same group in their profiles, or this node's
/// administrator says so. A group counts once, whichever of its members speaks.
///
/// Members are never melted into one vertex: a stranger who declares a vetted organization's group
/// would then be vetted with it. They only exclude one another. Nor is it transitive: whoever
/// declares a group must not be able to tie two others together.
final class Groups {
  private final TrustGraph graph;
  private final TreeMap<OrganizationId, TreeSet<Integer>> local = new TreeMap<>();

  Groups(TrustGraph graph, List<List<OrganizationId>> groups) {
    this.graph = graph;
    for (int group = 0; group < groups.size(); group++) {
      for (OrganizationId member : groups.get(group)) {
        local.computeIfAbsent(member, _ -> new TreeSet<>()).add(group);
      }
    }
  }

  /// The groups of one organization.
  ///
  /// @param declared by itself; empty if it declares none
  /// @param local by number, as the administrator lists them
  record Membership(OrganizationId organization, String declared, SortedSet<Integer> local) {
    boolean isAlone() {
      return declared.isEmpty() && local.isEmpty();
    }

    boolean isOneWith(Membership other) {
      return organization.equals(other.organization)
          || (!declared.isEmpty() && declared.equals(other.declared))
          || local.stream().anyMatch(other.local::contains);
    }
  }

  Membership membership(OrganizationId organization) {
    TreeSet<Integer> mine = local.get(organization);
    return new Membership(
        organization,
        graph.profile(organization).map(it -> it.group().strip()).orElse(""),
        mine == null ? Collections.emptySortedSet() : mine);
  }
}
