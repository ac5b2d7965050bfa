package tocsin.simulations;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Virtual time: what is to happen, in order of its time, and at the same time in the order in
/// which it was put down. The only clock of a simulation.
///
/// A binary heap over plain numbers: millions of frames are under way at once, and an object for
/// each would cost more than what it does.
final class Agenda {
  static final long MILLI = 1_000_000;
  static final long SECOND = 1_000 * MILLI;

  private static final int INITIAL = 1_024;

  private long[] times = new long[INITIAL];
  private long[] sequences = new long[INITIAL];
  private @Nullable Runnable[] actions = new Runnable[INITIAL];
  private int size;
  private long now;
  private long sequence;

  /// Nanoseconds since the beginning of the simulation.
  long now() {
    return now;
  }

  void at(long nanos, Runnable action) {
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      sequences = Arrays.copyOf(sequences, 2 * size);
      actions = Arrays.copyOf(actions, 2 * size);
    }
    long time = Math.max(nanos, now);
    int at = size++;
    // Nothing that is put down later comes before anything of the same time.
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (times[parent] <= time) {
        break;
      }
      move(parent, at);
      at = parent;
    }
    set(at, time, sequence++, action);
  }

  void after(long nanos, Runnable action) {
    at(now + nanos, action);
  }

  /// Runs everything up to and including this time.
  void runUntil(long nanos) {
    while (size > 0 && times[0] <= nanos) {
      now = times[0];
      Runnable action = removeFirst();
      if (action != null) {
        action.run();
      }
    }
    now = nanos;
  }

  private @Nullable Runnable removeFirst() {
    Runnable first = actions[0];
    size--;
    long time = times[size];
    long order = sequences[size];
    Runnable last = actions[size];
    actions[size] = null;
    if (size > 0 && last != null) {
      int at = 0;
      for (int child = 1; child < size; child = 2 * at + 1) {
        if (child + 1 < size
            && isBefore(times[child + 1], sequences[child + 1], times[child], sequences[child])) {
          child++;
        }
        if (isBefore(time, order, times[child], sequences[child])) {
          break;
        }
        move(child, at);
        at = child;
      }
      set(at, time, order, last);
    }
    return first;
  }

  private static boolean isBefore(long time, long order, long otherTime, long otherOrder) {
    return time < otherTime || (time == otherTime && order < otherOrder);
  }

  private void move(int from, int to) {
    times[to] = times[from];
    sequences[to] = sequences[from];
    actions[to] = actions[from];
  }

  private void set(int at, long time, long order, Runnable action) {
    times[at] = time;
    sequences[at] = order;
    actions[at] = action;
  }
}
