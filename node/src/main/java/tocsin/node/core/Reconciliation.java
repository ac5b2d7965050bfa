package tocsin.node.core;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import tocsin.storage.LogEntry;
import tocsin.storage.LogId;
import tocsin.storage.StatementLog;
import tocsin.trust.Envelope;
import tocsin.trust.KeyId;
import tocsin.trust.OrganizationId;
import tocsin.trust.StatementId;
import tocsin.trust.graph.TrustGraph;

/// Closes gaps: digests per common anchor tell that something is missing. What a peer appended
/// since the last time is read from its log; what is missing all the same, or from a peer never met
/// before, a [Comparison] finds; and where that fails, the peer's log is read from its beginning.
final class Reconciliation {
  private final StatementLog log;
  private final CarriedSets carried;
  private final Comparison comparison;

  /// Of two nodes that miss something, the one with the lower key asks.
  private final KeyId self;

  /// The ids at the end of the log.
  private final Recent recent = new Recent();

  /// The anchors for which this node carries statements now.
  private final Supplier<NavigableSet<OrganizationId>> anchors;

  /// @param graph what is carried
  /// @param self this node's key
  Reconciliation(
      StatementLog log,
      CarriedSets carried,
      TrustGraph graph,
      KeyId self,
      Supplier<NavigableSet<OrganizationId>> anchors) {
    this.log = log;
    this.carried = carried;
    this.self = self;
    this.anchors = anchors;
    this.comparison = new Comparison(log, carried, graph);
  }

  /// A peer has said Hello: tell it what we carry, and read on in its log where we stopped. Whom we
  /// have never read is not read before its digests say that it is worth while.
  void begin(Peer peer, Turn turn) {
    sendDigests(peer, turn);
    if (!peer.maySubmit()) {
      return;
    }
    if (isMet(peer)) {
      resume(peer, false, turn);
    } else if (peer.lastDigests.isPresent()) {
      close(peer, peer.lastDigests.get(), turn);
    }
  }

  /// Its log was read before.
  private boolean isMet(Peer peer) {
    return peer.hello.flatMap(hello -> log.recall(Facts.cursor(hello.logId()))).isPresent();
  }

  /// A statement stands in the log now.
  void appended(LogEntry entry) {
    recent.add(entry.index(), entry.envelope().id());
  }

  void tick(List<Peer> ready, Turn turn) {
    for (Peer peer : ready) {
      if (turn.nanos() >= peer.nextDigestNanos) {
        if (peer.digestVersionSent != carried.version()) {
          sendDigests(peer, turn);
        } else {
          peer.nextDigestNanos = turn.after(Limits.DIGEST_MILLIS);
        }
      }
    }
    comparison.work(ready, turn);
  }

  long nextDeadlineNanos(List<Peer> ready, long nowNanos) {
    // Symbols are made portion by portion: other events come in between.
    long next = carried.isUpToDate() ? Long.MAX_VALUE : nowNanos;
    for (Peer peer : ready) {
      if (peer.digestVersionSent != carried.version()) {
        next = Math.min(next, peer.nextDigestNanos);
      }
    }
    return next;
  }

  /// What is sent to this peer was dropped on the way: it must learn what it misses.
  void overflowed(Peer peer) {
    peer.digestVersionSent = -1;
    peer.portions.clear();
    peer.headStart.clear();
    peer.forgetsAll();
  }

  private void sendDigests(Peer peer, Turn turn) {
    peer.digestVersionSent = carried.version();
    peer.nextDigestNanos = turn.after(Limits.DIGEST_MILLIS);
    Frame digests = new Frame.Digests(carried.digests(anchors.get()), log.size());
    send(peer, digests, Effect.Priority.CONTROL, turn);
  }

  /// Compares what both sides carry for the anchors they share.
  void digests(Peer peer, Frame.Digests theirs, Turn turn) {
    peer.lastDigests = Optional.of(theirs);
    peer.digestsWhileResuming = peer.resumeSentNanos.isPresent();
    if (!peer.maySubmit()) {
      return;
    }
    if (differing(theirs, false).isPresent()) {
      if (peer.differsSinceNanos.isEmpty()) {
        peer.differsSinceNanos = OptionalLong.of(turn.nanos());
      }
      close(peer, theirs, turn);
    } else {
      peer.differsSinceNanos = OptionalLong.empty();
      if (!theirs.anchors().isEmpty()) {
        peer.hello.ifPresent(hello -> nothingMissingUpTo(hello.logId(), theirs.logSize()));
      }
    }
  }

  /// The peer's sets are others than ours. What it appended is read first: that costs next to
  /// nothing. A node that holds next to nothing reads everything.
  private void close(Peer peer, Frame.Digests theirs, Turn turn) {
    Optional<Frame.AnchorDigest> differing = differing(theirs, false);
    if (differing.isEmpty()) {
      return;
    }
    long lacking = differing.get().count() - carried.digest(differing.get().anchor()).count();
    boolean isMuch =
        lacking > Limits.MAX_DIFFERENCES || lacking * NEWCOMER > differing.get().count();
    if (isMet(peer) || isMuch) {
      resume(peer, false, turn);
    } else {
      compare(peer, differing.get(), turn);
    }
  }

  /// One of both asks: who holds less, or has the lower key; or the other one if nothing came of
  /// it.
  private void compare(Peer peer, Frame.AnchorDigest theirs, Turn turn) {
    long ours = carried.digest(theirs.anchor()).count();
    boolean ourTurn =
        ours < theirs.count() || (ours == theirs.count() && self.compareTo(peer.nodeKey) < 0);
    boolean late =
        peer.differsSinceNanos.isPresent()
            && turn.nanos() - peer.differsSinceNanos.getAsLong()
                >= Limits.COMPARISON_TURN_MILLIS * Moment.NANOS_PER_MILLI;
    if ((ourTurn || late) && turn.nanos() >= peer.nextComparisonNanos) {
      comparison.begin(peer, theirs.anchor(), turn);
    }
  }

  void compareAsked(Peer peer, Frame.Compare compare, Turn turn) {
    comparison.asked(peer, compare, anchors.get().contains(compare.anchor()), turn);
  }

  /// The symbols that we asked for.
  void compared(Peer peer, Frame.Symbols symbols, Turn turn) {
    switch (comparison.answered(peer, symbols, peer.member, turn)) {
      case GOES_ON -> {}
      case FOUND -> {
        // The next digests tell what is left.
        peer.nextComparisonNanos = turn.nanos();
        goOn(peer, symbols.digest().anchor(), turn);
      }
      case SAME -> {
        peer.nextComparisonNanos = turn.after(Limits.FRUITLESS_MILLIS);
        goOn(peer, symbols.digest().anchor(), turn);
      }
      case FAILED -> {
        peer.nextComparisonNanos = turn.after(Limits.FRUITLESS_MILLIS);
        fullPass(peer, turn);
      }
    }
  }

  /// With the next anchor's set; after the last one, all that the peer had is here or on its way.
  private void goOn(Peer peer, OrganizationId anchor, Turn turn) {
    if (peer.lastDigests.isEmpty() || peer.hello.isEmpty()) {
      return;
    }
    Frame.Digests theirs = peer.lastDigests.get();
    Optional<Frame.AnchorDigest> next = differingAfter(theirs, anchor);
    if (next.isPresent()) {
      comparison.begin(peer, next.get().anchor(), turn);
    } else {
      nothingMissingUpTo(peer.hello.get().logId(), theirs.logSize());
    }
  }

  /// Something that may have been asked for after a comparison is here.
  ///
  /// @return it was, and is to be [#taken]
  boolean arrived(Peer peer, StatementId id, Turn turn) {
    return comparison.arrived(peer, id, turn);
  }

  /// What was asked for has been admitted or not.
  void taken(Peer peer, Envelope envelope, Turn turn) {
    if (peer.member) {
      comparison.taken(peer, envelope, turn);
    }
  }

  /// A peer asks for what it found missing.
  void wanted(Peer peer, Frame.Want want, Turn turn) {
    comparison.wanted(peer, want, turn);
  }

  /// What both carry is the same: a later gap begins here. Written down now and then only, because
  /// it saves no more than a few portions.
  private void nothingMissingUpTo(LogId logId, long index) {
    long before = Facts.number(log, Facts.cursor(logId)).orElse(-CURSOR_STEP);
    if (index >= before + CURSOR_STEP) {
      log.remember(Facts.cursor(logId), Facts.number(index));
    }
  }

  /// The first of the common anchors whose sets differ.
  ///
  /// @param mayHaveMore count only anchors for which the peer holds at least as much as we do
  private Optional<Frame.AnchorDigest> differing(Frame.Digests theirs, boolean mayHaveMore) {
    NavigableSet<OrganizationId> common = anchors.get();
    for (Frame.AnchorDigest digest : theirs.anchors()) {
      if (common.contains(digest.anchor())) {
        Frame.AnchorDigest own = carried.digest(digest.anchor());
        if (!own.equals(digest) && (!mayHaveMore || digest.count() >= own.count())) {
          return Optional.of(digest);
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Frame.AnchorDigest> differingAfter(Frame.Digests theirs, OrganizationId anchor) {
    List<Frame.AnchorDigest> later =
        theirs.anchors().stream().filter(it -> it.anchor().compareTo(anchor) > 0).toList();
    return differing(new Frame.Digests(later, theirs.logSize()), true);
  }

  private void fullPass(Peer peer, Turn turn) {
    boolean rested =
        turn.nanos() - peer.lastFullPassNanos >= Limits.FULL_PASS_MILLIS * Moment.NANOS_PER_MILLI;
    if (rested && peer.lastDigests.flatMap(theirs -> differing(theirs, true)).isPresent()) {
      resume(peer, true, turn);
    }
  }

  private void resume(Peer peer, boolean fullPass, Turn turn) {
    boolean underWay =
        peer.resumeSentNanos.isPresent()
            && turn.nanos() - peer.resumeSentNanos.getAsLong()
                < Limits.RESUME_PATIENCE_MILLIS * Moment.NANOS_PER_MILLI;
    if (underWay || peer.hello.isEmpty()) {
      return;
    }
    var logId = peer.hello.get().logId();
    long index = fullPass ? 0 : Facts.number(log, Facts.cursor(logId)).orElse(0);
    if (index == 0) {
      peer.lastFullPassNanos = turn.nanos();
    }
    ask(peer, index, turn);
  }

  private static void ask(Peer peer, long index, Turn turn) {
    peer.resumeSentNanos = OptionalLong.of(turn.nanos());
    peer.hello.ifPresent(
        hello -> send(peer, new Frame.Resume(hello.logId(), index), Effect.Priority.CONTROL, turn));
  }

  /// A peer reads our log, or has got a portion of it and says so by asking for the next. Some
  /// portions are sent ahead. What it has from gossip meanwhile is passed over, without a look at
  /// the log where that is recent; a pass from the beginning is for what got lost all the same, and
  /// its first portion passes over nothing. Whoever lacks much is sent first what is live: in
  /// portions that do not bring it forward in the log.
  ///
  /// @param size of the log, without what is so new that peers have yet to say that they have it
  /// @param live what goes first then
  void resumed(
      Peer peer, Frame.Resume resume, long size, Supplier<List<StatementId>> live, Turn turn) {
    if (!resume.logId().equals(log.id())) {
      return;
    }
    long next = Math.min(resume.index(), size);
    if (peer.portions.contains(next)) {
      while (peer.portions.remove() != next) {
        // All before it have arrived too.
      }
      if (!peer.portions.isEmpty()) {
        if (peer.portionsEnded) {
          return;
        }
        next = peer.portions.getLast();
      }
    } else {
      peer.portions.clear();
      peer.headStart.clear();
      boolean rested =
          turn.nanos() - peer.lastHeadStartNanos
              >= Limits.FULL_PASS_MILLIS * Moment.NANOS_PER_MILLI;
      if (size - next > Limits.HEAD_START_GAP && rested) {
        peer.lastHeadStartNanos = turn.nanos();
        peer.headStart.addAll(live.get());
      }
    }
    do {
      if (peer.headStart.isEmpty()) {
        next = portion(peer, next, size, turn);
      } else {
        headStart(peer, next, turn);
      }
      peer.portions.add(next);
      peer.portionsEnded = next >= size;
    } while (!peer.portionsEnded && peer.portions.size() < Limits.RESUME_WINDOW);
  }

  private void headStart(Peer peer, long next, Turn turn) {
    List<Envelope> envelopes = new ArrayList<>();
    int bytes = 0;
    while (!peer.headStart.isEmpty()) {
      Optional<LogEntry> entry =
          log.get(peer.headStart.getFirst()).filter(it -> !peer.knows(it.envelope().id()));
      if (entry.isPresent()) {
        Envelope envelope = entry.get().envelope();
        bytes += envelope.wire().size();
        if (bytes > Limits.FRAME_BYTES && !envelopes.isEmpty()) {
          break;
        }
        envelopes.add(envelope);
        peer.learns(envelope.id());
      }
      peer.headStart.removeFirst();
    }
    send(peer, new Frame.Appended(log.id(), envelopes, next, false), Effect.Priority.SYNC, turn);
  }

  /// Sends one portion and returns where the next begins.
  private long portion(Peer peer, long from, long size, Turn turn) {
    List<Envelope> envelopes = new ArrayList<>();
    boolean whole = from == 0;
    long next = from;
    while (!whole && next < size && recent.at(next).filter(peer::knows).isPresent()) {
      next++;
    }
    int bytes = 0;
    // One more than fits is read at most: statements are small, and a portion is bounded by bytes.
    for (LogEntry entry : log.scan(next, (int) Math.min(MAX_PORTION, size - next))) {
      Envelope envelope = entry.envelope();
      if (whole || !peer.knows(envelope.id())) {
        bytes += envelope.wire().size();
        if (bytes > Limits.FRAME_BYTES && !envelopes.isEmpty()) {
          break;
        }
        envelopes.add(envelope);
        peer.learns(envelope.id());
      }
      next = entry.index() + 1;
    }
    boolean end = next >= size;
    send(peer, new Frame.Appended(log.id(), envelopes, next, end), Effect.Priority.SYNC, turn);
    return next;
  }

  /// A portion of a peer's log has been admitted as far as it could be.
  void appended(Peer peer, Frame.Appended appended, Turn turn) {
    if (peer.hello.isEmpty() || !appended.logId().equals(peer.hello.get().logId())) {
      return;
    }
    String cursor = Facts.cursor(appended.logId());
    if (appended.next() > Facts.number(log, cursor).orElse(0)) {
      log.remember(cursor, Facts.number(appended.next()));
    }
    if (!appended.end()) {
      ask(peer, appended.next(), turn);
      return;
    }
    peer.resumeSentNanos = OptionalLong.empty();
    if (peer.digestsWhileResuming) {
      // They may speak of what was appended, and its push lost, after this portion was read.
      peer.digestsWhileResuming = false;
      if (peer.lastDigests.flatMap(theirs -> differing(theirs, true)).isPresent()) {
        ask(peer, Facts.number(log, cursor).orElse(0), turn);
        return;
      }
    }
    // Everything new has been read. What the peer still holds and we do not was lost on its way, or
    // passed over when its issuer was not yet known.
    peer.lastDigests
        .flatMap(theirs -> differing(theirs, true))
        .ifPresent(differing -> compare(peer, differing, turn));
  }

  /// A peer asks for statements by id.
  void pulled(Peer peer, List<StatementId> ids, Turn turn) {
    Portions portions = new Portions();
    for (StatementId id : ids) {
      log.get(id).ifPresent(entry -> portions.add(entry.envelope()));
      peer.learns(id);
    }
    for (List<Envelope> portion : portions.all()) {
      send(peer, new Frame.Push(portion), Effect.Priority.SYNC, turn);
    }
  }

  static void send(Peer peer, Frame frame, Effect.Priority priority, Turn turn) {
    turn.add(new Effect.Send(peer.id, frame, priority));
  }

  /// Who lacks more than a quarter of a set reads the whole log: in its order vouches come before
  /// what they vouch for.
  private static final long NEWCOMER = 4;

  /// Statements by which a cursor moves on without being resumed from.
  private static final long CURSOR_STEP = 256;

  /// Statements read for one portion: 48 KiB hold some 150 of the usual size.
  private static final int MAX_PORTION = 256;
}
