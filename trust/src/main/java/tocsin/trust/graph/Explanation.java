package tocsin.trust.graph;

import java.util.List;
import tocsin.trust.DnsName;
import tocsin.trust.OrganizationId;
import tocsin.trust.Role;

/// An organization's standing here and now, and which vouches say so.
///
/// @param depth how many vouches may follow from it; 0 if it may not vouch
/// @param roles ascending; none if no path leads to it
/// @param scopes names at or below these, ascending; anchors have the root
/// @param paths vertex-disjoint but for the organization itself, each from an anchor to it
/// @param obstacle the smallest coalition that all paths go through: without these, no standing
public record Explanation(
    OrganizationId organization,
    boolean anchor,
    boolean revoked,
    int depth,
    List<Role> roles,
    List<DnsName> scopes,
    List<List<OrganizationId>> paths,
    List<OrganizationId> obstacle) {
  public Explanation {
    roles = List.copyOf(roles);
    scopes = List.copyOf(scopes);
    paths = List.copyOf(paths);
    obstacle = List.copyOf(obstacle);
  }

  /// Some path leads to it.
  public boolean hasStanding() {
    return !paths.isEmpty();
  }
}
