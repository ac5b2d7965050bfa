package tocsin.node.core;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import tocsin.storage.LogEntry;
import tocsin.storage.RefusedStatement;
import tocsin.storage.StatementLog;
import tocsin.trust.Envelope;
import tocsin.trust.KeyId;
import tocsin.trust.KeyUse;
import tocsin.trust.OrganizationId;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;
import tocsin.trust.graph.AlertStatus;
import tocsin.trust.graph.Carriage;
import tocsin.trust.graph.Judge;
import tocsin.trust.graph.TrustGraph;
import tocsin.trust.graph.TrustPolicy;

/// One node's protocol: takes what happened and says what is to be done. Its memory is the log,
/// which the caller commits between [#handle] and the running of the effects.
///
/// Not safe for use by several threads.
public final class NodeCore {
  private final CoreConfig config;
  private final StatementLog log;
  private final TrustGraph graph;
  private final CarriedSets carried;
  private final WaitingRoom waitingRoom = new WaitingRoom();
  private final PeerBook peers;
  private final Reconciliation reconciliation;
  private final Enactment enactment;
  private final ActingBudget budget;
  private final IncidentBook incidents;
  private final Fold fold;
  private final Optional<Snapshot> snapshot;

  /// None where the node has no key to sign with, as in most simulations.
  private final Optional<WitnessBook> witness;

  private final TreeMap<OrganizationId, String> anchors = new TreeMap<>();

  private final Neighbourhood neighbourhood;
  private final Broadcast broadcast = new Broadcast();
  private Mesh mesh;

  private final Connectivity connectivity = new Connectivity();
  private TrustPolicy policy;
  private boolean rogueTriggers;
  private Judge judge;

  /// Vouches, profiles, anchors or who carries what changed: standing is to be looked at again.
  private boolean trustStale = true;

  /// Something changed on which all judgements depend.
  private boolean judgementsStale = true;

  /// Alerts whose judgement may have changed, if not all are stale.
  private final TreeSet<StatementId> touched = new TreeSet<>();

  /// Keys known to contradict themselves; more of them void vouches and memberships.
  private int suspended;

  /// When time alone makes all judgements stale, in Unix milliseconds; those of single alerts are
  /// due at a time of their own.
  private long nextChangeMillis = Long.MAX_VALUE;

  /// That time may be another now.
  private boolean nextChangeStale = true;

  /// Whether what is new may be written.
  private boolean room = true;

  private Moment lastMoment = new Moment(0, 0);

  /// A node that signs no checkpoints and asks for none.
  public NodeCore(CoreConfig config, StatementLog log) {
    this(config, log, Optional.empty());
  }

  public NodeCore(CoreConfig config, StatementLog log, Optional<Witnessing> witnessing) {
    this(config, log, witnessing, new Fold(config.network(), config.policy().slotQuota()));
  }

  /// @param read what the statements at the beginning of the log amount to; the rest is read when
  ///   the core starts
  public NodeCore(CoreConfig config, StatementLog log, Optional<Witnessing> witnessing, Fold read) {
    this(config, log, witnessing, read, Optional.empty());
  }

  /// @param snapshot of the statements with which the log begins
  public NodeCore(
      CoreConfig config, StatementLog log, Optional<Witnessing> witnessing, Snapshot snapshot) {
    this(config, log, witnessing, snapshot.fold(), Optional.of(snapshot));
  }

  private NodeCore(
      CoreConfig config,
      StatementLog log,
      Optional<Witnessing> witnessing,
      Fold fold,
      Optional<Snapshot> snapshot) {
    this.fold = fold;
    fold.readFrom(log);
    this.snapshot = snapshot;
    this.witness = witnessing.map(it -> new WitnessBook(config, log, it));
    this.config = config;
    this.log = log;
    this.peers = new PeerBook(config);
    this.enactment = new Enactment(config, log);
    this.budget = new ActingBudget(log);
    this.incidents = new IncidentBook(log, enactment, budget);
    this.mesh = new Mesh(0, new Turn(lastMoment));
    this.policy = config.policy();
    this.graph = fold.graph();
    this.carried = fold.carried();
    this.neighbourhood = new Neighbourhood(config, graph, peers, anchors);
    this.reconciliation =
        new Reconciliation(log, carried, graph, config.nodeKey(), neighbourhood::anchors);
    this.rogueTriggers = config.rogueTriggers();
    this.judge = new Judge(graph, policy, new TreeSet<>());
  }

  /// Handles one event and returns what is to be done, in order, once the log is committed.
  public List<Effect> handle(Event event, Moment now) {
    long ahead = witness.map(book -> book.clockCorrectionMillis(now)).orElse(0L);
    Turn turn = new Turn(now, ahead);
    if (turn.wallMillis() < lastMoment.wallMillis() - Limits.CLOCK_STEP_MILLIS) {
      incidents.clockSetBack();
      trustChanged();
    }
    lastMoment = turn.now();
    switch (event) {
      case Event.Started it -> recover(it, turn);
      case Event.DeadlineReached _ -> {}
      case Event.PeerConnected it -> connected(it, turn);
      case Event.PeerDisconnected it -> {
        if (peers.disconnected(it, turn)) {
          mesh.lost(turn);
        }
      }
      case Event.DialFailed it -> peers.dialFailed(it, turn);
      case Event.FrameReceived it ->
          peers.find(it.peer()).ifPresent(peer -> received(peer, it.frame(), turn));
      case Event.PeerFaulted it -> faulted(it, turn);
      case Event.PeerOverflowed it -> peers.find(it.peer()).ifPresent(reconciliation::overflowed);
      case Event.Submitted it -> submitted(it, turn);
      case Event.AnchorAdded it -> anchorAdded(it, turn);
      case Event.AnchorRemoved it -> anchorRemoved(it, turn);
      case Event.PeerAddressAdded it -> peerAdded(it, turn);
      case Event.PeerAddressRemoved it -> peerRemoved(it, turn);
      case Event.Approved it -> approved(it, turn);
      case Event.CanaryPlaced it -> enactment.canary(it.records());
      case Event.Reconfigured it -> reconfigured(it, turn);
      case Event.RoomChanged it -> roomChanged(it, turn);
      case Event.RefusedOutdated it -> forgetRefused(it);
      case Event.Actuated it -> enactment.outcome(it, turn);
    }
    settle(turn);
    return turn.effects();
  }

  /// The monotonic time, in nanoseconds, at which the core wants to be called even if nothing
  /// happens; Long.MAX_VALUE if never.
  public long nextDeadline() {
    long next = Math.min(peers.nextDeadlineNanos(), enactment.nextDeadlineNanos());
    List<Peer> ready = peers.ready();
    next = Math.min(next, reconciliation.nextDeadlineNanos(ready, lastMoment.monotonicNanos()));
    next = Math.min(next, broadcast.nextDeadlineNanos());
    next = Math.min(next, mesh.nextDeadlineNanos(ready.size()));
    next = Math.min(next, connectivity.nextDeadlineNanos(lastMoment.monotonicNanos()));
    if (witness.isPresent()) {
      next = Math.min(next, witness.get().nextDeadlineNanos(lastMoment.monotonicNanos()));
    }
    long change = Math.min(nextChangeMillis, incidents.nextChangeMillis());
    if (change != Long.MAX_VALUE) {
      long ahead = Math.max(change - lastMoment.wallMillis(), 0);
      next = Math.min(next, lastMoment.monotonicNanos() + ahead * Moment.NANOS_PER_MILLI);
    }
    return next;
  }

  /// Recovery is the normal path run again: the log is folded as if each statement arrived now.
  private void recover(Event.Started event, Turn turn) {
    peers.started(event.seed());
    mesh = new Mesh(event.seed(), turn);
    log.recallAll(Facts.ANCHORS)
        .forEach((key, name) ->
            anchors.put(
                OrganizationId.fromHex(key.substring(Facts.ANCHORS.length())),
                name.toStringUtf8()));
    log.recallAll(Facts.PEERS)
        .forEach((key, _) ->
            peers.want(
                key.substring(Facts.PEERS.length()), PeerBook.Source.ADDED, Optional.empty()));
    log.recallAll(Facts.UNWANTED)
        .forEach((key, _) -> peers.removed(key.substring(Facts.UNWANTED.length())));
    budget.recover();
    while (fold.size() < log.size()) {
      log.scan(fold.size(), RECOVERY_PORTION).forEach(this::fold);
    }
    incidents.find(graph, turn.wallMillis());
    for (RefusedStatement refused : log.refused(Limits.MAX_WAITING)) {
      if (refused.revisit()) {
        waitingRoom.add(
            new WaitingRoom.Waiting(
                refused.envelope(), refused.firstSeenMillis(), Optional.empty()));
      }
    }
    judge = new Judge(graph, policy, new TreeSet<>(anchors.keySet()));
    snapshot.ifPresent(it -> neighbourhood.listed(it, log.size() == it.size()));
    connectivity.started(turn);
    witness
        .flatMap(book -> book.recover(turn))
        .ifPresent(wrong -> turn.add(new Effect.Halt(wrong)));
  }

  private void fold(LogEntry entry) {
    nextChangeStale = true;
    fold.add(entry);
    reconciliation.appended(entry);
  }

  private void connected(Event.PeerConnected event, Turn turn) {
    peers.connected(event, turn);
    peers
        .find(event.peer())
        .ifPresent(peer -> Reconciliation.send(peer, hello(), Effect.Priority.CONTROL, turn));
  }

  private Frame hello() {
    return new Frame.Hello(
        Limits.VERSION,
        Limits.VERSION,
        config.network(),
        config.self(),
        log.id(),
        neighbourhood.ownAnchors().stream().limit(Limits.MAX_CARRIED_ANCHORS).toList(),
        config.software(),
        config.address());
  }

  private void received(Peer peer, Frame frame, Turn turn) {
    peer.lastHeardNanos = turn.nanos();
    if (frame instanceof Frame.Hello hello) {
      if (peers.hello(peer, hello, this::isMember, turn)) {
        if (neighbourhood.gather()) {
          trustChanged();
        }
        reconciliation.begin(peer, turn);
        witness.ifPresent(book -> book.greeted(peer, turn));
        mesh.changed();
      }
      return;
    }
    if (!peer.isReady()) {
      peers.drop(peer, "speaks before it said Hello", turn);
      return;
    }
    switch (frame) {
      case Frame.Hello _ -> throw new AssertionError("handled above");
      case Frame.Push push -> pushed(peer, push.envelopes(), push.hops(), turn);
      case Frame.Announce announce -> {
        broadcast.announced(peer, announce.ids(), this::needNotAsk, turn);
        for (StatementId id : announce.ids()) {
          boolean _ = reconciliation.arrived(peer, id, turn);
        }
      }
      case Frame.Pull pull -> reconciliation.pulled(peer, pull.ids(), turn);
      case Frame.Compare compare -> reconciliation.compareAsked(peer, compare, turn);
      case Frame.Symbols symbols -> reconciliation.compared(peer, symbols, turn);
      case Frame.Want want -> reconciliation.wanted(peer, want, turn);
      case Frame.Digests digests -> reconciliation.digests(peer, digests, turn);
      case Frame.Resume resume ->
          reconciliation.resumed(
              peer,
              resume,
              broadcast.untoldFrom().orElse(log.size()),
              () -> HeadStart.of(incidents, graph, judge, turn.wallMillis()),
              turn);
      case Frame.Appended appended -> {
        if (peer.maySubmit()) {
          pushed(peer, appended.envelopes(), Frame.Push.FAR, turn);
          reconciliation.appended(peer, appended, turn);
        }
      }
      case Frame.Refused refused ->
          turn.notice(
              Effect.Level.INFO,
              nameOf(peer) + " did not take " + refused.id() + ": " + refused.reason());
      case Frame.Checkpoint checkpoint ->
          witness
              .flatMap(book -> book.shown(peer, checkpoint, turn))
              .ifPresent(wrong -> peers.dropFaulty(peer, wrong, turn));
      case Frame.Witnessed witnessed ->
          witness.ifPresent(book -> book.witnessed(peer, witnessed, turn));
      case Frame.Ping ping ->
          Reconciliation.send(peer, new Frame.Pong(ping.nonce()), Effect.Priority.CONTROL, turn);
      case Frame.Pong pong -> {
        boolean first = peer.rttNanos == 0;
        peers.pong(peer, pong, turn);
        if (first) {
          mesh.changed();
        }
      }
      case Frame.Wish wish -> {
        peer.theyChose = wish.eager();
        peer.theyChoke = wish.choked();
      }
    }
  }

  private static String nameOf(Peer peer) {
    return peer.hello.map(Frame.Hello::address).filter(a -> !a.isEmpty()).orElse(peer.id + "");
  }

  private void pushed(Peer peer, List<Envelope> envelopes, int hops, Turn turn) {
    for (Envelope envelope : envelopes) {
      peer.learns(envelope.id());
      broadcast.arrived(peer, envelope.id(), hops == Frame.Push.FAR, turn);
      boolean wanted = reconciliation.arrived(peer, envelope.id(), turn);
      // Before anything is asked about the peer: a guest that repeats what is known here must not
      // have it noted as refused.
      if (!isHere(envelope.id())) {
        take(peer, envelope, hops, turn);
      }
      if (wanted) {
        reconciliation.taken(peer, envelope, turn);
      }
    }
  }

  private void take(Peer peer, Envelope envelope, int hops, Turn turn) {
    // A proof that a key contradicts itself needs nobody's word: a guest may bring it.
    Admission admission =
        peer.maySubmit() || graph.isEvidence(envelope)
            ? admission(envelope, turn)
            : new Admission.Refuse("a guest submits nothing, and its organization is not vetted");
    switch (admission) {
      case Admission.Duplicate _, Admission.NoRoom _ -> {}
      case Admission.Admit _ ->
          admit(envelope, turn.wallMillis(), Math.min(hops + 1, Frame.Push.FAR));
      case Admission.Wait wait -> {
        hold(envelope, turn.wallMillis(), Optional.of(peer.id), wait);
        refusedTo(peer, envelope, wait.reason(), turn);
      }
      case Admission.Refuse refuse -> {
        log.refuse(new RefusedStatement(envelope, turn.wallMillis(), refuse.reason(), false));
        refusedTo(peer, envelope, refuse.reason(), turn);
      }
    }
  }

  private static void refusedTo(Peer peer, Envelope envelope, String reason, Turn turn) {
    turn.notice(
        Effect.Level.INFO,
        envelope.statement().kind().word()
            + " "
            + envelope.id()
            + " from "
            + nameOf(peer)
            + " is not taken: "
            + reason);
    Reconciliation.send(
        peer, new Frame.Refused(envelope.id(), reason), Effect.Priority.CONTROL, turn);
  }

  private void hold(
      Envelope envelope, long firstSeenMillis, Optional<PeerId> from, Admission.Wait wait) {
    waitingRoom.add(new WaitingRoom.Waiting(envelope, firstSeenMillis, from));
    nextChangeMillis = Math.min(nextChangeMillis, waitingRoom.nextDueMillis(nowMillis()));
    log.refuse(new RefusedStatement(envelope, firstSeenMillis, wait.reason(), true));
  }

  private boolean needNotAsk(StatementId id) {
    return isHere(id) || log.refused(id).isPresent();
  }

  private boolean isHere(StatementId id) {
    return log.contains(id) || waitingRoom.contains(id);
  }

  /// From cheap to costly. (The transport has checked form, size and signatures.)
  private Admission admission(Envelope envelope, Turn turn) {
    if (log.contains(envelope.id())) {
      return new Admission.Duplicate();
    }
    if (!room && !stops(envelope)) {
      return new Admission.NoRoom();
    }
    return switch (graph.carriage(envelope, neighbourhood.anchors(), turn.wallMillis())) {
      case Carriage.Carried _ -> new Admission.Admit();
      case Carriage.NotCarried not ->
          not.mayChange() ? new Admission.Wait(not.reason()) : new Admission.Refuse(not.reason());
    };
  }

  /// Stopping is easier than starting, and takes little room: what takes something back is let in
  /// as long as it can be written at all.
  private boolean stops(Envelope envelope) {
    return switch (envelope.statement()) {
      case Statement.VouchWithdrawal _,
          Statement.Revocation _,
          Statement.Recall _,
          Statement.Dispute _ ->
          true;
      case Statement.Profile _,
          Statement.Vouch _,
          Statement.Registration _,
          Statement.Alert _,
          Statement.Endorsement _ ->
          graph.isEvidence(envelope);
    };
  }

  private void roomChanged(Event.RoomChanged event, Turn turn) {
    if (room != event.enough()) {
      room = event.enough();
      turn.notice(
          room ? Effect.Level.INFO : Effect.Level.ALARM, room ? "there is room again" : NO_ROOM);
      if (room) {
        // What peers sent meanwhile was not taken and not noted.
        peers.ready().forEach(peer -> reconciliation.begin(peer, turn));
        trustChanged();
      }
    }
  }

  private static final String NO_ROOM =
      "the file system of the log has too little room: nothing new is taken in, but for what takes something back; DNS is served as before";

  /// What waits for another vouch or hour is kept: it may still be admitted.
  private void forgetRefused(Event.RefusedOutdated event) {
    for (RefusedStatement refused : log.refused(StatementLog.MAX_REFUSED)) {
      if (refused.firstSeenMillis() < event.beforeMillis() && !refused.revisit()) {
        log.unrefuse(refused.envelope().id());
      }
    }
  }

  /// Into the log. What it changes is judged when the turn ends.
  ///
  /// @param hops nodes that it passed before this one
  private void admit(Envelope envelope, long firstSeenMillis, int hops) {
    log.unrefuse(envelope.id());
    LogEntry entry = log.append(envelope, firstSeenMillis);
    broadcast.admitted(entry, hops, lastMoment.monotonicNanos());
    switch (envelope.statement()) {
      case Statement.Profile _ -> foldTrust(entry, envelope.issuer());
      case Statement.Vouch vouch -> foldTrust(entry, vouch.subject());
      case Statement.VouchWithdrawal _, Statement.Revocation _, Statement.Registration _ ->
          foldTrust(entry, envelope.issuer());
      case Statement.Alert _, Statement.Endorsement _, Statement.Dispute _, Statement.Recall _ -> {
        fold(entry);
        incidents.added(entry, nowMillis());
        touchedBy(envelope);
      }
    }
  }

  /// A statement about organizations.
  private void foldTrust(LogEntry entry, OrganizationId subject) {
    long before = neighbourhood.reached(subject);
    fold(entry);
    neighbourhood.saidOf(subject, before);
    trustChanged();
  }

  /// A statement about alerts: those of which it speaks, or all, where it shows that a key
  /// contradicts itself.
  private void touchedBy(Envelope envelope) {
    if (suspended != graph.suspensions().size()) {
      suspended = graph.suspensions().size();
      trustChanged();
    }
    touched.addAll(graph.touched(envelope));
  }

  /// Vouches, profiles, anchors or carried sets are not what they were.
  private void trustChanged() {
    trustStale = true;
    judgementsStale = true;
    nextChangeStale = true;
  }

  private void submitted(Event.Submitted event, Turn turn) {
    Envelope envelope = event.envelope();
    Effect.Answer answer =
        switch (admission(envelope, turn)) {
          case Admission.Duplicate _ -> new Effect.Answer.Accepted(true);
          case Admission.Admit _ -> admitFromOperator(envelope, turn);
          case Admission.Wait wait -> {
            hold(envelope, turn.wallMillis(), Optional.empty(), wait);
            // A profile is handed in before anybody vouches for it: that is no fault of the
            // operator.
            yield envelope.statement() instanceof Statement.Profile
                ? new Effect.Answer.Accepted(false)
                : new Effect.Answer.Refused(wait.reason());
          }
          case Admission.NoRoom _ -> new Effect.Answer.Refused(NO_ROOM);
          case Admission.Refuse refuse -> refuse(envelope, refuse.reason(), turn);
        };
    turn.add(new Effect.Reply(event.request(), answer));
  }

  /// What an operator hands in is looked at once more: what is void from the start is not sent into
  /// the world. (From a peer it would be logged: that it was said is worth knowing.)
  private Effect.Answer admitFromOperator(Envelope envelope, Turn turn) {
    if (envelope.statement().header().isExpiredAt(turn.wallMillis())) {
      return refuse(envelope, "it has expired", turn);
    }
    Optional<Effect.Answer> pointless = Pointless.reason(envelope, log);
    if (pointless.isPresent()) {
      return pointless.get();
    }
    if (envelope.statement() instanceof Statement.Alert alert) {
      Optional<String> objection = judge.objection(alert).map(AlertStatus.Refused::reason);
      if (objection.isPresent()) {
        return refuse(envelope, objection.get(), turn);
      }
    }
    admit(envelope, turn.wallMillis(), 0);
    return new Effect.Answer.Accepted(false);
  }

  private Effect.Answer refuse(Envelope envelope, String reason, Turn turn) {
    log.refuse(new RefusedStatement(envelope, turn.wallMillis(), reason, false));
    return new Effect.Answer.Refused(reason);
  }

  private void anchorAdded(Event.AnchorAdded event, Turn turn) {
    boolean known =
        graph.profile(event.anchor()).isPresent()
            || event.profile().stream().anyMatch(it -> it.issuer().equals(event.anchor()));
    if (!known) {
      reply(event.request(), new Effect.Answer.NotFound("its profile is not known here"), turn);
      return;
    }
    for (var other : anchors.entrySet()) {
      if (other.getValue().equals(event.name()) && !other.getKey().equals(event.anchor())) {
        reply(
            event.request(),
            new Effect.Answer.Refused("another anchor is called " + event.name() + " already"),
            turn);
        return;
      }
    }
    anchors.put(event.anchor(), event.name());
    log.remember(Facts.anchor(event.anchor()), ByteString.copyFromUtf8(event.name()));
    turn.add(new Effect.Audit("anchor added: " + event.anchor() + " as " + event.name()));
    anchorsChanged();
    for (Envelope envelope : event.profile()) {
      if (admission(envelope, turn) instanceof Admission.Admit) {
        admit(envelope, turn.wallMillis(), 0);
      }
    }
    reply(event.request(), new Effect.Answer.Accepted(false), turn);
  }

  private void anchorRemoved(Event.AnchorRemoved event, Turn turn) {
    String name = anchors.remove(event.anchor());
    if (name == null) {
      reply(event.request(), new Effect.Answer.NotFound("it is no anchor here"), turn);
      return;
    }
    log.forget(Facts.anchor(event.anchor()));
    turn.add(new Effect.Audit("anchor removed: " + event.anchor() + " (" + name + ")"));
    anchorsChanged();
    reply(event.request(), new Effect.Answer.Accepted(false), turn);
  }

  private void anchorsChanged() {
    neighbourhood.anchorsChanged();
    judge = new Judge(graph, policy, new TreeSet<>(anchors.keySet()));
    carried.changed();
    trustChanged();
  }

  /// All at once, in one turn. (The slot quota stays as it was at the start: the graph has been
  /// folded with it.)
  private void reconfigured(Event.Reconfigured event, Turn turn) {
    policy = event.policy();
    judge = new Judge(graph, policy, new TreeSet<>(anchors.keySet()));
    rogueTriggers = event.rogueTriggers();
    peers.bootstrap(event.bootstrap(), turn);
    enactment.reconfigured(event.flushJitterMillis(), event.resolvers(), event.changed(), turn);
    turn.add(new Effect.Audit("configuration read again"));
    trustChanged();
  }

  private void peerAdded(Event.PeerAddressAdded event, Turn turn) {
    if (event.address().equals(config.address())) {
      reply(event.request(), new Effect.Answer.Refused("that is this node's own address"), turn);
      return;
    }
    peers.want(event.address(), PeerBook.Source.ADDED, Optional.empty());
    log.forget(Facts.unwanted(event.address()));
    log.remember(Facts.peer(event.address()), ByteString.EMPTY);
    reply(event.request(), new Effect.Answer.Accepted(false), turn);
  }

  private void peerRemoved(Event.PeerAddressRemoved event, Turn turn) {
    log.forget(Facts.peer(event.address()));
    Effect.Answer answer = new Effect.Answer.NotFound(event.address() + " is no peer address here");
    if (peers.remove(event.address(), turn)) {
      log.remember(Facts.unwanted(event.address()), ByteString.EMPTY);
      answer = new Effect.Answer.Accepted(false);
    }
    reply(event.request(), answer, turn);
  }

  private void approved(Event.Approved event, Turn turn) {
    if (log.get(event.alert()).isEmpty()) {
      reply(event.request(), new Effect.Answer.NotFound("no such alert"), turn);
      return;
    }
    log.remember(Facts.approved(event.alert()), ByteString.EMPTY);
    turn.add(new Effect.Audit("alert approved: " + event.alert()));
    judgementsStale = true;
    reply(event.request(), new Effect.Answer.Accepted(false), turn);
  }

  private static void reply(long request, Effect.Answer answer, Turn turn) {
    turn.add(new Effect.Reply(request, answer));
  }

  /// What a peer provably did wrong ends its stream; it may try again after a while.
  private void faulted(Event.PeerFaulted event, Turn turn) {
    peers
        .find(event.peer())
        .ifPresent(peer -> {
          turn.notice(
              Effect.Level.WARNING, nameOf(peer) + " broke the protocol: " + event.reason());
          peers.dropFaulty(peer, event.reason(), turn);
        });
  }

  // ---- the end of a turn

  private void settle(Turn turn) {
    if (turn.wallMillis() >= nextChangeMillis) {
      // A vouch or a key began or ended, or the time of something that waits has come.
      budget.forget(turn.wallMillis());
      neighbourhood.timePassed();
      trustChanged();
    }
    if (trustStale) {
      List<Peer> admitted;
      int rounds = 0;
      do {
        trustStale = false;
        reconsider(turn);
        admitted = peers.refreshMembership(this::isMember);
        // What a guest said before it was a member was not taken: read its log now.
        admitted.forEach(peer -> reconciliation.begin(peer, turn));
        // A new member declares anchors, for whose sake more of what waits is carried, which may
        // make further members. Each round admits somebody; the bound is for peers that come and
        // go.
      } while (!admitted.isEmpty() && ++rounds < Limits.MAX_PEERS);
      mesh.changed();
      neighbourhood.wantDirectory(turn);
    }
    peers.tick(turn);
    if (connectivity.update(peers.nodeCount() > 0, !peers.targets().isEmpty(), turn)) {
      judgementsStale = true;
    }
    if (witness.isPresent()) {
      witness.get().tick(peers.ready(), turn);
      judgementsStale |= witness.get().update(turn);
    }
    broadcast.tick(peers.ready(), neighbourhood.size(), peers::isComplete, turn);
    mesh.tick(peers.ready(), broadcast.savesCopies(turn), turn);
    reconciliation.tick(peers.ready(), turn);
    touched.addAll(incidents.due(turn.wallMillis()));
    do {
      nextChangeStale |= judgementsStale || !touched.isEmpty();
      if (judgementsStale) {
        judgementsStale = false;
        incidents.refreshAll(circumstances(turn), turn);
      } else if (!touched.isEmpty()) {
        incidents.refresh(touched, circumstances(turn), turn);
      }
      touched.clear();
      judgementsStale = enactment.settle(turn);
    } while (judgementsStale);
    incidents.show(turn);
    if (nextChangeStale || turn.wallMillis() >= nextChangeMillis) {
      nextChangeStale = false;
      nextChangeMillis =
          Math.min(
              judge.nextChange(turn.wallMillis()).orElse(Long.MAX_VALUE),
              waitingRoom.nextDueMillis(turn.wallMillis()));
      nextChangeMillis = Math.min(nextChangeMillis, budget.nextChangeMillis());
    }
  }

  /// What waited is judged again, until nothing more is admitted.
  private void reconsider(Turn turn) {
    boolean admitted;
    do {
      admitted = false;
      for (WaitingRoom.Waiting one : waitingRoom.takeAll()) {
        switch (admission(one.envelope(), turn)) {
          case Admission.Admit _ -> {
            admit(one.envelope(), one.firstSeenMillis(), one.from().isEmpty() ? 0 : Frame.Push.FAR);
            admitted = true;
          }
          case Admission.Duplicate _ -> log.unrefuse(one.envelope().id());
          case Admission.Wait _, Admission.NoRoom _ -> waitingRoom.add(one);
          case Admission.Refuse refuse ->
              log.refuse(
                  new RefusedStatement(
                      one.envelope(), one.firstSeenMillis(), refuse.reason(), false));
        }
      }
      trustStale = false;
    } while (admitted);
  }

  private IncidentBook.Circumstances circumstances(Turn turn) {
    return new IncidentBook.Circumstances(
        judge,
        graph,
        policy,
        connectivity.takesNewOverrides(turn)
            && witness.stream().allMatch(book -> book.takesNewOverrides(turn)),
        connectivity.servesOverrides(turn)
            && witness.stream().allMatch(book -> book.servesOverrides(turn)),
        rogueTriggers,
        this::nameOf);
  }

  /// The local pet name, else the legal name, else the id.
  public String nameOf(OrganizationId organization) {
    String name = anchors.get(organization);
    return name != null
        ? name
        : graph
            .profile(organization)
            .map(Statement.Profile::legalName)
            .orElseGet(organization::toString);
  }

  /// The organization that a Hello names lists the node's key, and has standing here.
  private boolean isMember(Frame.Hello hello, KeyId nodeKey) {
    OrganizationId organization = hello.organization();
    return (organization.equals(config.self())
            || judge.explain(organization, lastMoment.wallMillis()).hasStanding())
        && graph.isKeyInUse(organization, nodeKey, KeyUse.NODE, lastMoment.wallMillis());
  }

  /// What its statements amount to, for other cores whose log begins with the same ones and that
  /// have the same anchors.
  public Snapshot snapshot(Snapshot.Distances distances) {
    List<Snapshot.Listed> directory = neighbourhood.directory(lastMoment.wallMillis());
    // Summed up once, for all.
    carried.digests(neighbourhood.anchors());
    return new Snapshot(fold, directory, distances);
  }

  /// For those who only look.
  public NodeView view() {
    return new NodeView(
        config,
        log,
        graph,
        peers,
        enactment,
        incidents,
        budget,
        policy,
        anchors,
        this::nameOf,
        room ? Optional.empty() : Optional.of(NO_ROOM),
        lastMoment);
  }

  /// What witnesses say of this node's log, and it of theirs; empty if it signs nothing.
  public Optional<Witnesses> witnesses() {
    return witness.map(book -> book.view(new Turn(lastMoment)));
  }

  /// One alert as it stands here now; empty if the log holds no such alert.
  public Optional<IncidentBook.Standing> standing(StatementId alert) {
    return incidents.standing(alert, circumstances(new Turn(lastMoment)), nowMillis());
  }

  /// The time of the last turn, in Unix milliseconds: "now" for those who look.
  public long nowMillis() {
    return lastMoment.wallMillis();
  }

  public Judge judge() {
    return judge;
  }

  /// Log entries folded at a time when the node starts.
  private static final int RECOVERY_PORTION = 1_024;
}
