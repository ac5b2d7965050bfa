package tocsin.storage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import tocsin.storage.Scrub.EntryReader;
import tocsin.storage.ValueEncoding.StoredEntry;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// Reads and hashes all statements of a log, several threads at once, and shows the hashes in
/// order. Hashing a million statements is seconds of work for one processor.
final class EntryPass {
  private final RocksColumns.Frozen rows;
  private final EntryReader entries;
  private final long indexed;
  private final boolean allIndices;
  private final boolean shown;

  /// @param indexed of so many statements what the indices hold is summed up
  /// @param allIndices else only [#derived] of them, for which a statement need not be parsed
  /// @param shown whether each is parsed and stands in its portion
  EntryPass(
      RocksColumns.Frozen rows,
      EntryReader entries,
      long indexed,
      boolean allIndices,
      boolean shown) {
    this.rows = rows;
    this.entries = entries;
    this.indexed = indexed;
    this.allIndices = allIndices;
    this.shown = shown;
  }

  /// Statements that fill a tile, or those that are left at the end.
  ///
  /// @param leaves their leaf hashes
  /// @param root over them, if they fill a tile
  record Hashed(List<Sha256> leaves, Optional<Sha256> root) {
    Hashed {
      leaves = List.copyOf(leaves);
    }
  }

  /// Some tiles in a row, and the sums over their rows in `ENTRIES` and in the indices, by the
  /// columns' numbers.
  ///
  /// @param entries in order; none unless they are shown
  record Portion(long first, List<Hashed> tiles, List<RowSum> sums, List<LogEntry> entries) {
    Portion {
      tiles = List.copyOf(tiles);
      sums = List.copyOf(sums);
      entries = List.copyOf(entries);
    }

    long count() {
      return tiles.stream().mapToLong(tile -> tile.leaves().size()).sum();
    }
  }

  /// Whether the rows of this index are summed up; `TILES` never are, they follow from the hashes.
  boolean derived(Column<?, ?> column) {
    return column == Column.IDS || (allIndices && column != Column.TILES);
  }

  static List<RowSum> noSums() {
    List<RowSum> sums = new ArrayList<>();
    Column.ALL.forEach(_ -> sums.add(new RowSum()));
    return sums;
  }

  /// Shows all statements, first to last.
  ///
  /// @throws LogFailure if one is missing or cannot be read
  void run(Consumer<Portion> consumer) {
    Deque<Future<Portion>> begun = new ArrayDeque<>();
    try (ScrubThreads threads = new ScrubThreads()) {
      try {
        long next = 0;
        long end = 0;
        while (next == end) {
          // No more than are needed to keep them busy: what waits is moved by each collection.
          while (begun.size() <= threads.count()) {
            long first = next + (long) begun.size() * Limits.SCRUB_PORTION;
            begun.add(threads.submit(() -> portion(first)));
          }
          Portion portion = ScrubThreads.taken(begun.remove());
          end += portion.count();
          next += Limits.SCRUB_PORTION;
          consumer.accept(portion);
        }
        nothingAfter(end);
      } finally {
        begun.forEach(one -> one.cancel(false));
      }
    }
  }

  private void nothingAfter(long end) {
    rows.from(
        Column.ENTRIES,
        KeyEncoding.NUMBER.write(end),
        (_, _) -> {
          throw entries.damaged("statement " + end + " is missing");
        });
  }

  private Portion portion(long first) {
    List<Hashed> tiles = new ArrayList<>();
    List<Sha256> leaves = new ArrayList<>(Tiles.WIDTH);
    List<RowSum> sums = noSums();
    List<LogEntry> shownEntries = new ArrayList<>(shown ? Limits.SCRUB_PORTION : 0);
    long[] next = {first};
    rows.from(
        Column.ENTRIES,
        KeyEncoding.NUMBER.write(first),
        (key, value) -> {
          if (next[0] == first + Limits.SCRUB_PORTION) {
            return false;
          }
          long index = entries.index(key);
          if (index >= first + Limits.SCRUB_PORTION) {
            return false;
          }
          if (index != next[0]) {
            throw entries.damaged("statement " + next[0] + " is missing");
          }
          sums.get(Column.ENTRIES.number()).add(Column.ENTRIES, key, value);
          leaves.add(hashed(index, entries.stored(index, value), sums, shownEntries));
          next[0]++;
          if (leaves.size() == Tiles.WIDTH) {
            tiles.add(new Hashed(leaves, Optional.of(Tiles.root(leaves))));
            leaves.clear();
          }
          return true;
        });
    if (!leaves.isEmpty()) {
      tiles.add(new Hashed(leaves, Optional.empty()));
    }
    return new Portion(first, tiles, sums, shownEntries);
  }

  private Sha256 hashed(
      long index, StoredEntry stored, List<RowSum> sums, List<LogEntry> shownEntries) {
    StatementId id;
    if (allIndices || shown) {
      LogEntry entry = entries.entry(index, stored);
      id = entry.envelope().id();
      if (shown) {
        shownEntries.add(entry);
      }
      if (allIndices && index < indexed) {
        IndexRows.of(
            entry,
            new IndexRows.Sink() {
              @Override
              public <K, V> void put(Column<K, V> column, K key, V value) {
                sum(column, key, value, sums);
              }
            });
      }
    } else {
      id = entries.id(index, stored);
    }
    if (!allIndices && index < indexed) {
      sum(Column.IDS, id, index, sums);
    }
    return MerkleTree.leafHash(id, stored.firstSeenMillis());
  }

  private static <K, V> void sum(Column<K, V> column, K key, V value, List<RowSum> sums) {
    sums.get(column.number()).add(column, column.keys().write(key), column.values().write(value));
  }
}
