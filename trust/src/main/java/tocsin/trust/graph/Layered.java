package tocsin.trust.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A map that only grows, in two layers: one that forks share and nobody changes any more, and what
/// this one has added.
final class Layered<K extends Comparable<K>, V> {
  private Hashed<K, V> shared;
  private Hashed<K, V> own = new Hashed<>();

  Layered() {
    this(new Hashed<>());
  }

  private Layered(Hashed<K, V> shared) {
    this.shared = shared;
  }

  /// From now on both share what is here; each keeps the rest to itself. Costs as much as there is
  /// once, and next to nothing as long as nothing is added between forks.
  Layered<K, V> fork() {
    shared = both();
    own = new Hashed<>();
    return new Layered<>(shared);
  }

  /// The two layers as one; not to be changed.
  private Hashed<K, V> both() {
    if (own.isEmpty()) {
      return shared;
    }
    if (shared.isEmpty()) {
      return own;
    }
    Hashed<K, V> both = new Hashed<>(shared);
    both.putAll(own);
    return both;
  }

  @Nullable V get(K key) {
    V value = own.get(key);
    return value == null ? shared.get(key) : value;
  }

  boolean containsKey(K key) {
    return get(key) != null;
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

  /// The keys of such values, in no order.
  List<K> keys(Predicate<? super V> wanted) {
    List<K> found = new ArrayList<>();
    own.forEach((key, value) -> {
      if (wanted.test(value)) {
        found.add(key);
      }
    });
    shared.forEach((key, value) -> {
      if (own.get(key) == null && wanted.test(value)) {
        found.add(key);
      }
    });
    return found;
  }

  /// By the keys, ascending.
  void forEach(BiConsumer<? super K, ? super V> action) {
    Hashed<K, V> both = both();
    for (K key : both.keys()) {
      V value = both.get(key);
      if (value != null) {
        action.accept(key, value);
      }
    }
  }
}
