package tocsin.trust.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tocsin.trust.Cast;
import tocsin.trust.Envelope;
import tocsin.trust.OrganizationId;
import tocsin.trust.Role;
import tocsin.trust.Sha256;
import tocsin.trust.SigningKey;
import tocsin.trust.Statement;
import tocsin.trust.graph.World.Told;

/// What must hold of every judgement in every network, tried on thousands of small random ones.
class JudgementPropertiesTest {
  private static final List<SigningKey> SYBILS = sybilKeys();
  private static final int WORLDS = Integer.getInteger("tocsin.worlds", 400);

  @Test
  void asManyPathsAsTheSmallestCoalitionThatIsInTheWay() {
    TreeSet<Integer> seen = new TreeSet<>();
    for (int seed = 0; seed < 5 * WORLDS; seed++) {
      World world = new World(seed);
      if (seed % 2 == 0) {
        world.withdrawAtRandom();
        world.withdrawAtRandom();
      }
      int depth = 1 + seed % 4;
      AlertJudgement judgement = world.judge(World.policy(3, depth));
      Oracle oracle = new Oracle(world, depth);
      assertThat(judgement.found()).as("world %d", seed).isEqualTo(oracle.smallestCoalition());
      seen.add(judgement.found());
      if (judgement.found() < judgement.required()) {
        assertThat(judgement.obstacle()).hasSize(judgement.found());
        assertThat(oracle.isConnectedWithout(numbers(world, judgement.obstacle()))).isFalse();
      }
      assertDisjoint(judgement);
    }
    assertThat(seen).contains(0, 1, 2);
  }

  @Test
  void aRevokedKeysVouchesCountUpToTheLastGoodStatement() {
    for (int seed = 0; seed < WORLDS; seed++) {
      World world = new World(seed);
      world.revokeKeyAtRandom();
      AlertJudgement judgement = world.judge(World.policy(3, 4));
      boolean signersStand =
          !(judgement.status() instanceof AlertStatus.Refused refused)
              || refused.guard() != Guard.VOID_SIGNER;
      // Endorsements by the revoked key come and go with it: compare where there are none.
      if (signersStand && world.endorsers.isEmpty()) {
        assertThat(judgement.found())
            .as("world %d", seed)
            .isEqualTo(new Oracle(world, 4).smallestCoalition());
      }
    }
  }

  @Test
  void orderAndRepetitionChangeNothing() {
    for (int seed = 0; seed < WORLDS / 3; seed++) {
      World world = new World(seed);
      int more = world.random.nextInt(25);
      for (int i = 0; i < more; i++) {
        world.anythingAtRandom();
      }
      TrustPolicy policy = World.policy(2, 4);
      Sha256 expected = new Judge(world.graph(), policy, world.anchors).stateHash(Cast.NOW);
      List<Told> shuffled = new ArrayList<>(world.told);
      for (Told it : world.told) {
        if (world.random.nextInt(3) == 0) {
          // Seen again later: the first time counts.
          shuffled.add(new Told(it.envelope(), it.firstSeenMillis() + 5_000_000));
        }
      }
      for (int round = 0; round < 4; round++) {
        Collections.shuffle(shuffled, world.random);
        TrustGraph graph = new TrustGraph(Cast.NETWORK, 1_000);
        Judge judge = new Judge(graph, policy, world.anchors);
        for (int i = 0; i < shuffled.size(); i++) {
          graph.add(shuffled.get(i).envelope(), shuffled.get(i).firstSeenMillis());
          if (i % 7 == 0) {
            // To ask in between must leave no trace, nor how vouches are kept.
            judge.stateHash(Cast.NOW);
            graph.carried(world.anchors.first());
          }
          if (i % 11 == round) {
            graph.pack();
          }
        }
        assertThat(judge.stateHash(Cast.NOW)).as("world %d", seed).isEqualTo(expected);
        for (OrganizationId anchor : world.anchors) {
          assertThat(graph.carried(anchor)).isEqualTo(world.graph().carried(anchor));
        }
      }
    }
  }

  /// A fork goes on as a graph of its own would, and nobody else notices.
  @Test
  void aForkIsAGraphOfItsOwn() {
    for (int seed = 0; seed < WORLDS / 3; seed++) {
      World world = new World(seed);
      for (int i = 0; i < 20; i++) {
        world.anythingAtRandom();
      }
      TrustPolicy policy = World.policy(2, 4);
      List<Told> shuffled = new ArrayList<>(world.told);
      Collections.shuffle(shuffled, world.random);
      int parted = world.random.nextInt(shuffled.size());
      TrustGraph base = new TrustGraph(Cast.NETWORK, 1_000);
      shuffled.subList(0, parted).forEach(it -> base.add(it.envelope(), it.firstSeenMillis()));
      if (seed % 2 == 0) {
        base.carried(world.anchors.first());
      }
      Sha256 before = new Judge(base, policy, world.anchors).stateHash(Cast.NOW);
      TrustGraph fork = base.fork();
      TrustGraph idle = base.fork();
      List<TrustGraph> forks = List.of(fork, base.fork(), fork.fork());
      for (TrustGraph it : forks) {
        Judge judge = new Judge(it, policy, world.anchors);
        assertThat(judge.stateHash(Cast.NOW)).as("world %d", seed).isEqualTo(before);
        List<Told> rest = new ArrayList<>(shuffled.subList(parted, shuffled.size()));
        Collections.shuffle(rest, world.random);
        TrustGraph goesOn = it;
        for (Told told : rest) {
          goesOn.add(told.envelope(), told.firstSeenMillis());
          if (world.random.nextInt(9) == 0) {
            goesOn = goesOn.fork();
          }
        }
        assertThat(new Judge(goesOn, policy, world.anchors).stateHash(Cast.NOW))
            .as("world %d", seed)
            .isEqualTo(new Judge(world.graph(), policy, world.anchors).stateHash(Cast.NOW));
        for (OrganizationId anchor : world.anchors) {
          assertThat(goesOn.carried(anchor)).isEqualTo(world.graph().carried(anchor));
          assertThat(goesOn.carriedCount(anchor)).isEqualTo(goesOn.carried(anchor).size());
        }
      }
      for (TrustGraph it : List.of(base, idle)) {
        assertThat(new Judge(it, policy, world.anchors).stateHash(Cast.NOW))
            .as("world %d", seed)
            .isEqualTo(before);
      }
    }
  }

  /// Without disputes and successors, whose standing a vouch could give them.
  @Test
  void moreVouchesAndEndorsementsNeverTakeAnythingAway() {
    int accepted = 0;
    for (int seed = 0; seed < WORLDS; seed++) {
      World world = new World(seed, seed % 3 == 0);
      boolean before = world.judge(World.policy(2, 4)).isActive();
      int found = world.judge(World.policy(2, 4)).found();
      for (int i = 0; i < 4; i++) {
        if (world.random.nextBoolean()) {
          world.vouchAtRandom();
        } else {
          world.endorseAtRandom();
        }
        AlertJudgement after = world.judge(World.policy(2, 4));
        assertThat(after.found()).as("world %d", seed).isGreaterThanOrEqualTo(found);
        assertThat(before && !after.isActive()).as("world %d", seed).isFalse();
        before = after.isActive();
        found = after.found();
      }
      accepted += before ? 1 : 0;
    }
    assertThat(accepted).isGreaterThan(WORLDS / 50);
  }

  @Test
  void stoppingNeverStartsAnything() {
    int stopped = 0;
    for (int seed = 0; seed < WORLDS; seed++) {
      World world = new World(seed);
      for (int i = 0; i < 10; i++) {
        world.anythingAtRandom();
      }
      TrustPolicy policy = World.policy(1 + seed % 2, 4);
      List<Envelope> alerts =
          world.told.stream()
              .map(Told::envelope)
              .filter(it -> it.statement() instanceof Statement.Alert)
              .toList();
      Judge before = new Judge(world.graph(), policy, world.anchors);
      switch (world.random.nextInt(6)) {
        case 0 -> world.withdrawAtRandom();
        case 4 -> world.equivocateAtRandom();
        case 1 -> world.revokeKeyAtRandom();
        case 2 -> world.tell(world.anyone().dispute(world.alert));
        case 3 ->
            world.tell(world.anyone().recall(alerts.get(world.random.nextInt(alerts.size()))));
        default -> {
          for (int i = 0; i < 3; i++) {
            if (world.anyone() != world.organizations.getFirst()) {
              Cast.Org by =
                  world.organizations.get(1 + world.random.nextInt(world.organizations.size() - 1));
              world.tell(by.revoke(world.organizations.getFirst()));
            }
          }
        }
      }
      Judge after = new Judge(world.graph(), policy, world.anchors);
      for (Envelope alert : alerts) {
        boolean was = before.judge(alert.id(), Cast.NOW).orElseThrow().isActive();
        boolean is = after.judge(alert.id(), Cast.NOW).orElseThrow().isActive();
        assertThat(!was && is).as("world %d alert %s", seed, alert.id()).isFalse();
        stopped += was && !is ? 1 : 0;
      }
    }
    assertThat(stopped).isGreaterThan(WORLDS / 50);
  }

  /// Law 2: whatever k - 1 organizations do, with as many sybils as they like, nothing happens that
  /// the others have not said too.
  @Test
  void kMinusOneOrganizationsCanMakeNothingHappen() {
    for (int seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      World world = new World(seed);
      int k = 2 + random.nextInt(2);
      TreeSet<Integer> corrupt = new TreeSet<>();
      for (int i = 1; i < k; i++) {
        corrupt.add(random.nextInt(world.organizations.size()));
      }
      List<Cast.Org> evil = new ArrayList<>();
      for (int i : corrupt) {
        evil.add(world.organizations.get(i));
      }
      for (int i = 0; i < 6; i++) {
        Cast.Org sybil =
            new Cast.Org(
                "Sybil " + i,
                new Cast.Voice(SYBILS.get(2 * i), true),
                new Cast.Voice(SYBILS.get(2 * i + 1), true));
        world.tell(sybil.profile);
        evil.add(sybil);
      }
      for (Cast.Org one : evil) {
        for (Cast.Org other : evil) {
          if (one != other) {
            world.tell(one.vouch(other, List.of(Role.VETTER, Role.SUBMITTER), 8));
          }
        }
      }
      Envelope fake = evil.get(random.nextInt(evil.size())).override("bank.test");
      world.tell(fake);
      evil.forEach(it -> world.tell(it.endorse(fake)));
      AlertJudgement judgement =
          new Judge(world.graph(), World.policy(k, 4), world.anchors)
              .judge(fake.id(), Cast.NOW)
              .orElseThrow();
      assertThat(judgement.isActive()).as("world %d", seed).isFalse();
      assertThat(judgement.found()).isLessThan(k);
    }
  }

  private static List<SigningKey> sybilKeys() {
    List<SigningKey> keys = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      keys.add(Cast.key("sybil " + i));
    }
    return keys;
  }

  private static int numbers(World world, List<OrganizationId> organizations) {
    int numbers = 0;
    for (int i = 0; i < world.organizations.size(); i++) {
      if (organizations.contains(world.organizations.get(i).id)) {
        numbers |= 1 << i;
      }
    }
    return numbers;
  }

  private static void assertDisjoint(AlertJudgement judgement) {
    List<OrganizationId> all = new ArrayList<>();
    judgement.paths().forEach(all::addAll);
    assertThat(all).doesNotHaveDuplicates();
    assertThat(judgement.paths()).hasSize(judgement.found());
  }

  /// The rules once more, in the plainest way: depths by repeating until nothing changes,
  /// coalitions by trying them all.
  private static final class Oracle {
    private final World world;
    private final int count;
    private final int[] depth;
    private final int[][] vetting;
    private final boolean[][] submitting;
    private final boolean[] submitter;

    Oracle(World world, int policyDepth) {
      this.world = world;
      this.count = world.organizations.size();
      this.vetting = new int[count][count];
      this.submitting = new boolean[count][count];
      for (int from = 0; from < count; from++) {
        for (int to = 0; to < count; to++) {
          addUp(from, to);
        }
      }
      this.depth = new int[count];
      this.submitter = new boolean[count];
      for (int anchor : world.anchorNumbers) {
        depth[anchor] = policyDepth;
        submitter[anchor] = true;
      }
      for (int round = 0; round < count + policyDepth; round++) {
        for (int from = 0; from < count; from++) {
          for (int to = 0; to < count && depth[from] >= 1; to++) {
            if (!world.anchorNumbers.contains(to)) {
              depth[to] = Math.max(depth[to], Math.min(vetting[from][to], depth[from] - 1));
              submitter[to] |= submitting[from][to];
            }
          }
        }
      }
    }

    private void addUp(int from, int to) {
      int worst = Integer.MAX_VALUE;
      boolean submits = true;
      for (String name : world.names) {
        int best = -1;
        boolean here = false;
        for (World.Fact it : world.vouches) {
          if (it.from == from && it.to == to && it.alive && it.covers(name)) {
            best = Math.max(best, it.vetter ? it.depth : -1);
            here |= it.submitter;
          }
        }
        worst = Math.min(worst, best);
        submits &= here;
      }
      vetting[from][to] = worst;
      submitting[from][to] = submits;
    }

    private boolean signs(int organization) {
      return submitter[organization]
          && (organization == world.submitter || world.endorsers.contains(organization));
    }

    boolean isConnectedWithout(int removed) {
      boolean[] reached = new boolean[count];
      for (int anchor : world.anchorNumbers) {
        reached[anchor] = (removed & 1 << anchor) == 0;
        if (reached[anchor] && signs(anchor)) {
          return true;
        }
      }
      for (int round = 0; round < count; round++) {
        for (int from = 0; from < count; from++) {
          for (int to = 0; to < count && reached[from] && depth[from] >= 1; to++) {
            boolean edge = vetting[from][to] >= 0 || submitting[from][to];
            if (edge && (removed & 1 << to) == 0) {
              if (signs(to)) {
                return true;
              }
              reached[to] |= vetting[from][to] >= 0;
            }
          }
        }
      }
      return false;
    }

    int smallestCoalition() {
      int smallest = count;
      for (int removed = 0; removed < 1 << count; removed++) {
        if (Integer.bitCount(removed) < smallest && !isConnectedWithout(removed)) {
          smallest = Integer.bitCount(removed);
        }
      }
      return smallest;
    }
  }
}
