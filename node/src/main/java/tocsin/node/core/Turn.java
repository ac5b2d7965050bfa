package tocsin.node.core;

import java.util.ArrayList;
import java.util.List;

/// One turn of the core: the moment, and the effects gathered so far.
final class Turn {
  private final Moment now;
  private final long ownWallMillis;
  private final List<Effect> effects = new ArrayList<>();

  Turn(Moment now) {
    this(now, 0);
  }

  /// @param own as this node's clocks have it
  /// @param correctionMillis what the witnesses' clocks show more
  Turn(Moment own, long correctionMillis) {
    this.now = new Moment(own.monotonicNanos(), own.wallMillis() + correctionMillis);
    this.ownWallMillis = own.wallMillis();
  }

  Moment now() {
    return now;
  }

  long nanos() {
    return now.monotonicNanos();
  }

  long wallMillis() {
    return now.wallMillis();
  }

  /// What this node's own clock shows: what it testifies to as a witness.
  long ownWallMillis() {
    return ownWallMillis;
  }

  /// The monotonic time, in nanoseconds, so many milliseconds from now.
  long after(long millis) {
    return now.monotonicNanos() + millis * Moment.NANOS_PER_MILLI;
  }

  void add(Effect effect) {
    effects.add(effect);
  }

  void notice(Effect.Level level, String text) {
    effects.add(new Effect.Notice(level, text));
  }

  List<Effect> effects() {
    return effects;
  }
}
