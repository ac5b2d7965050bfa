package tocsin.node.dns;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.BinaryOperator;

/// A value and the [NameKey] that it stands at, to be sorted. Zones come nearly sorted, and a list
/// is sorted in linear time then; a tree would compare and allocate for each name again.
final class Keyed<V> {
  private static final Comparator<Keyed<?>> ORDER =
      (one, other) -> Arrays.compareUnsigned(one.key, other.key);

  private final byte[] key;
  private final V value;

  Keyed(byte[] key, V value) {
    this.key = key;
    this.value = value;
  }

  byte[] key() {
    return key;
  }

  V value() {
    return value;
  }

  boolean sameKey(Keyed<?> other) {
    return Arrays.equals(key, other.key);
  }

  /// Sorts by key, and by the order in the list where keys are equal.
  static <V> void sort(List<Keyed<V>> list) {
    list.sort(ORDER);
  }

  /// Merges the values of equal keys in a sorted list, which is changed.
  static <V> void merge(List<Keyed<V>> sorted, BinaryOperator<V> merger) {
    int kept = 0;
    for (int i = 0; i < sorted.size(); i++) {
      Keyed<V> next = sorted.get(i);
      Keyed<V> last = kept == 0 ? next : sorted.get(kept - 1);
      if (kept > 0 && last.sameKey(next)) {
        sorted.set(kept - 1, new Keyed<>(last.key, merger.apply(last.value, next.value)));
      } else {
        sorted.set(kept++, next);
      }
    }
    sorted.subList(kept, sorted.size()).clear();
  }
}
