package tocsin.trust.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import tocsin.trust.Cast;
import tocsin.trust.Cast.Org;
import tocsin.trust.Cast.Voice;
import tocsin.trust.Envelope;
import tocsin.trust.OrganizationId;
import tocsin.trust.Role;
import tocsin.trust.SigningKey;
import tocsin.trust.StatementId;

/// A small random network of organizations that vouch, alert, endorse, and take things back. The
/// same seed gives the same world. Signatures are not real: verification is not what is tested with
/// it.
final class World {
  private static final int KEYS = 12;
  private static final List<SigningKey> ROOT_KEYS = keys("world root ");
  private static final List<SigningKey> VOICE_KEYS = keys("world key ");
  private static final List<String> GROUPS = List.of("", "", "red", "blue");
  static final List<String> SCOPES = List.of(".", "test", "bank.test", "shop.test", "other.test");

  /// A vouch as the test made it, with what it did to it since: an account of its own beside the
  /// program's.
  static final class Fact {
    final int from;
    final int to;
    final boolean vetter;
    final boolean submitter;
    final List<String> scopes;
    final int depth;
    boolean alive;
    final Envelope envelope;

    Fact(
        int from,
        int to,
        List<Role> roles,
        List<String> scopes,
        int depth,
        boolean alive,
        Envelope envelope) {
      this.from = from;
      this.to = to;
      this.vetter = roles.contains(Role.VETTER);
      this.submitter = roles.contains(Role.SUBMITTER);
      this.scopes = scopes;
      this.depth = depth;
      this.alive = alive;
      this.envelope = envelope;
    }

    boolean covers(String name) {
      return scopes.stream()
          .anyMatch(it -> it.equals(".") || name.equals(it) || name.endsWith("." + it));
    }
  }

  record Told(Envelope envelope, long firstSeenMillis) {}

  final Random random;
  final List<Org> organizations = new ArrayList<>();
  final TreeSet<OrganizationId> anchors = new TreeSet<>();
  final List<Integer> anchorNumbers = new ArrayList<>();
  final List<Fact> vouches = new ArrayList<>();
  final List<Told> told = new ArrayList<>();
  final List<String> names;
  final Envelope alert;
  final int submitter;
  final TreeSet<Integer> endorsers = new TreeSet<>();
  private long clock = Cast.NOW - 1_000_000;

  World(long seed) {
    this(seed, false);
  }

  /// @param groups some organizations declare one of two groups
  World(long seed, boolean groups) {
    this.random = new Random(seed);
    int count = 2 + random.nextInt(7);
    for (int i = 0; i < count; i++) {
      Org org =
          new Org(
              "World " + i,
              new Voice(ROOT_KEYS.get(i), true),
              new Voice(VOICE_KEYS.get(i), true),
              groups ? GROUPS.get(random.nextInt(GROUPS.size())) : "");
      organizations.add(org);
      tell(org.profile);
    }
    TreeSet<Integer> chosen = new TreeSet<>();
    int anchorCount = 1 + random.nextInt(3);
    for (int i = 0; i < anchorCount; i++) {
      chosen.add(random.nextInt(count));
    }
    for (int anchor : chosen) {
      anchorNumbers.add(anchor);
      anchors.add(organizations.get(anchor).id);
    }
    int vouchCount = random.nextInt(4 * count);
    for (int i = 0; i < vouchCount; i++) {
      vouchAtRandom();
    }
    names = random.nextBoolean() ? List.of("bank.test") : List.of("bank.test", "www.shop.test");
    submitter = random.nextInt(count);
    alert = organizations.get(submitter).override(names.toArray(String[]::new));
    tell(alert);
    int endorsements = random.nextInt(4);
    for (int i = 0; i < endorsements; i++) {
      endorseAtRandom();
    }
  }

  private static List<SigningKey> keys(String name) {
    List<SigningKey> keys = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      keys.add(Cast.key(name + i));
    }
    return keys;
  }

  void tell(Envelope envelope) {
    told.add(new Told(envelope, clock += 1_000));
  }

  Org anyone() {
    return organizations.get(random.nextInt(organizations.size()));
  }

  void vouchAtRandom() {
    int from = random.nextInt(organizations.size());
    int to = random.nextInt(organizations.size());
    if (from == to) {
      return;
    }
    List<Role> roles =
        switch (random.nextInt(4)) {
          case 0 -> List.of(Role.VETTER);
          case 1 -> List.of(Role.SUBMITTER);
          default -> List.of(Role.VETTER, Role.SUBMITTER);
        };
    TreeSet<String> scopes = new TreeSet<>();
    scopes.add(random.nextBoolean() ? "." : SCOPES.get(random.nextInt(SCOPES.size())));
    if (random.nextInt(4) == 0) {
      scopes.add(SCOPES.get(random.nextInt(SCOPES.size())));
    }
    int depth = random.nextInt(4);
    boolean expired = random.nextInt(10) == 0;
    Envelope envelope =
        organizations
            .get(from)
            .vouch(
                organizations.get(to),
                roles,
                depth,
                Cast.NOW - 48 * Cast.HOUR,
                expired ? Cast.NOW : Cast.NOW + Cast.YEAR,
                scopes.toArray(String[]::new));
    vouches.add(new Fact(from, to, roles, List.copyOf(scopes), depth, !expired, envelope));
    tell(envelope);
  }

  void endorseAtRandom() {
    int endorser = random.nextInt(organizations.size());
    tell(organizations.get(endorser).endorse(alert));
    endorsers.add(endorser);
  }

  void withdrawAtRandom() {
    if (vouches.isEmpty()) {
      return;
    }
    Fact fact = vouches.get(random.nextInt(vouches.size()));
    // Sometimes somebody else tries.
    int by = random.nextInt(4) == 0 ? random.nextInt(organizations.size()) : fact.from;
    tell(organizations.get(by).withdraw(fact.envelope));
    if (by == fact.from) {
      fact.alive = false;
    }
  }

  /// Revokes a voice's key, leaving standing what it had said up to one of its statements.
  void revokeKeyAtRandom() {
    int owner = random.nextInt(organizations.size());
    List<StatementId> chain = saidBy(owner);
    int good = random.nextInt(chain.size() + 1);
    Optional<StatementId> lastGood =
        good == 0 ? Optional.empty() : Optional.of(chain.get(good - 1));
    tell(organizations.get(owner).revokeKey(lastGood));
    List<StatementId> lost = chain.subList(good, chain.size());
    for (Fact fact : vouches) {
      if (fact.from == owner && lost.contains(fact.envelope.id())) {
        fact.alive = false;
      }
    }
  }

  /// Long ago, so that it may bind.
  void registerAtRandom() {
    long longAgo = Cast.NOW - 10 * 24 * Cast.HOUR;
    List<OrganizationId> submitters = random.nextInt(3) == 0 ? List.of(anyone().id) : List.of();
    Envelope envelope =
        anyone()
            .register(
                longAgo,
                submitters,
                random.nextInt(2),
                random.nextBoolean() ? "bank.test" : "shop.test");
    told.add(new Told(envelope, longAgo + told.size()));
    if (random.nextInt(3) == 0) {
      tell(anyone().dispute(envelope));
    }
    if (random.nextInt(3) == 0) {
      tell(anyone().endorse(envelope));
    }
  }

  /// Somebody with a copy of an organization's key as it was in the beginning.
  void equivocateAtRandom() {
    int owner = random.nextInt(organizations.size());
    Org copy =
        new Org(
            "World " + owner,
            new Voice(ROOT_KEYS.get(owner), true),
            new Voice(VOICE_KEYS.get(owner), true));
    int behind = random.nextInt(4);
    for (int i = 0; i < behind; i++) {
      copy.dispute(alert);
    }
    // What stops something, so that it starts nothing where it is no rival of anything.
    tell(
        copy.voice.say(
            new tocsin.trust.Statement.Dispute(
                copy.voice.header(Optional.of(organizations.get(owner).id), Cast.NOW - 300, 0),
                alert.id(),
                "a rival")));
  }

  private List<StatementId> saidBy(int organization) {
    return told.stream()
        .map(Told::envelope)
        .filter(it -> it.statement().header().key().equals(VOICE_KEYS.get(organization).id()))
        .map(Envelope::id)
        .toList();
  }

  void anythingAtRandom() {
    switch (random.nextInt(14)) {
      case 0, 1, 2 -> vouchAtRandom();
      case 3, 4 -> endorseAtRandom();
      case 5 -> withdrawAtRandom();
      case 6 -> revokeKeyAtRandom();
      case 7 -> tell(anyone().dispute(alert));
      case 8 -> {
        Org by = anyone();
        Org subject = anyone();
        if (by != subject) {
          tell(by.revoke(subject));
        }
      }
      case 9 -> tell(anyone().recall(told.get(random.nextInt(told.size())).envelope()));
      case 10 ->
          tell(
              anyone()
                  .flush(
                      random.nextBoolean() ? Optional.of(alert.id()) : Optional.empty(),
                      "bank.test"));
      case 11 -> registerAtRandom();
      case 12 -> equivocateAtRandom();
      default ->
          tell(
              anyone()
                  .alert(
                      Cast.NOW - 900,
                      Cast.NOW + Cast.HOUR,
                      Cast.address("93.184.216.40"),
                      Optional.of(alert.id()),
                      Optional.of(alert.id()),
                      "bank.test"));
    }
  }

  TrustGraph graph() {
    return graph(told);
  }

  static TrustGraph graph(List<Told> told) {
    TrustGraph graph = new TrustGraph(Cast.NETWORK, 1_000);
    for (Told it : told) {
      graph.add(it.envelope(), it.firstSeenMillis());
    }
    return graph;
  }

  static TrustPolicy policy(int overridePaths, int depth) {
    return new TrustPolicy(
        1,
        overridePaths,
        depth,
        false,
        24 * Cast.HOUR,
        1_000,
        TrustPolicy.Approval.AUTOMATIC,
        false,
        3);
  }

  AlertJudgement judge(TrustPolicy policy) {
    return new Judge(graph(), policy, anchors).judge(alert.id(), Cast.NOW).orElseThrow();
  }
}
