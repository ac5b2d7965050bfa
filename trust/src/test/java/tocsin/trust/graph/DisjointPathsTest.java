package tocsin.trust.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DisjointPathsTest {
  private record Graph(
      int vertices, List<Integer> sources, List<Integer> sinks, List<int[]> edges) {
    DisjointPaths.Found find() {
      DisjointPaths paths = new DisjointPaths(vertices, 0);
      sources.forEach(paths::addSource);
      sinks.forEach(paths::addSink);
      edges.forEach(edge -> paths.addEdge(edge[0], edge[1]));
      return paths.find();
    }

    /// Some path from a source to a sink avoids these vertices (a set of bits).
    boolean isConnectedWithout(int removed) {
      int reached = 0;
      for (int source : sources) {
        reached |= 1 << source;
      }
      reached &= ~removed;
      for (int before = -1; before != reached; ) {
        before = reached;
        for (int[] edge : edges) {
          if ((reached & 1 << edge[0]) != 0) {
            reached |= 1 << edge[1] & ~removed;
          }
        }
      }
      for (int sink : sinks) {
        if ((reached & 1 << sink) != 0) {
          return true;
        }
      }
      return false;
    }

    int smallestCut() {
      int smallest = vertices;
      for (int removed = 0; removed < 1 << vertices; removed++) {
        if (Integer.bitCount(removed) < smallest && !isConnectedWithout(removed)) {
          smallest = Integer.bitCount(removed);
        }
      }
      return smallest;
    }
  }

  private static Graph random(Random random) {
    int vertices = 2 + random.nextInt(8);
    List<Integer> sources = some(random, vertices);
    List<Integer> sinks = some(random, vertices);
    List<int[]> edges = new ArrayList<>();
    int count = random.nextInt(3 * vertices);
    for (int i = 0; i < count; i++) {
      int from = random.nextInt(vertices);
      int to = random.nextInt(vertices);
      if (from != to) {
        edges.add(new int[] {from, to});
      }
    }
    return new Graph(vertices, sources, sinks, edges);
  }

  private static List<Integer> some(Random random, int vertices) {
    TreeSet<Integer> some = new TreeSet<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      some.add(random.nextInt(vertices));
    }
    return List.copyOf(some);
  }

  @Test
  void asManyPathsAsTheSmallestCutHasVertices() {
    Random random = new Random(20081202);
    for (int round = 0; round < 20_000; round++) {
      Graph graph = random(random);
      DisjointPaths.Found found = graph.find();
      assertThat(found.paths()).as("round %d", round).hasSize(graph.smallestCut());
      assertThat(found.cut()).hasSize(found.paths().size()).isSorted();
      int cut = 0;
      for (int vertex : found.cut()) {
        cut |= 1 << vertex;
      }
      assertThat(graph.isConnectedWithout(cut)).isFalse();
      checkPaths(graph, found.paths());
    }
  }

  private static void checkPaths(Graph graph, List<List<Integer>> paths) {
    TreeSet<Integer> used = new TreeSet<>();
    for (List<Integer> path : paths) {
      assertThat(graph.sources()).contains(path.getFirst());
      assertThat(graph.sinks()).contains(path.getLast());
      for (int i = 0; i < path.size(); i++) {
        assertThat(used.add(path.get(i))).as("vertex used once").isTrue();
        int[] step = {path.get(Math.max(0, i - 1)), path.get(i)};
        assertThat(
                i == 0
                    || graph.edges().stream().anyMatch(it -> it[0] == step[0] && it[1] == step[1]))
            .isTrue();
      }
    }
  }

  /// The obstacle is the cut nearest to the sources, so that who is asked for another endorsement
  /// is told whom to avoid.
  @Test
  void aNewSinkBesideTheCutAddsAPath() {
    Random random = new Random(7);
    int tried = 0;
    for (int round = 0; round < 5_000; round++) {
      Graph graph = random(random);
      DisjointPaths.Found found = graph.find();
      int cut = 0;
      for (int vertex : found.cut()) {
        cut |= 1 << vertex;
      }
      for (int vertex = 0; vertex < graph.vertices(); vertex++) {
        Graph alone = new Graph(graph.vertices(), graph.sources(), List.of(vertex), graph.edges());
        if (alone.isConnectedWithout(cut)) {
          List<Integer> sinks = new ArrayList<>(graph.sinks());
          sinks.add(vertex);
          Graph more = new Graph(graph.vertices(), graph.sources(), sinks, graph.edges());
          assertThat(more.find().paths()).hasSize(found.paths().size() + 1);
          tried++;
        }
      }
    }
    assertThat(tried).isGreaterThan(1_000);
  }

  @Test
  void aPathIsReroutedWhereTheFirstChoiceBlocksAnother() {
    // 0 and 1 are sources; 0 can go by 2 or 3, 1 only by 2; the sink side joins at 4 and 5.
    Graph graph =
        new Graph(
            6,
            List.of(0, 1),
            List.of(4, 5),
            List.of(
                new int[] {0, 2},
                new int[] {0, 3},
                new int[] {1, 2},
                new int[] {2, 4},
                new int[] {3, 4},
                new int[] {2, 5}));
    assertThat(graph.find().paths()).hasSize(2);
  }
}
