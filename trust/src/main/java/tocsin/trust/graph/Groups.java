package tocsin.trust.graph;

import java.util.List;
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

  boolean areOne(OrganizationId a, OrganizationId b) {
    if (a.equals(b)) {
      return true;
    }
    String declared = declared(a);
    if (!declared.isEmpty() && declared.equals(declared(b))) {
      return true;
    }
    TreeSet<Integer> theirs = local.getOrDefault(b, new TreeSet<>());
    return local.getOrDefault(a, new TreeSet<>()).stream().anyMatch(theirs::contains);
  }

  private String declared(OrganizationId organization) {
    return graph.profile(organization).map(it -> it.group().strip()).orElse("");
  }
}
