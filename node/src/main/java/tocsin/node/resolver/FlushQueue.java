package tocsin.node.resolver;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import tocsin.trust.DnsName;

/// One flush of one resolver at a time (each may stop it for a quarter of a second), and those that
/// wait for the same name are done as one.
///
/// A flush that has begun is not joined: it may have walked past the entry already.
final class FlushQueue {
  /// The flush itself.
  @FunctionalInterface
  interface Flush {
    void run(DnsName name) throws ResolverException;
  }

  private final Semaphore turn = new Semaphore(1, true);

  /// Those whose turn has not come: what is wrong, or nothing, once it is over.
  private final Map<DnsName, CompletableFuture<Optional<String>>> waiting = new HashMap<>();

  private final Flush flush;
  private final AtomicInteger callers = new AtomicInteger();

  FlushQueue(Flush flush) {
    this.flush = flush;
  }

  /// Returns when a flush of this name that began after this call is done.
  ///
  /// @throws ResolverException if it failed, or its turn did not come in time
  void flush(DnsName name) throws ResolverException {
    CompletableFuture<Optional<String>> mine = new CompletableFuture<>();
    CompletableFuture<Optional<String>> earlier;
    synchronized (waiting) {
      earlier = waiting.putIfAbsent(name, mine);
    }
    callers.incrementAndGet();
    try {
      if (earlier == null) {
        lead(name, mine);
      } else {
        follow(name, earlier);
      }
    } finally {
      callers.decrementAndGet();
    }
  }

  /// Callers whose flush is not done yet, the one under way included.
  int callers() {
    return callers.get();
  }

  private void lead(DnsName name, CompletableFuture<Optional<String>> mine)
      throws ResolverException {
    boolean myTurn = false;
    Optional<String> outcome = Optional.of("the flush of " + name + " was called off");
    try {
      myTurn = turn.tryAcquire(ResolverLimits.FLUSH_QUEUE.toMillis(), TimeUnit.MILLISECONDS);
      synchronized (waiting) {
        waiting.remove(name);
      }
      if (!myTurn) {
        throw new ResolverException(
            "the flush of " + name + " waited too long behind other flushes");
      }
      flush.run(name);
      outcome = Optional.empty();
    } catch (ResolverException e) {
      outcome = Optional.of(String.valueOf(e.getMessage()));
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ResolverException("the flush of " + name + " was called off", e);
    } finally {
      if (myTurn) {
        turn.release();
      }
      synchronized (waiting) {
        waiting.remove(name, mine);
      }
      // Whatever ended us: nobody waits for a flush that will not be.
      mine.complete(outcome);
    }
  }

  private static void follow(DnsName name, CompletableFuture<Optional<String>> earlier)
      throws ResolverException {
    Optional<String> outcome;
    try {
      outcome =
          earlier.get(
              ResolverLimits.FLUSH_QUEUE.plus(ResolverLimits.CONTROL_COMMAND).toMillis(),
              TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("outcomes are values", e);
    } catch (TimeoutException e) {
      throw new ResolverException(
          "the flush of " + name + " waited too long behind other flushes", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ResolverException("the flush of " + name + " was called off", e);
    }
    if (outcome.isPresent()) {
      throw new ResolverException(outcome.get());
    }
  }
}
