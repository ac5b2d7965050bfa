package tocsin.node.core;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import tocsin.storage.LogEntry;
import tocsin.trust.Envelope;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// How a new statement travels: whole and at once to the peers that are to have it so, as an id to
/// all others, who ask for it if it does not come by another way (Leitão, Pereira, Rodrigues:
/// Epidemic Broadcast Trees, 2007; with a mesh that stays redundant, because an alert must not wait
/// for the repair of a tree). Who is told whole is [Reach]'s business.
final class Broadcast {
  /// What was admitted in this turn.
  ///
  /// @param index in the log
  /// @param hops nodes that it passed before this one; 0: it was said here
  private record News(Envelope envelope, long index, int hops) {
    StatementId id() {
      return envelope.id();
    }
  }

  /// An id that somebody has and we have not.
  private static final class Missing {
    final List<PeerId> announcers = new ArrayList<>();
    int asked;
    long nextPullNanos;
  }

  private final List<News> fresh = new ArrayList<>();

  /// One of which the peers are told a little later, with others.
  ///
  /// @param index in the log
  private record Held(StatementId id, long index) {}

  private final List<Held> held = new ArrayList<>();

  private long tellNanos = Long.MAX_VALUE;

  /// When the last statements were admitted, as many as make a node busy: a ring.
  private final long[] admissions = new long[Limits.BUSY_STATEMENTS];

  private long admitted;

  private final TreeMap<StatementId, Missing> missing = new TreeMap<>();

  /// When the statements of late came, to see who brings them first; the oldest first.
  private final LinkedHashMap<StatementId, Long> arrivals = new LinkedHashMap<>();

  /// Nothing has to be asked for before that.
  private long nextPullNanos = Long.MAX_VALUE;

  /// The share of the last statements that had to be asked for, smoothed.
  private double asked;

  /// @param hops nodes that it passed before this one; 0: it was said here
  void admitted(LogEntry entry, int hops, long nowNanos) {
    fresh.add(new News(entry.envelope(), entry.index(), hops));
    missing.remove(entry.envelope().id());
    admissions[(int) (admitted++ % admissions.length)] = nowNanos;
  }

  /// A statement came, whole, from this peer.
  ///
  /// @param answered it was asked for; if it was, and comes unasked all the same, whoever pushed it
  ///   is slow, and telling more peers whole would make all of them slower
  void arrived(Peer peer, StatementId id, boolean answered, Turn turn) {
    Missing one = missing.remove(id);
    if (!arrivals.containsKey(id)) {
      boolean hadToBeAsked = one != null && one.asked > 0 && answered;
      asked += ((hadToBeAsked ? 1 : 0) - asked) / Limits.HEALTH_STATEMENTS;
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
  ///
  /// @param nodes in the network, this one too, as far as we know
  /// @param complete whether it is small, and there is a stream to each of them
  void tick(List<Peer> ready, int nodes, BooleanSupplier complete, Turn turn) {
    if (!fresh.isEmpty()) {
      boolean together = tellsTogether(ready.size(), turn) && complete.getAsBoolean();
      push(ready, reach(ready, nodes, together, turn), together, turn);
    }
    tellHeld(ready, turn);
    pull(ready, turn);
  }

  /// @param together whoever is not told whole is told the id later, with others
  private void push(List<Peer> ready, Reach reach, boolean together, Turn turn) {
    List<BitSet> told = fresh.stream().map(it -> reach.told(it.id(), it.hops)).toList();
    for (int place = 0; place < ready.size(); place++) {
      Peer peer = ready.get(place);
      TreeMap<Integer, Portions> byHops = new TreeMap<>();
      List<StatementId> ids = new ArrayList<>();
      boolean alert = false;
      for (int i = 0; i < fresh.size(); i++) {
        News news = fresh.get(i);
        if (!peer.knows(news.id())) {
          alert |= news.envelope.statement() instanceof Statement.Alert;
          if (told.get(i).get(place)) {
            peer.learns(news.id());
            byHops.computeIfAbsent(news.hops, _ -> new Portions()).add(news.envelope);
          } else if (!together) {
            ids.add(news.id());
          }
        }
      }
      Effect.Priority priority = alert ? Effect.Priority.ALERT : Effect.Priority.RELAY;
      byHops.forEach((hops, portions) -> {
        for (List<Envelope> portion : portions.all()) {
          Reconciliation.send(peer, new Frame.Push(portion, hops), priority, turn);
        }
      });
      announce(peer, ids, priority, turn);
    }
    if (together) {
      fresh.forEach(news -> held.add(new Held(news.id(), news.index)));
      tellNanos =
          held.size() < Limits.MAX_HELD
              ? Math.min(tellNanos, turn.after(Limits.HOLD_MILLIS))
              : turn.nanos();
    }
    fresh.clear();
  }

  private static void announce(
      Peer peer, List<StatementId> ids, Effect.Priority priority, Turn turn) {
    if (!ids.isEmpty()) {
      Reconciliation.send(peer, new Frame.Announce(ids), priority, turn);
    }
  }

  private void tellHeld(List<Peer> ready, Turn turn) {
    if (turn.nanos() < tellNanos) {
      return;
    }
    for (Peer peer : ready) {
      List<StatementId> ids = held.stream().map(Held::id).filter(id -> !peer.knows(id)).toList();
      announce(peer, ids, Effect.Priority.RELAY, turn);
    }
    held.clear();
    tellNanos = Long.MAX_VALUE;
  }

  /// Where in the log that begins of which peers were not told yet, because they are told together;
  /// empty: they were told everything.
  OptionalLong untoldFrom() {
    return held.isEmpty() ? OptionalLong.empty() : OptionalLong.of(held.getFirst().index);
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

  private Reach reach(List<Peer> ready, int nodes, boolean together, Turn turn) {
    if (!isHealthy()) {
      return new Reach(ready, nodes, Limits.EARLY_COPIES_IN_TROUBLE, Integer.MAX_VALUE, together);
    }
    double copies = savesCopies(turn) ? Limits.EARLY_COPIES_SAVING : Limits.EARLY_COPIES;
    return new Reach(ready, nodes, copies, Limits.EARLY_STREAMS, together);
  }

  /// Much is said, and all is well.
  boolean savesCopies(Turn turn) {
    return isHealthy() && isBusy(Limits.BUSY_STATEMENTS, turn.nanos());
  }

  /// The same in a network of so many streams to everybody.
  private boolean tellsTogether(int streams, Turn turn) {
    int statements = Math.clamp(Limits.BUSY_FRAMES / Math.max(1, streams), 1, admissions.length);
    return isHealthy() && isBusy(statements, turn.nanos());
  }

  /// Hardly anything had to be asked for of late: those who tell us whole do their work.
  private boolean isHealthy() {
    return asked < Limits.HEALTHY_ASKED;
  }

  /// So many statements came of late.
  private boolean isBusy(int statements, long nowNanos) {
    return admitted >= statements
        && nowNanos - admissions[(int) ((admitted - statements) % admissions.length)]
            < Limits.BUSY_MILLIS * Moment.NANOS_PER_MILLI;
  }

  long nextDeadlineNanos() {
    return Math.min(tellNanos, missing.isEmpty() ? Long.MAX_VALUE : nextPullNanos);
  }
}
