package tocsin.node.core;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import tocsin.storage.Checkpoint;
import tocsin.storage.HistoryProof;
import tocsin.storage.LogHead;
import tocsin.storage.LogId;
import tocsin.storage.Proofs;
import tocsin.storage.SignedNote;
import tocsin.storage.StatementLog;
import tocsin.trust.KeyId;
import tocsin.trust.OrganizationId;
import tocsin.trust.PublicKey;
import tocsin.trust.Sha256;
import tocsin.trust.Signatures;

/// This node as a witness of its peers' logs, and they as witnesses of its own: what each said
/// last, whether it goes on from there, and how fresh it all is.
///
/// Every node signs and dates the head of its log twice a minute, and sends it to its peers with
/// the proof that it extends what they knew. They cosign it. Of two checkpoints of one log that
/// cannot both be true, both signed by its node, a proof is kept as a file that anybody can check.
final class WitnessBook {
  private final StatementLog log;
  private final Witnessing witnessing;
  private final KeyId self;
  private final OrganizationId organization;
  private final Signatures rule;
  private final TreeMap<LogId, Seen> seen = new TreeMap<>();

  /// When a member's fresh checkpoint came last, by organization; monotonic.
  private final TreeMap<OrganizationId, Long> fresh = new TreeMap<>();

  /// What witnesses' clocks showed, newest per organization.
  private final TreeMap<OrganizationId, Offset> offsets = new TreeMap<>();

  /// @param millis what a witness's clock showed more than ours
  /// @param atNanos when it was seen; monotonic
  private record Offset(long millis, long atNanos) {}

  /// Since when the witnesses' median says that our clock is wrong; monotonic; empty: it is not.
  private Optional<Long> clockWrongSince = Optional.empty();

  private Optional<Checkpoint.Signed> own = Optional.empty();
  private long startedNanos;
  private long nextNanos = Long.MAX_VALUE;
  private boolean signedInThisLife;

  /// Nothing is signed any more.
  private boolean halted;

  private boolean tookNewOverrides = true;
  private boolean servedOverrides = true;

  /// What is remembered of one log.
  private static final class Seen {
    final PublicKey node;
    Checkpoint.Signed last;

    /// Another node showed it, and it does not follow from `last` as far as we know.
    Optional<Checkpoint.Signed> foreign = Optional.empty();

    boolean exposed;

    Seen(PublicKey node, Checkpoint.Signed last) {
      this.node = node;
      this.last = last;
    }
  }

  WitnessBook(CoreConfig config, StatementLog log, Witnessing witnessing) {
    this.log = log;
    this.witnessing = witnessing;
    this.rule = witnessing.rule();
    this.self = config.nodeKey();
    this.organization = config.self();
  }

  /// Takes up what was remembered.
  ///
  /// @return why the log cannot be what it was; empty if nothing is known against it
  Optional<String> recover(Turn turn) {
    startedNanos = turn.nanos();
    nextNanos = turn.after(Limits.CHECKPOINT_FIRST_MILLIS);
    log.recallAll(Facts.SEEN)
        .forEach((_, value) -> {
          PublicKey node = PublicKey.ed25519(value.substring(0, 32));
          read(node, value.substring(32))
              .ifPresent(signed -> seen.put(signed.checkpoint().log(), new Seen(node, signed)));
        });
    log.recallAll(Facts.EXPOSED)
        .forEach((key, _) -> {
          for (Seen one : seen.values()) {
            if (key.endsWith(one.last.checkpoint().log().toString())) {
              one.exposed = true;
            }
          }
        });
    log.recallAll(Facts.WITNESS)
        .forEach((key, _) ->
            fresh.put(OrganizationId.fromHex(key.substring(Facts.WITNESS.length())), startedNanos));
    own =
        log.recall(Facts.OWN_CHECKPOINT)
            .flatMap(bytes -> read(witnessing.key().publicKey(), bytes))
            .filter(signed -> signed.checkpoint().log().equals(log.id()));
    return own.flatMap(signed -> contradiction(signed.checkpoint().head()));
  }

  private Optional<Checkpoint.Signed> read(PublicKey node, ByteString note) {
    try {
      return Optional.of(Checkpoint.signedBy(node, SignedNote.parse(note), rule));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// Why this log cannot be the one of which this node's key signed that head.
  private Optional<String> contradiction(LogHead signed) {
    if (signed.size() > log.size()) {
      return Optional.of(
          "this node has signed that its log holds %,d statements, and it holds %,d: it was put back to an older state; use `tocsin log restore`, which begins a new log, or `tocsin log repair --from-peers`"
              .formatted(signed.size(), log.size()));
    }
    if (!log.rootAt(signed.size()).equals(signed.root())) {
      return Optional.of(
          "this node has signed another history of its first %,d statements than its log holds: it was rewritten; use `tocsin log repair --from-peers`"
              .formatted(signed.size()));
    }
    return Optional.empty();
  }

  /// A peer said Hello: it is shown what we last saw of its log, before it signs anything new.
  void greeted(Peer peer, Turn turn) {
    peer.hello
        .map(hello -> seen.get(hello.logId()))
        .ifPresent(known -> {
          if (known.node.id().equals(peer.nodeKey)) {
            Reconciliation.send(
                peer,
                new Frame.Checkpoint(known.last.note(), known.node, 0, List.of()),
                Effect.Priority.CONTROL,
                turn);
          }
        });
    if (own.isPresent()) {
      show(peer, own.get(), 0, turn);
    }
  }

  private void halt(String wrong, Turn turn) {
    halted = true;
    turn.add(new Effect.Halt(wrong));
  }

  void tick(List<Peer> ready, Turn turn) {
    if (halted || turn.nanos() < nextNanos) {
      return;
    }
    boolean asked =
        !ready.isEmpty()
            || turn.nanos() - startedNanos
                >= Limits.CHECKPOINT_LONELY_MILLIS * Moment.NANOS_PER_MILLI;
    if (!signedInThisLife && own.isPresent() && !asked) {
      // It may have been put back to an older state: let a peer say what it has signed.
      nextNanos = turn.after(Limits.CHECKPOINT_FIRST_MILLIS);
      return;
    }
    nextNanos = turn.after(Limits.CHECKPOINT_MILLIS);
    LogHead head = log.anchored();
    // Two separate copies of the bytes, one hashed as they came and one as they are stored: a log
    // was once lost to one flipped bit in what was signed.
    if (!log.rootAt(head.size()).equals(head.root())) {
      turn.add(
          new Effect.Halt(
              "the log's root was computed twice from separate copies and differs: nothing is signed; look for faulty memory, then run `tocsin log verify`"));
      return;
    }
    Optional<String> wrong = own.flatMap(signed -> contradiction(signed.checkpoint().head()));
    if (wrong.isPresent()) {
      halt(wrong.get(), turn);
      return;
    }
    SignedNote note = new Checkpoint(log.id(), head).sign(witnessing.key(), turn.ownWallMillis());
    Checkpoint.Signed next = Checkpoint.signedBy(witnessing.key().publicKey(), note, rule);
    if (own.isPresent() && own.get().checkpoint().head().equals(head)) {
      // The witnesses' words on this very head stay.
      SignedNote kept = own.get().note();
      for (SignedNote.Signature signature : note.signatures()) {
        kept = kept.with(signature);
      }
      next = new Checkpoint.Signed(next.checkpoint(), kept, next.atMillis());
    }
    own = Optional.of(next);
    signedInThisLife = true;
    log.remember(Facts.OWN_CHECKPOINT, next.note().toBytes());
    for (Peer peer : ready) {
      show(peer, next, peer.witnessedSize, turn);
    }
    relay(ready, turn);
  }

  private void show(Peer peer, Checkpoint.Signed signed, long from, Turn turn) {
    long size = signed.checkpoint().head().size();
    List<Sha256> proof = from > 0 && from < size ? log.consistencyProof(from, size) : List.of();
    Reconciliation.send(
        peer,
        new Frame.Checkpoint(
            signed.note(), witnessing.key().publicKey(), Math.min(from, size), proof),
        Effect.Priority.CONTROL,
        turn);
  }

  /// What others said to us, to those who may have heard something else: one log to all peers at
  /// each turn, in rotation.
  private void relay(List<Peer> ready, Turn turn) {
    if (seen.isEmpty()) {
      return;
    }
    List<Seen> all = List.copyOf(seen.values());
    long round = turn.nanos() / (Limits.CHECKPOINT_MILLIS * Moment.NANOS_PER_MILLI);
    for (int i = 0; i < Math.min(all.size(), Limits.RELAYED_CHECKPOINTS); i++) {
      Seen one = all.get(Math.floorMod(round * Limits.RELAYED_CHECKPOINTS + i, all.size()));
      for (Peer peer : ready) {
        if (!peer.nodeKey.equals(one.node.id())) {
          Reconciliation.send(
              peer,
              new Frame.Checkpoint(one.last.note(), one.node, 0, List.of()),
              Effect.Priority.SYNC,
              turn);
        }
      }
    }
  }

  /// A peer showed a checkpoint: of its own log, of ours as it remembers it, or of a third node.
  ///
  /// @return what is provably wrong with what was sent; empty if nothing is
  Optional<String> shown(Peer peer, Frame.Checkpoint frame, Turn turn) {
    boolean direct = frame.node().id().equals(peer.nodeKey);
    if (!direct && isKnown(frame)) {
      // All peers pass on the same: it is checked once.
      return Optional.empty();
    }
    Checkpoint.Signed signed;
    try {
      signed = Checkpoint.signedBy(frame.node(), frame.note(), rule);
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    if (frame.node().id().equals(self)) {
      if (signed.checkpoint().log().equals(log.id())) {
        contradiction(signed.checkpoint().head()).ifPresent(wrong -> halt(wrong, turn));
      }
      return Optional.empty();
    }
    Seen known = seen.get(signed.checkpoint().log());
    if (known == null) {
      if (direct && (peer.member || seen.size() < Limits.MAX_SEEN_LOGS)) {
        first(peer, frame.node(), signed, turn);
      }
    } else if (known.node.equals(frame.node())) {
      compare(peer, known, frame, signed, direct, turn);
    }
    return Optional.empty();
  }

  /// The very note was checked before.
  private boolean isKnown(Frame.Checkpoint frame) {
    for (Seen known : seen.values()) {
      if (known.node.equals(frame.node())
          && (known.last.note().equals(frame.note())
              || known.foreign.filter(it -> it.note().equals(frame.note())).isPresent())) {
        return true;
      }
    }
    return false;
  }

  private void first(Peer peer, PublicKey node, Checkpoint.Signed signed, Turn turn) {
    for (Seen other : seen.values()) {
      if (other.node.equals(node)) {
        turn.notice(
            Effect.Level.WARNING,
            "node %s began a new log; of its log %s nothing new will come"
                .formatted(node.id(), other.last.checkpoint().log()));
      }
    }
    if (seen.size() >= Limits.MAX_SEEN_LOGS) {
      LogId oldest = oldest();
      seen.remove(oldest);
      log.forget(Facts.seen(oldest));
    }
    Seen one = new Seen(node, signed);
    seen.put(signed.checkpoint().log(), one);
    accept(peer, one, signed, turn);
  }

  private LogId oldest() {
    return Collections.min(
            seen.values(), (a, b) -> Long.compare(a.last.atMillis(), b.last.atMillis()))
        .last
        .checkpoint()
        .log();
  }

  private void compare(
      Peer peer,
      Seen known,
      Frame.Checkpoint frame,
      Checkpoint.Signed next,
      boolean direct,
      Turn turn) {
    Optional<HistoryProof> lie = HistoryProof.of(known.node, known.last, next, List.of());
    if (lie.isEmpty() && known.foreign.isPresent()) {
      lie = HistoryProof.of(known.node, known.foreign.get(), next, List.of());
    }
    // Whichever older one the sender's proof begins at.
    for (Checkpoint.Signed older : olders(known)) {
      if (lie.isEmpty() && older.checkpoint().head().size() == frame.oldSize()) {
        lie = HistoryProof.of(known.node, older, next, frame.proof());
      }
    }
    if (lie.isPresent()) {
      expose(known, lie.get(), turn);
      return;
    }
    LogHead before = known.last.checkpoint().head();
    LogHead after = next.checkpoint().head();
    if (!direct) {
      if (!after.equals(before)) {
        known.foreign = Optional.of(next);
      }
      return;
    }
    if (after.size() < before.size()) {
      // An older copy of what it said: nothing new, nothing wrong.
      return;
    }
    if (known.foreign.isPresent()) {
      Checkpoint.Signed foreign = known.foreign.get();
      LogHead other = foreign.checkpoint().head();
      boolean linked =
          other.size() <= after.size()
              && frame.oldSize() == other.size()
              && (other.equals(after) || extend(other, after, frame.proof()));
      if (linked || other.equals(before)) {
        known.foreign = Optional.empty();
      } else if (other.size() > 0 && other.size() < after.size()) {
        // Let it prove that both are one history before we say so.
        ask(peer, known, foreign, turn);
        return;
      }
    }
    if (before.equals(after)
        || before.size() == 0
        || (frame.oldSize() == before.size() && extend(before, after, frame.proof()))) {
      accept(peer, known, next, turn);
    } else if (frame.oldSize() > before.size() && extendsKnown(frame, after, before)) {
      accept(peer, known, next, turn);
    } else {
      ask(peer, known, known.last, turn);
    }
  }

  /// The same step was proved with the other checkpoint a moment ago.
  private static boolean extendsKnown(Frame.Checkpoint frame, LogHead after, LogHead before) {
    return frame.oldSize() == after.size() && before.equals(after);
  }

  private static List<Checkpoint.Signed> olders(Seen known) {
    List<Checkpoint.Signed> olders = new ArrayList<>();
    olders.add(known.last);
    known.foreign.ifPresent(olders::add);
    return olders;
  }

  private static boolean extend(LogHead before, LogHead after, List<Sha256> proof) {
    return Proofs.extend(before.size(), before.root(), after.size(), after.root(), proof);
  }

  private static void ask(Peer peer, Seen known, Checkpoint.Signed from, Turn turn) {
    Reconciliation.send(
        peer,
        new Frame.Witnessed(
            known.last.checkpoint().log(), from.checkpoint().head().size(), Optional.empty()),
        Effect.Priority.CONTROL,
        turn);
  }

  private void accept(Peer peer, Seen known, Checkpoint.Signed next, Turn turn) {
    LogId which = next.checkpoint().log();
    boolean news =
        !known.last.checkpoint().equals(next.checkpoint())
            || log.recall(Facts.seen(which)).isEmpty();
    if (known.last.atMillis() <= next.atMillis()) {
      known.last = next;
    }
    if (news) {
      // Before we put our name to it: a crash must not make us forget.
      log.remember(Facts.seen(which), known.node.key().concat(next.note().toBytes()));
    }
    if (known.exposed) {
      return;
    }
    refresh(peer, next, turn);
    SignedNote.Signature cosignature =
        next.note().cosignature(Checkpoint.witness(self), witnessing.key(), turn.ownWallMillis());
    Reconciliation.send(
        peer,
        new Frame.Witnessed(which, next.checkpoint().head().size(), Optional.of(cosignature)),
        Effect.Priority.CONTROL,
        turn);
  }

  private void refresh(Peer peer, Checkpoint.Signed next, Turn turn) {
    OrganizationId speaker = peer.hello.map(Frame.Hello::organization).orElse(organization);
    boolean recent = Math.abs(turn.ownWallMillis() - next.atMillis()) <= Limits.ISOLATED_MILLIS;
    if (peer.member && recent && !speaker.equals(organization)) {
      if (fresh.put(speaker, turn.nanos()) == null) {
        log.remember(Facts.witness(speaker), ByteString.EMPTY);
      }
    }
  }

  /// A peer has looked at a checkpoint of ours.
  void witnessed(Peer peer, Frame.Witnessed frame, Turn turn) {
    if (own.isEmpty() || !frame.log().equals(log.id())) {
      return;
    }
    LogHead head = own.get().checkpoint().head();
    if (frame.cosignature().isEmpty()) {
      if (frame.size() <= head.size()) {
        peer.witnessedSize = frame.size();
        show(peer, own.get(), frame.size(), turn);
      }
      return;
    }
    SignedNote.Signature cosignature = frame.cosignature().get();
    if (!cosignature.name().equals(Checkpoint.witness(peer.nodeKey))) {
      return;
    }
    peer.witnessedSize = Math.max(peer.witnessedSize, Math.min(frame.size(), head.size()));
    if (frame.size() != head.size()
        || own.get().note().signatures().size() >= Limits.MAX_COSIGNATURES) {
      return;
    }
    SignedNote note = own.get().note().with(cosignature);
    own = Optional.of(new Checkpoint.Signed(own.get().checkpoint(), note, own.get().atMillis()));
    log.remember(Facts.OWN_CHECKPOINT, note.toBytes());
    long seconds = cosignature.value().asReadOnlyByteBuffer().getLong();
    peer.hello
        .filter(_ -> peer.member)
        .ifPresent(hello ->
            offsets.put(
                hello.organization(),
                new Offset(seconds * 1_000 - turn.ownWallMillis(), turn.nanos())));
  }

  private void expose(Seen known, HistoryProof proof, Turn turn) {
    LogId which = known.last.checkpoint().log();
    if (known.exposed) {
      return;
    }
    known.exposed = true;
    log.remember(Facts.exposed(which), ByteString.EMPTY);
    turn.notice(
        Effect.Level.ALARM,
        "node %s lies about its log: %s; the proof is in evidence/%s.txt, check it with `tocsin log check`"
            .formatted(known.node.id(), proof.sentence(), which));
    turn.add(new Effect.KeepProof(which.toString(), proof.toString()));
  }

  /// How many organizations, ours not counted, have shown a checkpoint within this time.
  int freshOrganizations(long millis, Turn turn) {
    long since = turn.nanos() - millis * Moment.NANOS_PER_MILLI;
    return (int) fresh.values().stream().filter(at -> Math.max(at, startedNanos) > since).count();
  }

  /// Organizations that must be fresh: what policy says, but never more than have ever shown one.
  int required() {
    return Math.min(witnessing.organizations(), fresh.size());
  }

  boolean takesNewOverrides(Turn turn) {
    return freshOrganizations(Limits.ISOLATED_MILLIS, turn) >= required()
        && clockWrongSince.isEmpty();
  }

  boolean servesOverrides(Turn turn) {
    return freshOrganizations(Limits.ISOLATED_WITHDRAW_MILLIS, turn) >= required()
        && clockWrongSince.stream().noneMatch(since -> hasPassed(since, turn));
  }

  private static boolean hasPassed(long sinceNanos, Turn turn) {
    return turn.nanos() - sinceNanos >= Limits.ISOLATED_WITHDRAW_MILLIS * Moment.NANOS_PER_MILLI;
  }

  /// Notes whether the witnesses' median is further from our clock than is corrected for.
  private void watchClock(Turn turn) {
    Optional<Long> offset = medianOffset(turn.now());
    boolean wrong = offset.isPresent() && Math.abs(offset.get()) > Limits.CLOCK_CORRECTION_MILLIS;
    if (wrong && clockWrongSince.isEmpty()) {
      clockWrongSince = Optional.of(turn.nanos());
      turn.notice(
          Effect.Level.ALARM,
          "this node's clock is %d seconds from the median of its witnesses' clocks: no new overrides are taken; after an hour the active ones are withdrawn"
              .formatted(Math.abs(offset.get()) / 1_000));
    } else if (!wrong && clockWrongSince.isPresent()) {
      clockWrongSince = Optional.empty();
      turn.notice(Effect.Level.INFO, "this node's clock agrees with its witnesses' again");
    }
  }

  /// What is added to our clock to give the clock for statements: the witnesses' median, where it
  /// differs by more than the noise of dating by seconds over a network, and by no more than the
  /// clock skew that statements are allowed anyway: so far a majority of witnesses that lies can
  /// move it, and no further.
  long clockCorrectionMillis(Moment now) {
    long offset = medianOffset(now).orElse(0L);
    boolean counts =
        Math.abs(offset) > Limits.CLOCK_NOISE_MILLIS
            && Math.abs(offset) <= Limits.CLOCK_CORRECTION_MILLIS;
    return counts ? offset : 0;
  }

  /// Says loudly when it changes; true if it did, be it by time alone.
  boolean update(Turn turn) {
    watchClock(turn);
    boolean enough = freshOrganizations(Limits.ISOLATED_MILLIS, turn) >= required();
    boolean takes = takesNewOverrides(turn);
    boolean serves = servesOverrides(turn);
    boolean changed = takes != tookNewOverrides || serves != servedOverrides;
    if (changed && (takes || !enough)) {
      turn.notice(
          takes ? Effect.Level.INFO : Effect.Level.ALARM,
          takes
              ? "fresh checkpoints come again from enough organizations"
              : "fresh checkpoints come from %d organizations and %d are needed: %s"
                  .formatted(
                      freshOrganizations(Limits.ISOLATED_MILLIS, turn),
                      required(),
                      serves
                          ? "no new overrides are taken"
                          : "the active overrides are withdrawn"));
    }
    tookNewOverrides = takes;
    servedOverrides = serves;
    return changed;
  }

  long nextDeadlineNanos(long nowNanos) {
    long next = nextNanos;
    for (long at : fresh.values()) {
      for (long millis : new long[] {Limits.ISOLATED_MILLIS, Limits.ISOLATED_WITHDRAW_MILLIS}) {
        long end = Math.max(at, startedNanos) + millis * Moment.NANOS_PER_MILLI;
        if (end > nowNanos) {
          next = Math.min(next, end);
        }
      }
    }
    if (clockWrongSince.isPresent()) {
      long end = clockWrongSince.get() + Limits.ISOLATED_WITHDRAW_MILLIS * Moment.NANOS_PER_MILLI;
      next = end > nowNanos ? Math.min(next, end) : next;
    }
    return next;
  }

  Witnesses view(Turn turn) {
    return new Witnesses(
        witnessing.key().publicKey(),
        seen.values().stream().map(one -> one.node).distinct().toList(),
        own.map(Checkpoint.Signed::note),
        freshOrganizations(Limits.ISOLATED_MILLIS, turn),
        required(),
        exposed(),
        medianOffset(turn.now()));
  }

  /// What the witnesses' clocks show more than ours: the median, in milliseconds; empty with fewer
  /// than three organizations that said so within five minutes.
  private Optional<Long> medianOffset(Moment now) {
    long since = now.monotonicNanos() - Limits.ISOLATED_MILLIS * Moment.NANOS_PER_MILLI;
    List<Long> sorted =
        offsets.values().stream()
            .filter(offset -> offset.atNanos() > since)
            .map(Offset::millis)
            .sorted()
            .toList();
    return sorted.size() < Limits.CLOCK_WITNESSES
        ? Optional.empty()
        : Optional.of(sorted.get(sorted.size() / 2));
  }

  /// Logs whose nodes were shown to lie.
  private List<LogId> exposed() {
    return seen.entrySet().stream()
        .filter(entry -> entry.getValue().exposed)
        .map(java.util.Map.Entry::getKey)
        .toList();
  }
}
