package tocsin.trust.graph;

import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A sorted map that only grows, in two layers: one that forks share and nobody changes any more,
/// and what this one has added. Its order is that of the keys, wherever they stand.
final class Layered<K extends Comparable<K>, V> {
  private NavigableMap<K, V> shared;
  private NavigableMap<K, V> own = new TreeMap<>();

  Layered() {
    this(new TreeMap<>());
  }

  private Layered(NavigableMap<K, V> shared) {
    this.shared = shared;
  }

  /// From now on both share what is here; each keeps the rest to itself. Costs as much as there is
  /// once, and next to nothing as long as nothing is added between forks.
  Layered<K, V> fork() {
    if (!own.isEmpty()) {
      if (shared.isEmpty()) {
        shared = own;
      } else {
        NavigableMap<K, V> both = new TreeMap<>(shared);
        both.putAll(own);
        shared = both;
      }
      own = new TreeMap<>();
    }
    return new Layered<>(shared);
  }

  @Nullable V get(K key) {
    V value = own.get(key);
    return value == null ? shared.get(key) : value;
  }

  boolean containsKey(K key) {
    return own.containsKey(key) || shared.containsKey(key);
  }

  boolean isEmpty() {
    return own.isEmpty() && shared.isEmpty();
  }

  void put(K key, V value) {
    own.put(key, value);
  }

  /// The value to be changed: this one's own, if need be made from the shared one.
  V change(K key, Supplier<V> fresh, UnaryOperator<V> copy) {
    V value = own.get(key);
    if (value == null) {
      V before = shared.get(key);
      value = before == null ? fresh.get() : copy.apply(before);
      own.put(key, value);
    }
    return value;
  }

  /// Ascending.
  void forEach(BiConsumer<? super K, ? super V> action) {
    if (own.isEmpty()) {
      shared.forEach(action);
    } else if (shared.isEmpty()) {
      own.forEach(action);
    } else {
      NavigableMap<K, V> both = new TreeMap<>(shared);
      both.putAll(own);
      both.forEach(action);
    }
  }
}
