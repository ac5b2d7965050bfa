package tocsin.node.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tocsin.trust.StatementId;

/// The ids of the log's last entries, by index.
final class Recent {
  private final List<StatementId> ring = new ArrayList<>();

  /// The index that came first: a log may have been folded up to there already.
  private long first;

  private long next;

  /// Indices follow each other.
  void add(long index, StatementId id) {
    if (ring.isEmpty()) {
      first = index;
    }
    if (ring.size() < Limits.MAX_RECENT) {
      ring.add(id);
    } else {
      ring.set(place(index), id);
    }
    next = index + 1;
  }

  /// Empty if it is not recent.
  Optional<StatementId> at(long index) {
    return index < next && index >= next - ring.size()
        ? Optional.of(ring.get(place(index)))
        : Optional.empty();
  }

  private int place(long index) {
    return (int) ((index - first) % Limits.MAX_RECENT);
  }
}
