package tocsin.cli.demo;

import java.util.ArrayDeque;
import java.util.Deque;

/// Ends everything that was begun, the last first; once, whether the story came to its end, broke
/// off, or was stopped by Ctrl-C. What is handed in after that is closed at once.
final class Closer implements AutoCloseable {
  private final Deque<AutoCloseable> things = new ArrayDeque<>();
  private boolean closed;

  synchronized <T extends AutoCloseable> T keep(T thing) {
    if (closed) {
      end(thing);
      throw new IllegalStateException("the demonstration was stopped");
    }
    things.push(thing);
    return thing;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public synchronized void close() {
    closed = true;
    while (!things.isEmpty()) {
      end(things.pop());
    }
  }

  private static void end(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception e) {
      System.getLogger(Closer.class.getName())
          .log(System.Logger.Level.WARNING, "closing " + thing + ": " + e);
    }
  }
}
