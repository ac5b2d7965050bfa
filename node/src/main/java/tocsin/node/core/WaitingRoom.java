package tocsin.node.core;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import tocsin.trust.Envelope;
import tocsin.trust.StatementId;

/// Statements that cannot be admitted yet (their issuer is not reachable, their key not known,
/// their time not come) and are judged again whenever something changed: never a silent, permanent
/// drop. Bounded; what had to make room is brought again by reconciliation.
final class WaitingRoom {
  /// @param from the peer that sent it; empty if an operator did or it was here before a restart
  record Waiting(Envelope envelope, long firstSeenMillis, Optional<PeerId> from) {}

  private final LinkedHashMap<StatementId, Waiting> waiting = new LinkedHashMap<>();

  /// What [#nextDueMillis] last said, if nothing came since.
  private long dueMillis = Long.MAX_VALUE;

  private boolean dueKnown;

  boolean contains(StatementId id) {
    return waiting.containsKey(id);
  }

  void add(Waiting one) {
    if (one.from().isPresent() && countFrom(one.from().get()) >= Limits.MAX_WAITING_PER_PEER) {
      removeFirst(one.from());
    }
    waiting.putIfAbsent(one.envelope().id(), one);
    dueKnown = false;
    if (waiting.size() > Limits.MAX_WAITING) {
      removeFirst(Optional.empty());
    }
  }

  /// Takes everything out, to be judged again.
  List<Waiting> takeAll() {
    List<Waiting> all = new ArrayList<>(waiting.values());
    waiting.clear();
    return all;
  }

  /// When the next of those that came too early is no longer too early; Long.MAX_VALUE if none came
  /// too early.
  long nextDueMillis(long nowMillis) {
    if (!dueKnown || dueMillis <= nowMillis) {
      dueKnown = true;
      dueMillis = Long.MAX_VALUE;
      for (Waiting one : waiting.values()) {
        long due = one.envelope().statement().header().issuedAtMillis() - Limits.FUTURE_MILLIS;
        if (due > nowMillis) {
          dueMillis = Math.min(dueMillis, due);
        }
      }
    }
    return dueMillis;
  }

  private int countFrom(PeerId peer) {
    int count = 0;
    for (Waiting one : waiting.values()) {
      if (one.from().equals(Optional.of(peer))) {
        count++;
      }
    }
    return count;
  }

  private void removeFirst(Optional<PeerId> from) {
    Iterator<Waiting> iterator = waiting.values().iterator();
    while (iterator.hasNext()) {
      Waiting one = iterator.next();
      if (from.isEmpty() || one.from().equals(from)) {
        iterator.remove();
        return;
      }
    }
  }
}
