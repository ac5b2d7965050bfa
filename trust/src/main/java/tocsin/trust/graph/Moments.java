package tocsin.trust.graph;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.TreeSet;

/// A set of times that only grows, in Unix milliseconds: an array for the many, which forks share,
/// and a tree for the latest.
final class Moments {
  /// So many more are worth an array of their own.
  private static final int MIN_PACKED = 1_024;

  private long[] packed;
  private final TreeSet<Long> latest = new TreeSet<>();

  Moments() {
    this(new long[0]);
  }

  private Moments(long[] packed) {
    this.packed = packed;
  }

  void add(long millis) {
    if (Arrays.binarySearch(packed, millis) < 0
        && latest.add(millis)
        && latest.size() > MIN_PACKED + packed.length / 8) {
      pack();
    }
  }

  private void pack() {
    long[] all = Arrays.copyOf(packed, packed.length + latest.size());
    int count = packed.length;
    for (long millis : latest) {
      all[count++] = millis;
    }
    Arrays.sort(all);
    packed = all;
    latest.clear();
  }

  Moments fork() {
    if (!latest.isEmpty()) {
      pack();
    }
    return new Moments(packed);
  }

  /// The first one after this.
  OptionalLong higher(long millis) {
    int at = Arrays.binarySearch(packed, millis);
    int next = at < 0 ? -at - 1 : at + 1;
    Long late = latest.higher(millis);
    if (next == packed.length) {
      return late == null ? OptionalLong.empty() : OptionalLong.of(late);
    }
    return OptionalLong.of(late == null ? packed[next] : Math.min(packed[next], late));
  }
}
