package tocsin.trust.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A map that only grows, with open addressing: a tree costs a cache miss or two at each of its
/// twenty levels, and reading a log of a million statements again is little else. Whoever shows
/// what is in it sorts it first: the order of the slots is nobody's.
///
/// Steps of 1, 2, 3 .. from slot to slot: who makes up keys that meet in one slot makes nobody wait
/// but whoever asks for these.
final class Hashed<K extends Comparable<K>, V> {
  private static final int MIN_SLOTS = 8;

  /// Key, value, key, value ..; half full at most, a power of two of slots.
  private @Nullable Object[] slots = {};

  /// Of the keys, mixed; 0 where there is none. Another key in the way is told by it, and need not
  /// be fetched from memory.
  private int[] hashes = {};

  private int size;

  Hashed() {}

  /// The same keys and values; what is put into one of the two the other does not see.
  Hashed(Hashed<K, V> other) {
    if (other.size > 0) {
      slots = other.slots.clone();
      hashes = other.hashes.clone();
      size = other.size;
    }
  }

  boolean isEmpty() {
    return size == 0;
  }

  @SuppressWarnings("unchecked") // put() puts a V there
  @Nullable V get(K key) {
    return size == 0 ? null : (V) slots[2 * slotOf(key, hashOf(key)) + 1];
  }

  void put(K key, V value) {
    if (2 * (size + 1) > hashes.length) {
      grow();
    }
    int hash = hashOf(key);
    int slot = slotOf(key, hash);
    if (hashes[slot] == 0) {
      hashes[slot] = hash;
      slots[2 * slot] = key;
      size++;
    }
    slots[2 * slot + 1] = value;
  }

  void putAll(Hashed<K, V> others) {
    others.forEach(this::put);
  }

  /// In no order.
  @SuppressWarnings("unchecked") // put() puts a K and a V there
  void forEach(BiConsumer<? super K, ? super V> action) {
    for (int place = 0; place < slots.length; place += 2) {
      Object key = slots[place];
      Object value = slots[place + 1];
      if (key != null && value != null) {
        action.accept((K) key, (V) value);
      }
    }
  }

  private void grow() {
    int count = Math.max(2 * hashes.length, 2 * MIN_SLOTS);
    @Nullable Object[] moreSlots = new Object[2 * count];
    int[] moreHashes = new int[count];
    for (int slot = 0; slot < hashes.length; slot++) {
      if (hashes[slot] != 0) {
        int at = firstSlot(hashes[slot], count);
        for (int step = 1; moreHashes[at] != 0; step++) {
          at = (at + step) & (count - 1);
        }
        moreHashes[at] = hashes[slot];
        moreSlots[2 * at] = slots[2 * slot];
        moreSlots[2 * at + 1] = slots[2 * slot + 1];
      }
    }
    slots = moreSlots;
    hashes = moreHashes;
  }

  /// Never 0.
  private static int hashOf(Object key) {
    int hash = key.hashCode() * 0x9E3779B9;
    int mixed = hash ^ hash >>> 15;
    return mixed == 0 ? 1 : mixed;
  }

  private static int firstSlot(int hash, int count) {
    return hash & (count - 1);
  }

  /// Where the key is, or where it would be.
  private int slotOf(Object key, int hash) {
    int slot = firstSlot(hash, hashes.length);
    for (int step = 1; hashes[slot] != 0; step++) {
      if (hashes[slot] == hash && key.equals(slots[2 * slot])) {
        break;
      }
      slot = (slot + step) & (hashes.length - 1);
    }
    return slot;
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
