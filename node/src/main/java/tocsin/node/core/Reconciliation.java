package tocsin.node.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;
import tocsin.storage.LogEntry;
import tocsin.storage.LogId;
import tocsin.storage.StatementLog;
import tocsin.trust.Envelope;
import tocsin.trust.OrganizationId;
import tocsin.trust.StatementId;

/// Closes gaps: digests per common anchor tell that something is missing, resuming the peer's log
/// brings it. Rateless reconciliation of scattered gaps will stand beside the resume here.
final class Reconciliation {
  private final StatementLog log;
  private final CarriedSets carried;

  /// The ids at the end of the log.
  private final Recent recent = new Recent();

  /// What this node carries now, anchor by anchor.
  private final Supplier<List<Frame.AnchorDigest>> digests;

  Reconciliation(
      StatementLog log, CarriedSets carried, Supplier<List<Frame.AnchorDigest>> digests) {
    this.log = log;
    this.carried = carried;
    this.digests = digests;
  }

  /// A peer has said Hello: tell it what we carry, and read on in its log where we stopped. Whom we
  /// have never read is not read before its digests say that it is worth while.
  void begin(Peer peer, Turn turn) {
    sendDigests(peer, turn);
    boolean met =
        peer.hello.filter(hello -> log.recall(Facts.cursor(hello.logId())).isPresent()).isPresent();
    if (peer.maySubmit()
        && (met || peer.lastDigests.filter(it -> differs(it, false)).isPresent())) {
      resume(peer, false, turn);
    }
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
  }

  long nextDeadlineNanos(List<Peer> ready) {
    long next = Long.MAX_VALUE;
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
    peer.forgetsAll();
  }

  private void sendDigests(Peer peer, Turn turn) {
    peer.digestVersionSent = carried.version();
    peer.nextDigestNanos = turn.after(Limits.DIGEST_MILLIS);
    send(peer, new Frame.Digests(digests.get(), log.size()), Effect.Priority.CONTROL, turn);
  }

  /// Compares what both sides carry for the anchors they share.
  void digests(Peer peer, Frame.Digests theirs, Turn turn) {
    peer.lastDigests = Optional.of(theirs);
    peer.digestsWhileResuming = peer.resumeSentNanos.isPresent();
    if (!peer.maySubmit()) {
      return;
    }
    if (differs(theirs, false)) {
      resume(peer, false, turn);
    } else if (!theirs.anchors().isEmpty()) {
      peer.hello.ifPresent(hello -> nothingMissingUpTo(hello.logId(), theirs.logSize()));
    }
  }

  /// What both carry is the same: a later gap begins here. Written down now and then only, because
  /// it saves no more than a few portions.
  private void nothingMissingUpTo(LogId logId, long index) {
    long before = Facts.number(log, Facts.cursor(logId)).orElse(-CURSOR_STEP);
    if (index >= before + CURSOR_STEP) {
      log.remember(Facts.cursor(logId), Facts.number(index));
    }
  }

  /// @param mayHaveMore count only anchors for which the peer holds at least as much as we do
  private boolean differs(Frame.Digests theirs, boolean mayHaveMore) {
    TreeMap<OrganizationId, Frame.AnchorDigest> ours = new TreeMap<>();
    for (Frame.AnchorDigest digest : digests.get()) {
      ours.put(digest.anchor(), digest);
    }
    for (Frame.AnchorDigest digest : theirs.anchors()) {
      Frame.AnchorDigest own = ours.get(digest.anchor());
      if (own != null && !own.equals(digest) && (!mayHaveMore || digest.count() >= own.count())) {
        return true;
      }
    }
    return false;
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

  /// A peer reads our log. What it has from gossip meanwhile is passed over, without a look at the
  /// log where that is recent; a pass from the beginning is for what got lost all the same, and
  /// passes over nothing.
  void resumed(Peer peer, Frame.Resume resume, Turn turn) {
    if (!resume.logId().equals(log.id())) {
      return;
    }
    List<Envelope> envelopes = new ArrayList<>();
    boolean whole = resume.index() == 0;
    long next = Math.min(resume.index(), log.size());
    while (!whole && next < log.size() && recent.at(next).filter(peer::knows).isPresent()) {
      next++;
    }
    int bytes = 0;
    // One more than fits is read at most: statements are small, and a portion is bounded by bytes.
    for (LogEntry entry : log.scan(next, MAX_PORTION)) {
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
    boolean end = next >= log.size();
    send(peer, new Frame.Appended(log.id(), envelopes, next, end), Effect.Priority.SYNC, turn);
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
      if (peer.lastDigests.filter(theirs -> differs(theirs, true)).isPresent()) {
        ask(peer, Facts.number(log, cursor).orElse(0), turn);
        return;
      }
    }
    // Everything new has been read. If the peer still holds what we do not, it was passed over
    // earlier, when its issuer was not yet known: the log is read again from its beginning.
    boolean rested =
        turn.nanos() - peer.lastFullPassNanos >= Limits.FULL_PASS_MILLIS * Moment.NANOS_PER_MILLI;
    if (rested && peer.lastDigests.filter(theirs -> differs(theirs, true)).isPresent()) {
      resume(peer, true, turn);
    }
  }

  /// A peer asks for statements by id.
  void wanted(Peer peer, List<StatementId> ids, Turn turn) {
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

  /// Statements by which a cursor moves on without being resumed from.
  private static final long CURSOR_STEP = 256;

  /// Statements read for one portion: 48 KiB hold some 150 of the usual size.
  private static final int MAX_PORTION = 256;
}
