package tocsin.node.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import tocsin.trust.Envelope;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// How a new statement travels: whole and at once to the peers that are to have it so, as an id to
/// all others, who ask for it if it does not come by another way (Leitão, Pereira, Rodrigues:
/// Epidemic Broadcast Trees, 2007; with a mesh that stays redundant, because an alert must not wait
/// for the repair of a tree).
final class Broadcast {
  /// An id that somebody has and we have not.
  private static final class Missing {
    final List<PeerId> announcers = new ArrayList<>();
    int asked;
    long nextPullNanos;
  }

  /// Admitted in this turn; true: said here first, so it goes whole to every stream.
  private final LinkedHashMap<Envelope, Boolean> fresh = new LinkedHashMap<>();

  private final TreeMap<StatementId, Missing> missing = new TreeMap<>();

  /// When the statements of late came, to see who brings them first; the oldest first.
  private final LinkedHashMap<StatementId, Long> arrivals = new LinkedHashMap<>();

  /// Nothing has to be asked for before that.
  private long nextPullNanos = Long.MAX_VALUE;

  /// When something last had to be asked for.
  private long lastPullNanos = Long.MIN_VALUE;

  void admitted(Envelope envelope, boolean origin) {
    fresh.put(envelope, origin);
    missing.remove(envelope.id());
  }

  /// A statement came, whole, from this peer.
  void arrived(Peer peer, StatementId id, Turn turn) {
    missing.remove(id);
    if (!arrivals.containsKey(id)) {
      peer.wasFirst();
      arrivals.put(id, turn.nanos());
      if (arrivals.size() > Limits.MAX_ARRIVALS) {
        arrivals.remove(arrivals.firstEntry().getKey());
      }
    }
  }

  /// Peers say that they hold these; some of it may have come as a pushed duplicate.
  ///
  /// @param isHere nothing need be asked for
  void announced(Peer peer, List<StatementId> ids, Predicate<StatementId> isHere, Turn turn) {
    for (StatementId id : ids) {
      peer.learns(id);
      Long first = arrivals.get(id);
      if (first != null) {
        peer.wasLate(turn.nanos() - first);
      }
      if (peer.maySubmit() && !isHere.test(id)) {
        miss(peer, id, turn);
      }
    }
  }

  private void miss(Peer peer, StatementId id, Turn turn) {
    Missing one = missing.get(id);
    if (one == null) {
      if (missing.size() >= Limits.MAX_MISSING) {
        // Digests will tell.
        return;
      }
      one = new Missing();
      one.nextPullNanos = turn.nanos() + patienceNanos(peer);
      missing.put(id, one);
      nextPullNanos = Math.min(nextPullNanos, one.nextPullNanos);
    }
    if (one.announcers.size() < Limits.MAX_ANNOUNCERS && !one.announcers.contains(peer.id)) {
      one.announcers.add(peer.id);
    }
  }

  /// Whoever pushes it may be on the way: half a round trip of the announcer, within bounds.
  private static long patienceNanos(Peer peer) {
    long millis = peer.rttNanos / 2 / Moment.NANOS_PER_MILLI;
    return Math.clamp(millis, Limits.PULL_MIN_MILLIS, Limits.PULL_MAX_MILLIS)
        * Moment.NANOS_PER_MILLI;
  }

  /// Sends what is new, and asks for what does not come.
  void tick(Collection<Peer> ready, Turn turn) {
    push(ready, turn);
    pull(ready, turn);
  }

  private void push(Collection<Peer> ready, Turn turn) {
    if (fresh.isEmpty()) {
      return;
    }
    int eager = 0;
    for (Peer peer : ready) {
      boolean whole = peer.isEager() && eager < Limits.MAX_EAGER;
      eager += whole ? 1 : 0;
      Portions portions = new Portions();
      List<StatementId> ids = new ArrayList<>();
      boolean alert = false;
      for (var entry : fresh.entrySet()) {
        Envelope envelope = entry.getKey();
        if (!peer.knows(envelope.id())) {
          alert |= envelope.statement() instanceof Statement.Alert;
          if (whole || entry.getValue()) {
            peer.learns(envelope.id());
            portions.add(envelope);
          } else {
            ids.add(envelope.id());
          }
        }
      }
      Effect.Priority priority = alert ? Effect.Priority.ALERT : Effect.Priority.RELAY;
      for (List<Envelope> portion : portions.all()) {
        Reconciliation.send(peer, new Frame.Push(portion), priority, turn);
      }
      if (!ids.isEmpty()) {
        Reconciliation.send(peer, new Frame.Announce(ids), priority, turn);
      }
    }
    fresh.clear();
  }

  private void pull(Collection<Peer> ready, Turn turn) {
    if (missing.isEmpty()) {
      nextPullNanos = Long.MAX_VALUE;
    }
    if (turn.nanos() < nextPullNanos) {
      return;
    }
    TreeMap<PeerId, List<StatementId>> pulls = new TreeMap<>();
    TreeMap<PeerId, Peer> peers = new TreeMap<>();
    ready.forEach(peer -> peers.put(peer.id, peer));
    missing
        .entrySet()
        .removeIf(entry -> {
          Missing one = entry.getValue();
          while (one.nextPullNanos <= turn.nanos()) {
            if (one.asked >= one.announcers.size()) {
              // All who had it were asked: digests will tell whether anybody still has it.
              return true;
            }
            Optional<Peer> announcer =
                Optional.ofNullable(peers.get(one.announcers.get(one.asked)));
            one.asked++;
            announcer.ifPresent(peer -> {
              pulls.computeIfAbsent(peer.id, _ -> new ArrayList<>()).add(entry.getKey());
              one.nextPullNanos = turn.nanos() + hedgeNanos(peer);
            });
          }
          return false;
        });
    pulls.forEach((id, ids) -> {
      Peer peer = peers.get(id);
      if (peer != null) {
        lastPullNanos = turn.nanos();
        Reconciliation.send(peer, new Frame.Pull(ids), Effect.Priority.RELAY, turn);
      }
    });
    nextPullNanos = Long.MAX_VALUE;
    for (Missing one : missing.values()) {
      nextPullNanos = Math.min(nextPullNanos, one.nextPullNanos);
    }
  }

  /// The next announcer is asked if the first has not answered by then.
  private static long hedgeNanos(Peer peer) {
    return Math.max(
        peer.rttNanos + peer.rttNanos / 2, Limits.HEDGE_MIN_MILLIS * Moment.NANOS_PER_MILLI);
  }

  /// Nothing had to be asked for of late: the mesh does its work, and may be thinned out.
  boolean isHealthy(long nowNanos) {
    return lastPullNanos == Long.MIN_VALUE
        || nowNanos - lastPullNanos > Limits.HEALTHY_MILLIS * Moment.NANOS_PER_MILLI;
  }

  long nextDeadlineNanos() {
    return missing.isEmpty() ? Long.MAX_VALUE : nextPullNanos;
  }
}
