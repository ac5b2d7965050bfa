package tocsin.node.core;

/// Whether this node is cut off from the network: then it knows of no recall, and must not go on
/// acting for long on what it heard last. A node that has nobody to talk to by configuration is not
/// cut off.
final class Connectivity {
  private boolean connected;
  private boolean hasTargets;
  private long sinceNanos;

  /// What was true when it was last asked whether something changed.
  private boolean tookNewOverrides = true;

  private boolean servedOverrides = true;

  /// The node begins: the time counts from now.
  void started(Turn turn) {
    sinceNanos = turn.nanos();
  }

  /// Notes who is connected; true if what may be done changed since the last time, be it by time
  /// alone.
  boolean update(boolean nowConnected, boolean nowHasTargets, Turn turn) {
    if (nowConnected) {
      sinceNanos = turn.nanos();
    }
    connected = nowConnected;
    hasTargets = nowHasTargets;
    boolean takes = takesNewOverrides(turn);
    boolean serves = servesOverrides(turn);
    boolean changed = takes != tookNewOverrides || serves != servedOverrides;
    tookNewOverrides = takes;
    servedOverrides = serves;
    return changed;
  }

  boolean takesNewOverrides(Turn turn) {
    return !isCutOffFor(Limits.ISOLATED_MILLIS, turn);
  }

  boolean servesOverrides(Turn turn) {
    return !isCutOffFor(Limits.ISOLATED_WITHDRAW_MILLIS, turn);
  }

  private boolean isCutOffFor(long millis, Turn turn) {
    return hasTargets && !connected && turn.nanos() - sinceNanos >= millis * Moment.NANOS_PER_MILLI;
  }

  /// The next time at which the answers above may change by time alone.
  long nextDeadlineNanos(long nowNanos) {
    if (!hasTargets || connected) {
      return Long.MAX_VALUE;
    }
    long first = sinceNanos + Limits.ISOLATED_MILLIS * Moment.NANOS_PER_MILLI;
    long second = sinceNanos + Limits.ISOLATED_WITHDRAW_MILLIS * Moment.NANOS_PER_MILLI;
    return nowNanos < first ? first : nowNanos < second ? second : Long.MAX_VALUE;
  }
}
