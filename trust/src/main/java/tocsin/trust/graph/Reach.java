package tocsin.trust.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import tocsin.trust.DnsName;
import tocsin.trust.OrganizationId;

/// Who can be reached from the anchors, in one view of the web, for certain names: the filtered
/// graph. An edge A -> B stands for all admissible vouches of A for B together, and must cover
/// every name.
///
/// d(anchor) = the policy's depth; d(B) = the maximum over edges A -> B with d(A) >= 1 whose
/// vouches give the vetter's role of min(the vouch's depth, d(A) - 1). A bound on reach, not on the
/// length of the paths chosen later: length-bounded disjoint paths are NP-hard (Itai, Perl and
/// Shiloach 1982), and any subgraph keeps the guarantee.
final class Reach {
  /// @param anchors they have all roles and scopes
  /// @param isRevoked organizations that are no vertices in this view
  /// @param groups which organizations count as one
  record Question(
      NavigableSet<OrganizationId> anchors,
      int depth,
      View view,
      Predicate<OrganizationId> isRevoked,
      Groups groups,
      List<DnsName> names) {}

  /// @param paths vertex-disjoint, each from an anchor to a signer
  /// @param cut the smallest coalition that all paths go through
  record Flow(List<List<OrganizationId>> paths, List<OrganizationId> cut) {}

  /// @param vetting gives the vetter's role, to this depth; -1: does not
  private record Edge(OrganizationId from, OrganizationId to, int vetting, boolean submitting) {}

  private final TrustGraph graph;
  private final Question question;
  private final TreeMap<OrganizationId, Integer> depths = new TreeMap<>();
  private final TreeSet<OrganizationId> submitters = new TreeSet<>();
  private final TreeMap<OrganizationId, List<Edge>> incoming = new TreeMap<>();

  Reach(TrustGraph graph, Question question) {
    this.graph = graph;
    this.question = question;
    spread();
  }

  /// By falling depth, as in Dijkstra's algorithm: the first time an organization comes up, its
  /// depth is final.
  private void spread() {
    List<TreeSet<OrganizationId>> byDepth = new ArrayList<>();
    for (int depth = 0; depth <= question.depth(); depth++) {
      byDepth.add(new TreeSet<>());
    }
    for (OrganizationId anchor : question.anchors()) {
      depths.put(anchor, question.depth());
      submitters.add(anchor);
      byDepth.get(question.depth()).add(anchor);
    }
    for (int depth = question.depth(); depth >= 1; depth--) {
      for (OrganizationId issuer : byDepth.get(depth)) {
        if (depths.getOrDefault(issuer, 0) != depth) {
          continue;
        }
        for (var vouched : graph.vouchings(issuer).entrySet()) {
          OrganizationId subject = vouched.getKey();
          if (question.anchors().contains(subject) || question.isRevoked().test(subject)) {
            continue;
          }
          Edge edge = edge(issuer, subject, vouched.getValue());
          int further = Math.min(edge.vetting(), depth - 1);
          if (further < 0 && !edge.submitting()) {
            continue;
          }
          incoming.computeIfAbsent(subject, _ -> new ArrayList<>()).add(edge);
          if (edge.submitting()) {
            submitters.add(subject);
          }
          if (further > depths.getOrDefault(subject, 0)) {
            depths.put(subject, further);
            byDepth.get(further).add(subject);
          }
        }
      }
    }
  }

  /// Several vouches of one issuer for one subject add up, per name; the edge is as good as they
  /// are for the worst of the names.
  private Edge edge(OrganizationId from, OrganizationId to, List<Vouching> vouchings) {
    List<Vouching> admissible = new ArrayList<>();
    for (Vouching vouching : vouchings) {
      if (vouching.isAdmissible(question.view())) {
        admissible.add(vouching);
      }
    }
    if (admissible.isEmpty()) {
      return new Edge(from, to, -1, false);
    }
    int vetting = Integer.MAX_VALUE;
    boolean submitting = true;
    // Without names: for whatever names there may be.
    for (DnsName name : question.names()) {
      int here = -1;
      boolean submittingHere = false;
      for (Vouching it : admissible) {
        if (it.covers(name)) {
          here = Math.max(here, it.vettingDepth());
          submittingHere |= it.isForSubmitting();
        }
      }
      vetting = Math.min(vetting, here);
      submitting &= submittingHere;
    }
    if (question.names().isEmpty()) {
      vetting = -1;
      submitting = false;
      for (Vouching it : admissible) {
        vetting = Math.max(vetting, it.vettingDepth());
        submitting |= it.isForSubmitting();
      }
    }
    return new Edge(from, to, vetting, submitting);
  }

  /// Some admissible vouch leads here, or it is an anchor.
  boolean isReached(OrganizationId organization) {
    return question.anchors().contains(organization) || incoming.containsKey(organization);
  }

  boolean isSubmitter(OrganizationId organization) {
    return submitters.contains(organization);
  }

  boolean isVetter(OrganizationId organization) {
    return question.anchors().contains(organization)
        || incoming.getOrDefault(organization, List.of()).stream()
            .anyMatch(edge -> edge.vetting() >= 0);
  }

  /// How many vouches may follow from here; 0 if it may not vouch.
  int depthOf(OrganizationId organization) {
    return depths.getOrDefault(organization, 0);
  }

  /// The suffixes that admissible vouches name for this organization, ascending; anchors have the
  /// root.
  List<DnsName> scopesOf(OrganizationId organization) {
    if (question.anchors().contains(organization)) {
      return List.of(DnsName.ROOT);
    }
    TreeSet<DnsName> scopes = new TreeSet<>();
    for (Edge edge : incoming.getOrDefault(organization, List.of())) {
      for (Vouching it : graph.vouchings(edge.from()).getOrDefault(organization, List.of())) {
        if (it.isAdmissible(question.view())) {
          scopes.addAll(it.vouch().scopes());
        }
      }
    }
    return List.copyOf(scopes);
  }

  /// Disjoint paths to those whose vouches lead to this organization, which itself is on none.
  Flow toVouchersOf(OrganizationId organization) {
    NavigableSet<OrganizationId> vouchers = new TreeSet<>();
    incoming.getOrDefault(organization, List.of()).forEach(edge -> vouchers.add(edge.from()));
    return flow(vouchers, Collections.emptyNavigableSet(), true);
  }

  /// Disjoint paths to those of the signers that are submitters here: a path ends at its first
  /// signer, for one that went on through a signer could as well end there.
  Flow toSubmitters(NavigableSet<OrganizationId> signers) {
    return toSubmitters(signers, Collections.emptyNavigableSet());
  }

  /// @param owners signers whose word is a path of its own, whether or not a vouch leads to them
  Flow toSubmitters(NavigableSet<OrganizationId> signers, NavigableSet<OrganizationId> owners) {
    NavigableSet<OrganizationId> ends = new TreeSet<>(signers);
    ends.retainAll(submitters);
    ends.addAll(owners);
    return flow(ends, owners, false);
  }

  /// Disjoint paths to those of these organizations that are vetters here.
  Flow toVetters(NavigableSet<OrganizationId> organizations) {
    NavigableSet<OrganizationId> ends = new TreeSet<>(organizations);
    ends.removeIf(organization -> !isVetter(organization));
    return flow(ends, Collections.emptyNavigableSet(), true);
  }

  /// Flows tried before the best one so far is taken. Each pair of one group on two paths costs
  /// two, and whoever invents many such pairs must be reachable with all of them.
  private static final int MAX_FLOWS = 256;

  /// Disjoint paths no two of which go through one group. To find the greatest number is hard in
  /// general ("disjoint paths with colours"), so: where two members of a group are on two paths,
  /// try without the one and without the other. Never too many paths; a path through two members of
  /// one group may be missed.
  private Flow flow(
      NavigableSet<OrganizationId> ends, NavigableSet<OrganizationId> sources, boolean vetting) {
    ArrayDeque<NavigableSet<OrganizationId>> waiting = new ArrayDeque<>();
    TreeSet<String> seen = new TreeSet<>();
    waiting.add(Collections.emptyNavigableSet());
    Flow best = null;
    for (int flows = 0; flows < MAX_FLOWS && !waiting.isEmpty(); flows++) {
      NavigableSet<OrganizationId> without = waiting.remove();
      Flow flow = flow(ends, sources, vetting, without);
      if (best != null && flow.paths().size() <= best.paths().size()) {
        continue;
      }
      List<OrganizationId> pair = oneGroupOnTwoPaths(flow.paths());
      if (pair.isEmpty()) {
        best = flow;
      }
      for (OrganizationId one : pair) {
        TreeSet<OrganizationId> fewer = new TreeSet<>(without);
        fewer.add(one);
        if (seen.add(fewer.toString())) {
          waiting.add(fewer);
        }
      }
    }
    return best == null ? new Flow(List.of(), List.of()) : best;
  }

  /// Two organizations that count as one, each on a path of its own; empty if there are none.
  private List<OrganizationId> oneGroupOnTwoPaths(List<List<OrganizationId>> paths) {
    for (int i = 0; i < paths.size(); i++) {
      for (int j = i + 1; j < paths.size(); j++) {
        for (OrganizationId a : paths.get(i)) {
          for (OrganizationId b : paths.get(j)) {
            if (question.groups().areOne(a, b)) {
              return List.of(a, b);
            }
          }
        }
      }
    }
    return List.of();
  }

  /// @param vetting only vouches that give the vetter's role lead to the ends, too
  /// @param without organizations that are on no path
  private Flow flow(
      NavigableSet<OrganizationId> allEnds,
      NavigableSet<OrganizationId> sources,
      boolean vetting,
      NavigableSet<OrganizationId> without) {
    NavigableSet<OrganizationId> ends = new TreeSet<>(allEnds);
    ends.removeAll(without);
    TreeMap<OrganizationId, Integer> numbers = new TreeMap<>();
    List<OrganizationId> vertices = leadingTo(ends, vetting, without, numbers);
    DisjointPaths network = new DisjointPaths(vertices.size());
    for (int vertex = 0; vertex < vertices.size(); vertex++) {
      OrganizationId organization = vertices.get(vertex);
      boolean end = ends.contains(organization);
      if (question.anchors().contains(organization) || sources.contains(organization)) {
        network.addSource(vertex);
      }
      if (end) {
        network.addSink(vertex);
      }
      for (Edge edge : incoming.getOrDefault(organization, List.of())) {
        Integer from = numbers.get(edge.from());
        boolean leads = edge.vetting() >= 0 || (end && !vetting);
        if (from != null && !ends.contains(edge.from()) && leads) {
          network.addEdge(from, vertex);
        }
      }
    }
    DisjointPaths.Found found = network.find();
    List<List<OrganizationId>> paths = new ArrayList<>();
    for (List<Integer> path : found.paths()) {
      paths.add(path.stream().map(vertices::get).toList());
    }
    paths.sort((a, b) -> a.getFirst().compareTo(b.getFirst()));
    return new Flow(List.copyOf(paths), found.cut().stream().map(vertices::get).toList());
  }

  /// The organizations from which the ends can be reached, ascending, numbered.
  private List<OrganizationId> leadingTo(
      NavigableSet<OrganizationId> ends,
      boolean vetting,
      NavigableSet<OrganizationId> without,
      SortedMap<OrganizationId, Integer> numbers) {
    TreeSet<OrganizationId> all = new TreeSet<>(ends);
    ArrayDeque<OrganizationId> waiting = new ArrayDeque<>(ends);
    while (!waiting.isEmpty()) {
      OrganizationId organization = waiting.remove();
      for (Edge edge : incoming.getOrDefault(organization, List.of())) {
        boolean leads = edge.vetting() >= 0 || (ends.contains(organization) && !vetting);
        if (leads && !without.contains(edge.from()) && all.add(edge.from())) {
          waiting.add(edge.from());
        }
      }
    }
    for (OrganizationId organization : all) {
      numbers.put(organization, numbers.size());
    }
    return List.copyOf(all);
  }
}
