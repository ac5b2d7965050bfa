package tocsin.trust.graph;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tocsin.trust.Header;
import tocsin.trust.StatementId;

/// The statements of one key as the links of a chain: each names its predecessor's hash. Needed
/// when the key is revoked, to tell the statements up to the last good one from all others.
final class KeyChain {
  private record Link(long sequence, Optional<StatementId> previous) {}

  private final TreeMap<StatementId, Link> links = new TreeMap<>();

  /// For each last good statement asked about: its known ancestors and itself, by sequence number.
  private final TreeMap<StatementId, SortedMap<Long, StatementId>> ancestors = new TreeMap<>();

  void add(StatementId id, Header header) {
    links.put(id, new Link(header.sequence(), header.previous()));
    ancestors.clear();
  }

  /// True if this statement of the key stands when all after `lastGood` is void: it is `lastGood`,
  /// or comes before it and is no rival of a statement known to lead to it. Where the chain has a
  /// gap, the sequence number decides. A last good statement that is not known here (yet) shields
  /// nothing.
  boolean isGood(StatementId id, Optional<StatementId> lastGood) {
    Link link = links.get(id);
    if (link == null || lastGood.isEmpty()) {
      return false;
    }
    Link last = links.get(lastGood.get());
    if (last == null || link.sequence() > last.sequence()) {
      return false;
    }
    StatementId ancestor = ancestorsOf(lastGood.get()).get(link.sequence());
    return ancestor == null || ancestor.equals(id);
  }

  private SortedMap<Long, StatementId> ancestorsOf(StatementId last) {
    return ancestors.computeIfAbsent(last, this::walk);
  }

  private SortedMap<Long, StatementId> walk(StatementId last) {
    SortedMap<Long, StatementId> path = new TreeMap<>();
    StatementId id = last;
    @Nullable Link link = links.get(id);
    while (link != null) {
      path.put(link.sequence(), id);
      if (link.previous().isEmpty()) {
        break;
      }
      id = link.previous().get();
      Link before = links.get(id);
      // A chain that does not count backwards one by one is no chain from here on.
      link = before != null && before.sequence() == link.sequence() - 1 ? before : null;
    }
    return path;
  }
}
