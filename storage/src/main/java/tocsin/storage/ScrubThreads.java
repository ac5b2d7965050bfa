package tocsin.storage;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The threads that read a log from one end to the other. Closing waits for what has begun: nobody
/// may read when the snapshot is released.
final class ScrubThreads implements AutoCloseable {
  private final int count =
      Math.min(Runtime.getRuntime().availableProcessors(), Limits.SCRUB_THREADS);
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          count, Thread.ofPlatform().daemon().name("tocsin-scrub-", 0).factory());

  int count() {
    return count;
  }

  <T> Future<T> submit(Callable<T> work) {
    return threads.submit(work);
  }

  /// Waits for what was submitted, and throws what it threw.
  static <T> T taken(Future<T> result) {
    try {
      return result.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the log was read", e);
    }
  }

  @Override
  public void close() {
    threads.close();
  }
}
