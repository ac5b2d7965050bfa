package tocsin.node.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import tocsin.trust.Envelope;
import tocsin.trust.StatementId;

/// Statements that cannot be admitted yet (their issuer is not reachable, their key not known,
/// their time not come) and are judged again whenever something changed: never a silent, permanent
/// drop. Bounded; what had to make room is brought again by reconciliation.
final class WaitingRoom {
  /// @param from the peer that sent it; empty if an operator did or it was here before a restart
  record Waiting(Envelope envelope, long firstSeenMillis, Optional<PeerId> from) {}

  private final LinkedHashMap<StatementId, Waiting> waiting = new LinkedHashMap<>();

  /// Those that each peer sent, the oldest first.
  private final TreeMap<PeerId, LinkedHashSet<StatementId>> sent = new TreeMap<>();

  /// The earliest time after [#lookedMillis] at which one is no longer too early, or an earlier one
  /// if that one is gone.
  private long dueMillis = Long.MAX_VALUE;

  private long lookedMillis = Long.MIN_VALUE;

  boolean contains(StatementId id) {
    return waiting.containsKey(id);
  }

  /// What has to make room costs no look at all the others: whoever floods a node, or fills one
  /// that is new, has thousands refused.
  void add(Waiting one) {
    StatementId id = one.envelope().id();
    if (waiting.containsKey(id)) {
      return;
    }
    waiting.put(id, one);
    long due = dueMillis(one);
    if (due > lookedMillis) {
      dueMillis = Math.min(dueMillis, due);
    }
    if (one.from().isPresent()) {
      LinkedHashSet<StatementId> same =
          sent.computeIfAbsent(one.from().get(), _ -> new LinkedHashSet<>());
      same.add(id);
      if (same.size() > Limits.MAX_WAITING_PER_PEER) {
        remove(same.getFirst());
      }
    }
    if (waiting.size() > Limits.MAX_WAITING) {
      remove(waiting.firstEntry().getKey());
    }
  }

  private void remove(StatementId id) {
    Waiting gone = waiting.remove(id);
    if (gone != null && gone.from().isPresent()) {
      PeerId peer = gone.from().get();
      LinkedHashSet<StatementId> same = sent.get(peer);
      if (same != null) {
        same.remove(id);
        if (same.isEmpty()) {
          sent.remove(peer);
        }
      }
    }
  }

  /// Takes everything out, to be judged again.
  List<Waiting> takeAll() {
    List<Waiting> all = new ArrayList<>(waiting.values());
    waiting.clear();
    sent.clear();
    return all;
  }

  /// When the next of those that came too early is no longer too early; Long.MAX_VALUE if none came
  /// too early.
  long nextDueMillis(long nowMillis) {
    if (dueMillis <= nowMillis || nowMillis < lookedMillis) {
      dueMillis = Long.MAX_VALUE;
      for (Waiting one : waiting.values()) {
        long due = dueMillis(one);
        if (due > nowMillis) {
          dueMillis = Math.min(dueMillis, due);
        }
      }
    }
    lookedMillis = nowMillis;
    return dueMillis;
  }

  private static long dueMillis(Waiting one) {
    return one.envelope().statement().header().issuedAtMillis() - Limits.FUTURE_MILLIS;
  }
}
