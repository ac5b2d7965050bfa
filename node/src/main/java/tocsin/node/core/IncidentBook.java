package tocsin.node.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tocsin.storage.LogEntry;
import tocsin.storage.StatementLog;
import tocsin.trust.CorrectRecord;
import tocsin.trust.OrganizationId;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;
import tocsin.trust.graph.AlertJudgement;
import tocsin.trust.graph.AlertStatus;
import tocsin.trust.graph.Judge;
import tocsin.trust.graph.RegistrationState;
import tocsin.trust.graph.TrustGraph;
import tocsin.trust.graph.TrustPolicy;

/// What the statements amount to: the state of each alert here, and so what the resolvers are to
/// do. Judged anew whenever statements, anchors, policy or time change; nothing is remembered that
/// could not be judged again, but for what an administrator approved and what was done already.
public final class IncidentBook {
  /// One alert as it stands here.
  ///
  /// @param reason why it is in that state, in one sentence
  /// @param endedBy the flush, the recall or the successor that ends it
  /// @param activeSinceMillis Unix time at which it first became active here
  public record Standing(
      LogEntry entry,
      Statement.Alert alert,
      AlertState state,
      String reason,
      AlertJudgement judgement,
      Optional<StatementId> endedBy,
      OptionalLong activeSinceMillis) {
    public StatementId id() {
      return entry.envelope().id();
    }
  }

  /// What a judgement depends on beside the statements.
  ///
  /// @param rogueTriggers whether rogue data may be blocked for every name
  /// @param names what organizations are called here
  record Circumstances(
      Judge judge,
      TrustGraph graph,
      TrustPolicy policy,
      boolean takesNewOverrides,
      boolean servesOverrides,
      boolean rogueTriggers,
      Function<OrganizationId, String> names) {}

  private final StatementLog log;
  private final Enactment enactment;
  private final ActingBudget budget;

  /// Alerts that have not expired, by their own word.
  private final TreeMap<StatementId, LogEntry> live = new TreeMap<>();

  /// Of alerts that were over by a clock that has been set back since, some may not be.
  private boolean clockSetBack;

  private final TreeMap<StatementId, Standing> standings = new TreeMap<>();

  /// When each of them may change by time alone, as long as the web does not.
  private final Agenda agenda = new Agenda();

  /// Live alerts for which there was no room.
  private final TreeSet<StatementId> crowdedOut = new TreeSet<>();

  /// By the alert's index in the log.
  private final TreeMap<Long, Listing> listings = new TreeMap<>();

  /// What is listed otherwise than was last given out.
  private final TreeMap<Long, Optional<Listing>> unlisted = new TreeMap<>();

  /// What stands otherwise than was last shown.
  private final TreeMap<StatementId, Standing> unshown = new TreeMap<>();

  /// Something was given out, if only that there is nothing.
  private boolean listed;

  /// What was true at the last judgement.
  private Optional<Circumstances> last = Optional.empty();

  /// The overrides that triggers were made for last; with them, the triggers hold until all is
  /// judged anew.
  private List<Enactment.WantedOverride> triggersFor = List.of();

  private SortedMap<StatementId, List<Overlay.Trigger>> triggers = new TreeMap<>();

  IncidentBook(StatementLog log, Enactment enactment, ActingBudget budget) {
    this.log = log;
    this.enactment = enactment;
    this.budget = budget;
  }

  /// A statement is in the log now. Of an alert that comes when it is over, nothing is to be judged
  /// any more: a new node reads a log of years, and holds only its last day in memory.
  void added(LogEntry entry, long nowMillis) {
    if (entry.envelope().statement() instanceof Statement.Alert && !isOver(entry, nowMillis)) {
      live.put(entry.envelope().id(), entry);
    }
  }

  /// The next time that all are judged anew, those that had been over are looked at again too.
  void clockSetBack() {
    clockSetBack = true;
  }

  /// Finds the alerts in the log that are not over. Of one that is, nothing is to be judged any
  /// more, and a log of years holds little else.
  void find(TrustGraph graph, long nowMillis) {
    for (StatementId id : graph.alertsEndingAfter(nowMillis - Limits.FLUSH_OWED_MILLIS)) {
      if (!live.containsKey(id)) {
        log.get(id).ifPresent(entry -> added(entry, nowMillis));
      }
    }
  }

  private boolean isOver(LogEntry entry, long nowMillis) {
    return alertOf(entry).header().isExpiredAt(nowMillis) && !isOwed(entry, nowMillis);
  }

  /// The live alerts as they were last judged.
  public SortedMap<StatementId, Standing> live() {
    return java.util.Collections.unmodifiableSortedMap(standings);
  }

  List<String> warnings() {
    return last.map(this::warningsOf).orElse(List.of());
  }

  /// Judges all live alerts anew and tells the enactment what is wanted.
  void refreshAll(Circumstances circumstances, Turn turn) {
    triggersFor = List.of();
    if (clockSetBack) {
      clockSetBack = false;
      find(circumstances.graph(), turn.wallMillis());
    }
    last = Optional.of(circumstances);
    refresh(new TreeSet<>(live.keySet()), circumstances, turn);
    enact(circumstances, turn);
  }

  /// Judges these alerts anew, as far as they are live, and tells the enactment what is wanted.
  void refresh(Set<StatementId> touched, Circumstances circumstances, Turn turn) {
    last = Optional.of(circumstances);
    boolean acts = false;
    for (StatementId id : touched) {
      LogEntry entry = live.get(id);
      if (entry == null) {
        // It is over, or not here: what was read of it to see whom it touches is not kept.
        circumstances.graph().settled(id);
      } else if (isOver(entry, turn.wallMillis())) {
        acts |= forget(entry, circumstances, turn);
      } else {
        acts |= refresh(entry, circumstances, turn);
      }
    }
    while (!crowdedOut.isEmpty() && standings.size() < Limits.MAX_LIVE_ALERTS) {
      LogEntry entry = live.get(crowdedOut.removeFirst());
      acts |= entry != null && refresh(entry, circumstances, turn);
    }
    if (acts) {
      enact(circumstances, turn);
    }
    list(turn);
  }

  /// Judges one alert anew; true if the enactment has to look.
  private boolean refresh(LogEntry entry, Circumstances circumstances, Turn turn) {
    StatementId id = entry.envelope().id();
    if (!standings.containsKey(id) && standings.size() >= Limits.MAX_LIVE_ALERTS) {
      crowdedOut.add(id);
      return false;
    }
    Standing standing = standing(entry, circumstances, turn.wallMillis());
    if (standing.state() == AlertState.ACTIVE && standing.activeSinceMillis().isEmpty()) {
      log.remember(Facts.active(id), Facts.number(turn.wallMillis()));
      if (isCharged(standing.alert())) {
        budget.charge(standing.judgement(), turn.wallMillis());
      }
      standing = standing(entry, circumstances, turn.wallMillis());
    }
    Standing before = standings.put(id, standing);
    agenda.put(id, nextChangeMillis(entry, circumstances, turn.wallMillis()));
    tellChange(before, standing, circumstances, turn);
    if (!standing.equals(before)) {
      unshown.put(id, standing);
    }
    Listing listing = listing(standing, circumstances);
    if (!listing.equals(listings.put(entry.index(), listing))) {
      unlisted.put(entry.index(), Optional.of(listing));
    }
    return acts(standing) || (before != null && acts(before));
  }

  /// Nothing is to be judged of this alert any more; true if the enactment has to look.
  private boolean forget(LogEntry entry, Circumstances circumstances, Turn turn) {
    StatementId id = entry.envelope().id();
    live.remove(id);
    crowdedOut.remove(id);
    agenda.remove(id);
    Standing before = standings.get(id);
    if (before != null) {
      unshown.put(id, standing(entry, circumstances, turn.wallMillis()));
      standings.remove(id);
      listings.remove(entry.index());
      unlisted.put(entry.index(), Optional.empty());
    }
    circumstances.graph().settled(id);
    return before != null && acts(before);
  }

  private static long nextChangeMillis(
      LogEntry entry, Circumstances circumstances, long nowMillis) {
    long next =
        circumstances.judge().nextChange(entry.envelope().id(), nowMillis).orElse(Long.MAX_VALUE);
    Statement.Alert alert = alertOf(entry);
    long owedUntil = alert.header().expiresAtMillis() + Limits.FLUSH_OWED_MILLIS;
    boolean isFlush = alert.action() instanceof Statement.FlushAction;
    return isFlush && owedUntil > nowMillis ? Math.min(next, owedUntil) : next;
  }

  /// The next time, in Unix milliseconds, at which some alert has to be judged anew; Long.MAX_VALUE
  /// if none.
  long nextChangeMillis() {
    return agenda.nextMillis();
  }

  /// Alerts whose time has come.
  List<StatementId> due(long nowMillis) {
    return agenda.take(nowMillis);
  }

  /// The enactment looks at all that acts or is closed whenever one of them changes; what only
  /// waits does not make it look.
  private static boolean acts(Standing standing) {
    return standing.state() == AlertState.ACTIVE || standing.activeSinceMillis().isPresent();
  }

  /// One alert as it stands here now, live or long gone; empty if the log holds no such alert.
  Optional<Standing> standing(StatementId id, Circumstances circumstances, long nowMillis) {
    return log.get(id)
        .filter(entry -> entry.envelope().statement() instanceof Statement.Alert)
        .map(entry -> standing(entry, circumstances, nowMillis));
  }

  private Standing standing(LogEntry entry, Circumstances circumstances, long nowMillis) {
    StatementId id = entry.envelope().id();
    AlertJudgement judgement =
        circumstances
            .judge()
            .judge(id, nowMillis)
            .orElseThrow(() -> new AssertionError("the graph lacks alert " + id));
    Statement.Alert alert = alertOf(entry);
    OptionalLong activeSince = Facts.number(log, Facts.active(id));
    String words = judgement.inWords(circumstances.names());
    Optional<StatementId> endedBy = Optional.empty();
    AlertState state;
    switch (judgement.status()) {
      case AlertStatus.Pending _ -> {
        state = AlertState.PENDING;
        words = activeSince.isPresent() ? "no longer active: " + words : words;
      }
      case AlertStatus.Refused _ -> state = AlertState.REFUSED;
      case AlertStatus.Expired _ -> {
        boolean done = enactment.isResolved(id) || enactment.isWithdrawn(id);
        if (!done && isOwed(entry, nowMillis)) {
          state = AlertState.ACTIVE;
          words = "it has expired, but was taken in time and is not yet done at all resolvers here";
        } else {
          state = done ? AlertState.RESOLVED : AlertState.EXPIRED;
        }
      }
      case AlertStatus.Recalled it -> {
        endedBy = Optional.of(it.recall());
        state = AlertState.RECALLED;
      }
      case AlertStatus.Superseded it -> {
        endedBy = Optional.of(it.successor());
        state = AlertState.RESOLVED;
      }
      case AlertStatus.Closed it -> {
        endedBy = Optional.of(it.flush());
        // Until the closing flush has done its work here, the override goes on protecting.
        boolean protects = activeSince.isPresent() && !enactment.isWithdrawn(id);
        state = protects ? AlertState.ACTIVE : AlertState.RESOLVED;
        words = protects ? "goes on protecting until flush " + it.flush() + " is done" : words;
      }
      case AlertStatus.Active _ -> {
        Optional<String> held = heldBack(id, alert, judgement, activeSince, circumstances);
        words = held.orElse(words);
        state =
            held.isPresent()
                ? AlertState.PENDING
                : enactment.isResolved(id) ? AlertState.RESOLVED : AlertState.ACTIVE;
      }
    }
    return new Standing(entry, alert, state, words, judgement, endedBy, activeSince);
  }

  /// Drills act on nothing, and what ends an incident must never wait.
  private static boolean isCharged(Statement.Alert alert) {
    return !alert.exercise()
        && (alert.action() instanceof Statement.OverrideAction || alert.incident().isEmpty());
  }

  private Optional<String> overBudget(
      StatementId id,
      Statement.Alert alert,
      AlertJudgement judgement,
      OptionalLong activeSince,
      Circumstances circumstances) {
    if (!isCharged(alert)
        || activeSince.isPresent()
        || log.recall(Facts.approved(id)).isPresent()) {
      return Optional.empty();
    }
    int limit = circumstances.policy().actingBudget();
    return budget
        .exhausted(judgement, limit)
        .map(who ->
            circumstances.names().apply(who)
                + " has used up its acting budget of "
                + limit
                + " alerts in 24 hours here; it waits for an administrator: tocsin alert approve "
                + id);
  }

  /// A flush that became active here in its time is done here, also after it: the node was down, or
  /// a resolver was, and caches live longer than any flush.
  private boolean isOwed(LogEntry entry, long nowMillis) {
    StatementId id = entry.envelope().id();
    Statement.Alert alert = alertOf(entry);
    return alert.action() instanceof Statement.FlushAction
        && nowMillis < alert.header().expiresAtMillis() + Limits.FLUSH_OWED_MILLIS
        && log.recall(Facts.active(id)).isPresent()
        && !enactment.isResolved(id);
  }

  /// Why an alert with enough paths does not act here all the same.
  private Optional<String> heldBack(
      StatementId id,
      Statement.Alert alert,
      AlertJudgement judgement,
      OptionalLong activeSince,
      Circumstances circumstances) {
    if (!(alert.action() instanceof Statement.OverrideAction)) {
      return overBudget(id, alert, judgement, activeSince, circumstances);
    }
    if (!circumstances.servesOverrides()) {
      return Optional.of("this node has been cut off from all peers for an hour");
    }
    if (activeSince.isPresent()) {
      return Optional.empty();
    }
    if (!circumstances.takesNewOverrides()) {
      return Optional.of("this node is cut off from all peers and takes no new overrides");
    }
    if (judgement.waitingForApproval() && log.recall(Facts.approved(id)).isEmpty()) {
      return Optional.of("it waits for an administrator: tocsin alert approve " + id);
    }
    return overBudget(id, alert, judgement, activeSince, circumstances);
  }

  private static Statement.Alert alertOf(LogEntry entry) {
    if (entry.envelope().statement() instanceof Statement.Alert alert) {
      return alert;
    }
    throw new AssertionError("not an alert: " + entry.envelope().id());
  }

  private static void tellChange(
      @Nullable Standing before, Standing standing, Circumstances circumstances, Turn turn) {
    if (before == null || before.state() != standing.state()) {
      turn.notice(
          Effect.Level.INFO,
          "alert "
              + standing.id()
              + " by "
              + circumstances.names().apply(standing.entry().envelope().issuer())
              + " for "
              + standing.alert().names()
              + " is "
              + standing.state().word()
              + ": "
              + standing.reason());
    }
  }

  private List<String> warningsOf(Circumstances circumstances) {
    List<String> all = new ArrayList<>();
    if (!circumstances.servesOverrides()) {
      all.add("cut off from all peers for an hour: overrides are withdrawn");
    } else if (!circumstances.takesNewOverrides()) {
      all.add("cut off from all peers: no new override is taken");
    }
    for (Standing standing : standings.values()) {
      if (standing.state() == AlertState.PENDING && standing.judgement().isActive()) {
        all.add("alert " + standing.id() + ": " + standing.reason());
      }
      boolean open =
          standing.state() == AlertState.PENDING || standing.state() == AlertState.ACTIVE;
      if (open && !standing.judgement().disputedBy().isEmpty()) {
        all.add("alert " + standing.id() + " is disputed");
      }
    }
    return all;
  }

  private void enact(Circumstances circumstances, Turn turn) {
    List<Enactment.WantedOverride> overrides = new ArrayList<>();
    List<Enactment.WantedFlush> flushes = new ArrayList<>();
    for (Standing standing : standings.values()) {
      if (standing.state() == AlertState.ACTIVE && !standing.alert().exercise()) {
        switch (standing.alert().action()) {
          case Statement.OverrideAction action -> overrides.add(wanted(standing, action));
          case Statement.FlushAction _ -> flushes.add(wantedFlush(standing));
        }
      }
    }
    List<Enactment.WantedOverride> served = circumstances.servesOverrides() ? overrides : List.of();
    if (!served.equals(triggersFor) || served.isEmpty()) {
      triggers = triggers(served, circumstances, turn.wallMillis());
      triggersFor = served;
    }
    enactment.want(served, flushes, triggers, turn);
  }

  private static SortedMap<StatementId, List<Overlay.Trigger>> triggers(
      List<Enactment.WantedOverride> served, Circumstances circumstances, long nowMillis) {
    if (!circumstances.rogueTriggers() || !RogueTriggers.isAsked(served)) {
      return new TreeMap<>();
    }
    RogueTriggers.Correct correct = new RogueTriggers.Correct();
    for (Enactment.WantedOverride override : served) {
      correct.add(
          override.alert().names(), override.action().records(), override.action().nameServers());
    }
    for (StatementId id : circumstances.graph().registrations()) {
      circumstances
          .judge()
          .registration(id, nowMillis)
          .filter(it -> it.state() == RegistrationState.BINDING)
          .map(Judge.RegistrationStanding::registration)
          .ifPresent(it -> correct.add(it.names(), it.records(), it.nameServers()));
    }
    return RogueTriggers.of(served, correct, circumstances.policy().allowSpecialPurposeAddresses());
  }

  private static Enactment.WantedOverride wanted(
      Standing standing, Statement.OverrideAction action) {
    return new Enactment.WantedOverride(
        standing.id(), standing.alert(), action, standing.entry().firstSeenMillis());
  }

  private Enactment.WantedFlush wantedFlush(Standing flush) {
    List<Enactment.WantedOverride> closes = new ArrayList<>();
    for (Standing standing : standings.values()) {
      if (standing.judgement().status() instanceof AlertStatus.Closed closed
          && closed.flush().equals(flush.id())
          && standing.activeSinceMillis().isPresent()
          && standing.alert().action() instanceof Statement.OverrideAction action) {
        closes.add(wanted(standing, action));
      }
    }
    return new Enactment.WantedFlush(
        flush.id(), flush.entry().envelope().issuer(), flush.alert(), closes);
  }

  private void list(Turn turn) {
    if (!listed || !unlisted.isEmpty()) {
      turn.add(new Effect.ServeListings(unlisted));
      listed = true;
      unlisted.clear();
    }
  }

  /// The end of a turn: shows whatever is different, be it how an alert stands or how far it has
  /// come.
  void show(Turn turn) {
    for (StatementId id : enactment.takeMoved()) {
      Standing standing = standings.get(id);
      if (standing != null) {
        unshown.putIfAbsent(id, standing);
      }
    }
    if (!unshown.isEmpty()) {
      turn.add(new Effect.ShowAlerts(unshown.values().stream().map(this::shown).toList()));
      unshown.clear();
    }
  }

  private Effect.Shown shown(Standing standing) {
    boolean wasActive = standing.activeSinceMillis().isPresent();
    return new Effect.Shown(standing, wasActive ? enactment.progress(standing.id()) : List.of());
  }

  private static Listing listing(Standing standing, Circumstances circumstances) {
    boolean override = false;
    boolean nameServers = false;
    int ttl = 0;
    List<CorrectRecord> records = List.of();
    if (standing.alert().action() instanceof Statement.OverrideAction action) {
      override = true;
      nameServers = !action.nameServers().isEmpty();
      ttl = action.ttlSeconds();
      boolean serves = standing.state() == AlertState.ACTIVE && !standing.alert().exercise();
      records = serves ? action.records() : List.of();
    }
    return new Listing(
        standing.id(),
        standing.alert().incident(),
        standing.alert().names(),
        standing.alert().subtree(),
        override,
        nameServers,
        // A drill is shown as what it is: nothing is enacted for it.
        standing.alert().exercise() ? "exercise" : standing.state().word(),
        circumstances.names().apply(standing.entry().envelope().issuer()),
        standing.judgement().endsAtMillis(),
        records,
        ttl);
  }
}
