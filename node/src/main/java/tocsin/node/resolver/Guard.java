package tocsin.node.resolver;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/// Closes a socket under a blocked call when the time is up, which ends the call. Closing the guard
/// first calls it off.
///
/// Socket timeouts count from the last byte, so that a peer that sends one byte a second never runs
/// into them.
final class Guard implements AutoCloseable {
  private final Thread watch;
  private volatile boolean closed;

  private Guard(Closeable socket, Duration time) {
    this.watch =
        Thread.ofVirtual()
            .unstarted(() -> {
              try {
                Thread.sleep(time);
                closed = true;
                socket.close();
              } catch (InterruptedException e) {
                // Called off.
              } catch (IOException e) {
                // It is closed, in whatever way.
              }
            });
  }

  static Guard closing(Closeable socket, Duration time) {
    Guard guard = new Guard(socket, time);
    guard.watch.start();
    return guard;
  }

  /// Whether the time was up.
  boolean closed() {
    return closed;
  }

  @Override
  public void close() {
    watch.interrupt();
  }
}
