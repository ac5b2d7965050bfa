package tocsin.simulations;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import tocsin.node.core.Effect;
import tocsin.node.core.Frame;
import tocsin.node.core.IncidentBook;
import tocsin.node.core.Moment;
import tocsin.node.core.NodeView;
import tocsin.node.core.Overlay;
import tocsin.node.core.Progress;
import tocsin.storage.LogEntry;
import tocsin.storage.RefusedStatement;
import tocsin.trust.CorrectRecord;
import tocsin.trust.Envelope;
import tocsin.trust.Header;
import tocsin.trust.KeyId;
import tocsin.trust.OrganizationId;
import tocsin.trust.Sha256;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;
import tocsin.trust.graph.Judge;
import tocsin.trust.graph.TrustGraph;
import tocsin.trust.graph.TrustPolicy;

/// What must be true after every single turn of every honest node, whatever goes wrong around it.
/// Each turn costs what is new in the log and what is served; whole logs are read again in small
/// networks, and here and there in large ones.
final class Invariants implements Watcher {
  /// Up to so many statements and nodes the whole log is judged anew after each change.
  private static final int SMALL = 500;

  /// After which nothing is served (`Limits.ISOLATED_WITHDRAW_MILLIS`), and a minute for silence to
  /// be noticed.
  private static final long CUT_OFF_NANOS = 3_660 * Agenda.SECOND;

  /// One hour of one key.
  private record Hour(KeyId key, long hour) implements Comparable<Hour> {
    @Override
    public int compareTo(Hour other) {
      int byKey = key.compareTo(other.key);
      return byKey != 0 ? byKey : Long.compare(hour, other.hour);
    }
  }

  /// What is known of one node beside what it says itself.
  private static final class Known {
    /// Everything that it told anybody: no crash may make it forget.
    final TreeSet<StatementId> spoken = new TreeSet<>();

    long highestSerial;

    /// As far as its log was read.
    long read;

    /// Order-free digest of the log's statements.
    Sha256 set = Sha256.ZERO;

    final List<StatementId> alerts = new ArrayList<>();

    /// Alert by who recalls it.
    final TreeMap<StatementId, TreeSet<OrganizationId>> recalls = new TreeMap<>();

    /// How each alert was last shown in this life.
    final TreeMap<StatementId, Effect.Shown> shown = new TreeMap<>();

    /// The alert that was judged anew last, to see that it stands as it is judged.
    Optional<StatementId> judgedLast = Optional.empty();

    /// Alerts that are over here, for good.
    final TreeSet<StatementId> over = new TreeSet<>();

    final TreeMap<Hour, TreeSet<Integer>> slots = new TreeMap<>();

    /// How many more slots a key has used than it has said things in used ones.
    final TreeMap<KeyId, Integer> contradictable = new TreeMap<>();

    /// With which log, anchors and overlay all was well when last looked at.
    Sha256 lookedAtSet = Sha256.ZERO;

    Overlay lookedAt = Overlay.EMPTY;
    TreeSet<OrganizationId> anchors = new TreeSet<>();
    int refused;
    long turnBeganMillis;
  }

  private final Simulation simulation;
  private final TreeMap<String, Known> known = new TreeMap<>();

  /// Reads logs with the policy that every node should have.
  private final Oracle oracle = new Oracle(TrustPolicy.DEFAULT);

  /// Who last held a set of statements, with the same anchors.
  private final TreeMap<Sha256, SimulatedNode> holders = new TreeMap<>();

  Invariants(Simulation simulation) {
    this.simulation = simulation;
  }

  Oracle oracle() {
    return oracle;
  }

  /// Digest of the statements a node holds, as of its last turn.
  Sha256 setOf(SimulatedNode node) {
    return of(node).set;
  }

  /// The alerts that a node holds, as of its last turn.
  List<StatementId> alertsOf(SimulatedNode node) {
    return Collections.unmodifiableList(of(node).alerts);
  }

  private Known of(SimulatedNode node) {
    return known.computeIfAbsent(node.address(), _ -> new Known());
  }

  private void require(boolean holds, SimulatedNode node, String otherwise) {
    if (!holds) {
      throw simulation.violation(node.address() + ": " + otherwise, null);
    }
  }

  // ---- commit, then speak

  @Override
  public void speaks(SimulatedNode node, Effect effect) {
    if (!node.isHonest()) {
      return;
    }
    switch (effect) {
      case Effect.Send send -> {
        switch (send.frame()) {
          case Frame.Push push -> push.envelopes().forEach(it -> speaks(node, it.id(), "sends"));
          case Frame.Appended it -> it.envelopes().forEach(e -> speaks(node, e.id(), "sends"));
          case Frame.Announce it -> it.ids().forEach(id -> speaks(node, id, "announces"));
          case Frame.Hello _,
              Frame.Pull _,
              Frame.Digests _,
              Frame.Resume _,
              Frame.Compare _,
              Frame.Symbols _,
              Frame.Want _,
              Frame.Refused _,
              Frame.Checkpoint _,
              Frame.Witnessed _,
              Frame.Wish _,
              Frame.Ping _,
              Frame.Pong _ -> {}
        }
      }
      case Effect.ServeOverlay it -> {
        it.overlay().entries().forEach(entry -> speaks(node, entry.alert(), "serves"));
        Known about = of(node);
        require(
            it.serial() > about.highestSerial,
            node,
            "serial " + it.serial() + " comes after " + about.highestSerial);
        about.highestSerial = it.serial();
      }
      case Effect.ShowAlerts it ->
          it.alerts().forEach(shown -> of(node).shown.put(shown.standing().id(), shown));
      case Effect.Dial _,
          Effect.Disconnect _,
          Effect.Reply _,
          Effect.ServeListings _,
          Effect.Actuate _,
          Effect.CheckDelegation _,
          Effect.Audit _,
          Effect.KeepProof _,
          Effect.Notice _,
          Effect.Halt _ -> {}
    }
  }

  private void speaks(SimulatedNode node, StatementId id, String how) {
    Optional<LogEntry> entry = node.disk().get(id);
    require(
        entry.isPresent() && entry.get().index() < node.committedSize(),
        node,
        how + " statement " + id + ", which is not committed");
    of(node).spoken.add(id);
  }

  @Override
  public void acknowledged(SimulatedNode node, StatementId id) {
    if (!node.isHonest()) {
      return;
    }
    if (node.disk().contains(id)) {
      speaks(node, id, "acknowledges");
    } else {
      boolean waits = node.disk().refused(id).filter(RefusedStatement::revisit).isPresent();
      require(waits, node, "acknowledged " + id + " and has it nowhere");
    }
  }

  @Override
  public void restarted(SimulatedNode node) {
    if (!node.isHonest()) {
      return;
    }
    of(node).shown.clear();
    for (StatementId id : of(node).spoken) {
      require(node.disk().contains(id), node, "has forgotten in a crash what it told: " + id);
    }
  }

  // ---- after every turn

  @Override
  public void turned(SimulatedNode node) {
    if (!node.isHonest()) {
      return;
    }
    Known about = of(node);
    NodeView view = node.core().view();
    choosesItsAnchorsItself(node, about, view);
    if (about.read < node.disk().size()) {
      readOn(node, about);
      if (isLookedInto(node, about)) {
        isAFunctionOfItsLog(node);
        agreesWithItsEqual(node, about);
      }
    }
    servesOnlyWhatItMay(node, about);
    showsWhatIs(node, about, view);
    if (about.refused != node.disk().refusedCount()) {
      about.refused = node.disk().refusedCount();
      refusesNothingThatItHolds(node);
    }
    staysWithinItsLimits(node, view);
  }

  private void readOn(SimulatedNode node, Known about) {
    long size = node.disk().size();
    for (LogEntry entry : node.disk().scan(about.read, (int) (size - about.read))) {
      Envelope envelope = entry.envelope();
      Statement statement = envelope.statement();
      about.set = about.set.plus(envelope.id().hash());
      countSlot(node, about, statement.header());
      switch (statement) {
        case Statement.Alert _ -> about.alerts.add(envelope.id());
        case Statement.Recall it ->
            about
                .recalls
                .computeIfAbsent(it.statement(), _ -> new TreeSet<>())
                .add(envelope.issuer());
        case Statement.Profile _,
            Statement.Vouch _,
            Statement.VouchWithdrawal _,
            Statement.Revocation _,
            Statement.Registration _,
            Statement.Endorsement _,
            Statement.Dispute _ -> {}
      }
    }
    about.read = size;
  }

  /// Spam is bounded by keys x quota, whatever anybody does: twice, if they contradict each thing
  /// that they say.
  private void countSlot(SimulatedNode node, Known about, Header header) {
    if (header.slotHour() < Simulation.EPOCH_MILLIS / Header.HOUR_MILLIS) {
      return;
    }
    boolean first =
        about
            .slots
            .computeIfAbsent(new Hour(header.key(), header.slotHour()), _ -> new TreeSet<>())
            .add(header.slotIndex());
    int left = about.contradictable.merge(header.key(), first ? 1 : -1, Integer::sum);
    require(
        header.slotIndex() < TrustPolicy.DEFAULT_SLOT_QUOTA && left >= 0,
        node,
        "holds more statements of key " + header.key() + " than the quota of an hour");
  }

  /// Law 1: nothing that arrives from the network changes whom it believes.
  private void choosesItsAnchorsItself(SimulatedNode node, Known about, NodeView view) {
    if (!about.anchors.equals(view.anchors().keySet())) {
      about.anchors = new TreeSet<>(view.anchors().keySet());
      about.lookedAtSet = Sha256.ZERO;
      require(
          node.chosenAnchors().containsAll(about.anchors),
          node,
          "has anchors that its administrator has not chosen");
    }
  }

  private boolean isLookedInto(SimulatedNode node, Known about) {
    long effort = node.disk().size() * simulation.nodes().size();
    return about.read % Math.max(1, effort / SMALL) == 0;
  }

  /// Law 3: what it believes is what anybody would believe who reads its log, in any order.
  private void isAFunctionOfItsLog(SimulatedNode node) {
    List<LogEntry> entries = new ArrayList<>(node.disk().scan(0, Integer.MAX_VALUE));
    Collections.reverse(entries);
    TrustGraph graph = new TrustGraph(node.config().network(), node.config().policy().slotQuota());
    entries.forEach(entry -> graph.add(entry.envelope(), entry.firstSeenMillis()));
    Judge judge =
        new Judge(
            graph, node.config().policy(), new TreeSet<>(node.core().view().anchors().keySet()));
    Sha256 ours = judge.stateHash(node.nowMillis());
    Sha256 its = node.core().judge().stateHash(node.nowMillis());
    require(its.equals(ours), node, "believes something else than its log says");
  }

  /// Of the same statements, nodes of the same policy and anchors make the same.
  @SuppressWarnings("ReferenceEquality") // the very node, not one that is equal to it
  private void agreesWithItsEqual(SimulatedNode node, Known about) {
    Sha256 likeness = about.set;
    for (OrganizationId anchor : about.anchors) {
      likeness = likeness.plus(anchor.hash());
    }
    SimulatedNode other = holders.put(likeness, node);
    if (holders.size() > SMALL) {
      holders.pollFirstEntry();
    }
    if (other == null || other == node || !other.isUp()) {
      return;
    }
    Known equal = of(other);
    // One that is in the midst of a turn may believe more already.
    boolean atRest = equal.read == other.disk().size();
    if (atRest && equal.set.equals(about.set) && equal.anchors.equals(about.anchors)) {
      String one = words(node.core().judge(), about, node.nowMillis());
      String two = words(other.core().judge(), about, node.nowMillis());
      require(
          one.equals(two),
          node,
          "and " + other.address() + " hold the same and believe " + one + " and " + two);
    }
  }

  private static String words(Judge judge, Known about, long nowMillis) {
    StringBuilder words = new StringBuilder();
    for (StatementId alert :
        about.alerts.subList(Math.max(0, about.alerts.size() - 8), about.alerts.size())) {
      judge
          .judge(alert, nowMillis)
          .ifPresent(it ->
              words
                  .append(it.alert())
                  .append(' ')
                  .append(it.status())
                  .append(' ')
                  .append(it.found())
                  .append(';'));
    }
    return words.toString();
  }

  /// No override without its paths, none that is recalled, replaced or expired, none of an
  /// adversary, and nothing at all where the world has been out of sight for an hour.
  @SuppressWarnings(
      "ReferenceEquality") // the same object is the same overlay; another is looked at
  private void servesOnlyWhatItMay(SimulatedNode node, Known about) {
    Overlay served = node.served();
    require(
        served.entries().isEmpty() || node.nowNanos() - node.lastHeardNanos() < CUT_OFF_NANOS,
        node,
        "serves overrides though it has heard of nobody for more than an hour");
    boolean asBefore = served == about.lookedAt && about.set.equals(about.lookedAtSet);
    for (Overlay.Entry entry : served.entries()) {
      StatementId alert = entry.alert();
      require(!about.over.contains(alert), node, "serves " + alert + " again, which was over");
      if (asBefore && !isExpired(node, alert, about.turnBeganMillis)) {
        continue;
      }
      Oracle.Verdict verdict =
          oracle.verdict(node.disk(), about.set, about.anchors, alert, about.turnBeganMillis);
      int paths = oracle.paths(node.disk(), about.set, about.anchors, alert, about.turnBeganMillis);
      require(!isRecalled(node, about, alert), node, "serves " + alert + ", which is recalled");
      require(verdict != Oracle.Verdict.EXPIRED, node, "serves " + alert + ", which has expired");
      require(
          paths >= TrustPolicy.DEFAULT_OVERRIDE_PATHS,
          node,
          "acts on " + alert + " with " + paths + " disjoint paths");
      require(
          entry.records().stream()
              .noneMatch(new CorrectRecord.A(SimulatedWorld.ROGUE_ADDRESS)::equals),
          node,
          "serves an adversary's override");
    }
    if (!asBefore) {
      for (Overlay.Entry entry : about.lookedAt.entries()) {
        boolean gone = served.entries().stream().noneMatch(it -> it.alert().equals(entry.alert()));
        boolean recalled = isRecalled(node, about, entry.alert());
        if (gone && (recalled || isExpired(node, entry.alert(), about.turnBeganMillis))) {
          about.over.add(entry.alert());
        }
      }
      about.lookedAt = served;
      about.lookedAtSet = about.set;
    }
  }

  /// By its own submitter.
  private static boolean isRecalled(SimulatedNode node, Known about, StatementId alert) {
    TreeSet<OrganizationId> by = about.recalls.getOrDefault(alert, new TreeSet<>());
    return node.disk().get(alert).filter(it -> by.contains(it.envelope().issuer())).isPresent();
  }

  private static boolean isExpired(SimulatedNode node, StatementId alert, long nowMillis) {
    return node.disk()
        .get(alert)
        .filter(entry -> entry.envelope().statement().header().isExpiredAt(nowMillis))
        .isPresent();
  }

  private void refusesNothingThatItHolds(SimulatedNode node) {
    for (RefusedStatement refused : node.disk().refused(Integer.MAX_VALUE)) {
      StatementId id = refused.envelope().id();
      require(!node.disk().contains(id), node, "holds and refuses statement " + id);
    }
  }

  /// Whoever is told of changes only knows as much as whoever asks for everything.
  private void showsWhatIs(SimulatedNode node, Known about, NodeView view) {
    Collection<IncidentBook.Standing> live = view.incidents().live().values();
    if (live.size() * simulation.nodes().size() > SMALL) {
      return;
    }
    standsAsItIsJudged(node, about, live);
    for (IncidentBook.Standing standing : live) {
      StatementId id = standing.id();
      Effect.Shown shown = about.shown.get(id);
      require(
          shown != null
              && shown.standing().equals(standing)
              && words(shown.progress())
                  .equals(
                      standing.activeSinceMillis().isPresent()
                          ? words(view.progress(id))
                          : List.of()),
          node,
          "shows alert " + id + " otherwise than it stands: " + shown);
    }
  }

  /// What stands was judged when it last changed; one alert after the other is judged anew.
  private void standsAsItIsJudged(
      SimulatedNode node, Known about, Collection<IncidentBook.Standing> live) {
    Optional<IncidentBook.Standing> next =
        live.stream()
            .filter(it -> about.judgedLast.filter(last -> last.compareTo(it.id()) >= 0).isEmpty())
            .findFirst()
            .or(() -> live.stream().findFirst());
    about.judgedLast = next.map(IncidentBook.Standing::id);
    next.ifPresent(stands -> {
      Optional<IncidentBook.Standing> judged = node.core().standing(stands.id());
      require(
          judged.equals(next),
          node,
          "alert %s stands as %s (%s), and judged now it is %s"
              .formatted(
                  stands.id(),
                  stands.state().word(),
                  stands.reason(),
                  judged.map(it -> it.state().word() + " (" + it.reason() + ")").orElse("gone")));
    });
  }

  /// All but the attempts: they are told when they come to something.
  private static List<String> words(List<Progress> progress) {
    return progress.stream()
        .map(it -> it.resolver() + " " + it.word() + " " + it.millis() + " " + it.detail())
        .toList();
  }

  private void staysWithinItsLimits(SimulatedNode node, NodeView view) {
    require(
        view.peerCount() <= simulation.network().endpointCount(),
        node,
        "has peers that do not exist");
    require(node.inboxSize() <= SimulatedNode.INBOX, node, "its inbox runs over");
    require(
        simulation.network().longestQueue() <= SimulatedNetwork.MAX_QUEUE,
        node,
        "a stream's queue runs over");
  }

  /// Once it has handled what is due, it must not ask to be called at once again, for ever.
  @Override
  public void handled(SimulatedNode node, Moment now) {
    if (!node.isHonest()) {
      return;
    }
    of(node).turnBeganMillis = node.nowMillis();
    require(
        node.core().nextDeadline() > now.monotonicNanos(),
        node,
        "asks for a deadline that is past already");
  }
}
