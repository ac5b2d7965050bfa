package tocsin.trust.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tocsin.trust.Cast;
import tocsin.trust.Cast.Org;
import tocsin.trust.Cast.Voice;
import tocsin.trust.Envelope;
import tocsin.trust.OrganizationId;
import tocsin.trust.Role;
import tocsin.trust.Sha256;
import tocsin.trust.SigningKey;

/// Law 2 on networks of the shapes that grow by themselves: whichever k - 1 organizations are
/// corrupt, with as many invented ones as they like, no override of theirs is accepted; and k
/// disjoint ones are enough.
///
/// Short by default; `-Dtocsin.coalition.organizations=100000 -Dtocsin.coalition.sybils=10000
/// -Dtocsin.coalition.trials=100` is the long form.
class CoalitionsTest {
  private static final int ORGANIZATIONS =
      Integer.getInteger("tocsin.coalition.organizations", 400);
  private static final int SYBILS = Integer.getInteger("tocsin.coalition.sybils", 150);
  private static final int TRIALS = Integer.getInteger("tocsin.coalition.trials", 12);
  private static final List<Role> BOTH = List.of(Role.VETTER, Role.SUBMITTER);

  private enum Shape {
    /// New ones are vouched for by those who vouch for many already.
    SCALE_FREE,
    /// A few hubs vouch for everybody.
    HUB,
    /// Anchors vouch for vetters, those for vetters of a second layer, those for submitters.
    LAYERED
  }

  private static final class Network {
    final List<Org> organizations = new ArrayList<>();
    final TreeSet<OrganizationId> anchors = new TreeSet<>();
    final TrustGraph graph = new TrustGraph(Cast.NETWORK, 1_000_000);
    final Random random;
    final String name;
    private long clock = Cast.NOW - 100_000_000;

    Network(Shape shape, int count, long seed) {
      random = new Random(seed);
      name = shape + " " + seed + " ";
      for (int i = 0; i < count; i++) {
        organizations.add(newcomer("organization " + i));
      }
      for (int i = 0; i < 5; i++) {
        anchors.add(organizations.get(i).id);
      }
      for (int i = 5; i < count; i++) {
        Org subject = organizations.get(i);
        int vouchers = 2 + random.nextInt(3);
        for (int j = 0; j < vouchers; j++) {
          int by =
              switch (shape) {
                // The square prefers those that came early, who are preferred already.
                case SCALE_FREE -> (int) (i * Math.pow(random.nextDouble(), 2));
                case HUB -> random.nextInt(Math.min(i, 8));
                case LAYERED -> layer(i, count);
              };
          if (by != i) {
            see(organizations.get(by).vouch(subject, BOTH, 3));
          }
        }
      }
    }

    private int layer(int i, int count) {
      int first = Math.min(5 + Math.max(count / 50, 3), count / 2);
      int second = Math.min(first + Math.max(count / 10, 5), count - 1);
      return i < first
          ? random.nextInt(5)
          : i < second ? 5 + random.nextInt(first - 5) : first + random.nextInt(second - first);
    }

    Org newcomer(String who) {
      Org org = new Org(name + who, voice(name + who + " root"), voice(name + who + " key"));
      see(org.profile);
      return org;
    }

    private static Voice voice(String name) {
      SigningKey key = SigningKey.fromSeed(Sha256.of(ByteString.copyFromUtf8(name)).toByteString());
      return new Voice(key, true);
    }

    void see(Envelope envelope) {
      graph.add(envelope, clock++);
    }

    AlertJudgement judge(Envelope alert, int k) {
      return new Judge(graph, World.policy(k, 4), anchors)
          .judge(alert.id(), Cast.NOW)
          .orElseThrow();
    }
  }

  /// At random, at the anchors, and where most vouches come from.
  private static List<Org> corrupt(Network network, int count, int trial) {
    List<Org> candidates =
        switch (trial % 3) {
          case 0 -> new ArrayList<>(network.organizations);
          case 1 -> new ArrayList<>(network.organizations.subList(0, 5));
          default -> {
            List<Org> busy = new ArrayList<>(network.organizations);
            busy.sort((a, b) ->
                Integer.compare(
                    network.graph.speaker(b.id).vouchings().size(),
                    network.graph.speaker(a.id).vouchings().size()));
            yield new ArrayList<>(busy.subList(0, 2 * count + 2));
          }
        };
    Collections.shuffle(candidates, network.random);
    return new ArrayList<>(candidates.subList(0, count));
  }

  @Test
  void noFewCanLieAndEnoughCanSpeak() {
    for (Shape shape : Shape.values()) {
      Network network = new Network(shape, ORGANIZATIONS, 1);
      List<Org> honest = new ArrayList<>(network.organizations);
      Collections.shuffle(honest, network.random);
      Envelope truth = honest.getFirst().override("true.test");
      network.see(truth);
      honest.subList(1, 60).forEach(it -> network.see(it.endorse(truth)));
      AlertJudgement believed = network.judge(truth, 3);
      assertThat(believed.isActive()).as("%s: disjoint organizations are believed", shape).isTrue();
      assertThat(believed.paths()).hasSizeGreaterThanOrEqualTo(3);
      List<Org> sybils = new ArrayList<>();
      for (int i = 0; i < SYBILS; i++) {
        sybils.add(network.newcomer("sybil " + i));
        if (i > 0) {
          // Whatever they say among themselves.
          network.see(sybils.get(network.random.nextInt(i)).vouch(sybils.get(i), BOTH, 8));
          network.see(sybils.get(i).vouch(sybils.getFirst(), BOTH, 8));
        }
      }
      for (int trial = 0; trial < TRIALS; trial++) {
        int k = 2 + trial % 3;
        List<Org> evil = corrupt(network, k - 1, trial);
        for (Org one : evil) {
          for (int i = 0; i < 10; i++) {
            network.see(one.vouch(sybils.get(network.random.nextInt(SYBILS)), BOTH, 8));
          }
        }
        Envelope lie =
            (trial % 2 == 0 ? sybils.getFirst() : evil.getFirst())
                .override("bank" + trial + ".test");
        network.see(lie);
        evil.forEach(it -> network.see(it.endorse(lie)));
        sybils.forEach(it -> network.see(it.endorse(lie)));
        AlertJudgement judgement = network.judge(lie, k);
        assertThat(judgement.isActive())
            .as("%s: %d corrupt of %d needed, trial %d", shape, k - 1, k, trial)
            .isFalse();
        assertThat(judgement.found()).isLessThan(k);
        // What they did is taken back before the next trial: their successors start afresh.
        evil.forEach(it -> network.see(it.revokeKey(Optional.empty())));
      }
    }
  }

  /// Ten thousand orders, with repetitions and restarts in between, of the same statements.
  @Test
  void anyOrderGivesTheSameState() {
    int orders = Integer.getInteger("tocsin.orders", 400);
    World world = new World(7, true);
    for (int i = 0; i < 30; i++) {
      world.anythingAtRandom();
    }
    TrustPolicy policy = World.policy(2, 4);
    Sha256 expected = new Judge(world.graph(), policy, world.anchors).stateHash(Cast.NOW);
    for (int order = 0; order < orders; order++) {
      Random random = new Random(order);
      List<World.Told> shuffled = new ArrayList<>(world.told);
      shuffled.addAll(world.told.subList(0, random.nextInt(world.told.size())));
      Collections.shuffle(shuffled, random);
      int restart = random.nextInt(shuffled.size());
      TrustGraph graph = new TrustGraph(Cast.NETWORK, 1_000);
      for (int i = 0; i < shuffled.size(); i++) {
        if (i == restart) {
          // A restart reads the log from its beginning into nothing.
          TrustGraph again = new TrustGraph(Cast.NETWORK, 1_000);
          shuffled.subList(0, i).forEach(it -> again.add(it.envelope(), it.firstSeenMillis()));
          graph = again;
        }
        graph.add(shuffled.get(i).envelope(), shuffled.get(i).firstSeenMillis());
      }
      assertThat(new Judge(graph, policy, world.anchors).stateHash(Cast.NOW))
          .as("order %d", order)
          .isEqualTo(expected);
    }
  }
}
