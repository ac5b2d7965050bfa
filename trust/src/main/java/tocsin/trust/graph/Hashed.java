package tocsin.trust.graph;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A map that only grows, with open addressing: a tree costs a cache miss or two at each of its
/// twenty levels, and reading a log of a million statements again is little else. Nobody sees the
/// order of its slots: [#keys] is sorted.
///
/// Steps of 1, 2, 3 .. from slot to slot: who makes up keys that meet in one slot makes nobody wait
/// but whoever asks for these.
final class Hashed<K extends Comparable<K>, V> {
  private static final Object[] NONE = new Object[2];
  private static final int MIN_SLOTS = 8;

  /// Key, value, key, value ..; half full at most. A power of two.
  private @Nullable Object[] slots = NONE;

  private int size;

  Hashed() {}

  /// The same keys and values; what is put into one of the two the other does not see.
  Hashed(Hashed<K, V> other) {
    slots = other.size == 0 ? NONE : other.slots.clone();
    size = other.size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  @SuppressWarnings("unchecked") // put() puts a V there
  @Nullable V get(K key) {
    return size == 0 ? null : (V) slots[placeOf(slots, key) + 1];
  }

  void put(K key, V value) {
    if (4 * (size + 1) > slots.length) {
      grow();
    }
    int place = placeOf(slots, key);
    if (slots[place] == null) {
      slots[place] = key;
      size++;
    }
    slots[place + 1] = value;
  }

  @SuppressWarnings("unchecked") // put() puts a K and a V there
  void putAll(Hashed<K, V> others) {
    for (int place = 0; place < others.slots.length; place += 2) {
      Object key = others.slots[place];
      Object value = others.slots[place + 1];
      if (key != null && value != null) {
        put((K) key, (V) value);
      }
    }
  }

  private void grow() {
    @Nullable Object[] more = new Object[Math.max(2 * slots.length, 2 * MIN_SLOTS)];
    for (int place = 0; place < slots.length; place += 2) {
      Object key = slots[place];
      if (key != null) {
        int at = placeOf(more, key);
        more[at] = key;
        more[at + 1] = slots[place + 1];
      }
    }
    slots = more;
  }

  /// Where the key is, or where it would be.
  private static int placeOf(@Nullable Object[] slots, Object key) {
    int mask = slots.length / 2 - 1;
    int hash = key.hashCode() * 0x9E3779B9;
    int slot = (hash ^ hash >>> 15) & mask;
    for (int step = 1; ; step++) {
      Object there = slots[2 * slot];
      if (there == null || there.equals(key)) {
        return 2 * slot;
      }
      slot = (slot + step) & mask;
    }
  }

  /// Ascending.
  @SuppressWarnings("unchecked") // put() puts a K there
  List<K> keys() {
    List<K> all = new ArrayList<>(size);
    for (int place = 0; place < slots.length; place += 2) {
      if (slots[place] != null) {
        all.add((K) slots[place]);
      }
    }
    all.sort(null);
    return all;
  }
}
