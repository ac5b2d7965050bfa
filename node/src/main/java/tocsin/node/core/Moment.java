package tocsin.node.core;

/// When something happened, as the loop read its clocks once for the whole turn.
///
/// @param monotonicNanos of a clock that never goes back; means nothing across restarts
/// @param wallMillis Unix time: what people and statements speak of; may jump
public record Moment(long monotonicNanos, long wallMillis) {
  public static final long NANOS_PER_MILLI = 1_000_000;

  /// Milliseconds from an earlier moment to this one.
  public long millisSince(Moment earlier) {
    return (monotonicNanos - earlier.monotonicNanos) / NANOS_PER_MILLI;
  }
}
