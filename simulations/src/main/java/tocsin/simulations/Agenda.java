package tocsin.simulations;

import java.util.Comparator;
import java.util.PriorityQueue;

/// Virtual time: what is to happen, in order of its time, and at the same time in the order in
/// which it was put down. The only clock of a simulation.
final class Agenda {
  static final long MILLI = 1_000_000;
  static final long SECOND = 1_000 * MILLI;

  private record Item(long nanos, long sequence, Runnable action) {}

  private final PriorityQueue<Item> items =
      new PriorityQueue<>(Comparator.comparingLong(Item::nanos).thenComparingLong(Item::sequence));
  private long now;
  private long sequence;

  /// Nanoseconds since the beginning of the simulation.
  long now() {
    return now;
  }

  void at(long nanos, Runnable action) {
    items.add(new Item(Math.max(nanos, now), sequence++, action));
  }

  void after(long nanos, Runnable action) {
    at(now + nanos, action);
  }

  /// Runs everything up to and including this time.
  void runUntil(long nanos) {
    for (Item item = items.peek(); item != null && item.nanos() <= nanos; item = items.peek()) {
      items.remove();
      now = item.nanos();
      item.action().run();
    }
    now = nanos;
  }
}
