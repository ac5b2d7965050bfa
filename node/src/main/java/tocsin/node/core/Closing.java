package tocsin.node.core;

import java.util.ArrayList;
import java.util.List;

/// A flush on its way through this node: it waits its share of the jitter, looks whether the
/// world's DNS is right again, flushes under the overlay's protection, withdraws the overlay, and
/// flushes once more. Mutable, owned by `Enactment`.
final class Closing {
  enum Stage {
    /// Until its share of the jitter has passed.
    JITTER,
    /// Until the registry and the authoritative servers are right.
    VERIFY,
    /// Flushing what is cached, while the overlay still answers.
    PREFLUSH,
    /// The overlay is gone; flushing and probing.
    FINISH,
    DONE
  }

  final Enactment.WantedFlush wanted;
  final long startedNanos;
  final List<Job> jobs = new ArrayList<>();

  Stage stage = Stage.JITTER;
  long nextNanos;

  /// Which of the overrides is being verified.
  int verifying;

  int failures;
  boolean checkUnderWay;
  String detail = "";

  Closing(Enactment.WantedFlush wanted, long startedNanos, long nextNanos) {
    this.wanted = wanted;
    this.startedNanos = startedNanos;
    this.nextNanos = nextNanos;
  }

  boolean standsAlone() {
    return wanted.closes().isEmpty();
  }

  boolean jobsDone() {
    return jobs.stream().allMatch(Job::isDone);
  }
}
