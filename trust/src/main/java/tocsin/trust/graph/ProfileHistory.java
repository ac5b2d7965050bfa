package tocsin.trust.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tocsin.trust.KeyId;
import tocsin.trust.KeyUse;
import tocsin.trust.PublicKey;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// The versions of one organization's profile. The genesis is valid if a quorum of its own roots
/// signed it; version n + 1 if a quorum of its own roots did, and a quorum of the roots of some
/// valid version n. Versions may arrive in any order; what was valid once is valid for ever.
final class ProfileHistory {
  /// Of an organization that has not introduced itself.
  static final ProfileHistory NONE = new ProfileHistory();

  private final TreeMap<StatementId, Seen<Statement.Profile>> candidates = new TreeMap<>();
  private List<Seen<Statement.Profile>> valid = List.of();
  private Optional<Seen<Statement.Profile>> latest = Optional.empty();

  /// Those of the latest version.
  private SortedMap<KeyId, Statement.OperationalKey> latestKeys = Collections.emptySortedMap();

  /// The operational keys of each version; a key id costs a hash, so it is computed once.
  private final TreeMap<StatementId, SortedMap<KeyId, Statement.OperationalKey>> keys =
      new TreeMap<>();

  /// A history with this version too: forks share what they have in common.
  ProfileHistory with(Seen<Statement.Profile> profile) {
    ProfileHistory history = new ProfileHistory();
    history.candidates.putAll(candidates);
    history.keys.putAll(keys);
    history.candidates.put(profile.id(), profile);
    TreeMap<KeyId, Statement.OperationalKey> byId = new TreeMap<>();
    profile.statement().keys().forEach(key -> byId.put(key.key().id(), key));
    history.keys.put(profile.id(), byId);
    history.valid = history.validVersions();
    history.latest = history.latestVersion();
    history.latestKeys =
        history.latest.map(it -> history.keysOf(it.id())).orElseGet(Collections::emptySortedMap);
    return history;
  }

  private List<Seen<Statement.Profile>> validVersions() {
    TreeMap<Integer, List<Seen<Statement.Profile>>> byVersion = new TreeMap<>();
    for (Seen<Statement.Profile> candidate : candidates.values()) {
      if (candidate.statement().hasQuorum(candidate.signers())) {
        byVersion
            .computeIfAbsent(candidate.statement().version(), _ -> new ArrayList<>())
            .add(candidate);
      }
    }
    List<Seen<Statement.Profile>> all = new ArrayList<>();
    List<Seen<Statement.Profile>> before = List.of();
    for (int version = 1; byVersion.containsKey(version); version++) {
      List<Seen<Statement.Profile>> these = new ArrayList<>();
      for (Seen<Statement.Profile> candidate : byVersion.get(version)) {
        if (version == 1 || isApproved(candidate, before)) {
          these.add(candidate);
        }
      }
      if (these.isEmpty()) {
        break;
      }
      all.addAll(these);
      before = these;
    }
    return all;
  }

  private static boolean isApproved(
      Seen<Statement.Profile> candidate, List<Seen<Statement.Profile>> predecessors) {
    for (Seen<Statement.Profile> predecessor : predecessors) {
      if (predecessor.statement().hasQuorum(candidate.signers())) {
        return true;
      }
    }
    return false;
  }

  /// The highest valid version; of two with one number, which only a quorum of roots can make, the
  /// one with the lower id.
  Optional<Seen<Statement.Profile>> latest() {
    return latest;
  }

  private Optional<Seen<Statement.Profile>> latestVersion() {
    Seen<Statement.Profile> latest = null;
    for (Seen<Statement.Profile> version : valid) {
      if (latest == null || version.statement().version() > latest.statement().version()) {
        latest = version;
      }
    }
    return Optional.ofNullable(latest);
  }

  /// The latest version and those that it stands on, from the genesis up; empty if there is none.
  List<Seen<Statement.Profile>> lineage() {
    List<Seen<Statement.Profile>> lineage = new ArrayList<>();
    latest().ifPresent(lineage::add);
    while (!lineage.isEmpty() && lineage.getFirst().statement().version() > 1) {
      Seen<Statement.Profile> first = lineage.getFirst();
      lineage.addFirst(
          valid.stream()
              .filter(it -> it.statement().version() == first.statement().version() - 1)
              .filter(it -> it.statement().hasQuorum(first.signers()))
              .findFirst()
              .orElseThrow());
    }
    return lineage;
  }

  /// True if this version is valid, or would be if it were added.
  boolean accepts(Seen<Statement.Profile> candidate) {
    int before = candidate.statement().version() - 1;
    return candidate.statement().hasQuorum(candidate.signers())
        && (before == 0
            || isApproved(
                candidate,
                valid.stream().filter(it -> it.statement().version() == before).toList()));
  }

  /// A quorum of the roots of any valid version signed.
  boolean anyQuorum(List<PublicKey> signers) {
    return valid.stream().anyMatch(version -> version.statement().hasQuorum(signers));
  }

  /// @param state "in use", "not yet", "expired" or "dropped"
  record Listed(String state, boolean root) {}

  /// All keys that any valid version lists, as the latest has them.
  SortedMap<KeyId, Listed> keyStates(long nowMillis) {
    TreeMap<KeyId, Listed> states = new TreeMap<>();
    for (Seen<Statement.Profile> version : valid) {
      for (KeyId key : keysOf(version.id()).keySet()) {
        states.put(key, new Listed("dropped", false));
      }
      version.statement().roots().forEach(it -> states.put(it.id(), new Listed("dropped", true)));
    }
    latest()
        .ifPresent(version -> {
          keysOf(version.id())
              .forEach(
                  (key, listed) -> states.put(key, new Listed(state(listed, nowMillis), false)));
          version
              .statement()
              .roots()
              .forEach(it -> states.put(it.id(), new Listed("in use", true)));
        });
    return states;
  }

  private static String state(Statement.OperationalKey key, long nowMillis) {
    return nowMillis < key.notBeforeMillis()
        ? "not yet"
        : nowMillis >= key.notAfterMillis() ? "expired" : "in use";
  }

  boolean latestLists(KeyId key, KeyUse use, long issuedAtMillis) {
    return lists(latestKeys, key, use, issuedAtMillis);
  }

  boolean everListed(KeyId key, KeyUse use, long issuedAtMillis) {
    for (Seen<Statement.Profile> version : valid) {
      if (lists(keysOf(version.id()), key, use, issuedAtMillis)) {
        return true;
      }
    }
    return false;
  }

  private SortedMap<KeyId, Statement.OperationalKey> keysOf(StatementId version) {
    return keys.getOrDefault(version, Collections.emptySortedMap());
  }

  private static boolean lists(
      SortedMap<KeyId, Statement.OperationalKey> keys, KeyId key, KeyUse use, long issuedAtMillis) {
    Statement.OperationalKey listed = keys.get(key);
    return listed != null && listed.isFor(use, issuedAtMillis);
  }
}
