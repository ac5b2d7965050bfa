package tocsin.node.core;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tocsin.storage.StatementLog;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.OrganizationId;
import tocsin.trust.Sha256;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// Makes the resolvers beside the node do what the incidents ask, alert by alert and resolver by
/// resolver, with read-back and probe. It is told the whole of what is wanted and makes the world
/// so: running it again, after a restart or twice, does no harm.
final class Enactment {
  /// An override that is to be served.
  record WantedOverride(
      StatementId id,
      Statement.Alert alert,
      Statement.OverrideAction action,
      long firstSeenMillis) {}

  /// A flush that is to be done.
  ///
  /// @param closes the overrides of its incident that it ends; empty: it stands alone
  record WantedFlush(
      StatementId id, OrganizationId issuer, Statement.Alert alert, List<WantedOverride> closes) {
    WantedFlush {
      closes = List.copyOf(closes);
    }
  }

  /// An override in the overlay, with its job at each resolver.
  private record Served(WantedOverride wanted, TreeMap<String, Job> jobs) {}

  /// What a ticket stands for.
  private sealed interface Errand {
    record OfJob(Job job) implements Errand {}

    record OfPoll(ResolverBook.Beside beside) implements Errand {}

    record OfClosing(Closing closing) implements Errand {}
  }

  private static final int CANARY_TTL_SECONDS = 5;

  private final CoreConfig config;
  private final StatementLog log;
  private final ResolverBook resolvers;
  private final TreeMap<StatementId, Served> served = new TreeMap<>();
  private final TreeMap<StatementId, TreeMap<String, Job>> ending = new TreeMap<>();

  /// Those of the ending that are cleared everywhere, the oldest first: kept a while to be shown.
  private final ArrayDeque<StatementId> cleared = new ArrayDeque<>();

  /// Overrides that resolvers may have been told of and that are not cleared everywhere yet; the
  /// same as the durable facts.
  private final TreeSet<StatementId> begun = new TreeSet<>();

  private final TreeMap<StatementId, Closing> closings = new TreeMap<>();
  private final FlushAllowance allowance = new FlushAllowance();
  private final TreeMap<String, Long> recentFlushes = new TreeMap<>();

  /// Jobs that can go on at their time.
  private final TreeSet<Job> due =
      new TreeSet<>(
          Comparator.comparingLong((Job job) -> job.notBeforeNanos)
              .thenComparingLong(job -> job.number));

  /// Jobs that wait for their resolver: to hold the serial, or to come back.
  private final TreeMap<String, List<Job>> waiting = new TreeMap<>();

  private final TreeMap<Long, Errand> errands = new TreeMap<>();
  private long nextTicket = 1;
  private long nextJob = 1;
  private long serial;
  private Overlay overlay = Overlay.EMPTY;
  private boolean published;

  /// What is served is perhaps not what was published.
  private boolean servedStale = true;

  /// Records that are served at the canary's name, while somebody tries the resolvers.
  private List<CorrectRecord> canary = List.of();

  /// What each override wants blocked for every name.
  private SortedMap<StatementId, List<Overlay.Trigger>> triggers = new TreeMap<>();

  private long flushJitterMillis;

  /// Alerts that may have come to another point at a resolver since that was last taken.
  private final TreeSet<StatementId> moved = new TreeSet<>();

  /// Counts withdrawals and flushes done.
  private int concluded;

  Enactment(CoreConfig config, StatementLog log) {
    this.config = config;
    this.log = log;
    this.resolvers = new ResolverBook(config.acts() ? config.resolvers() : List.of());
    this.flushJitterMillis = config.flushJitterMillis();
    this.serial = Facts.number(log, Facts.SERIAL).orElse(0);
    log.recallAll(Facts.BEGUN)
        .forEach((key, _) -> begun.add(StatementId.fromHex(key.substring(Facts.BEGUN.length()))));
  }

  long serial() {
    return serial;
  }

  Overlay overlay() {
    return overlay;
  }

  ResolverBook resolvers() {
    return resolvers;
  }

  /// The configuration was read again. A resolver that is new is told all that is served; one that
  /// is gone is told nothing any more, and what it was told stays with it until it expires there.
  ///
  /// @param names all resolvers from now on
  /// @param changed those that are reached in another way than before: all is done again there
  void reconfigured(long jitterMillis, List<String> names, List<String> changed, Turn turn) {
    flushJitterMillis = jitterMillis;
    if (!config.acts()) {
      return;
    }
    for (ResolverBook.Beside beside : List.copyOf(resolvers.all())) {
      if (!names.contains(beside.name)) {
        resolvers.remove(beside.name);
        dismiss(beside.name);
      } else if (changed.contains(beside.name)) {
        // What ends there goes on as it is; what is served begins anew.
        resolvers.remove(beside.name);
      }
    }
    for (String name : names) {
      if (resolvers.add(name)) {
        for (Served one : served.values()) {
          WantedOverride wanted = one.wanted();
          cancel(one.jobs(), name);
          addJob(
              one.jobs(), wanted.id(), name, Plan.override(wanted.alert(), wanted.action()), turn);
        }
      }
    }
  }

  private void dismiss(String resolver) {
    allowance.forget(resolver);
    waiting.remove(resolver);
    served.values().forEach(one -> cancel(one.jobs(), resolver));
    for (StatementId override : List.copyOf(ending.keySet())) {
      cancel(ending.getOrDefault(override, new TreeMap<>()), resolver);
      forgetIfCleared(override);
    }
    for (Closing closing : closings.values()) {
      closing.jobs.removeIf(job -> {
        boolean its = job.resolver.equals(resolver);
        if (its) {
          cancel(job);
        }
        return its;
      });
    }
  }

  private void cancel(Map<String, Job> jobs, String resolver) {
    Job job = jobs.remove(resolver);
    if (job != null) {
      cancel(job);
    }
  }

  /// True once the closing flush of its incident has withdrawn this override here, for good.
  boolean isWithdrawn(StatementId override) {
    return log.recall(Facts.withdrawn(override)).isPresent();
  }

  /// True once this flush is done on all resolvers here.
  boolean isResolved(StatementId flush) {
    return log.recall(Facts.resolved(flush)).isPresent();
  }

  /// Serves these records at the canary's name from now on; none: nothing. Forgotten at a restart.
  void canary(List<CorrectRecord> records) {
    canary = List.copyOf(records);
    servedStale = true;
  }

  /// Takes the whole of what is wanted now, begins what is new and ends what is wanted no more.
  ///
  /// @param blocked what each of the overrides wants blocked for every name
  void want(
      List<WantedOverride> overrides,
      List<WantedFlush> flushes,
      SortedMap<StatementId, List<Overlay.Trigger>> blocked,
      Turn turn) {
    if (!triggers.equals(blocked)) {
      triggers = blocked;
      servedStale = true;
    }
    TreeSet<StatementId> wanted = new TreeSet<>();
    for (WantedOverride override : overrides) {
      wanted.add(override.id());
      if (!served.containsKey(override.id())) {
        begin(override, turn);
      }
    }
    for (Served one : List.copyOf(served.values())) {
      if (!wanted.contains(one.wanted().id())) {
        served.remove(one.wanted().id());
        moved.add(one.wanted().id());
        servedStale = true;
        one.jobs().values().forEach(this::cancel);
      }
    }
    wanted.clear();
    for (WantedFlush flush : flushes) {
      wanted.add(flush.id());
      if (!closings.containsKey(flush.id())) {
        moved.add(flush.id());
        closings.put(flush.id(), new Closing(flush, turn.nanos(), turn.after(jitterOf(flush))));
      }
    }
    for (Closing closing : List.copyOf(closings.values())) {
      if (!wanted.contains(closing.wanted.id())) {
        closings.remove(closing.wanted.id());
        moved.add(closing.wanted.id());
        closing.jobs.forEach(this::cancel);
      }
    }
    for (StatementId override : List.copyOf(begun)) {
      if (!served.containsKey(override) && !ending.containsKey(override) && !isClosing(override)) {
        end(override, turn);
      }
    }
  }

  private boolean isClosing(StatementId override) {
    return closings.values().stream()
        .flatMap(closing -> closing.wanted.closes().stream())
        .anyMatch(one -> one.id().equals(override));
  }

  private void begin(WantedOverride override, Turn turn) {
    Served one = new Served(override, new TreeMap<>());
    served.put(override.id(), one);
    servedStale = true;
    if (begun.add(override.id())) {
      log.remember(Facts.begun(override.id()), ByteString.EMPTY);
    }
    TreeMap<String, Job> earlier = ending.remove(override.id());
    cleared.remove(override.id());
    if (earlier != null) {
      earlier.values().forEach(this::cancel);
    }
    addJobs(one.jobs(), override.id(), Plan.override(override.alert(), override.action()), turn);
  }

  /// Clears at the resolvers what an override told them, be it in this life or in one before.
  private void end(StatementId override, Turn turn) {
    TreeMap<String, Job> jobs = new TreeMap<>();
    ending.put(override, jobs);
    log.get(override)
        .map(entry -> entry.envelope().statement())
        .ifPresent(statement -> {
          if (statement instanceof Statement.Alert alert
              && alert.action() instanceof Statement.OverrideAction action) {
            addJobs(jobs, override, Plan.end(alert, action), turn);
          }
        });
    forgetIfCleared(override);
  }

  private void forgetIfCleared(StatementId override) {
    TreeMap<String, Job> jobs = ending.get(override);
    if (jobs != null && jobs.values().stream().allMatch(Job::isDone)) {
      forget(override);
      cleared.remove(override);
      cleared.addLast(override);
      if (cleared.size() > Limits.CLEARED_SHOWN) {
        ending.remove(cleared.removeFirst());
      }
    }
  }

  private void forget(StatementId override) {
    if (begun.remove(override)) {
      log.forget(Facts.begun(override));
    }
  }

  private void addJobs(Map<String, Job> jobs, StatementId alert, Plan plan, Turn turn) {
    for (ResolverBook.Beside beside : resolvers.all()) {
      addJob(jobs, alert, beside.name, plan, turn);
    }
  }

  private void addJob(
      Map<String, Job> jobs, StatementId alert, String resolver, Plan plan, Turn turn) {
    Job job = new Job(nextJob++, alert, resolver, plan, turn.nanos());
    jobs.put(resolver, job);
    due.add(job);
    moved.add(alert);
  }

  private void addJobs(Closing closing, Plan plan, Turn turn) {
    TreeMap<String, Job> jobs = new TreeMap<>();
    addJobs(jobs, closing.wanted.id(), plan, turn);
    closing.jobs.addAll(jobs.values());
  }

  private void cancel(Job job) {
    job.cancelled = true;
    due.remove(job);
    moved.add(job.alert);
  }

  /// Each node and flush has its own share of the jitter, the same after a restart.
  private long jitterOf(WantedFlush flush) {
    long window = flushJitterMillis;
    if (window == 0) {
      return 0;
    }
    Sha256 hash = Sha256.of(config.nodeKey().toByteString(), flush.id().toByteString());
    return Long.remainderUnsigned(hash.a(), window);
  }

  /// The end of a turn: publishes the overlay if it changed, then does all that is due. True if an
  /// alert's state changed thereby, so that it must be judged anew.
  boolean settle(Turn turn) {
    int before = concluded;
    boolean wentOn;
    do {
      wentOn = false;
      for (Closing closing : List.copyOf(closings.values())) {
        if (step(closing, turn)) {
          moved.add(closing.wanted.id());
          wentOn = true;
        }
      }
      publish(turn);
      while (!due.isEmpty() && due.first().notBeforeNanos <= turn.nanos()) {
        Job job = due.first();
        due.remove(job);
        go(job, turn);
        wentOn = true;
      }
    } while (wentOn);
    poll(turn);
    return concluded != before;
  }

  private void publish(Turn turn) {
    if (published && !servedStale) {
      return;
    }
    servedStale = false;
    Overlay next = config.acts() ? wantedOverlay() : Overlay.EMPTY;
    if (published && next.equals(overlay)) {
      return;
    }
    published = true;
    overlay = next;
    // RFC 1982: it never goes back, across crashes and clocks; durable before it is served.
    serial = Math.max((serial + 1) & 0xffff_ffffL, turn.wallMillis() / 1_000 & 0xffff_ffffL);
    log.remember(Facts.SERIAL, Facts.number(serial));
    turn.add(new Effect.ServeOverlay(overlay, serial));
    resolvers.published(serial, turn);
  }

  private Overlay wantedOverlay() {
    List<WantedOverride> inOrder = new ArrayList<>();
    served.values().forEach(one -> inOrder.add(one.wanted()));
    inOrder.sort(
        Comparator.comparingLong(WantedOverride::firstSeenMillis)
            .thenComparing(WantedOverride::id));
    TreeMap<DnsName, Overlay.Entry> byName = new TreeMap<>();
    LinkedHashSet<Overlay.Trigger> blocked = new LinkedHashSet<>();
    for (WantedOverride override : inOrder) {
      Statement.OverrideAction action = override.action();
      for (Overlay.Trigger trigger : triggers.getOrDefault(override.id(), List.of())) {
        if (blocked.size() < Limits.MAX_TRIGGERS) {
          blocked.add(trigger);
        }
      }
      if (action.records().isEmpty()) {
        continue;
      }
      for (DnsName name : override.alert().names()) {
        byName.putIfAbsent(
            name,
            new Overlay.Entry(
                name,
                override.alert().subtree(),
                action.records(),
                override.id(),
                action.ttlSeconds()));
      }
    }
    if (!canary.isEmpty()) {
      byName.putIfAbsent(
          Overlay.CANARY,
          new Overlay.Entry(
              Overlay.CANARY, false, canary, new StatementId(Sha256.ZERO), CANARY_TTL_SECONDS));
    }
    return new Overlay(List.copyOf(byName.values()), List.copyOf(blocked));
  }

  private void go(Job job, Turn turn) {
    ResolverBook.Beside beside = resolvers.get(job.resolver);
    if (job.isDone()) {
      // Time to look again; only an override that is still served asks for it.
      job.lookAgain();
      if (job.isDone()) {
        return;
      }
    }
    if (beside.asked && !beside.up) {
      say(job, beside.detail);
      wait(job);
      return;
    }
    switch (job.plan.tasks().get(job.index)) {
      case Plan.Task.AwaitSerial _ -> {
        if (job.requiredSerial == 0) {
          job.requiredSerial = serial;
        }
        if (beside.holds(job.requiredSerial)) {
          advance(job, turn);
        } else {
          wait(job);
        }
      }
      case Plan.Task.Act act -> {
        if (job.plan.flushesOnly() && !job.hasToken) {
          job.hasToken = true;
          job.notBeforeNanos = allowance.take(job.resolver, turn.nanos());
          if (job.notBeforeNanos > turn.nanos()) {
            due.add(job);
            return;
          }
        }
        issue(job, act.operation(), turn);
      }
      case Plan.Task.Check check -> issue(job, check.probe(), turn);
    }
  }

  private void say(Job job, String detail) {
    if (!job.detail.equals(detail)) {
      job.detail = detail;
      moved.add(job.alert);
    }
  }

  private void wait(Job job) {
    waiting.computeIfAbsent(job.resolver, _ -> new ArrayList<>()).add(job);
  }

  private void issue(Job job, Effect.Operation operation, Turn turn) {
    job.attempts++;
    job.hasToken = false;
    job.ticket = ticket(new Errand.OfJob(job));
    turn.add(new Effect.Actuate(job.ticket, job.resolver, operation));
  }

  private long ticket(Errand errand) {
    long ticket = nextTicket++;
    errands.put(ticket, errand);
    return ticket;
  }

  private void advance(Job job, Turn turn) {
    if (!job.again) {
      // Looking again and finding it well is no news.
      moved.add(job.alert);
    }
    job.advance(turn);
    Served one = served.get(job.alert);
    boolean verifiedAgainLater = one != null && one.jobs().get(job.resolver) == job;
    if (!job.isDone() || verifiedAgainLater) {
      due.add(job);
    }
    forgetIfCleared(job.alert);
  }

  /// What came of an operation. A ticket that nobody waits for any more is nothing to us.
  void outcome(Event.Actuated event, Turn turn) {
    Errand errand = errands.remove(event.ticket());
    switch (errand) {
      case null -> {}
      case Errand.OfJob of -> outcomeOfJob(of.job(), event.outcome(), turn);
      case Errand.OfPoll of -> outcomeOfPoll(of.beside(), event.outcome(), turn);
      case Errand.OfClosing of -> outcomeOfCheck(of.closing(), event.outcome(), turn);
    }
  }

  private void outcomeOfJob(Job job, Event.Outcome outcome, Turn turn) {
    if (job.cancelled) {
      return;
    }
    job.ticket = 0;
    Plan.Task task = job.plan.tasks().get(job.index);
    switch (outcome) {
      case Event.Outcome.Done _ -> {
        if (task instanceof Plan.Task.Act act && job.refused.remove(act.operation()) != null) {
          // It was not done before: what follows is to be done, too.
          job.again = false;
        }
        advance(job, turn);
      }
      case Event.Outcome.Refused refused -> {
        if (!(task instanceof Plan.Task.Act act)) {
          throw new AssertionError("not an outcome of " + task);
        }
        if (!refused.reason().equals(job.refused.put(act.operation(), refused.reason()))) {
          moved.add(job.alert);
          turn.notice(Effect.Level.WARNING, "alert " + job.alert + ": " + refused.reason());
        }
        advance(job, turn);
      }
      case Event.Outcome.Answered answer -> {
        if (task instanceof Plan.Task.Check check && !Plan.isAsExpected(check.expected(), answer)) {
          String wrong =
              check.probe().name()
                  + " "
                  + DnsWords.type(check.probe().type())
                  + " is not answered as it should be: "
                  + DnsWords.status(answer.responseCode())
                  + ", "
                  + answer.rdata().size()
                  + " records";
          job.wrongAnswers++;
          boolean startsOver = job.wrongAnswers % Limits.START_OVER == 0;
          retry(job, wrong, startsOver ? 0 : job.plan.retryFrom(), turn);
        } else {
          advance(job, turn);
        }
      }
      case Event.Outcome.Failed failed -> {
        retry(job, failed.reason(), job.index, turn);
        // Whether it is gone altogether is for the next read of its serial to say: now.
        resolvers.get(job.resolver).nextPollNanos = turn.nanos();
      }
      case Event.Outcome.Held _, Event.Outcome.Delegation _ ->
          throw new AssertionError("not an outcome of " + task);
    }
  }

  private void retry(Job job, String reason, int backTo, Turn turn) {
    moved.add(job.alert);
    job.failed(reason, backTo, turn);
    due.add(job);
  }

  private void outcomeOfPoll(ResolverBook.Beside beside, Event.Outcome outcome, Turn turn) {
    beside.ticket = 0;
    if (!resolvers.has(beside)) {
      return;
    }
    if (outcome instanceof Event.Outcome.Held held) {
      boolean cameBack = beside.asked && !beside.up;
      OptionalLong heldSerial = held.serial().map(OptionalLong::of).orElseGet(OptionalLong::empty);
      List<Job> released = waiting.getOrDefault(beside.name, List.of());
      boolean awaited = released.stream().anyMatch(job -> job.awaitsSerial() && !job.cancelled);
      resolvers.held(beside, heldSerial, awaited, turn);
      waiting.remove(beside.name);
      for (Job job : released) {
        if (!job.cancelled) {
          say(job, beside.polls > Limits.CLOSE_POLLS ? missing(job, heldSerial) : "");
          job.notBeforeNanos = turn.nanos();
          due.add(job);
        }
      }
      if (cameBack) {
        turn.notice(Effect.Level.INFO, "resolver " + beside.name + " is back");
        restartAt(beside, turn);
      }
    } else {
      String reason =
          outcome instanceof Event.Outcome.Failed failed ? failed.reason() : "no serial read";
      if (beside.up || !beside.asked) {
        turn.notice(Effect.Level.WARNING, "resolver " + beside.name + " is down: " + reason);
      }
      resolvers.failed(beside, reason, turn);
      waiting.getOrDefault(beside.name, List.of()).forEach(job -> say(job, reason));
    }
  }

  /// Why it takes so long: for whoever looks at an alert.
  private static String missing(Job job, OptionalLong held) {
    return "the resolver "
        + (held.isPresent() ? "still holds serial " + held.getAsLong() : "holds no overlay")
        + ", not "
        + job.requiredSerial
        + ": does it transfer the zone?";
  }

  /// A resolver that was away may have lost what it was told: everything active is done again
  /// there.
  private void restartAt(ResolverBook.Beside beside, Turn turn) {
    for (Served one : served.values()) {
      Job job = one.jobs().get(beside.name);
      if (job != null && job.ticket == 0) {
        due.remove(job);
        job.restart(turn);
        moved.add(job.alert);
        due.add(job);
      }
    }
  }

  private void poll(Turn turn) {
    for (ResolverBook.Beside beside : resolvers.all()) {
      if (beside.ticket == 0 && beside.nextPollNanos <= turn.nanos()) {
        beside.ticket = ticket(new Errand.OfPoll(beside));
        turn.add(new Effect.Actuate(beside.ticket, beside.name, new Effect.Operation.ReadSerial()));
      }
    }
  }

  /// One step of a closing; true if it went on.
  private boolean step(Closing closing, Turn turn) {
    return switch (closing.stage) {
      case JITTER -> turn.nanos() >= closing.nextNanos && afterJitter(closing, turn);
      case VERIFY -> !closing.checkUnderWay && verify(closing, turn);
      case PREFLUSH ->
          (closing.jobsDone() || turn.nanos() >= closing.nextNanos) && withdraw(closing, turn);
      case FINISH -> closing.jobsDone() && finish(closing, turn);
      case DONE -> false;
    };
  }

  private boolean afterJitter(Closing closing, Turn turn) {
    if (!closing.standsAlone()) {
      boolean withdrawnBefore =
          closing.wanted.closes().stream().allMatch(one -> isWithdrawn(one.id()));
      if (withdrawnBefore || resolvers.isEmpty()) {
        return withdraw(closing, turn);
      }
      closing.stage = Closing.Stage.VERIFY;
      return true;
    }
    String subtree = closing.wanted.issuer() + " " + closing.wanted.alert().names();
    Long last = recentFlushes.get(subtree);
    closing.stage = Closing.Stage.FINISH;
    if (last != null && turn.nanos() - last < Limits.SAME_FLUSH_MILLIS * Moment.NANOS_PER_MILLI) {
      closing.detail = "flushed for the same submitter within the last ten minutes";
      return true;
    }
    recentFlushes.put(subtree, turn.nanos());
    recentFlushes
        .values()
        .removeIf(at -> turn.nanos() - at >= Limits.SAME_FLUSH_MILLIS * Moment.NANOS_PER_MILLI);
    addJobs(closing, Plan.flushAlone(closing.wanted.alert()), turn);
    return true;
  }

  private boolean verify(Closing closing, Turn turn) {
    if (turn.nanos() < closing.nextNanos) {
      return false;
    }
    if (closing.verifying < closing.wanted.closes().size()) {
      WantedOverride override = closing.wanted.closes().get(closing.verifying);
      closing.checkUnderWay = true;
      turn.add(
          new Effect.CheckDelegation(
              ticket(new Errand.OfClosing(closing)),
              override.alert().names(),
              override.action().records(),
              override.action().nameServers()));
      return false;
    }
    closing.stage = Closing.Stage.PREFLUSH;
    closing.nextNanos = turn.after(Limits.PREFLUSH_MILLIS);
    for (WantedOverride override : closing.wanted.closes()) {
      addJobs(closing, Plan.preflush(override.alert()), turn);
    }
    return true;
  }

  private void outcomeOfCheck(Closing closing, Event.Outcome outcome, Turn turn) {
    closing.checkUnderWay = false;
    moved.add(closing.wanted.id());
    String wrong =
        switch (outcome) {
          case Event.Outcome.Delegation delegation -> delegation.wrong().orElse("");
          case Event.Outcome.Failed failed -> failed.reason();
          case Event.Outcome.Done _,
              Event.Outcome.Held _,
              Event.Outcome.Answered _,
              Event.Outcome.Refused _ ->
              throw new AssertionError("not an outcome of a delegation check");
        };
    if (wrong.isEmpty()) {
      closing.verifying++;
      closing.failures = 0;
      closing.detail = "";
      return;
    }
    if (!wrong.equals(closing.detail)) {
      turn.notice(
          Effect.Level.WARNING,
          "flush " + closing.wanted.id() + " waits, the override goes on protecting: " + wrong);
    }
    closing.detail = wrong;
    closing.failures++;
    closing.nextNanos =
        turn.after(
            Backoff.millis(
                closing.failures,
                Limits.DELEGATION_RETRY_MIN_MILLIS,
                Limits.DELEGATION_RETRY_MAX_MILLIS));
  }

  private boolean withdraw(Closing closing, Turn turn) {
    closing.jobs.forEach(this::cancel);
    closing.jobs.clear();
    closing.stage = Closing.Stage.FINISH;
    concluded++;
    for (WantedOverride override : closing.wanted.closes()) {
      log.remember(Facts.withdrawn(override.id()), ByteString.EMPTY);
      Served one = served.remove(override.id());
      servedStale = true;
      if (one != null) {
        one.jobs().values().forEach(this::cancel);
      }
      addJobs(closing, Plan.closing(override.alert(), override.action()), turn);
    }
    return true;
  }

  private boolean finish(Closing closing, Turn turn) {
    closing.stage = Closing.Stage.DONE;
    concluded++;
    for (Job job : closing.jobs) {
      log.remember(Facts.done(job.alert, job.resolver), Facts.number(job.doneMillis.orElse(0)));
    }
    log.remember(Facts.resolved(closing.wanted.id()), ByteString.EMPTY);
    closing.wanted.closes().forEach(override -> forget(override.id()));
    turn.notice(Effect.Level.INFO, "flush " + closing.wanted.id() + " is done");
    return true;
  }

  long nextDeadlineNanos() {
    long next = due.isEmpty() ? Long.MAX_VALUE : due.first().notBeforeNanos;
    for (ResolverBook.Beside beside : resolvers.all()) {
      if (beside.ticket == 0) {
        next = Math.min(next, beside.nextPollNanos);
      }
    }
    for (Closing closing : closings.values()) {
      boolean waits =
          switch (closing.stage) {
            case JITTER, PREFLUSH -> true;
            case VERIFY -> !closing.checkUnderWay;
            case FINISH, DONE -> false;
          };
      if (waits) {
        next = Math.min(next, closing.nextNanos);
      }
    }
    return next;
  }

  /// Alerts whose progress may be another than when this was last asked.
  List<StatementId> takeMoved() {
    List<StatementId> taken = List.copyOf(moved);
    moved.clear();
    return taken;
  }

  /// How far this alert has come, resolver by resolver.
  List<Progress> progress(StatementId alert) {
    List<Progress> progress = new ArrayList<>();
    Served one = served.get(alert);
    Closing closing = closings.get(alert);
    TreeMap<String, Job> ended = ending.get(alert);
    if (one != null) {
      one.jobs().values().forEach(job -> progress.add(of(job, job.progressWord())));
    } else if (closing != null) {
      if (closing.jobs.isEmpty() && closing.stage != Closing.Stage.DONE) {
        for (ResolverBook.Beside beside : resolvers.all()) {
          progress.add(new Progress(beside.name, "waiting", 0, closing.detail, 0));
        }
      }
      closing.jobs.forEach(job -> progress.add(of(job, job.progressWord())));
    } else if (ended != null) {
      ended.values().forEach(job -> progress.add(of(job, job.isDone() ? "cleared" : "clearing")));
    } else {
      for (ResolverBook.Beside beside : resolvers.all()) {
        Facts.number(log, Facts.done(alert, beside.name))
            .ifPresent(
                millis -> progress.add(new Progress(beside.name, "verified", millis, "", 0)));
      }
    }
    return progress;
  }

  private static Progress of(Job job, String word) {
    return new Progress(job.resolver, word, job.doneMillis.orElse(0), job.told(), job.attempts);
  }

  /// Alerts that are not yet done at this resolver.
  int backlog(String resolver) {
    int backlog = 0;
    for (Served one : served.values()) {
      Job job = one.jobs().get(resolver);
      backlog += job != null && job.doneMillis.isEmpty() ? 1 : 0;
    }
    for (Closing closing : closings.values()) {
      for (Job job : closing.jobs) {
        backlog += job.resolver.equals(resolver) && !job.isDone() ? 1 : 0;
      }
    }
    return backlog;
  }

  /// For how long the oldest of what this resolver is to do has waited: an overlay that it does not
  /// hold yet, an alert or a flush that is not done there; 0 if there is nothing.
  long lagMillis(ResolverBook.Beside beside, long nowNanos) {
    long since = Math.min(beside.behindSinceNanos, nowNanos);
    for (Served one : served.values()) {
      Job job = one.jobs().get(beside.name);
      if (job != null && job.doneMillis.isEmpty()) {
        since = Math.min(since, job.startedNanos);
      }
    }
    for (Closing closing : closings.values()) {
      for (Job job : closing.jobs) {
        if (job.resolver.equals(beside.name) && !job.isDone()) {
          since = Math.min(since, job.startedNanos);
        }
      }
    }
    return (nowNanos - since) / Moment.NANOS_PER_MILLI;
  }

  /// What each closing waits for, for `status`.
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    for (ResolverBook.Beside beside : resolvers.all()) {
      if (beside.asked && !beside.up) {
        warnings.add(
            "resolver "
                + beside.name
                + " is down, "
                + backlog(beside.name)
                + " alerts wait for it: "
                + beside.detail);
      }
    }
    for (Closing closing : closings.values()) {
      if (!closing.detail.isEmpty() && closing.stage == Closing.Stage.VERIFY) {
        warnings.add("flush " + closing.wanted.id() + " waits: " + closing.detail);
      }
    }
    return warnings;
  }
}
