package tocsin.node.loop;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tocsin.node.core.Effect;
import tocsin.node.core.Event;
import tocsin.node.core.Moment;
import tocsin.node.core.NodeCore;
import tocsin.storage.LogFailure;
import tocsin.storage.StatementLog;

/// Drives a core: takes events from its bounded inbox, lets the core handle them, commits the log,
/// and runs the effects. The only reader of the clocks, and the only thread that touches core and
/// log.
public final class NodeLoop implements AutoCloseable {
  /// Events that may wait. Beyond, whoever brings more waits: a flood is slowed down at its stream.
  private static final int INBOX = 4_096;

  /// Events handled in one turn: bounds how long the first of them waits for its commit.
  private static final int TURN = 256;

  /// A question to the core is answered between two turns, and those take milliseconds.
  private static final long QUESTION_MILLIS = 10_000;

  /// Where the loop reads the time.
  public interface Clock {
    Moment now();

    /// The machine's clocks.
    Clock SYSTEM = () -> new Moment(System.nanoTime(), System.currentTimeMillis());
  }

  private sealed interface Item {
    /// @param handled run when the turn is over
    record Happened(Event event, Runnable handled) implements Item {}

    /// Wakes the loop so that it sees that it is closed.
    record Wake() implements Item {}

    record Question<T>(Function<NodeCore, T> function, CompletableFuture<T> answer)
        implements Item {
      void answerFrom(NodeCore core) {
        try {
          answer.complete(function.apply(core));
        } catch (RuntimeException e) {
          answer.completeExceptionally(e);
        }
      }
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(NodeLoop.class);

  private final NodeCore core;
  private final StatementLog log;
  private final Clock clock;
  private final Consumer<Effect> runner;
  private final Consumer<String> halt;
  private final ArrayBlockingQueue<Item> inbox = new ArrayBlockingQueue<>(INBOX);
  private final Thread thread;
  private volatile boolean closed;

  /// @param runner runs one effect; must not block
  /// @param halt called once, with one sentence, when going on would do harm
  public NodeLoop(
      NodeCore core,
      StatementLog log,
      Clock clock,
      Consumer<Effect> runner,
      Consumer<String> halt) {
    this.core = core;
    this.log = log;
    this.clock = clock;
    this.runner = runner;
    this.halt = halt;
    this.thread = Thread.ofPlatform().name("tocsin-loop").unstarted(this::loop);
  }

  public void start() {
    inbox.add(new Item.Happened(new Event.Started(new SecureRandom().nextLong()), () -> {}));
    thread.start();
  }

  /// Hands over an event; waits while the inbox is full. False if the loop has ended.
  public boolean happened(Event event) {
    return put(new Item.Happened(event, () -> {}));
  }

  /// The same, and runs `handled` once, when the event's turn is over or never will be. It must not
  /// block.
  public void happened(Event event, Runnable handled) {
    if (!put(new Item.Happened(event, handled))) {
      handled.run();
    }
  }

  private boolean put(Item item) {
    try {
      while (!closed) {
        if (inbox.offer(item, 100, TimeUnit.MILLISECONDS)) {
          return true;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  /// Asks the core something, between two turns. The function must only look.
  ///
  /// @throws IllegalStateException if the loop has ended or does not answer
  public <T> T ask(Function<NodeCore, T> function) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    if (!put(new Item.Question<>(function, answer))) {
      throw new IllegalStateException("the node is stopping");
    }
    try {
      return answer.get(QUESTION_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking the node", e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the node does not answer", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private void loop() {
    List<Item> items = new ArrayList<>(TURN);
    try {
      while (!closed) {
        items.clear();
        Item first = await();
        if (first != null) {
          items.add(first);
          inbox.drainTo(items, TURN - 1);
        }
        turn(items);
      }
    } catch (InterruptedException e) {
      stop("somebody interrupted the loop", e);
    } catch (LogFailure e) {
      stop(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException | AssertionError e) {
      if (closed) {
        // A turn that went on for so long that the log was closed under it: the fold of a start.
        LOG.info("the last turn was not ended: {}", e.toString());
      } else {
        stop("the node contradicts itself: " + e, e);
      }
    } finally {
      closed = true;
      inbox.drainTo(items);
      dismiss(items);
    }
  }

  private Item await() throws InterruptedException {
    long deadline = core.nextDeadline();
    if (deadline == Long.MAX_VALUE) {
      return inbox.take();
    }
    long nanos = deadline - clock.now().monotonicNanos();
    return nanos <= 0 ? inbox.poll() : inbox.poll(nanos, TimeUnit.NANOSECONDS);
  }

  private void turn(List<Item> items) {
    Moment now = clock.now();
    List<Effect> effects = new ArrayList<>();
    boolean happened = false;
    for (Item item : items) {
      if (item instanceof Item.Happened one) {
        effects.addAll(core.handle(one.event(), now));
        happened = true;
      }
    }
    if (!happened && core.nextDeadline() <= now.monotonicNanos()) {
      effects.addAll(core.handle(new Event.DeadlineReached(), now));
    }
    // From here on a crash forgets nothing that anybody was told.
    log.commit();
    for (Effect effect : effects) {
      run(effect);
    }
    while (!items.isEmpty()) {
      switch (items.removeFirst()) {
        case Item.Happened one -> one.handled().run();
        case Item.Question<?> question -> question.answerFrom(core);
        case Item.Wake _ -> {}
      }
    }
  }

  private void run(Effect effect) {
    if (effect instanceof Effect.Halt halted) {
      throw new LogFailure(halted.reason());
    }
    runner.accept(effect);
  }

  private void stop(String reason, Throwable cause) {
    LOG.error("halted: {}", reason, cause);
    halt.accept(reason);
  }

  /// Those whose turn never came, or was not ended.
  private static void dismiss(List<Item> left) {
    for (Item item : left) {
      switch (item) {
        case Item.Happened one -> one.handled().run();
        case Item.Question<?> question ->
            question
                .answer()
                .completeExceptionally(new IllegalStateException("the node is stopping"));
        case Item.Wake _ -> {}
      }
    }
  }

  /// Ends the loop after the turn that runs, and waits for that.
  @Override
  public void close() {
    closed = true;
    // Never an interrupt: it would close the file that the thread may be syncing. A full inbox
    // wakes
    // the loop as well.
    inbox.offer(new Item.Wake());
    try {
      thread.join(QUESTION_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
