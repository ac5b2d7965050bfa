package tocsin.trust.graph;

import java.util.Arrays;
import java.util.OptionalLong;

/// A set of times that only grows, in Unix milliseconds: a sorted array for the many, which forks
/// share, and the latest as they came, which are sorted in when there are many of them or a fork is
/// made. (A tree of the latest took an eighth of the time in which a node reads its log.)
final class Moments {
  /// So many more are worth being sorted in when somebody asks; fewer are looked through.
  private static final int MIN_PACKED = 1_024;

  private long[] packed;
  private long[] latest = new long[16];
  private int count;

  Moments() {
    this(new long[0]);
  }

  private Moments(long[] packed) {
    this.packed = packed;
  }

  void add(long millis) {
    if (count == latest.length) {
      latest = Arrays.copyOf(latest, 2 * count);
    }
    latest[count++] = millis;
    if (count > MIN_PACKED + packed.length) {
      pack();
    }
  }

  private void pack() {
    long[] all = Arrays.copyOf(packed, packed.length + count);
    System.arraycopy(latest, 0, all, packed.length, count);
    Arrays.sort(all);
    int kept = 0;
    for (long millis : all) {
      if (kept == 0 || all[kept - 1] != millis) {
        all[kept++] = millis;
      }
    }
    packed = kept == all.length ? all : Arrays.copyOf(all, kept);
    latest = new long[16];
    count = 0;
  }

  Moments fork() {
    if (count > 0) {
      pack();
    }
    return new Moments(packed);
  }

  /// The first one after this.
  OptionalLong higher(long millis) {
    if (count > MIN_PACKED) {
      pack();
    }
    int at = Arrays.binarySearch(packed, millis);
    int next = at < 0 ? -at - 1 : at + 1;
    long first = next < packed.length ? packed[next] : Long.MAX_VALUE;
    boolean found = next < packed.length;
    for (int i = 0; i < count; i++) {
      if (latest[i] > millis) {
        first = Math.min(first, latest[i]);
        found = true;
      }
    }
    return found ? OptionalLong.of(first) : OptionalLong.empty();
  }
}
