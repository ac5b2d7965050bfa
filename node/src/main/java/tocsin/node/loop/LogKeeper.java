package tocsin.node.loop;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tocsin.node.core.Event;
import tocsin.storage.Ballast;
import tocsin.storage.DiskSpace;
import tocsin.storage.LogCheck;
import tocsin.storage.RocksStatementLog;

/// Cares for the log beside the loop: sees whether its file system has room, keeps the ballast,
/// reads and hashes all of it by schedule, says what policy need not keep any longer.
public final class LogKeeper implements AutoCloseable {
  /// A file system fills within seconds when something goes wrong.
  private static final long LOOK_MILLIS = 2_000;

  private static final Duration RETENTION_LOOK = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(LogKeeper.class);

  private final RocksStatementLog log;
  private final DiskSpace space;
  private final Ballast ballast;
  private final Schedule schedule;
  private final Consumer<Event> events;
  private final Consumer<String> halt;
  private final Thread thread;
  private boolean closed;
  private boolean enough = true;
  private boolean ballastFailed;

  /// @param scrub how often; zero: never
  /// @param keepRefused how long; zero: for ever
  public record Schedule(Duration scrub, Duration keepRefused) {}

  /// @param folder of the log
  /// @param events takes what the core is to know; may wait
  /// @param halt called with one sentence when the log is damaged
  public LogKeeper(
      RocksStatementLog log,
      Path folder,
      DiskSpace space,
      Schedule schedule,
      Consumer<Event> events,
      Consumer<String> halt) {
    this.log = log;
    this.space = space;
    this.ballast = new Ballast(folder);
    this.schedule = schedule;
    this.events = events;
    this.halt = halt;
    // RocksDB's calls would pin a carrier.
    this.thread = Thread.ofPlatform().daemon().name("tocsin-log-keeper").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  private void run() {
    long scrubbed = System.nanoTime();
    long forgotten = 0;
    do {
      lookForRoom();
      long now = System.nanoTime();
      if (!schedule.scrub().isZero() && now - scrubbed >= schedule.scrub().toNanos()) {
        scrub();
        scrubbed = System.nanoTime();
      }
      boolean due = forgotten == 0 || now - forgotten >= RETENTION_LOOK.toNanos();
      if (!schedule.keepRefused().isZero() && due) {
        forgotten = now;
        events.accept(
            new Event.RefusedOutdated(
                System.currentTimeMillis() - schedule.keepRefused().toMillis()));
      }
    } while (!isClosedWithin(LOOK_MILLIS));
  }

  private synchronized boolean isClosedWithin(long millis) {
    long end = System.nanoTime() + millis * 1_000_000;
    try {
      for (long left = millis; !closed && left > 0; ) {
        wait(left);
        left = (end - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException e) {
      return true;
    }
    return closed;
  }

  private void lookForRoom() {
    boolean has = space.hasRoom();
    if (has != enough) {
      enough = has;
      events.accept(new Event.RoomChanged(has));
    }
    if (has) {
      try {
        ballast.take();
        ballastFailed = false;
      } catch (IOException e) {
        if (!ballastFailed) {
          LOG.warn("no ballast can be kept beside the log: {}", e.getMessage());
        }
        ballastFailed = true;
      }
    }
  }

  private void scrub() {
    long start = System.nanoTime();
    try {
      LogCheck check = log.verify();
      Optional<String> damage = check.damage();
      if (damage.isPresent()) {
        halt.accept(damage.get());
      } else {
        LOG.info(
            "the log was read and hashed again: {} statements in {} ms, all as they were",
            check.size(),
            (System.nanoTime() - start) / 1_000_000);
      }
    } catch (IllegalStateException e) {
      // It is being closed, or opened anew: the next time, then.
      LOG.debug("the log could not be scrubbed", e);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      // A scrub ends when the log is closed.
      thread.join(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
