package tocsin.cli.demo;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// Waits for conditions.
final class Patience {
  private Patience() {}

  interface Condition {
    boolean holds();
  }

  static void until(String what, Duration patience, Condition condition)
      throws NotSeen, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new NotSeen("not within " + patience.toSeconds() + " s: " + what);
      }
      Thread.sleep(Limits.LOOK);
    }
  }

  static void until(String what, Condition condition) throws NotSeen, InterruptedException {
    until(what, Limits.STEP, condition);
  }

  /// Waits until there is a value.
  static <T> T value(String what, Supplier<Optional<T>> source)
      throws NotSeen, InterruptedException {
    long deadline = System.nanoTime() + Limits.STEP.toNanos();
    while (true) {
      Optional<T> value = source.get();
      if (value.isPresent()) {
        return value.get();
      }
      if (System.nanoTime() > deadline) {
        throw new NotSeen("not within " + Limits.STEP.toSeconds() + " s: " + what);
      }
      Thread.sleep(Limits.LOOK);
    }
  }
}
