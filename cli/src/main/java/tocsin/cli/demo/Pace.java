package tocsin.cli.demo;

import java.util.concurrent.locks.LockSupport;

/// A steady rate, whether or not what was done last has come to its end. Whoever was held up does
/// at once what fell due meanwhile.
public final class Pace {
  private static final long NANOS = 1_000_000_000L;

  private final long stepNanos;
  private long next = System.nanoTime();

  private Pace(long stepNanos) {
    this.stepNanos = stepNanos;
  }

  /// From now on.
  public static Pace perSecond(int rate) {
    return new Pace(NANOS / rate);
  }

  /// Waits until the next is due; the first is at once.
  public void await() {
    for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    next += stepNanos;
  }
}
