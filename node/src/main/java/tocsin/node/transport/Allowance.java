package tocsin.node.transport;

import java.util.concurrent.TimeUnit;

/// So many at once, and then so many per second (a token bucket). Not thread-safe.
final class Allowance {
  private final double most;
  private final double perNano;
  private double left;
  private long updatedAtNanos;

  Allowance(int atOnce, int perSecond, long nowNanos) {
    this.most = atOnce;
    this.left = atOnce;
    this.perNano = perSecond / (double) TimeUnit.SECONDS.toNanos(1);
    this.updatedAtNanos = nowNanos;
  }

  /// True, and one less is left, if there is one.
  boolean take(long nowNanos) {
    left = Math.min(most, left + (nowNanos - updatedAtNanos) * perNano);
    updatedAtNanos = nowNanos;
    if (left < 1) {
      return false;
    }
    left -= 1;
    return true;
  }
}
