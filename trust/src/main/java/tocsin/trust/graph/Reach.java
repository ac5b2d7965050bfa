package tocsin.trust.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import tocsin.trust.DnsName;
import tocsin.trust.OrganizationId;
import tocsin.trust.Role;

/// What leads from the anchors to certain organizations, in one view of the web, for certain names:
/// the part of the filtered graph that a judgement needs. An edge A -> B stands for all admissible
/// vouches of A for B together, and must cover every name.
///
/// d(anchor) = the policy's depth; d(B) = the maximum over edges A -> B with d(A) >= 1 whose
/// vouches give the vetter's role of min(the vouch's depth, d(A) - 1). A bound on reach, not on the
/// length of the paths chosen later: length-bounded disjoint paths are NP-hard (Itai, Perl and
/// Shiloach 1982), and any subgraph keeps the guarantee.
///
/// Vouches are followed backwards first, which looks at few of the many that a great vetter has
/// given. What is left out could not have been on any path, nor have given depth to anything that
/// is. Organizations are numbered here by their ids ascending, so that the same graph gives the
/// same paths on every node.
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

  private static final int[] NO_ONE = new int[0];

  private final TrustGraph graph;
  private final Question question;

  /// Ascending. What else is kept by vertex is kept in the same order.
  private final OrganizationId[] ids;

  private final boolean[] anchor;
  private final int[] depths;
  private final boolean[] submitters;
  private final boolean[] vetters;

  /// The edges in use, by the vertex that they lead to, and there by the vertex they come from.
  private final int[][] from;

  /// How many vouches may follow the edge; -1 if it does not give the vetter's role.
  private final int[][] vetting;

  Reach(TrustGraph graph, Question question, NavigableSet<OrganizationId> ends) {
    this.graph = graph;
    this.question = question;
    Backwards backwards = new Backwards(graph.settledVouches(), question, ends);
    int[] rank = backwards.ranks();
    int vertices = rank.length;
    this.ids = new OrganizationId[vertices];
    this.anchor = new boolean[vertices];
    this.depths = new int[vertices];
    this.submitters = new boolean[vertices];
    this.vetters = new boolean[vertices];
    for (int vertex = 0; vertex < vertices; vertex++) {
      ids[rank[vertex]] = backwards.id(vertex);
      anchor[rank[vertex]] = backwards.isAnchor(vertex);
    }
    int edges = backwards.from.size();
    int[] outgoing = new int[vertices];
    for (int edge = 0; edge < edges; edge++) {
      outgoing[rank[backwards.from.get(edge)]]++;
    }
    int[][] byIssuer = new int[vertices][];
    for (int vertex = 0; vertex < vertices; vertex++) {
      byIssuer[vertex] = outgoing[vertex] == 0 ? NO_ONE : new int[outgoing[vertex]];
    }
    for (int edge = 0; edge < edges; edge++) {
      int issuer = rank[backwards.from.get(edge)];
      byIssuer[issuer][--outgoing[issuer]] = edge;
    }
    this.from = new int[vertices][];
    this.vetting = new int[vertices][];
    int[] incoming = new int[vertices];
    boolean[] used = forwards(backwards, rank, byIssuer, incoming);
    for (int vertex = 0; vertex < vertices; vertex++) {
      from[vertex] = incoming[vertex] == 0 ? NO_ONE : new int[incoming[vertex]];
      vetting[vertex] = incoming[vertex] == 0 ? NO_ONE : new int[incoming[vertex]];
    }
    Arrays.fill(incoming, 0);
    for (int issuer = 0; issuer < vertices; issuer++) {
      for (int edge : byIssuer[issuer]) {
        if (used[edge]) {
          int subject = rank[backwards.to.get(edge)];
          from[subject][incoming[subject]] = issuer;
          vetting[subject][incoming[subject]++] = backwards.vetting.get(edge);
        }
      }
    }
  }

  /// By falling depth, as in Dijkstra's algorithm: when an organization comes up, its depth is
  /// final.
  private boolean[] forwards(Backwards backwards, int[] rank, int[][] byIssuer, int[] incoming) {
    boolean[] used = new boolean[backwards.from.size()];
    for (int vertex = 0; vertex < ids.length; vertex++) {
      if (anchor[vertex]) {
        depths[vertex] = question.depth();
        submitters[vertex] = true;
        vetters[vertex] = true;
      }
    }
    for (int depth = question.depth(); depth >= 1; depth--) {
      for (int issuer = 0; issuer < ids.length; issuer++) {
        if (depths[issuer] == depth) {
          for (int edge : byIssuer[issuer]) {
            int further = Math.min(backwards.vetting.get(edge), depth - 1);
            boolean submitting = backwards.submitting.get(edge);
            if (further >= 0 || submitting) {
              int subject = rank[backwards.to.get(edge)];
              used[edge] = true;
              incoming[subject]++;
              submitters[subject] |= submitting;
              vetters[subject] |= further >= 0;
              depths[subject] = Math.max(depths[subject], further);
            }
          }
        }
      }
    }
    return used;
  }

  /// The edges from which the ends can be reached, found by following vouches backwards.
  private static final class Backwards {
    private final Vouches vouches;
    private final Question question;

    /// The numbers of the vertices in the roster, in the order in which they were found.
    private final Numbers numbers = new Numbers();

    private final Numbers from = new Numbers();
    private final Numbers to = new Numbers();
    private final Numbers vetting = new Numbers();
    private final BitSet submitting = new BitSet();

    /// By number: vertex + 1. Open addressing, twice as large as needed at least.
    private int[] slots = new int[64];

    Backwards(Vouches vouches, Question question, NavigableSet<OrganizationId> ends) {
      this.vouches = vouches;
      this.question = question;
      Worth worth = new Worth(question.view(), question.names());
      for (OrganizationId end : ends) {
        vertex(vouches.roster().number(end));
      }
      int endsCount = numbers.size();
      for (int vertex = 0; vertex < numbers.size(); vertex++) {
        if (!isAnchor(vertex) && !question.isRevoked().test(id(vertex))) {
          int subject = vertex;
          vouches.visitIssuers(
              numbers.get(vertex),
              worth,
              (issuer, _, worthOfIt) -> {
                boolean submits = subject < endsCount && worthOfIt.submitting();
                if (worthOfIt.vetting() >= 0 || submits) {
                  submitting.set(from.size(), submits);
                  from.add(vertex(issuer));
                  to.add(subject);
                  vetting.add(worthOfIt.vetting());
                }
              });
        }
      }
    }

    OrganizationId id(int vertex) {
      return vouches.roster().id(numbers.get(vertex));
    }

    boolean isAnchor(int vertex) {
      return question.anchors().contains(id(vertex));
    }

    private int vertex(int number) {
      int mask = slots.length - 1;
      int slot = (number * 0x9E3779B1) >>> 7 & mask;
      while (slots[slot] != 0) {
        if (numbers.get(slots[slot] - 1) == number) {
          return slots[slot] - 1;
        }
        slot = (slot + 1) & mask;
      }
      numbers.add(number);
      slots[slot] = numbers.size();
      if (2 * numbers.size() > slots.length) {
        rehash();
      }
      return numbers.size() - 1;
    }

    private void rehash() {
      slots = new int[4 * slots.length];
      int mask = slots.length - 1;
      for (int vertex = 0; vertex < numbers.size(); vertex++) {
        int slot = (numbers.get(vertex) * 0x9E3779B1) >>> 7 & mask;
        while (slots[slot] != 0) {
          slot = (slot + 1) & mask;
        }
        slots[slot] = vertex + 1;
      }
    }

    private record Vertex(OrganizationId id, int number) implements Comparable<Vertex> {
      @Override
      public int compareTo(Vertex other) {
        return id.compareTo(other.id);
      }
    }

    /// The place of each vertex in the order of ids.
    int[] ranks() {
      Vertex[] order = new Vertex[numbers.size()];
      for (int vertex = 0; vertex < order.length; vertex++) {
        order[vertex] = new Vertex(id(vertex), vertex);
      }
      Arrays.sort(order);
      int[] ranks = new int[order.length];
      for (int rank = 0; rank < order.length; rank++) {
        ranks[order[rank].number()] = rank;
      }
      return ranks;
    }
  }

  /// -1 if it is none of the vertices.
  private int vertex(OrganizationId organization) {
    return Math.max(Arrays.binarySearch(ids, organization), -1);
  }

  private boolean isAnchor(OrganizationId organization) {
    return question.anchors().contains(organization);
  }

  /// Some admissible vouch leads here, or it is an anchor. (Here and below: of those that were
  /// asked for.)
  boolean isReached(OrganizationId organization) {
    int vertex = vertex(organization);
    return isAnchor(organization) || (vertex >= 0 && from[vertex].length > 0);
  }

  boolean isSubmitter(OrganizationId organization) {
    int vertex = vertex(organization);
    return isAnchor(organization) || (vertex >= 0 && submitters[vertex]);
  }

  boolean isVetter(OrganizationId organization) {
    int vertex = vertex(organization);
    return isAnchor(organization) || (vertex >= 0 && vetters[vertex]);
  }

  /// How many vouches may follow from here; 0 if it may not vouch.
  int depthOf(OrganizationId organization) {
    int vertex = vertex(organization);
    return isAnchor(organization) ? question.depth() : vertex < 0 ? 0 : depths[vertex];
  }

  /// The suffixes that admissible vouches name for this organization, ascending; anchors have the
  /// root.
  List<DnsName> scopesOf(OrganizationId organization) {
    if (isAnchor(organization)) {
      return List.of(DnsName.ROOT);
    }
    TreeSet<DnsName> scopes = new TreeSet<>();
    for (Judge.Edge edge : edgesTo(organization)) {
      scopes.addAll(edge.scopes());
    }
    return List.copyOf(scopes);
  }

  /// The admissible vouches that lead here, those of one issuer together, by issuer.
  List<Judge.Edge> edgesTo(OrganizationId subject) {
    List<Judge.Edge> edges = new ArrayList<>();
    int vertex = vertex(subject);
    for (int issuer : vertex < 0 ? NO_ONE : from[vertex]) {
      edges.add(edge(graph, ids[issuer], subject, question.view()));
    }
    return edges;
  }

  static Judge.Edge edge(
      TrustGraph graph, OrganizationId issuer, OrganizationId subject, View view) {
    TreeSet<Role> roles = new TreeSet<>();
    TreeSet<DnsName> scopes = new TreeSet<>();
    long expires = 0;
    for (Vouching it : graph.speaker(issuer).vouchingsFor(subject)) {
      if (it.isAdmissible(view)) {
        if (it.vettingDepth() >= 0) {
          roles.add(Role.VETTER);
        }
        if (it.submitting()) {
          roles.add(Role.SUBMITTER);
        }
        scopes.addAll(it.scopes());
        expires = Math.max(expires, it.expiresAtMillis());
      }
    }
    return new Judge.Edge(issuer, subject, List.copyOf(roles), List.copyOf(scopes), expires);
  }

  /// All organizations from which a path leads to those asked for, and these.
  NavigableSet<OrganizationId> all() {
    BitSet ends = new BitSet();
    ends.set(0, ids.length);
    NavigableSet<OrganizationId> all = new TreeSet<>();
    leadingTo(ends, false, new BitSet()).stream()
        .filter(vertex -> anchor[vertex] || from[vertex].length > 0)
        .forEach(vertex -> all.add(ids[vertex]));
    return all;
  }

  /// Disjoint paths to those whose vouches lead to this organization, which itself is on none.
  Flow toVouchersOf(OrganizationId organization) {
    BitSet vouchers = new BitSet();
    int vertex = vertex(organization);
    for (int issuer : vertex < 0 ? NO_ONE : from[vertex]) {
      vouchers.set(issuer);
    }
    return flow(vouchers, new BitSet(), true);
  }

  /// Disjoint paths to those of the signers that are submitters here: a path ends at its first
  /// signer, for one that went on through a signer could as well end there.
  Flow toSubmitters(NavigableSet<OrganizationId> signers) {
    return toSubmitters(signers, Collections.emptyNavigableSet());
  }

  /// @param owners signers whose word is a path of its own, whether or not a vouch leads to them
  Flow toSubmitters(NavigableSet<OrganizationId> signers, NavigableSet<OrganizationId> owners) {
    BitSet ends = vertices(signers);
    for (int vertex = 0; vertex < ids.length; vertex++) {
      if (!submitters[vertex]) {
        ends.clear(vertex);
      }
    }
    BitSet sources = vertices(owners);
    ends.or(sources);
    return flow(ends, sources, false);
  }

  /// Disjoint paths to these organizations, whatever they may do.
  ///
  /// @param owners to whom a path of their own leads
  Flow toThose(NavigableSet<OrganizationId> ends, NavigableSet<OrganizationId> owners) {
    BitSet all = vertices(ends);
    BitSet sources = vertices(owners);
    all.or(sources);
    return flow(all, sources, false);
  }

  /// Disjoint paths to those of these organizations that are vetters here.
  Flow toVetters(NavigableSet<OrganizationId> organizations) {
    BitSet ends = vertices(organizations);
    for (int vertex = 0; vertex < ids.length; vertex++) {
      if (!vetters[vertex]) {
        ends.clear(vertex);
      }
    }
    return flow(ends, new BitSet(), true);
  }

  /// Each must be one of those asked for.
  private BitSet vertices(NavigableSet<OrganizationId> organizations) {
    BitSet vertices = new BitSet();
    for (OrganizationId organization : organizations) {
      vertices.set(vertex(organization));
    }
    return vertices;
  }

  /// Flows tried before the best one so far is taken. Each pair of one group on two paths costs
  /// two, and whoever invents many such pairs must be reachable with all of them.
  private static final int MAX_FLOWS = 256;

  /// Disjoint paths no two of which go through one group. To find the greatest number is hard in
  /// general ("disjoint paths with colours"), so: where two members of a group are on two paths,
  /// try without the one and without the other. Never too many paths; a path through two members of
  /// one group may be missed.
  private Flow flow(BitSet ends, BitSet sources, boolean vetting) {
    ArrayDeque<BitSet> waiting = new ArrayDeque<>();
    TreeSet<String> seen = new TreeSet<>();
    waiting.add(new BitSet());
    Found best = null;
    for (int flows = 0; flows < MAX_FLOWS && !waiting.isEmpty(); flows++) {
      BitSet without = waiting.remove();
      Found found = find(ends, sources, vetting, without);
      if (best != null && found.paths().size() <= best.paths().size()) {
        continue;
      }
      int[] pair = oneGroupOnTwoPaths(found.paths());
      if (pair.length == 0) {
        best = found;
      }
      for (int one : pair) {
        BitSet fewer = (BitSet) without.clone();
        fewer.set(one);
        if (seen.add(fewer.toString())) {
          waiting.add(fewer);
        }
      }
    }
    return best == null ? new Flow(List.of(), List.of()) : named(best);
  }

  /// Vertices rather than organizations.
  private record Found(List<List<Integer>> paths, List<Integer> cut) {}

  private Flow named(Found found) {
    List<List<OrganizationId>> paths = new ArrayList<>();
    for (List<Integer> path : found.paths()) {
      paths.add(path.stream().map(vertex -> ids[vertex]).toList());
    }
    return new Flow(List.copyOf(paths), found.cut().stream().map(vertex -> ids[vertex]).toList());
  }

  /// Two organizations that count as one, each on a path of its own; empty if there are none.
  private int[] oneGroupOnTwoPaths(List<List<Integer>> paths) {
    if (paths.size() < 2) {
      return NO_ONE;
    }
    List<List<Groups.Membership>> memberships = new ArrayList<>();
    boolean some = false;
    for (List<Integer> path : paths) {
      List<Groups.Membership> all = new ArrayList<>();
      for (int vertex : path) {
        Groups.Membership one = question.groups().membership(ids[vertex]);
        some |= !one.isAlone();
        all.add(one);
      }
      memberships.add(all);
    }
    for (int i = 0; some && i < paths.size(); i++) {
      for (int j = i + 1; j < paths.size(); j++) {
        for (int a = 0; a < paths.get(i).size(); a++) {
          for (int b = 0; b < paths.get(j).size(); b++) {
            if (memberships.get(i).get(a).isOneWith(memberships.get(j).get(b))) {
              return new int[] {paths.get(i).get(a), paths.get(j).get(b)};
            }
          }
        }
      }
    }
    return NO_ONE;
  }

  /// @param vettingOnly only vouches that give the vetter's role lead to the ends, too
  /// @param without organizations that are on no path
  private Found find(BitSet allEnds, BitSet sources, boolean vettingOnly, BitSet without) {
    BitSet ends = (BitSet) allEnds.clone();
    ends.andNot(without);
    BitSet all = leadingTo(ends, vettingOnly, without);
    int[] vertices = all.stream().toArray();
    int[] number = new int[ids.length];
    Arrays.fill(number, -1);
    int expected = 2 * vertices.length;
    for (int i = 0; i < vertices.length; i++) {
      number[vertices[i]] = i;
      expected += from[vertices[i]].length;
    }
    DisjointPaths network = new DisjointPaths(vertices.length, expected);
    for (int i = 0; i < vertices.length; i++) {
      int vertex = vertices[i];
      boolean end = ends.get(vertex);
      if (anchor[vertex] || sources.get(vertex)) {
        network.addSource(i);
      }
      if (end) {
        network.addSink(i);
      }
      for (int edge = 0; edge < from[vertex].length; edge++) {
        int issuer = from[vertex][edge];
        boolean leads = vetting[vertex][edge] >= 0 || (end && !vettingOnly);
        if (leads && number[issuer] >= 0 && !ends.get(issuer)) {
          network.addEdge(number[issuer], i);
        }
      }
    }
    DisjointPaths.Found found = network.find();
    List<List<Integer>> paths = new ArrayList<>();
    for (List<Integer> path : found.paths()) {
      paths.add(path.stream().map(i -> vertices[i]).toList());
    }
    paths.sort(Comparator.comparing(List::getFirst));
    return new Found(paths, found.cut().stream().map(i -> vertices[i]).toList());
  }

  /// The vertices from which the ends can be reached.
  private BitSet leadingTo(BitSet ends, boolean vettingOnly, BitSet without) {
    BitSet all = (BitSet) ends.clone();
    Numbers waiting = new Numbers();
    ends.stream().forEach(waiting::add);
    for (int at = 0; at < waiting.size(); at++) {
      int vertex = waiting.get(at);
      for (int edge = 0; edge < from[vertex].length; edge++) {
        int issuer = from[vertex][edge];
        boolean leads = vetting[vertex][edge] >= 0 || (ends.get(vertex) && !vettingOnly);
        if (leads && !without.get(issuer) && !all.get(issuer)) {
          all.set(issuer);
          waiting.add(issuer);
        }
      }
    }
    return all;
  }
}
