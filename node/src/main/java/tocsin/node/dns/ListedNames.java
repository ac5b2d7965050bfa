package tocsin.node.dns;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import tocsin.node.core.Listing;
import tocsin.trust.DnsName;
import tocsin.trust.Sha256;

/// What is said of each name, kept up to date change by change: the [LookupZone]s are made of it.
/// Only what a change touches, and names below it, is laid out anew. For one thread.
final class ListedNames {
  private static final int HASH_BYTES = 28;

  /// The labels "q" or "a" between a name and the zone.
  private static final int BRANCH_BYTES = 2;

  private static final DnsName TEST = DnsName.parse("test.");
  private static final DnsName INVALID = DnsName.parse("invalid.");

  /// Before all alerts, whose places begin with 0.
  private static final long TEST_PLACE = -1;

  /// What is answered at a name and, by subtree, at all names below it.
  record Answers(OwnerRecords query, OwnerRecords address) {
    static final Answers NONE = new Answers(OwnerRecords.NONE, OwnerRecords.NONE);
  }

  record Listed(Answers at, @Nullable Answers below) {}

  /// What alerts say, by their places; where several say something, that is their order.
  private static final class Sayings {
    private final TreeMap<Long, LookupSummary> all = new TreeMap<>();
    private final TreeMap<Long, LookupSummary> active = new TreeMap<>();

    void put(long place, LookupSummary said) {
      all.put(place, said);
      if (said.isActive()) {
        active.put(place, said);
      }
    }

    void remove(long place) {
      all.remove(place);
      active.remove(place);
    }

    LookupSummary sum() {
      return LookupSummary.of(all.values(), active.values());
    }
  }

  /// One name of which something is said.
  private static final class Naming {
    private final DnsName name;
    private final byte[] key;

    /// The key of its hash, if it is too long with the zone.
    private final byte @Nullable [] hashKey;

    private final Sayings saidAt = new Sayings();

    /// Of them, what is said of everything below the name too.
    private final Sayings saidBelow = new Sayings();

    private boolean stale = true;
    private LookupSummary ownAt = LookupSummary.NONE;
    private LookupSummary ownBelow = LookupSummary.NONE;

    /// What the nearest listed ancestor hands down, and what that made of this name.
    private LookupSummary inherited = LookupSummary.NONE;

    private LookupSummary below = LookupSummary.NONE;
    private Listed laid = new Listed(Answers.NONE, null);

    Naming(DnsName name, Name origin) {
      Name written = CorrectRecords.name(name);
      this.name = name;
      this.key = NameKey.of(written);
      this.hashKey = Names.fits(written, origin, BRANCH_BYTES) ? null : NameKey.of(hashLabel(name));
    }

    private static Name hashLabel(DnsName name) {
      return Names.parse(Sha256.of(name.toWire()).toString().substring(0, 2 * HASH_BYTES));
    }

    @SuppressWarnings("ReferenceEquality") // The same one is equal, and whatever is new is another.
    void lay(LookupSummary handedDown) {
      if (!stale && handedDown == inherited) {
        return;
      }
      if (stale) {
        ownAt = saidAt.sum();
        ownBelow = saidBelow.sum();
      }
      stale = false;
      inherited = handedDown;
      below = ownBelow.and(handedDown);
      boolean isBelow = !below.equals(LookupSummary.NONE);
      laid = new Listed(answers(ownAt.and(handedDown)), isBelow ? answers(below) : null);
    }

    private Answers answers(LookupSummary summary) {
      return new Answers(summary.query(name), summary.address(name));
    }
  }

  private final Name origin;
  private final Map<Long, List<DnsName>> namesOf = new HashMap<>();
  private final TreeMap<byte[], Naming> names = new TreeMap<>(Arrays::compareUnsigned);
  private final Map<DnsName, Naming> byName = new HashMap<>();

  /// @param origin of the zone
  ListedNames(Name origin) {
    this.origin = origin;
    say(TEST, TEST_PLACE, LookupSummary.TEST, false);
  }

  /// @param place among the listings, from 0
  /// @param listing what stands there from now on; empty: nothing
  void change(long place, Optional<Listing> listing) {
    for (DnsName name : namesOf.getOrDefault(place, List.of())) {
      unsay(name, place);
    }
    namesOf.remove(place);
    listing.ifPresent(it -> {
      List<DnsName> listed =
          it.names().stream().filter(name -> !name.isAtOrBelow(INVALID)).toList();
      LookupSummary said = LookupSummary.of(it);
      listed.forEach(name -> say(name, place, said, it.subtree()));
      namesOf.put(place, listed);
    });
  }

  private void say(DnsName name, long place, LookupSummary said, boolean subtree) {
    Naming naming =
        byName.computeIfAbsent(
            name,
            absent -> {
              Naming made = new Naming(absent, origin);
              names.put(made.key, made);
              return made;
            });
    naming.saidAt.put(place, said);
    if (subtree) {
      naming.saidBelow.put(place, said);
    }
    naming.stale = true;
  }

  private void unsay(DnsName name, long place) {
    Naming naming = byName.get(name);
    if (naming != null) {
      naming.saidAt.remove(place);
      naming.saidBelow.remove(place);
      naming.stale = true;
      if (naming.saidAt.all.isEmpty()) {
        byName.remove(name);
        names.remove(naming.key);
      }
    }
  }

  /// What is answered at each name now.
  NameTable<Listed> laid() {
    List<Keyed<Listed>> all = new ArrayList<>(names.size());
    // Ancestors come first; what their subtrees say is handed down.
    Deque<Naming> around = new ArrayDeque<>();
    for (Naming naming : names.values()) {
      while (!around.isEmpty()
          && !NameKey.encloses(around.peek().key, naming.key, naming.key.length)) {
        around.pop();
      }
      naming.lay(around.isEmpty() ? LookupSummary.NONE : around.peek().below);
      around.push(naming);
      all.add(new Keyed<>(naming.key, naming.laid));
    }
    return NameTable.copyOf(all);
  }

  /// What is answered at the hashes of the names that are too long with the zone, as [#laid] said
  /// last.
  NameTable<Answers> hashes() {
    List<Keyed<Answers>> hashes = new ArrayList<>();
    for (Naming naming : names.values()) {
      byte[] hashKey = naming.hashKey;
      if (hashKey != null) {
        hashes.add(new Keyed<>(hashKey, naming.laid.at()));
      }
    }
    Keyed.sort(hashes);
    Keyed.merge(hashes, (first, same) -> first);
    return NameTable.copyOf(hashes);
  }
}
