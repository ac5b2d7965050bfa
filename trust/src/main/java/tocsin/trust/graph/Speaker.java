package tocsin.trust.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tocsin.trust.Header;
import tocsin.trust.KeyId;
import tocsin.trust.KeyUse;
import tocsin.trust.OrganizationId;
import tocsin.trust.PublicKey;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// One organization by its own words: profiles, keys and their revocations, vouches and
/// withdrawals. Nothing here depends on the order in which they came.
final class Speaker {
  private final ProfileHistory profiles = new ProfileHistory();
  private final TreeMap<KeyId, KeyChain> chains = new TreeMap<>();
  private final TreeMap<KeyId, TreeMap<StatementId, Seen<Statement.Revocation>>> keyRevocations =
      new TreeMap<>();
  private final TreeMap<StatementId, Seen<Statement.Vouch>> vouches = new TreeMap<>();

  /// By the vouch that they take back.
  private final TreeMap<StatementId, TreeMap<StatementId, Seen<Statement.VouchWithdrawal>>>
      withdrawals = new TreeMap<>();

  /// Keys that signed two different statements with one number or one slot.
  private final TreeSet<KeyId> equivocators = new TreeSet<>();

  private final TreeMap<OrganizationId, List<Vouching>> vouchings = new TreeMap<>();
  private boolean vouchingsAreFresh = true;

  ProfileHistory profiles() {
    return profiles;
  }

  void addProfile(Seen<Statement.Profile> profile) {
    profiles.add(profile);
    vouchingsAreFresh = false;
  }

  /// Every statement of the organization passes here, of whatever kind.
  void addLink(StatementId id, Header header, long firstSeenMillis) {
    KeyChain chain = chains.computeIfAbsent(header.key(), _ -> new KeyChain());
    chain.add(id, header, firstSeenMillis);
    if (chain.hasEquivocated()) {
      equivocators.add(header.key());
    }
    if (keyRevocations.containsKey(header.key()) || !equivocators.isEmpty()) {
      vouchingsAreFresh = false;
    }
  }

  void addKeyRevocation(Seen<Statement.Revocation> revocation, KeyId key) {
    keyRevocations.computeIfAbsent(key, _ -> new TreeMap<>()).put(revocation.id(), revocation);
    vouchingsAreFresh = false;
  }

  void addVouch(Seen<Statement.Vouch> vouch) {
    vouches.put(vouch.id(), vouch);
    vouchingsAreFresh = false;
  }

  void addWithdrawal(Seen<Statement.VouchWithdrawal> withdrawal) {
    for (StatementId vouch : withdrawal.statement().vouches()) {
      withdrawals.computeIfAbsent(vouch, _ -> new TreeMap<>()).put(withdrawal.id(), withdrawal);
    }
    vouchingsAreFresh = false;
  }

  /// A quorum of roots has revoked the key, whatever it left standing.
  boolean isRevoked(KeyId key) {
    return keyRevocations.getOrDefault(key, new TreeMap<>()).values().stream()
        .anyMatch(revocation -> isByRoots(revocation.signers()));
  }

  /// The key has signed two statements with one number or one slot.
  boolean isSuspended(KeyId key) {
    return equivocators.contains(key);
  }

  /// Some key's statements are good or void depending on one another.
  boolean hasDoubtfulKeys() {
    return !keyRevocations.isEmpty() || !equivocators.isEmpty();
  }

  NavigableSet<KeyId> equivocators() {
    return Collections.unmodifiableNavigableSet(equivocators);
  }

  private long suspendedSinceMillis(StatementId statement, KeyId key) {
    long earliest = Long.MAX_VALUE;
    for (KeyChain.Equivocation it : said(key).against(statement)) {
      if (!isShielded(statement, key, it.sinceMillis())) {
        earliest = Math.min(earliest, it.sinceMillis());
      }
    }
    return earliest;
  }

  /// A revocation of the key that came before this moment left the statement standing.
  private boolean isShielded(StatementId statement, KeyId key, long beforeMillis) {
    for (var revocation : keyRevocations.getOrDefault(key, new TreeMap<>()).values()) {
      if (revocation.firstSeenMillis() < beforeMillis
          && isByRoots(revocation.signers())
          && revocation.statement().target() instanceof Statement.Revoked.Key target
          && said(key).isGood(statement, target.lastGood())) {
        return true;
      }
    }
    return false;
  }

  /// What the key has said, as far as it is known here.
  KeyChain said(KeyId key) {
    KeyChain chain = chains.get(key);
    return chain == null ? new KeyChain() : chain;
  }

  /// Since when so many of the organization's roots have contradicted themselves that the others
  /// are no quorum: then nothing that it starts counts, until a profile lists better roots;
  /// `Long.MAX_VALUE` if they have not.
  private long rootsSuspendedSinceMillis() {
    Optional<Seen<Statement.Profile>> latest = profiles.latest();
    if (equivocators.isEmpty() || latest.isEmpty()) {
      return Long.MAX_VALUE;
    }
    List<Long> since = new ArrayList<>();
    for (PublicKey root : latest.get().statement().roots()) {
      if (isSuspended(root.id())) {
        since.add(said(root.id()).equivocations().getFirst().sinceMillis());
      }
    }
    int needed = latest.get().statement().roots().size() - latest.get().statement().threshold() + 1;
    Collections.sort(since);
    return since.size() < needed ? Long.MAX_VALUE : since.get(needed - 1);
  }

  /// What the organization vouches, by subject.
  SortedMap<OrganizationId, List<Vouching>> vouchings() {
    if (!vouchingsAreFresh) {
      vouchings.clear();
      for (Seen<Statement.Vouch> vouch : vouches.values()) {
        vouchings
            .computeIfAbsent(vouch.statement().subject(), _ -> new ArrayList<>())
            .add(vouching(vouch));
      }
      vouchingsAreFresh = true;
    }
    return Collections.unmodifiableSortedMap(vouchings);
  }

  private Vouching vouching(Seen<Statement.Vouch> vouch) {
    KeyId key = vouch.header().key();
    long issuedAt = vouch.header().issuedAtMillis();
    return new Vouching(
        vouch.id(),
        vouch.statement(),
        profiles.latestLists(key, KeyUse.VOUCH, issuedAt),
        profiles.everListed(key, KeyUse.VOUCH, issuedAt),
        Math.min(withdrawnAtMillis(vouch.id()), voidSinceMillis(vouch.id(), key)));
  }

  /// When this node first saw a withdrawal of the vouch; `Long.MAX_VALUE` if never.
  long withdrawnAtMillis(StatementId vouch) {
    long earliest = Long.MAX_VALUE;
    for (var withdrawal : withdrawals.getOrDefault(vouch, new TreeMap<>()).values()) {
      if (everSpoke(withdrawal.header(), KeyUse.VOUCH)) {
        earliest = Math.min(earliest, withdrawal.firstSeenMillis());
      }
    }
    return earliest;
  }

  /// When this node first saw a revocation of the key that does not leave the statement standing,
  /// or an equivocation of the key with this statement or an earlier one; `Long.MAX_VALUE` if
  /// never. An equivocation that came after a revocation does not touch what that left standing: a
  /// thief who is found out can do no more harm.
  long voidSinceMillis(StatementId statement, KeyId key) {
    long earliest = Math.min(suspendedSinceMillis(statement, key), rootsSuspendedSinceMillis());
    for (var revocation : keyRevocations.getOrDefault(key, new TreeMap<>()).values()) {
      if (isByRoots(revocation.signers())
          && revocation.statement().target() instanceof Statement.Revoked.Key target
          && !said(key).isGood(statement, target.lastGood())) {
        earliest = Math.min(earliest, revocation.firstSeenMillis());
      }
    }
    return earliest;
  }

  boolean isByRoots(List<PublicKey> signers) {
    return profiles.anyQuorum(signers);
  }

  /// For statements that *start* something: the key speaks for the organization, for this use, in
  /// this view.
  boolean speaks(StatementId id, Header header, KeyUse use, View view) {
    boolean listed =
        view.latestProfiles()
            ? profiles.latestLists(header.key(), use, header.issuedAtMillis())
            : profiles.everListed(header.key(), use, header.issuedAtMillis());
    long voidSince = voidSinceMillis(id, header.key());
    return listed && (voidSince == Long.MAX_VALUE || voidSince > view.stopsUntilMillis());
  }

  /// For statements that *stop* something, which no later revocation or new profile takes back:
  /// some valid profile listed the key for one of these uses.
  boolean everSpoke(Header header, KeyUse... uses) {
    for (KeyUse use : uses) {
      if (profiles.everListed(header.key(), use, header.issuedAtMillis())) {
        return true;
      }
    }
    return false;
  }
}
