package tocsin.trust.graph;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tocsin.trust.StatementId;

/// The links of one key's chain, by sequence number and id, in two arrays: a node has a link for
/// each statement there is, and an object for each would be most of what the collector moves.
///
/// Keys count upwards, in numbers as in slots, so that nearly every link is added at the end and
/// one order serves for both. A key that jumps back in its slots costs a tree.
final class Links {
  /// One statement in its chain.
  ///
  /// @param slot as [#slot] makes it
  record Link(
      StatementId id,
      long sequence,
      @Nullable StatementId previous,
      long slot,
      long firstSeenMillis) {}

  private static final int IDS = 2;

  /// Of the numbers of each, which is which.
  private static final int SEQUENCE = 0;

  private static final int SLOT = 1;
  private static final int FIRST_SEEN = 2;
  private static final int NUMBERS = 3;

  /// Id and predecessor's id of each.
  private @Nullable StatementId[] ids = new @Nullable StatementId[IDS];

  /// Sequence number, slot and first-seen time of each.
  private long[] numbers = new long[NUMBERS];

  private int size;

  /// By slot and id; none as long as the slots ascend with the numbers.
  private @Nullable TreeMap<Long, SortedMap<StatementId, Link>> bySlot;

  /// Hour and index within it as one number, in the same order. (Hours up to the year 9999 have 27
  /// bits.)
  static long slot(long hour, int index) {
    return hour << Integer.SIZE | index;
  }

  int size() {
    return size;
  }

  StatementId id(int at) {
    StatementId id = ids[IDS * at];
    if (id == null) {
      throw new IndexOutOfBoundsException(at);
    }
    return id;
  }

  long sequence(int at) {
    return number(at, SEQUENCE);
  }

  private long slot(int at) {
    return number(at, SLOT);
  }

  private long number(int at, int which) {
    return numbers[NUMBERS * at + which];
  }

  Link link(int at) {
    return new Link(id(at), sequence(at), ids[IDS * at + 1], slot(at), number(at, FIRST_SEEN));
  }

  /// Adds the link, or replaces the one with its id.
  ///
  /// @return it is the last by number and by slot, and no other has either: so it is with nearly
  ///   all
  boolean put(Link link) {
    int at = placeOf(link);
    if (at == size || !isAt(at, link)) {
      insert(at);
    }
    ids[IDS * at] = link.id();
    ids[IDS * at + 1] = link.previous();
    numbers[NUMBERS * at + SEQUENCE] = link.sequence();
    numbers[NUMBERS * at + SLOT] = link.slot();
    numbers[NUMBERS * at + FIRST_SEEN] = link.firstSeenMillis();
    if (bySlot == null && isOutOfOrder(at)) {
      bySlot = new TreeMap<>();
      for (int each = 0; each < size; each++) {
        file(link(each), bySlot);
      }
    } else if (bySlot != null) {
      file(link, bySlot);
    }
    return bySlot == null
        && at == size - 1
        && (at == 0 || (sequence(at - 1) != link.sequence() && slot(at - 1) != link.slot()));
  }

  private static void file(Link link, Map<Long, SortedMap<StatementId, Link>> slots) {
    slots.computeIfAbsent(link.slot(), _ -> new TreeMap<>()).put(link.id(), link);
  }

  /// Where the link is, or would be.
  private int placeOf(Link link) {
    int at = firstWith(link.sequence());
    while (at < size && sequence(at) == link.sequence() && id(at).compareTo(link.id()) < 0) {
      at++;
    }
    return at;
  }

  private boolean isAt(int at, Link link) {
    return sequence(at) == link.sequence() && id(at).equals(link.id());
  }

  private void insert(int at) {
    if (NUMBERS * size == numbers.length) {
      int room = size + Math.max(1, size / 2);
      ids = Arrays.copyOf(ids, IDS * room);
      numbers = Arrays.copyOf(numbers, NUMBERS * room);
    }
    System.arraycopy(ids, IDS * at, ids, IDS * (at + 1), IDS * (size - at));
    System.arraycopy(numbers, NUMBERS * at, numbers, NUMBERS * (at + 1), NUMBERS * (size - at));
    size++;
  }

  private boolean isOutOfOrder(int at) {
    return (at > 0 && slot(at - 1) > slot(at)) || (at < size - 1 && slot(at) > slot(at + 1));
  }

  /// Where the links with this number begin, or would stand.
  int firstWith(long sequence) {
    return firstFrom(sequence, SEQUENCE);
  }

  /// The first at which this number, by which all are in order, is at least so great.
  private int firstFrom(long least, int which) {
    if (size > 0 && number(size - 1, which) < least) {
      return size;
    }
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (number(middle, which) < least) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Nullable Link find(StatementId id, long sequence) {
    for (int at = firstWith(sequence); at < size && sequence(at) == sequence; at++) {
      if (id(at).equals(id)) {
        return link(at);
      }
    }
    return null;
  }

  /// The same without the number: looks at all.
  @Nullable Link find(StatementId id) {
    for (int at = 0; at < size; at++) {
      if (id(at).equals(id)) {
        return link(at);
      }
    }
    return null;
  }

  /// Shows the links with this number.
  void withSequence(long sequence, Consumer<Link> found) {
    for (int at = firstWith(sequence); at < size && sequence(at) == sequence; at++) {
      found.accept(link(at));
    }
  }

  /// Shows the links in these slots.
  void inSlots(long from, long to, Consumer<Link> found) {
    if (bySlot != null) {
      bySlot.subMap(from, true, to, true).values().forEach(links -> links.values().forEach(found));
      return;
    }
    for (int at = firstFrom(from, SLOT); at < size && slot(at) <= to; at++) {
      found.accept(link(at));
    }
  }
}
