package tocsin.trust.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The greatest number of vertex-disjoint paths from sources to sinks in a directed graph, the
/// paths, and a smallest set of vertices that meets every path; by Menger's theorem (1927) both
/// have the same size. Sources and sinks are vertices like others: each can lie on one path only,
/// and can be cut.
///
/// Algorithm: Dinic (Dinitz 1970) with each vertex split in two, joined by an edge of capacity one;
/// on such networks it takes O(sqrt(V) E) (Even and Tarjan, "Network Flow and Testing Graph
/// Connectivity", SIAM J. Comput. 4, 1975). The same edges in the same order give the same answer.
final class DisjointPaths {
  /// @param paths each from a source to a sink; no vertex is on two of them
  /// @param cut as many vertices as paths, ascending: of all smallest cuts the one nearest to the
  ///   sources, so that a new sink reachable from the sources without it adds a path
  record Found(List<List<Integer>> paths, List<Integer> cut) {}

  private final int vertices;
  private final int source;
  private final int sink;
  private final int[] head;
  private int[] next;
  private int[] to;
  private int[] capacity;
  private int edges;

  /// Distance from the source in the residual graph; -1 where it does not reach.
  private final int[] level;

  /// Per node, the first edge not yet found useless.
  private final int[] open;

  /// Nodes to be visited; then the edges of a path.
  private final int[] walk;

  /// @param vertices how many; they are numbered from 0
  /// @param expected how many sources, sinks and edges will be added, about
  DisjointPaths(int vertices, int expected) {
    this.vertices = vertices;
    this.source = 2 * vertices;
    this.sink = 2 * vertices + 1;
    this.head = new int[2 * vertices + 2];
    Arrays.fill(head, -1);
    int room = 2 * (vertices + expected) + 2;
    this.next = new int[room];
    this.to = new int[room];
    this.capacity = new int[room];
    this.level = new int[head.length];
    this.open = new int[head.length];
    this.walk = new int[head.length];
    for (int vertex = 0; vertex < vertices; vertex++) {
      add(in(vertex), out(vertex), 1);
    }
  }

  private static int in(int vertex) {
    return 2 * vertex;
  }

  private static int out(int vertex) {
    return 2 * vertex + 1;
  }

  void addSource(int vertex) {
    add(source, in(vertex), vertices + 1);
  }

  void addSink(int vertex) {
    add(out(vertex), sink, vertices + 1);
  }

  void addEdge(int from, int target) {
    add(out(from), in(target), vertices + 1);
  }

  private void add(int from, int target, int units) {
    if (edges + 2 > to.length) {
      next = Arrays.copyOf(next, 2 * edges);
      to = Arrays.copyOf(to, 2 * edges);
      capacity = Arrays.copyOf(capacity, 2 * edges);
    }
    link(from, target, units);
    link(target, from, 0);
  }

  private void link(int from, int target, int units) {
    to[edges] = target;
    capacity[edges] = units;
    next[edges] = head[from];
    head[from] = edges++;
  }

  Found find() {
    while (reachesSink()) {
      System.arraycopy(head, 0, open, 0, head.length);
      while (augment()) {}
    }
    return new Found(paths(), cut());
  }

  /// Sets the levels anew.
  private boolean reachesSink() {
    Arrays.fill(level, -1);
    level[source] = 0;
    walk[0] = source;
    int waiting = 1;
    for (int at = 0; at < waiting; at++) {
      int node = walk[at];
      for (int edge = head[node]; edge >= 0; edge = next[edge]) {
        if (capacity[edge] > 0 && level[to[edge]] < 0) {
          level[to[edge]] = level[node] + 1;
          walk[waiting++] = to[edge];
        }
      }
    }
    return level[sink] >= 0;
  }

  /// Sends one unit along a shortest residual path; false if the levels hold no further one.
  private boolean augment() {
    int length = 0;
    int node = source;
    while (node != sink) {
      int edge = open[node];
      if (edge < 0) {
        if (length == 0) {
          return false;
        }
        int back = walk[--length];
        node = to[back ^ 1];
        open[node] = next[open[node]];
      } else if (capacity[edge] > 0 && level[to[edge]] == level[node] + 1) {
        walk[length++] = edge;
        node = to[edge];
      } else {
        open[node] = next[edge];
      }
    }
    for (int i = 0; i < length; i++) {
      capacity[walk[i]]--;
      capacity[walk[i] ^ 1]++;
    }
    return true;
  }

  private List<List<Integer>> paths() {
    List<List<Integer>> paths = new ArrayList<>();
    for (int edge = head[source]; edge >= 0; edge = next[edge]) {
      if (capacity[edge ^ 1] > 0) {
        List<Integer> path = new ArrayList<>();
        int node = to[edge];
        while (node != sink) {
          path.add(node / 2);
          node = followFlow(out(node / 2));
        }
        paths.add(path);
      }
    }
    return paths;
  }

  /// Where the one unit that leaves this node goes. Even edges are those of the graph.
  private int followFlow(int node) {
    for (int edge = head[node]; edge >= 0; edge = next[edge]) {
      if ((edge & 1) == 0 && capacity[edge ^ 1] > 0) {
        return to[edge];
      }
    }
    throw new AssertionError("flow is not conserved");
  }

  /// By the levels of the last, vain search.
  private List<Integer> cut() {
    List<Integer> cut = new ArrayList<>();
    for (int vertex = 0; vertex < vertices; vertex++) {
      if (level[in(vertex)] >= 0 && level[out(vertex)] < 0) {
        cut.add(vertex);
      }
    }
    return cut;
  }
}
