package tocsin.trust.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import tocsin.trust.Envelope;
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
  private static final Comparator<Vouching> BY_SUBJECT =
      Comparator.comparing(Vouching::subject).thenComparing(Vouching::id);

  private ProfileHistory profiles = ProfileHistory.NONE;

  /// By key.
  private final ArrayList<KeyChain> chains = new ArrayList<>(1);

  /// These three are replaced when they grow: most organizations have nothing in them, and forks
  /// share them.
  private SortedMap<KeyId, SortedMap<StatementId, Seen<Statement.Revocation>>> keyRevocations =
      Collections.emptySortedMap();

  /// By the vouch that they take back.
  private SortedMap<StatementId, SortedMap<StatementId, Seen<Statement.VouchWithdrawal>>>
      withdrawals = Collections.emptySortedMap();

  /// Keys that signed two different statements with one number or one slot.
  private SortedSet<KeyId> equivocators = Collections.emptySortedSet();

  /// What the organization vouches, by subject and id.
  private ArrayList<Vouching> vouchings = new ArrayList<>(0);

  /// Forks read the same list, until one of them has to write.
  private boolean vouchingsShared;

  /// They say what the other statements make of them.
  private boolean vouchingsAreFresh = true;

  private TrustGraph.Said said = TrustGraph.Said.NOTHING;

  /// Since [#takeChange] was last asked.
  private boolean changed;

  /// An organization that goes on from this one, which must not be changed any more.
  Speaker fork() {
    Speaker fork = new Speaker();
    vouchings();
    vouchingsShared = true;
    fork.profiles = profiles;
    fork.said = said;
    fork.chains.ensureCapacity(chains.size());
    chains.forEach(chain -> fork.chains.add(chain.fork()));
    fork.keyRevocations = keyRevocations;
    fork.withdrawals = withdrawals;
    fork.equivocators = equivocators;
    fork.vouchings = vouchings;
    fork.vouchingsShared = true;
    return fork;
  }

  ProfileHistory profiles() {
    return profiles;
  }

  void addProfile(Seen<Statement.Profile> profile) {
    profiles = profiles.with(profile);
    stale();
  }

  private void stale() {
    vouchingsAreFresh = false;
    changed |= !vouchings.isEmpty();
  }

  /// Something about the vouches may have changed since this was last asked.
  boolean takeChange() {
    boolean was = changed;
    changed = false;
    return was;
  }

  TrustGraph.Said said() {
    return said;
  }

  /// When this node first saw the statement; empty if it does not know it.
  Optional<Long> firstSeenMillis(StatementId id, Header header) {
    int at = chainOf(header.key());
    return at < 0 ? Optional.empty() : chains.get(at).firstSeenMillis(id, header);
  }

  /// Every statement of the organization passes here, of whatever kind.
  ///
  /// @return what it does to what counts
  TrustGraph.Filed addLink(Envelope envelope, long firstSeenMillis) {
    Header header = envelope.statement().header();
    int at = chainOf(header.key());
    if (at < 0) {
      at = -at - 1;
      chains.add(at, new KeyChain(header.key()));
    }
    KeyChain chain = chains.get(at);
    boolean wasContradictory = chain.hasEquivocated();
    TrustGraph.Filed filed = TrustGraph.Filed.NOTHING;
    if (chain.add(envelope.id(), header, firstSeenMillis)) {
      filed = filed(envelope, chain, wasContradictory);
      said = said.after(filed);
    }
    if (chain.hasEquivocated() && !equivocators.contains(header.key())) {
      equivocators = new TreeSet<>(equivocators);
      equivocators.add(header.key());
    }
    if (keyRevocations.containsKey(header.key()) || !equivocators.isEmpty()) {
      stale();
    }
    return filed;
  }

  /// What shares its number or slot with another statement does not count, nor does the other one.
  private static TrustGraph.Filed filed(
      Envelope envelope, KeyChain chain, boolean wasContradictory) {
    Header header = envelope.statement().header();
    if (!chain.hasEquivocated() || chain.rival(envelope.id(), header).isEmpty()) {
      return new TrustGraph.Filed(Optional.of(envelope.id()), List.of());
    }
    return new TrustGraph.Filed(
        wasContradictory ? Optional.empty() : Optional.of(TrustGraph.contradictionOf(envelope)),
        chain.contradictedBy(envelope.id(), header));
  }

  /// Where the key's chain is, or, negative, where it would be: -1 - place.
  private int chainOf(KeyId key) {
    int low = 0;
    int high = chains.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = chains.get(middle).key().compareTo(key);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return -1 - low;
  }

  private static <K extends Comparable<K>, V> SortedMap<K, SortedMap<StatementId, V>> plus(
      SortedMap<K, SortedMap<StatementId, V>> before, K key, StatementId id, V value) {
    SortedMap<K, SortedMap<StatementId, V>> all = new TreeMap<>(before);
    SortedMap<StatementId, V> here =
        new TreeMap<>(before.getOrDefault(key, Collections.emptySortedMap()));
    here.put(id, value);
    all.put(key, here);
    return all;
  }

  void addKeyRevocation(Seen<Statement.Revocation> revocation, KeyId key) {
    keyRevocations = plus(keyRevocations, key, revocation.id(), revocation);
    stale();
  }

  /// @param vouch with its key, subject and scopes as objects that others share
  /// @return the vouch as it is judged
  Vouching addVouch(Vouching vouch) {
    Vouching judged = judged(vouch);
    if (vouchingsShared) {
      vouchings = new ArrayList<>(vouchings);
      vouchingsShared = false;
    }
    int at = Collections.binarySearch(vouchings, judged, BY_SUBJECT);
    if (at >= 0) {
      vouchings.set(at, judged);
    } else {
      vouchings.add(-at - 1, judged);
    }
    changed = true;
    return judged;
  }

  void addWithdrawal(Seen<Statement.VouchWithdrawal> withdrawal) {
    for (StatementId vouch : withdrawal.statement().vouches()) {
      withdrawals = plus(withdrawals, vouch, withdrawal.id(), withdrawal);
    }
    stale();
  }

  /// A quorum of roots has revoked the key, whatever it left standing.
  boolean isRevoked(KeyId key) {
    return keyRevocations.getOrDefault(key, Collections.emptySortedMap()).values().stream()
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

  SortedSet<KeyId> equivocators() {
    return Collections.unmodifiableSortedSet(equivocators);
  }

  private long suspendedSinceMillis(StatementId statement, KeyId key, long sequence) {
    long earliest = Long.MAX_VALUE;
    for (KeyChain.Equivocation it : said(key).against(statement, sequence)) {
      if (!isShielded(statement, key, sequence, it.sinceMillis())) {
        earliest = Math.min(earliest, it.sinceMillis());
      }
    }
    return earliest;
  }

  /// A revocation of the key that came before this moment left the statement standing.
  private boolean isShielded(StatementId statement, KeyId key, long sequence, long beforeMillis) {
    for (var revocation : keyRevocations.getOrDefault(key, Collections.emptySortedMap()).values()) {
      if (revocation.firstSeenMillis() < beforeMillis
          && isByRoots(revocation.signers())
          && revocation.statement().target() instanceof Statement.Revoked.Key target
          && said(key).isGood(statement, sequence, target.lastGood())) {
        return true;
      }
    }
    return false;
  }

  /// What the key has said, as far as it is known here.
  KeyChain said(KeyId key) {
    int at = chainOf(key);
    return at < 0 ? new KeyChain(key) : chains.get(at);
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

  /// What the organization vouches, by subject and id.
  List<Vouching> vouchings() {
    if (!vouchingsAreFresh) {
      ArrayList<Vouching> fresh = new ArrayList<>(vouchings.size());
      vouchings.forEach(vouch -> fresh.add(judged(vouch)));
      vouchings = fresh;
      vouchingsShared = false;
      vouchingsAreFresh = true;
    }
    return Collections.unmodifiableList(vouchings);
  }

  /// What it vouches for this organization, by id.
  List<Vouching> vouchingsFor(OrganizationId subject) {
    List<Vouching> all = vouchings();
    int low = 0;
    int high = all.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (all.get(middle).subject().compareTo(subject) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    int end = low;
    while (end < all.size() && all.get(end).subject().equals(subject)) {
      end++;
    }
    return all.subList(low, end);
  }

  private Vouching judged(Vouching vouch) {
    return vouch.with(
        profiles.latestLists(vouch.key(), KeyUse.VOUCH, vouch.issuedAtMillis()),
        profiles.everListed(vouch.key(), KeyUse.VOUCH, vouch.issuedAtMillis()),
        Math.min(
            withdrawnAtMillis(vouch.id()),
            voidSinceMillis(vouch.id(), vouch.key(), vouch.sequence())));
  }

  /// When this node first saw a withdrawal of the vouch; `Long.MAX_VALUE` if never.
  long withdrawnAtMillis(StatementId vouch) {
    long earliest = Long.MAX_VALUE;
    for (var withdrawal : withdrawals.getOrDefault(vouch, Collections.emptySortedMap()).values()) {
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
  ///
  /// @param sequence the statement's number among those of the key
  long voidSinceMillis(StatementId statement, KeyId key, long sequence) {
    long earliest =
        Math.min(suspendedSinceMillis(statement, key, sequence), rootsSuspendedSinceMillis());
    for (var revocation : keyRevocations.getOrDefault(key, Collections.emptySortedMap()).values()) {
      if (isByRoots(revocation.signers())
          && revocation.statement().target() instanceof Statement.Revoked.Key target
          && !said(key).isGood(statement, sequence, target.lastGood())) {
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
    long voidSince = voidSinceMillis(id, header.key(), header.sequence());
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
