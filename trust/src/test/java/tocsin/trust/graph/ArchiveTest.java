package tocsin.trust.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tocsin.trust.Cast;
import tocsin.trust.Envelope;
import tocsin.trust.StatementId;

/// A graph that reads alerts and endorsements again when they are judged.
class ArchiveTest {
  private static final int SEEDS = 150;

  private final TreeMap<StatementId, Envelope> archive = new TreeMap<>();
  private final List<StatementId> asked = new ArrayList<>();

  private TrustGraph graph() {
    return new TrustGraph(
        Cast.NETWORK,
        1_000,
        id -> {
          asked.add(id);
          return Optional.ofNullable(archive.get(id));
        });
  }

  private void see(TrustGraph graph, World.Told told) {
    archive.put(told.envelope().id(), told.envelope());
    graph.add(told.envelope(), told.firstSeenMillis());
  }

  @Test
  void anAlertIsReadWhenItIsJudgedAndOnlyOnce() {
    World world = new World(7);
    TrustGraph graph = graph();
    world.told.forEach(told -> see(graph, told));
    assertThat(asked).isEmpty();
    Judge judge = new Judge(graph, TrustPolicy.DEFAULT, world.anchors);
    AlertJudgement first = judge.judge(world.alert.id(), Cast.NOW).orElseThrow();
    assertThat(asked).contains(world.alert.id()).doesNotHaveDuplicates();
    int once = asked.size();
    assertThat(judge.judge(world.alert.id(), Cast.NOW)).contains(first);
    assertThat(asked).hasSize(once);
    graph.settled(world.alert.id());
    assertThat(judge.judge(world.alert.id(), Cast.NOW)).contains(first);
    assertThat(asked).hasSize(2 * once);
  }

  @Test
  void whatAnArchiveHasLostIsAnError() {
    World world = new World(7);
    TrustGraph graph = graph();
    world.told.forEach(told -> see(graph, told));
    archive.clear();
    Judge judge = new Judge(graph, TrustPolicy.DEFAULT, world.anchors);
    assertThatThrownBy(() -> judge.judge(world.alert.id(), Cast.NOW))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(world.alert.id().toString());
  }

  /// Whether it keeps what it is told or reads it again, and whenever it forgets what it has read.
  @Test
  void theSameIsJudged() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      World world = new World(seed, true);
      TrustGraph reading = graph();
      TrustGraph keeping = new TrustGraph(Cast.NETWORK, 1_000);
      for (World.Told told : world.told) {
        see(reading, told);
        keeping.add(told.envelope(), told.firstSeenMillis());
        Judge judge = new Judge(reading, TrustPolicy.DEFAULT, world.anchors);
        for (StatementId alert : new TreeSet<>(reading.alerts())) {
          Optional<AlertJudgement> _ = judge.judge(alert, Cast.NOW);
          if (world.random.nextBoolean()) {
            reading.settled(alert);
          }
        }
      }
      assertThat(new Judge(reading, TrustPolicy.DEFAULT, world.anchors).stateHash(Cast.NOW))
          .as("seed " + seed)
          .isEqualTo(new Judge(keeping, TrustPolicy.DEFAULT, world.anchors).stateHash(Cast.NOW));
    }
  }
}
