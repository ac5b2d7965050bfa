package tocsin.trust.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tocsin.trust.Header;
import tocsin.trust.KeyId;
import tocsin.trust.StatementId;
import tocsin.trust.graph.Links.Link;

/// The statements of one key as the links of a chain: each names its predecessor's hash. Needed
/// when the key is revoked, to tell the statements up to the last good one from all others; and to
/// see when the key contradicts itself.
final class KeyChain {
  /// Two different statements with one sequence number or one slot: what no careful signer makes.
  ///
  /// @param first of all that share the number, the two that were seen first
  /// @param fromSequence the key's statements from this number on are void
  /// @param sinceMillis when this node first saw the second of them
  record Equivocation(StatementId first, StatementId second, long fromSequence, long sinceMillis) {}

  /// What forks of this chain share; it is not changed any more. Own links hide its links with the
  /// same id.
  private final @Nullable KeyChain before;

  private final KeyId key;
  private final Links links = new Links();
  private int size;

  /// Numbers and slots that several statements share; replaced when they grow, for there are none
  /// but in bad times.
  private SortedSet<Long> sharedSequences = Collections.emptySortedSet();

  private SortedSet<Long> sharedSlots = Collections.emptySortedSet();

  /// For each last good statement asked about: its known ancestors and itself, by sequence number.
  private @Nullable TreeMap<StatementId, SortedMap<Long, StatementId>> ancestors;

  KeyChain(KeyId key) {
    this.before = null;
    this.key = key;
  }

  private KeyChain(KeyChain before) {
    this.before = before;
    this.key = before.key;
    this.size = before.size;
    this.sharedSequences = before.sharedSequences;
    this.sharedSlots = before.sharedSlots;
  }

  /// A chain that goes on from this one, which must not be changed any more.
  KeyChain fork() {
    return new KeyChain(links.size() == 0 && before != null ? before : this);
  }

  /// @param firstSeenMillis replaces what was said before, if the statement is known
  /// @return true if it was not known
  boolean add(StatementId id, Header header, long firstSeenMillis) {
    boolean known = find(id, header.sequence()) != null;
    Link link =
        new Link(
            id,
            header.sequence(),
            header.previous().map(it -> shared(it, header.sequence() - 1)).orElse(null),
            Links.slot(header.slotHour(), header.slotIndex()),
            firstSeenMillis);
    ancestors = null;
    boolean alone = links.put(link) && before == null;
    if (!known) {
      size++;
      if (alone) {
        return true;
      }
      if (withSequence(link.sequence()).size() > 1) {
        sharedSequences = new TreeSet<>(sharedSequences);
        sharedSequences.add(link.sequence());
      }
      if (inSlot(link.slot()).size() > 1) {
        sharedSlots = new TreeSet<>(sharedSlots);
        sharedSlots.add(link.slot());
      }
    }
    return !known;
  }

  KeyId key() {
    return key;
  }

  int size() {
    return size;
  }

  /// When this node first saw the statement; empty if it does not know it.
  Optional<Long> firstSeenMillis(StatementId id, Header header) {
    return Optional.ofNullable(find(id, header.sequence())).map(Link::firstSeenMillis);
  }

  /// The same id, as the link has it that has it.
  private StatementId shared(StatementId id, long sequence) {
    Link link = find(id, sequence);
    return link == null ? id : link.id();
  }

  private @Nullable Link find(StatementId id, long sequence) {
    for (KeyChain chain = this; chain != null; chain = chain.before) {
      Link link = chain.links.find(id, sequence);
      if (link != null) {
        return link;
      }
    }
    return null;
  }

  private @Nullable Link find(StatementId id) {
    for (KeyChain chain = this; chain != null; chain = chain.before) {
      Link link = chain.links.find(id);
      if (link != null) {
        return link;
      }
    }
    return null;
  }

  /// By id.
  private SortedMap<StatementId, Link> withSequence(long sequence) {
    SortedMap<StatementId, Link> found =
        before == null ? new TreeMap<>() : before.withSequence(sequence);
    links.withSequence(sequence, link -> found.put(link.id(), link));
    return found;
  }

  /// By id.
  private SortedMap<StatementId, Link> inSlot(long slot) {
    SortedMap<StatementId, Link> found = before == null ? new TreeMap<>() : before.inSlot(slot);
    links.inSlots(slot, slot, link -> found.put(link.id(), link));
    return found;
  }

  /// How many slots of this hour the key has used.
  int slotsUsed(long hour) {
    return slots(hour).size();
  }

  private SortedSet<Long> slots(long hour) {
    SortedSet<Long> slots = before == null ? new TreeSet<>() : before.slots(hour);
    links.inSlots(
        Links.slot(hour, 0), Links.slot(hour, Integer.MAX_VALUE), link -> slots.add(link.slot()));
    return slots;
  }

  /// A known statement, other than this one, that has its number or its slot; empty if it is alone.
  Optional<StatementId> rival(StatementId id, Header header) {
    return rivals(id, header).keySet().stream().findFirst();
  }

  /// Known statements that were alone with their number and their slot before this one came, or
  /// would come, beside them.
  List<StatementId> contradictedBy(StatementId id, Header header) {
    return rivals(id, header).values().stream()
        .filter(rival ->
            rivals(rival.id(), rival.sequence(), rival.slot()).keySet().stream()
                .allMatch(id::equals))
        .map(Link::id)
        .toList();
  }

  private SortedMap<StatementId, Link> rivals(StatementId id, Header header) {
    return rivals(id, header.sequence(), Links.slot(header.slotHour(), header.slotIndex()));
  }

  /// By id.
  private SortedMap<StatementId, Link> rivals(StatementId id, long sequence, long slot) {
    SortedMap<StatementId, Link> rivals = withSequence(sequence);
    rivals.putAll(inSlot(slot));
    rivals.remove(id);
    return rivals;
  }

  boolean hasEquivocated() {
    return !sharedSequences.isEmpty() || !sharedSlots.isEmpty();
  }

  /// In the order in which this node could know of them.
  List<Equivocation> equivocations() {
    List<Equivocation> all = new ArrayList<>();
    sharedSequences.forEach(it -> all.add(equivocation(withSequence(it).values())));
    sharedSlots.forEach(it -> all.add(equivocation(inSlot(it).values())));
    all.sort(
        Comparator.comparingLong(Equivocation::sinceMillis)
            .thenComparingLong(Equivocation::fromSequence)
            .thenComparing(Equivocation::first));
    return all;
  }

  private static Equivocation equivocation(Collection<Link> rivals) {
    List<Link> bySight = new ArrayList<>(rivals);
    bySight.sort(Comparator.comparingLong(Link::firstSeenMillis).thenComparing(Link::id));
    long from = rivals.stream().mapToLong(Link::sequence).min().orElseThrow();
    return new Equivocation(
        bySight.get(0).id(), bySight.get(1).id(), from, bySight.get(1).firstSeenMillis());
  }

  /// Those of the equivocations that void this statement: by it or by an earlier one.
  List<Equivocation> against(StatementId id, long sequence) {
    if (!hasEquivocated()) {
      return List.of();
    }
    Link link = find(id, sequence);
    return equivocations().stream()
        .filter(it -> link == null || link.sequence() >= it.fromSequence())
        .toList();
  }

  /// True if this statement of the key stands when all after `lastGood` is void: it is `lastGood`,
  /// or comes before it and is no rival of a statement known to lead to it. Where the chain has a
  /// gap, the sequence number decides. A last good statement that is not known here (yet) shields
  /// nothing.
  boolean isGood(StatementId id, long sequence, Optional<StatementId> lastGood) {
    if (lastGood.isEmpty() || find(id, sequence) == null) {
      return false;
    }
    SortedMap<Long, StatementId> path = ancestorsOf(lastGood.get());
    if (path.isEmpty() || sequence > path.lastKey()) {
      return false;
    }
    StatementId ancestor = path.get(sequence);
    return ancestor == null || ancestor.equals(id);
  }

  private SortedMap<Long, StatementId> ancestorsOf(StatementId last) {
    if (ancestors == null) {
      ancestors = new TreeMap<>();
    }
    return ancestors.computeIfAbsent(last, this::walk);
  }

  private SortedMap<Long, StatementId> walk(StatementId last) {
    SortedMap<Long, StatementId> path = new TreeMap<>();
    Link link = find(last);
    while (link != null) {
      path.put(link.sequence(), link.id());
      StatementId previous = link.previous();
      // A chain that does not count backwards one by one is no chain from here on.
      link = previous == null ? null : find(previous, link.sequence() - 1);
    }
    return path;
  }
}
