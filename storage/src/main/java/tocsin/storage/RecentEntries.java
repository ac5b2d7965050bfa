package tocsin.storage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tocsin.trust.StatementId;

/// The newest statements, in memory: those that are not indexed yet, and the leaves of the tile
/// that still grows.
///
/// Safe for several threads.
final class RecentEntries implements Indices.Recent {
  private final Map<StatementId, LogEntry> ids = new HashMap<>();
  private final List<LogEntry> entries = new ArrayList<>();
  private long first;

  /// @param first index of the statement that comes first
  RecentEntries(long first) {
    this.first = first;
  }

  synchronized void add(LogEntry entry) {
    if (entry.index() != first + entries.size()) {
      throw new AssertionError(
          "statement " + entry.index() + " after " + entries.size() + " from " + first);
    }
    entries.add(entry);
    ids.put(entry.envelope().id(), entry);
  }

  /// Drops what is indexed, but for the leaves of the tile that still grows.
  synchronized void forget(long indexed) {
    int count = (int) (indexed / Tiles.WIDTH * Tiles.WIDTH - first);
    if (count > 0) {
      List<LogEntry> gone = entries.subList(0, count);
      gone.forEach(entry -> ids.remove(entry.envelope().id()));
      gone.clear();
      first += count;
    }
  }

  synchronized List<LogEntry> range(long from, long to) {
    return List.copyOf(entries.subList((int) (from - first), (int) (to - first)));
  }

  @Override
  public void each(long from, Consumer<LogEntry> consumer) {
    List<LogEntry> copy;
    synchronized (this) {
      copy = List.copyOf(entries);
    }
    copy.forEach(consumer);
  }

  @Override
  public synchronized Optional<LogEntry> find(StatementId statement) {
    return Optional.ofNullable(ids.get(statement));
  }

  @Override
  public synchronized Optional<LogEntry> get(long index) {
    return index >= first && index - first < entries.size()
        ? Optional.of(entries.get((int) (index - first)))
        : Optional.empty();
  }
}
