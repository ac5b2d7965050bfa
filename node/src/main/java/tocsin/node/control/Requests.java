package tocsin.node.control;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import tocsin.node.core.Effect.Answer;
import tocsin.node.core.Event;

/// Operators' requests that are under way in the core, by number.
public final class Requests {
  /// A request is answered after one commit; a disk that needs longer is in trouble.
  private static final long PATIENCE_SECONDS = 30;

  private final ConcurrentHashMap<Long, CompletableFuture<Answer>> waiting =
      new ConcurrentHashMap<>();
  private final AtomicLong next = new AtomicLong(1);

  /// Brings an event before the core and waits for the answer to it.
  ///
  /// @param event makes the event that carries this request's number
  /// @param inbox takes it; false if the node is stopping
  /// @throws TimeoutException if no answer came
  Answer ask(LongFunction<Event> event, Predicate<Event> inbox) throws TimeoutException {
    long number = next.getAndIncrement();
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    waiting.put(number, answer);
    try {
      if (!inbox.test(event.apply(number))) {
        throw new IllegalStateException("the node is stopping");
      }
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new AssertionError("answers are values", e);
    } finally {
      waiting.remove(number);
    }
  }

  /// The core's answer.
  public void answer(long number, Answer answer) {
    CompletableFuture<Answer> future = waiting.get(number);
    if (future != null) {
      future.complete(answer);
    }
  }
}
