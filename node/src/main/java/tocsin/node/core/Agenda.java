package tocsin.node.core;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import tocsin.trust.StatementId;

/// When which statements are to be looked at again: one time for each, in Unix milliseconds.
final class Agenda {
  private final TreeMap<StatementId, Long> times = new TreeMap<>();
  private final TreeMap<Long, TreeSet<StatementId>> byTime = new TreeMap<>();

  /// In place of what was set down for it.
  ///
  /// @param millis Long.MAX_VALUE: never
  void put(StatementId id, long millis) {
    Long before = times.get(id);
    if (before != null && before == millis) {
      return;
    }
    remove(id);
    if (millis != Long.MAX_VALUE) {
      times.put(id, millis);
      byTime.computeIfAbsent(millis, _ -> new TreeSet<>()).add(id);
    }
  }

  void remove(StatementId id) {
    Long millis = times.remove(id);
    if (millis != null) {
      byTime.computeIfPresent(
          millis,
          (_, ids) -> {
            ids.remove(id);
            return ids.isEmpty() ? null : ids;
          });
    }
  }

  /// Long.MAX_VALUE if there is nothing.
  long nextMillis() {
    return byTime.isEmpty() ? Long.MAX_VALUE : byTime.firstKey();
  }

  /// Takes out what is due by then, the earliest first.
  List<StatementId> take(long nowMillis) {
    List<StatementId> due = new ArrayList<>();
    while (nextMillis() <= nowMillis) {
      due.addAll(byTime.pollFirstEntry().getValue());
    }
    due.forEach(times::remove);
    return due;
  }
}
