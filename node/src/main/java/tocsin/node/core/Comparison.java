package tocsin.node.core;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import tocsin.storage.LogEntry;
import tocsin.storage.StatementLog;
import tocsin.trust.Envelope;
import tocsin.trust.OrganizationId;
import tocsin.trust.StatementId;
import tocsin.trust.graph.TrustGraph;

/// Closes scattered gaps between two sets of statements, whatever their size: one asks for coded
/// symbols of the other's set, takes its own from them, and knows what each of them has alone. Two
/// round trips: Compare and Symbols, Want and Push.
///
/// The side that is asked keeps nothing in mind: who needs more symbols asks anew, for more.
final class Comparison {
  /// @param symbols asked for at least
  record UnderWay(OrganizationId anchor, int symbols, long sinceNanos) {}

  /// How a comparison ended.
  enum End {
    /// More to come, or nothing was under way.
    GOES_ON,
    /// What differs is on its way, in both directions.
    FOUND,
    /// Both hold the same.
    SAME,
    /// Symbols do not do it: too many differences, or ids that were made to hide each other.
    FAILED
  }

  private final StatementLog log;
  private final CarriedSets carried;
  private final TrustGraph graph;

  Comparison(StatementLog log, CarriedSets carried, TrustGraph graph) {
    this.log = log;
    this.carried = carried;
    this.graph = graph;
  }

  /// Asks a peer for symbols of one set, if nothing of the kind is under way with it. They are
  /// asked for later if our own are not made yet.
  void begin(Peer peer, OrganizationId anchor, Turn turn) {
    if (isUnderWay(peer, turn)) {
      return;
    }
    peer.comparing = Optional.of(new UnderWay(anchor, 0, turn.nanos()));
    carried.symbols(anchor).ifPresent(symbols -> ask(peer, anchor, symbols, 0, turn));
  }

  boolean isUnderWay(Peer peer, Turn turn) {
    return peer.comparing
        .filter(it ->
            turn.nanos() - it.sinceNanos()
                < Limits.COMPARISON_PATIENCE_MILLIS * Moment.NANOS_PER_MILLI)
        .isPresent();
  }

  private void ask(
      Peer peer, OrganizationId anchor, RatelessSymbols symbols, int least, Turn turn) {
    peer.comparing = Optional.of(new UnderWay(anchor, Math.max(least, 1), turn.nanos()));
    Frame frame =
        new Frame.Compare(
            anchor, carried.digest(anchor).count(), DifferenceSketch.of(symbols), least);
    Reconciliation.send(peer, frame, Effect.Priority.CONTROL, turn);
  }

  /// Goes on with what waited for our symbols.
  ///
  /// @return false if they are still not made: there is work for another turn at once
  boolean work(List<Peer> ready, Turn turn) {
    if (carried.isUpToDate()) {
      return true;
    }
    if (!carried.work()) {
      return false;
    }
    for (Peer peer : ready) {
      Optional<Frame.Compare> asked = peer.compareAsked;
      peer.compareAsked = Optional.empty();
      asked.ifPresent(it -> answer(peer, it, turn));
      peer.comparing
          .filter(it -> it.symbols() == 0)
          .ifPresent(it ->
              carried
                  .symbols(it.anchor())
                  .ifPresent(symbols -> ask(peer, it.anchor(), symbols, 0, turn)));
    }
    return true;
  }

  /// A peer asks for our symbols.
  ///
  /// @param isCarried we carry for that anchor
  void asked(Peer peer, Frame.Compare compare, boolean isCarried, Turn turn) {
    if (!isCarried || !isServed(peer, turn)) {
      Frame none =
          new Frame.Symbols(
              new Frame.AnchorDigest(compare.anchor(), 0, tocsin.trust.Sha256.ZERO),
              ByteString.EMPTY);
      Reconciliation.send(peer, none, Effect.Priority.CONTROL, turn);
      return;
    }
    answer(peer, compare, turn);
  }

  private static boolean isServed(Peer peer, Turn turn) {
    if (turn.nanos() - peer.comparisonsSinceNanos >= 1_000 * Moment.NANOS_PER_MILLI) {
      peer.comparisonsSinceNanos = turn.nanos();
      peer.comparisonsServed = 0;
    }
    return ++peer.comparisonsServed <= Limits.COMPARISONS_PER_SECOND;
  }

  private void answer(Peer peer, Frame.Compare compare, Turn turn) {
    Optional<RatelessSymbols> symbols = carried.symbols(compare.anchor());
    if (symbols.isEmpty()) {
      peer.compareAsked = Optional.of(compare);
      return;
    }
    Frame.AnchorDigest digest = carried.digest(compare.anchor());
    int size = size(symbols.get(), compare, digest.count());
    Frame frame = new Frame.Symbols(digest, symbols.get().encode(0, size));
    Reconciliation.send(peer, frame, Effect.Priority.SYNC, turn);
  }

  /// How many symbols will do, as a rule: 1.45 for each difference, and what the guess may be off.
  /// 0: too many.
  private static int size(RatelessSymbols symbols, Frame.Compare compare, long count) {
    long surplus = Math.abs(count - compare.count());
    if (surplus > Limits.MAX_DIFFERENCES) {
      return 0;
    }
    int guess =
        DifferenceSketch.guess(
            DifferenceSketch.of(symbols), compare.sketch(), 2 * Limits.MAX_DIFFERENCES);
    if (guess > Limits.MAX_DIFFERENCES * 3 / 2) {
      return 0;
    }
    // Mostly only one side has something missing, and then their counts tell how much.
    double wanted = guess <= surplus * 1.3 ? surplus * 1.7 : guess * 1.9;
    return Math.clamp((long) wanted + 8, Math.min(compare.least(), symbols.size()), symbols.size());
  }

  /// The symbols that we asked for.
  ///
  /// @param push what the peer lacks is sent to it
  End answered(Peer peer, Frame.Symbols answer, boolean push, Turn turn) {
    Optional<UnderWay> underWay =
        peer.comparing.filter(
            it -> it.anchor().equals(answer.digest().anchor()) && it.symbols() > 0);
    Optional<RatelessSymbols> ours = underWay.flatMap(it -> carried.symbols(it.anchor()));
    if (ours.isEmpty()) {
      return End.GOES_ON;
    }
    peer.comparing = Optional.empty();
    int size = answer.symbols().size() / RatelessSymbols.SYMBOL_BYTES;
    if (size == 0 || size > ours.get().size()) {
      return End.FAILED;
    }
    RatelessSymbols.Difference difference = ours.get().difference(answer.symbols());
    if (!difference.complete()) {
      if (size >= ours.get().size() || size < underWay.get().symbols()) {
        return End.FAILED;
      }
      ask(peer, answer.digest().anchor(), ours.get(), Math.min(2 * size, ours.get().size()), turn);
      return End.GOES_ON;
    }
    if (difference.missing().isEmpty() && difference.surplus().isEmpty()) {
      return carried.digest(answer.digest().anchor()).equals(answer.digest())
          ? End.SAME
          : End.FAILED;
    }
    close(peer, difference, push, turn);
    return End.FOUND;
  }

  /// Asks for what is missing here, and sends what is missing there.
  private void close(Peer peer, RatelessSymbols.Difference difference, boolean push, Turn turn) {
    TreeSet<Long> missing = new TreeSet<>(difference.missing());
    List<Long> both = new ArrayList<>(difference.missing());
    both.addAll(difference.surplus());
    List<Envelope> surplus = new ArrayList<>();
    for (long index : carried.find(both)) {
      // What is here for another anchor's sake need not be asked for; or it does not count any
      // more, and the peer is told why.
      boolean isMissing = missing.remove(carried.cut(index));
      withRival(index).skip(isMissing ? 1 : 0).forEach(surplus::add);
    }
    peer.missing.clear();
    peer.wanted.clear();
    peer.missing.addAll(missing);
    want(peer, turn);
    if (push) {
      send(peer, surplus, turn);
    }
  }

  /// The statement at this index, and what makes that it does not count here, if anything does.
  private Stream<Envelope> withRival(long index) {
    return log.get(index).map(LogEntry::envelope).stream()
        .flatMap(it -> Stream.concat(Stream.of(it), rival(it).stream()));
  }

  private Optional<Envelope> rival(Envelope envelope) {
    return graph.rival(envelope).flatMap(log::get).map(LogEntry::envelope);
  }

  /// Something came whole, or is known to be here: when half of what was asked for is, more is.
  ///
  /// @return it was asked for
  boolean arrived(Peer peer, StatementId id, Turn turn) {
    boolean wanted = !peer.wanted.isEmpty() && peer.wanted.remove(RatelessSymbols.cut(id));
    if (wanted) {
      want(peer, turn);
    }
    return wanted;
  }

  /// Something that was asked for, because the peer counts it, has been looked at. If it does not
  /// count here, for something proves that its key contradicts itself, the peer is sent that.
  void taken(Peer peer, Envelope envelope, Turn turn) {
    send(peer, rival(envelope).stream().toList(), turn);
  }

  private static void want(Peer peer, Turn turn) {
    if (peer.missing.isEmpty() || peer.wanted.size() > Limits.WANTED_AT_ONCE / 2) {
      return;
    }
    List<Long> ids = new ArrayList<>();
    while (!peer.missing.isEmpty() && ids.size() < Limits.WANTED_AT_ONCE) {
      ids.add(peer.missing.remove());
    }
    peer.wanted.addAll(ids);
    Reconciliation.send(peer, new Frame.Want(ids), Effect.Priority.CONTROL, turn);
  }

  /// A peer asks for what it found missing.
  void wanted(Peer peer, Frame.Want want, Turn turn) {
    List<Envelope> envelopes = new ArrayList<>();
    for (long index : carried.find(want.cuts())) {
      withRival(index).forEach(envelopes::add);
    }
    send(peer, envelopes, turn);
  }

  private static void send(Peer peer, List<Envelope> envelopes, Turn turn) {
    Portions portions = new Portions();
    int bytes = 0;
    for (Envelope envelope : envelopes) {
      bytes += envelope.wire().size();
      if (bytes > Limits.WANTED_BYTES) {
        // The next comparison finds the rest.
        break;
      }
      portions.add(envelope);
      peer.learns(envelope.id());
    }
    for (List<Envelope> portion : portions.all()) {
      Reconciliation.send(peer, new Frame.Push(portion), Effect.Priority.SYNC, turn);
    }
  }
}
