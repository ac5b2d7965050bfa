package tocsin.node.core;

/// How long to wait after so many failures in a row: doubling from a minimum up to a maximum.
final class Backoff {
  private Backoff() {}

  static long millis(int failures, long minMillis, long maxMillis) {
    int doublings = Math.min(Math.max(failures - 1, 0), 30);
    return Math.min(minMillis << doublings, maxMillis);
  }
}
