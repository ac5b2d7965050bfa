package tocsin.node.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A few threads that do the costly part of receiving. Work is laid out in lanes: a lane's tasks
/// run one after the other, and lanes take turns task by task, so a busy lane delays another by one
/// task at most. The pool's queue holds a lane at most once: it is as bounded as the lanes are.
final class FrameWorkers implements AutoCloseable {
  /// A piece of work; it may wait for the inbox, and is interrupted when the transport closes.
  interface Task {
    void run() throws InterruptedException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(FrameWorkers.class);

  private final ExecutorService threads;

  FrameWorkers(int count, ThreadFactory factory) {
    this.threads = Executors.newFixedThreadPool(count, factory);
  }

  Lane newLane() {
    return new Lane();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  /// Tasks in order. Who adds must bound what is added.
  final class Lane implements Runnable {
    private final Queue<Task> tasks = new ConcurrentLinkedQueue<>();

    /// Tasks not yet done; who raises it from zero puts the lane on the threads.
    private final AtomicInteger pending = new AtomicInteger();

    void add(Task task) {
      tasks.add(task);
      if (pending.getAndIncrement() == 0) {
        schedule();
      }
    }

    /// One task.
    @Override
    public void run() {
      try {
        tasks.remove().run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        LOG.error("A task of the transport failed; its peer's next one goes on.", e);
      }
      if (pending.decrementAndGet() > 0) {
        schedule();
      }
    }

    private void schedule() {
      try {
        threads.execute(this);
      } catch (RejectedExecutionException e) {
        // Closed: nobody waits for the rest.
        tasks.clear();
      }
    }
  }
}
