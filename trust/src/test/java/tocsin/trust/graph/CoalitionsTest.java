package tocsin.trust.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
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
/// Short by default; the long form has up to 100,000 organizations and 10,000 invented ones.
class CoalitionsTest {
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

  /// At random, at the anchors, where most vouches come from, and, worst of all, where all paths go
  /// through.
  ///
  /// @param cut a smallest coalition that all paths to many honest submitters go through
  private static List<Org> corrupt(
      Network network, List<OrganizationId> cut, int count, int trial) {
    List<Org> candidates =
        switch (trial % 4) {
          case 0 -> new ArrayList<>(network.organizations);
          case 1 -> new ArrayList<>(network.organizations.subList(0, 5));
          case 2 -> {
            List<Org> busy = new ArrayList<>(network.organizations);
            busy.sort((a, b) ->
                Integer.compare(
                    network.graph.speaker(b.id).vouchings().size(),
                    network.graph.speaker(a.id).vouchings().size()));
            yield new ArrayList<>(busy.subList(0, 2 * count + 2));
          }
          default ->
              new ArrayList<>(
                  network.organizations.stream().filter(it -> cut.contains(it.id)).toList());
        };
    Collections.shuffle(candidates, network.random);
    return new ArrayList<>(candidates.subList(0, count));
  }

  @Test
  void noFewCanLieAndEnoughCanSpeak() {
    for (Shape shape : Shape.values()) {
      noFewCanLie(shape, 400, 150, 12);
    }
  }

  @Test
  @Tag("long")
  void noFewCanLieInGreatNetworks() {
    for (int organizations : List.of(100, 1_000, 10_000, 100_000)) {
      for (Shape shape : Shape.values()) {
        long begun = System.nanoTime();
        noFewCanLie(shape, organizations, 10_000, 16);
        System.out.printf(
            "%s, %d organizations, 10000 sybils, 16 placements: %.1f s%n",
            shape, organizations, (System.nanoTime() - begun) / 1e9);
      }
    }
  }

  private static void noFewCanLie(Shape shape, int organizations, int sybilCount, int trials) {
    Network network = new Network(shape, organizations, 1);
    List<Org> honest = new ArrayList<>(network.organizations);
    Collections.shuffle(honest, network.random);
    Envelope truth = honest.getFirst().override("true.test");
    network.see(truth);
    honest.subList(1, 60).forEach(it -> network.see(it.endorse(truth)));
    AlertJudgement believed = network.judge(truth, 3);
    assertThat(believed.isActive()).as("%s: disjoint organizations are believed", shape).isTrue();
    assertThat(believed.paths()).hasSizeGreaterThanOrEqualTo(3);
    List<OrganizationId> cut = network.judge(truth, TrustPolicy.MAX_PATHS).obstacle();
    assertThat(cut).hasSizeGreaterThanOrEqualTo(3);
    List<Org> sybils = new ArrayList<>();
    for (int i = 0; i < sybilCount; i++) {
      sybils.add(network.newcomer("sybil " + i));
      if (i > 0) {
        // Whatever they say among themselves.
        network.see(sybils.get(network.random.nextInt(i)).vouch(sybils.get(i), BOTH, 8));
        network.see(sybils.get(i).vouch(sybils.getFirst(), BOTH, 8));
      }
    }
    for (int trial = 0; trial < trials; trial++) {
      int k = 2 + trial % 3;
      List<Org> evil = corrupt(network, cut, k - 1, trial);
      for (Org one : evil) {
        for (int i = 0; i < 10; i++) {
          network.see(one.vouch(sybils.get(network.random.nextInt(sybilCount)), BOTH, 8));
        }
      }
      Envelope lie =
          (trial % 2 == 0 ? sybils.getFirst() : evil.getFirst()).override("bank" + trial + ".test");
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

  /// With repetitions and restarts in between, of the same statements.
  @Test
  void anyOrderGivesTheSameState() {
    anyOrder(400);
  }

  @Test
  @Tag("long")
  void tenThousandOrdersGiveTheSameState() {
    anyOrder(10_000);
  }

  private static void anyOrder(int orders) {
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
        if (order % 3 == 0 && i % 17 == 0) {
          graph.pack();
        }
      }
      assertThat(new Judge(graph, policy, world.anchors).stateHash(Cast.NOW))
          .as("order %d", order)
          .isEqualTo(expected);
    }
  }
}
