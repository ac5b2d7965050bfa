package tocsin.node.core;

import java.util.LinkedHashMap;
import java.util.OptionalLong;
import tocsin.trust.StatementId;

/// One plan on its way at one resolver. Mutable, owned by `Enactment`.
final class Job {
  /// Counted up by the owner: the order among jobs that are due at the same time.
  final long number;

  final StatementId alert;
  final String resolver;
  final Plan plan;
  final long startedNanos;

  /// The overlay serial that the resolver must hold; 0 until the turn's overlay is published.
  long requiredSerial;

  /// The next flush has its token of the resolver's allowance.
  boolean hasToken;

  int index;
  int attempts;
  int failures;
  long notBeforeNanos;

  /// The operation that is under way; 0: none.
  long ticket;

  /// Wrong answers since it was last as it should be.
  int wrongAnswers;

  /// Done once, it is looked at again: what is not a check is passed over, but for corrections now
  /// and then.
  boolean again;

  boolean correctsAgain;
  int verifications;

  String detail = "";

  /// What was refused there, with its reasons: it went on without.
  final LinkedHashMap<Effect.Operation, String> refused = new LinkedHashMap<>();

  /// Nobody wants it any more; what is under way may end as it likes.
  boolean cancelled;

  /// From the start to the last task's end, once; stays when it is verified again.
  OptionalLong doneMillis = OptionalLong.empty();

  Job(long number, StatementId alert, String resolver, Plan plan, long startedNanos) {
    this.number = number;
    this.alert = alert;
    this.resolver = resolver;
    this.plan = plan;
    this.startedNanos = startedNanos;
    this.notBeforeNanos = startedNanos;
  }

  boolean isDone() {
    return index >= plan.tasks().size();
  }

  boolean awaitsSerial() {
    return !isDone() && plan.tasks().get(index) instanceof Plan.Task.AwaitSerial;
  }

  void advance(Turn turn) {
    index++;
    failures = 0;
    detail = "";
    notBeforeNanos = turn.nanos();
    skip();
    if (isDone()) {
      wrongAnswers = 0;
      again = false;
      if (doneMillis.isEmpty()) {
        doneMillis = OptionalLong.of((turn.nanos() - startedNanos) / Moment.NANOS_PER_MILLI);
      }
      notBeforeNanos = turn.after(Limits.REVERIFY_MILLIS);
    }
  }

  /// Passes over what need not be done when it is only looked at again.
  private void skip() {
    while (again && !isDone() && isPassedOver(plan.tasks().get(index))) {
      index++;
    }
  }

  private boolean isPassedOver(Plan.Task task) {
    return switch (task) {
      case Plan.Task.AwaitSerial _ -> true;
      case Plan.Task.Check _ -> false;
      case Plan.Task.Act(Effect.Operation operation) ->
          switch (operation) {
            case Effect.Operation.CorrectNameServers _, Effect.Operation.SetInsecure _ ->
                !correctsAgain;
            case Effect.Operation.FlushSubtree _,
                Effect.Operation.ClearNameServers _,
                Effect.Operation.ClearInsecure _,
                Effect.Operation.ReadSerial _,
                Effect.Operation.Probe _ ->
                true;
          };
    };
  }

  /// Begins to look again at what is done.
  void lookAgain() {
    verifications++;
    correctsAgain = verifications % Limits.CORRECT_AGAIN == 0;
    again = true;
    index = 0;
    skip();
  }

  /// An operation failed, or was answered wrong; it goes on with the task of this index later.
  void failed(String reason, int backTo, Turn turn) {
    index = again ? 0 : Math.min(index, backTo);
    again = false;
    failures++;
    detail = reason;
    notBeforeNanos =
        turn.after(
            Backoff.millis(
                Math.max(failures, wrongAnswers),
                Limits.RETRY_MIN_MILLIS,
                Limits.RETRY_MAX_MILLIS));
  }

  void restart(Turn turn) {
    index = 0;
    again = false;
    ticket = 0;
    notBeforeNanos = turn.nanos();
  }

  String progressWord() {
    if (failures > 0) {
      return "failed";
    }
    if (isDone() && !refused.isEmpty() && !plan.provesRecords()) {
      return "refused";
    }
    return again ? plan.progressWord(plan.tasks().size()) : plan.progressWord(index);
  }

  /// What there is to say: what goes wrong now, then what was refused.
  String told() {
    if (refused.isEmpty()) {
      return detail;
    }
    String first = refused.values().iterator().next();
    String all = refused.size() == 1 ? first : first + ", and " + (refused.size() - 1) + " more";
    return detail.isEmpty() ? all : detail + "; " + all;
  }
}
