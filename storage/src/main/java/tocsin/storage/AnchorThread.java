package tocsin.storage;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Writes the head anchor while the next commit is made: each head after its batch is synced, and
/// never more than one commit behind.
///
/// A crash in between finds the log one commit ahead of its anchor, which is well. Only what
/// happens to the write-ahead log within that very moment (a part of a millisecond) would go
/// unnoticed.
final class AnchorThread implements AutoCloseable {
  private final HeadAnchor anchor;
  private final Thread thread;
  private Head wanted;
  private volatile Head written;
  private @Nullable Throwable failure;
  private boolean closing;

  /// @param head what the anchor says now
  AnchorThread(HeadAnchor anchor, Head head) {
    this.anchor = anchor;
    this.wanted = head;
    this.written = head;
    this.thread = Thread.ofPlatform().daemon().name("tocsin-anchor").start(this::run);
  }

  /// The newest head that the anchor says.
  Head written() {
    return written;
  }

  /// Has this head written, once the one before it is.
  ///
  /// @throws IOException if the one before it could not be written
  synchronized void write(Head next) throws IOException {
    settle();
    wanted = next;
    notifyAll();
  }

  /// Waits until all is written.
  ///
  /// @throws IOException if it could not be
  synchronized void settle() throws IOException {
    boolean interrupted = false;
    while (written.commits() != wanted.commits() && failure == null) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw new IOException("the head anchor: " + LogFailure.reason(failure), failure);
    }
  }

  private void run() {
    try {
      while (true) {
        Head next;
        synchronized (this) {
          while (written.commits() == wanted.commits() && !closing) {
            wait();
          }
          if (written.commits() == wanted.commits()) {
            return;
          }
          next = wanted;
        }
        anchor.write(next);
        synchronized (this) {
          written = next;
          notifyAll();
        }
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      synchronized (this) {
        failure = e;
        notifyAll();
      }
    }
  }

  /// Writes what is left.
  @Override
  public void close() throws IOException {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    anchor.close();
  }
}
