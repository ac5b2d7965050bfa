package tocsin.trust.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tocsin.trust.DnsName;
import tocsin.trust.KeyUse;
import tocsin.trust.OrganizationId;
import tocsin.trust.Statement;

/// The web of trust as one node sees it: the graph, from its anchors, under its policy.
final class Web {
  private final TrustGraph graph;
  private final TrustPolicy policy;
  private final NavigableSet<OrganizationId> anchors;
  private final Groups groups;
  private final NavigableSet<OrganizationId> excluded;

  /// Revoked organizations, and since when this node knew enough revocations of them.
  private SortedMap<OrganizationId, Long> revoked = new TreeMap<>();

  private long revokedAsOf = -1;

  /// @param excluded organizations that are left out, as if nobody had ever heard of them
  Web(
      TrustGraph graph,
      TrustPolicy policy,
      NavigableSet<OrganizationId> anchors,
      NavigableSet<OrganizationId> excluded) {
    this.excluded = excluded;
    this.graph = graph;
    this.policy = policy;
    this.anchors = anchors;
    this.groups = new Groups(graph, policy.groups());
  }

  TrustGraph graph() {
    return graph;
  }

  TrustPolicy policy() {
    return policy;
  }

  boolean isAnchor(OrganizationId organization) {
    return anchors.contains(organization);
  }

  /// The filtered graph for these names; for no names: for whatever names there may be.
  WholeWeb whole(View view, List<DnsName> names) {
    refreshRevoked();
    return new WholeWeb(graph, question(view, names, revoked));
  }

  /// Of it, what leads to these organizations.
  Reach reachTo(NavigableSet<OrganizationId> ends, View view, List<DnsName> names) {
    refreshRevoked();
    return new Reach(graph, question(view, names, revoked), ends);
  }

  Reach reachTo(OrganizationId end, View view, List<DnsName> names) {
    return reachTo(new TreeSet<>(List.of(end)), view, names);
  }

  private Reach.Question question(
      View view, List<DnsName> names, SortedMap<OrganizationId, Long> revokedSince) {
    boolean nobodyIsOut = excluded.isEmpty() && revokedSince.isEmpty();
    return new Reach.Question(
        anchors,
        policy.names().depth(names, policy.depth()),
        view,
        nobodyIsOut
            ? _ -> false
            : it -> excluded.contains(it) || isBy(revokedSince.get(it), view.stopsUntilMillis()),
        groups,
        names);
  }

  private static boolean isBy(@Nullable Long sinceMillis, long untilMillis) {
    return sinceMillis != null && sinceMillis <= untilMillis;
  }

  boolean isRevoked(OrganizationId organization) {
    refreshRevoked();
    return revoked.containsKey(organization);
  }

  private void refreshRevoked() {
    if (revokedAsOf != graph.webGeneration()) {
      revoked = revokedOrganizations();
      revokedAsOf = graph.webGeneration();
    }
  }

  private record Claim(OrganizationId subject, Seen<Statement.Revocation> revocation) {}

  /// An organization is revoked once as many disjoint organizations say so as an override needs,
  /// each a vetter for all the names that it is vetted for. Claims are taken in the order in which
  /// this node first saw them, each in the web as it stood then: so two cliques that revoke each
  /// other have one outcome, and what is revoked stays so. Anchors are the administrator's own
  /// choice and stay anchors.
  private SortedMap<OrganizationId, Long> revokedOrganizations() {
    TreeMap<OrganizationId, Long> inForce = new TreeMap<>();
    TreeMap<OrganizationId, TreeSet<OrganizationId>> claimants = new TreeMap<>();
    for (Claim claim : claims()) {
      OrganizationId subject = claim.subject();
      if (inForce.containsKey(subject)) {
        continue;
      }
      TreeSet<OrganizationId> against = claimants.computeIfAbsent(subject, _ -> new TreeSet<>());
      against.add(claim.revocation().issuer());
      long seen = claim.revocation().firstSeenMillis();
      if (against.size() >= policy.overridePaths()
          && isRevokedBy(against, subject, seen, inForce)) {
        inForce.put(subject, seen);
      }
    }
    return inForce;
  }

  private List<Claim> claims() {
    List<Claim> claims = new ArrayList<>();
    graph.forEachOrganizationRevoked((subject, revocations) -> {
      for (Seen<Statement.Revocation> revocation : revocations.values()) {
        if (!isAnchor(subject)
            && !revocation.issuer().equals(subject)
            && graph.speaker(revocation.issuer()).everSpoke(revocation.header(), KeyUse.VOUCH)) {
          claims.add(new Claim(subject, revocation));
        }
      }
    });
    claims.sort(
        Comparator.<Claim>comparingLong(claim -> claim.revocation().firstSeenMillis())
            .thenComparing(claim -> claim.revocation().id()));
    return claims;
  }

  List<Seen<Statement.Revocation>> claimsAgainst(OrganizationId subject) {
    return claims().stream()
        .filter(it -> it.subject().equals(subject))
        .map(Claim::revocation)
        .toList();
  }

  private boolean isRevokedBy(
      NavigableSet<OrganizationId> claimants,
      OrganizationId subject,
      long seenMillis,
      SortedMap<OrganizationId, Long> inForce) {
    View view = View.asOf(seenMillis);
    List<DnsName> scopes =
        new Reach(graph, question(view, List.of(), inForce), new TreeSet<>(List.of(subject)))
            .scopesOf(subject);
    TreeMap<OrganizationId, Long> without = new TreeMap<>(inForce);
    without.put(subject, seenMillis);
    Reach reach = new Reach(graph, question(view, scopes, without), claimants);
    return reach.toVetters(claimants).paths().size() >= policy.overridePaths();
  }
}
