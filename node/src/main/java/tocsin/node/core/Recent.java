package tocsin.node.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tocsin.trust.StatementId;

/// The ids of the log's last entries, by index.
final class Recent {
  private final List<StatementId> ring = new ArrayList<>();
  private long next;

  /// Indices follow each other.
  void add(long index, StatementId id) {
    if (ring.size() < Limits.MAX_RECENT) {
      ring.add(id);
    } else {
      ring.set((int) (index % Limits.MAX_RECENT), id);
    }
    next = index + 1;
  }

  /// Empty if it is not recent.
  Optional<StatementId> at(long index) {
    return index < next && index >= next - ring.size()
        ? Optional.of(ring.get((int) (index % Limits.MAX_RECENT)))
        : Optional.empty();
  }
}
