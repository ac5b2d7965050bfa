package tocsin.node.core;

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

  int index;
  int attempts;
  int failures;
  long notBeforeNanos;

  /// The operation that is under way; 0: none.
  long ticket;

  String detail = "";

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
    if (isDone()) {
      if (doneMillis.isEmpty()) {
        doneMillis = OptionalLong.of((turn.nanos() - startedNanos) / Moment.NANOS_PER_MILLI);
      }
      notBeforeNanos = turn.after(Limits.REVERIFY_MILLIS);
    }
  }

  void failed(String reason, int backTo, Turn turn) {
    index = Math.min(index, backTo);
    failures++;
    detail = reason;
    notBeforeNanos =
        turn.after(Backoff.millis(failures, Limits.RETRY_MIN_MILLIS, Limits.RETRY_MAX_MILLIS));
  }

  void restart(Turn turn) {
    index = 0;
    ticket = 0;
    notBeforeNanos = turn.nanos();
  }

  String progressWord() {
    return failures > 0 ? "failed" : plan.progressWord(index);
  }
}
