package tocsin.node.dns;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An immutable map from [NameKey]s to values, in canonical order: two parallel arrays. Asking is a
/// binary search that allocates nothing.
final class NameTable<V> {
  private final byte[][] keys;
  private final List<V> values;

  private NameTable(byte[][] keys, List<V> values) {
    this.keys = keys;
    this.values = values;
  }

  /// A table with these entries, sorted and each key once.
  static <V> NameTable<V> copyOf(List<Keyed<V>> sorted) {
    byte[][] keys = new byte[sorted.size()][];
    List<V> values = new ArrayList<>(sorted.size());
    for (int i = 0; i < keys.length; i++) {
      keys[i] = sorted.get(i).key();
      values.add(sorted.get(i).value());
    }
    return new NameTable<>(keys, Collections.unmodifiableList(values));
  }

  int size() {
    return keys.length;
  }

  byte[] key(int index) {
    return keys[index];
  }

  V value(int index) {
    return values.get(index);
  }

  List<V> values() {
    return values;
  }

  /// The value at the first `length` bytes of `key`, or null.
  @Nullable V get(byte[] key, int length) {
    return get(key, 0, length);
  }

  /// The value at the part of `key` from `from` to `to`, or null.
  @Nullable V get(byte[] key, int from, int to) {
    int index = search(key, from, to);
    return index < 0 ? null : values.get(index);
  }

  /// Index of the part of `key` from `from` to `to`, or -(insertion point) - 1.
  int search(byte[] key, int from, int to) {
    int low = 0;
    int high = keys.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      byte[] candidate = keys[middle];
      int order = Arrays.compareUnsigned(candidate, 0, candidate.length, key, from, to);
      if (order < 0) {
        low = middle + 1;
      } else if (order > 0) {
        high = middle - 1;
      } else {
        return middle;
      }
    }
    return -low - 1;
  }

  /// End of the longest part of the key, on a label's border, that is a name with an entry or with
  /// entries below it: the closest encloser of RFC 4592 section 3.3.1. `to` itself means that the
  /// name exists, if only as an empty non-terminal.
  ///
  /// @param insertion what [#search] answered
  int encloser(byte[] key, int from, int to, int insertion) {
    if (insertion >= 0) {
      return to;
    }
    // Whoever shares most with the key is one of its two neighbours.
    int above = -insertion - 1;
    int shared = from;
    if (above < keys.length) {
      shared = shared(keys[above], key, from, to);
    }
    if (above > 0) {
      shared = Math.max(shared, shared(keys[above - 1], key, from, to));
    }
    while (shared > from && key[shared - 1] != 0) {
      shared--;
    }
    return shared;
  }

  private static int shared(byte[] candidate, byte[] key, int from, int to) {
    int mismatch = Arrays.mismatch(candidate, 0, candidate.length, key, from, to);
    return mismatch < 0 ? to : from + mismatch;
  }
}
