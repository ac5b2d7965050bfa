package tocsin.node.core;

import java.util.TreeMap;

/// How many flushes a resolver is given a second, whoever asks for how many: a token bucket for
/// each resolver, kept as the time at which its next token is due (the "generic cell rate
/// algorithm", ITU-T I.371).
final class FlushAllowance {
  private static final long INTERVAL_NANOS = 1_000_000_000L / Limits.FLUSHES_PER_SECOND;
  private static final long BURST_NANOS = (Limits.FLUSH_BURST - 1) * INTERVAL_NANOS;

  private final TreeMap<String, Long> nextNanos = new TreeMap<>();

  /// Takes the next token of a resolver.
  ///
  /// @return from when on it is good, in monotonic nanoseconds; not before now
  long take(String resolver, long nowNanos) {
    long next = Math.max(nextNanos.getOrDefault(resolver, nowNanos), nowNanos);
    nextNanos.put(resolver, next + INTERVAL_NANOS);
    return Math.max(next - BURST_NANOS, nowNanos);
  }

  /// The resolver is gone.
  void forget(String resolver) {
    nextNanos.remove(resolver);
  }
}
