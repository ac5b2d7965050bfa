package tocsin.trust.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
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
  void addLink(StatementId id, Header header) {
    chains.computeIfAbsent(header.key(), _ -> new KeyChain()).add(id, header);
    if (keyRevocations.containsKey(header.key())) {
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

  boolean hasRevokedKeys() {
    return !keyRevocations.isEmpty();
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

  /// When this node first saw a revocation of the key that does not leave the statement standing;
  /// `Long.MAX_VALUE` if never.
  long voidSinceMillis(StatementId statement, KeyId key) {
    long earliest = Long.MAX_VALUE;
    for (var revocation : keyRevocations.getOrDefault(key, new TreeMap<>()).values()) {
      if (isByRoots(revocation.signers())
          && revocation.statement().target() instanceof Statement.Revoked.Key target
          && !chain(key).isGood(statement, target.lastGood())) {
        earliest = Math.min(earliest, revocation.firstSeenMillis());
      }
    }
    return earliest;
  }

  private KeyChain chain(KeyId key) {
    return chains.computeIfAbsent(key, _ -> new KeyChain());
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
