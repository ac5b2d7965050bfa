package tocsin.trust.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tocsin.trust.Header;
import tocsin.trust.StatementId;

/// The statements of one key as the links of a chain: each names its predecessor's hash. Needed
/// when the key is revoked, to tell the statements up to the last good one from all others; and to
/// see when the key contradicts itself.
final class KeyChain {
  /// Statements with one number that are kept as evidence; two are proof enough, a few more allow
  /// for nodes that saw different ones.
  static final int MAX_RIVALS = 4;

  private record Link(
      long sequence, Optional<StatementId> previous, Slot slot, long firstSeenMillis) {}

  private record Slot(long hour, int index) implements Comparable<Slot> {
    static Slot of(Header header) {
      return new Slot(header.slotHour(), header.slotIndex());
    }

    @Override
    public int compareTo(Slot other) {
      int byHour = Long.compare(hour, other.hour);
      return byHour != 0 ? byHour : Integer.compare(index, other.index);
    }
  }

  /// Two different statements with one sequence number or one slot: what no careful signer makes.
  ///
  /// @param first of all that share the number, the two that were seen first
  /// @param fromSequence the key's statements from this number on are void
  /// @param sinceMillis when this node first saw the second of them
  record Equivocation(StatementId first, StatementId second, long fromSequence, long sinceMillis) {}

  private final TreeMap<StatementId, Link> links = new TreeMap<>();
  private final TreeMap<Long, TreeSet<StatementId>> bySequence = new TreeMap<>();
  private final TreeMap<Slot, TreeSet<StatementId>> bySlot = new TreeMap<>();

  /// Numbers and slots that several statements share.
  private final TreeSet<Long> sharedSequences = new TreeSet<>();

  private final TreeSet<Slot> sharedSlots = new TreeSet<>();

  /// For each last good statement asked about: its known ancestors and itself, by sequence number.
  private final TreeMap<StatementId, SortedMap<Long, StatementId>> ancestors = new TreeMap<>();

  void add(StatementId id, Header header, long firstSeenMillis) {
    Slot slot = Slot.of(header);
    links.put(id, new Link(header.sequence(), header.previous(), slot, firstSeenMillis));
    ancestors.clear();
    TreeSet<StatementId> same = bySequence.computeIfAbsent(header.sequence(), _ -> new TreeSet<>());
    same.add(id);
    if (same.size() > 1) {
      sharedSequences.add(header.sequence());
    }
    TreeSet<StatementId> beside = bySlot.computeIfAbsent(slot, _ -> new TreeSet<>());
    beside.add(id);
    if (beside.size() > 1) {
      sharedSlots.add(slot);
    }
  }

  int size() {
    return links.size();
  }

  /// How many slots of this hour the key has used.
  int slotsUsed(long hour) {
    return bySlot.subMap(new Slot(hour, 0), true, new Slot(hour + 1, 0), false).size();
  }

  /// How many known statements, other than this one, have its number or its slot.
  int rivals(StatementId id, Header header) {
    TreeSet<StatementId> rivals = new TreeSet<>();
    rivals.addAll(bySequence.getOrDefault(header.sequence(), new TreeSet<>()));
    rivals.addAll(bySlot.getOrDefault(Slot.of(header), new TreeSet<>()));
    rivals.remove(id);
    return rivals.size();
  }

  boolean hasEquivocated() {
    return !sharedSequences.isEmpty() || !sharedSlots.isEmpty();
  }

  /// In the order in which this node could know of them.
  List<Equivocation> equivocations() {
    List<Equivocation> all = new ArrayList<>();
    sharedSequences.forEach(it -> all.add(equivocation(bySequence.getOrDefault(it, NONE))));
    sharedSlots.forEach(it -> all.add(equivocation(bySlot.getOrDefault(it, NONE))));
    all.sort(
        Comparator.comparingLong(Equivocation::sinceMillis)
            .thenComparingLong(Equivocation::fromSequence)
            .thenComparing(Equivocation::first));
    return all;
  }

  private static final TreeSet<StatementId> NONE = new TreeSet<>();

  private Equivocation equivocation(Set<StatementId> rivals) {
    List<StatementId> bySight = new ArrayList<>(rivals);
    bySight.sort(
        Comparator.<StatementId>comparingLong(it -> link(it).firstSeenMillis())
            .thenComparing(Comparator.naturalOrder()));
    long from = rivals.stream().mapToLong(it -> link(it).sequence()).min().orElseThrow();
    return new Equivocation(
        bySight.get(0), bySight.get(1), from, link(bySight.get(1)).firstSeenMillis());
  }

  private Link link(StatementId id) {
    return Objects.requireNonNull(links.get(id));
  }

  /// Those of the equivocations that void this statement: by it or by an earlier one.
  List<Equivocation> against(StatementId id) {
    if (!hasEquivocated()) {
      return List.of();
    }
    Link link = links.get(id);
    return equivocations().stream()
        .filter(it -> link == null || link.sequence() >= it.fromSequence())
        .toList();
  }

  /// True if this statement of the key stands when all after `lastGood` is void: it is `lastGood`,
  /// or comes before it and is no rival of a statement known to lead to it. Where the chain has a
  /// gap, the sequence number decides. A last good statement that is not known here (yet) shields
  /// nothing.
  boolean isGood(StatementId id, Optional<StatementId> lastGood) {
    Link link = links.get(id);
    if (link == null || lastGood.isEmpty()) {
      return false;
    }
    Link last = links.get(lastGood.get());
    if (last == null || link.sequence() > last.sequence()) {
      return false;
    }
    StatementId ancestor = ancestorsOf(lastGood.get()).get(link.sequence());
    return ancestor == null || ancestor.equals(id);
  }

  private SortedMap<Long, StatementId> ancestorsOf(StatementId last) {
    return ancestors.computeIfAbsent(last, this::walk);
  }

  private SortedMap<Long, StatementId> walk(StatementId last) {
    SortedMap<Long, StatementId> path = new TreeMap<>();
    StatementId id = last;
    @Nullable Link link = links.get(id);
    while (link != null) {
      path.put(link.sequence(), id);
      if (link.previous().isEmpty()) {
        break;
      }
      id = link.previous().get();
      Link before = links.get(id);
      // A chain that does not count backwards one by one is no chain from here on.
      link = before != null && before.sequence() == link.sequence() - 1 ? before : null;
    }
    return path;
  }
}
