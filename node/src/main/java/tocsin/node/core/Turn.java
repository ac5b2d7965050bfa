package tocsin.node.core;

import java.util.ArrayList;
import java.util.List;

/// One turn of the core: the moment, and the effects gathered so far.
final class Turn {
  private final Moment now;
  private final List<Effect> effects = new ArrayList<>();

  Turn(Moment now) {
    this.now = now;
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
