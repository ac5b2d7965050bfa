package tocsin.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Several slow things at the same time, on platform threads: RocksDB's calls would pin the
/// carriers of virtual ones.
final class Parallel {
  private Parallel() {}

  /// Does all of it, and waits for all.
  ///
  /// @return the results in the same order
  /// @throws NotSeen with the first failure's message
  static <T> List<T> all(List<Callable<T>> tasks) throws NotSeen, InterruptedException {
    try (ExecutorService threads = Executors.newFixedThreadPool(Math.max(tasks.size(), 1))) {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      NotSeen failure = new NotSeen(String.valueOf(cause.getMessage()));
      failure.initCause(cause);
      throw failure;
    }
  }
}
