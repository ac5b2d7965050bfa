package tocsin.storage;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tocsin.trust.Envelope;
import tocsin.trust.Sha256;

/// A pass over everything that is on disk: reads and re-hashes each statement, builds the Merkle
/// tree anew, and compares it with the head, the head anchor and the index columns.
///
/// A flipped bit is found whether it is in a statement's body (its id changes), in its first-seen
/// time (its leaf changes), in its signatures (the sum of rows changes) or in an index. Signatures
/// are not verified again.
final class Scrub {
  private final Path folder;
  private final RocksColumns.Frozen rows;
  private final EntryReader entries;
  private final Indices.@Nullable Found indices;
  private final Supplier<List<Sha256>> storedLeaves;
  private final MerkleTree tree = new MerkleTree();
  private final Tiles tiles = new Tiles();
  private final RowSum entrySum = new RowSum();
  private final List<RowSum> expected = new ArrayList<>();

  private Scrub(Path folder, RocksColumns.Frozen rows, EntryReader entries, Beside beside) {
    this.folder = folder;
    this.rows = rows;
    this.entries = entries;
    this.indices = beside.indices().orElse(null);
    this.storedLeaves = beside.storedLeaves();
    Column.ALL.forEach(_ -> expected.add(new RowSum()));
  }

  /// Turns what is stored into entries.
  ///
  /// @param reader parses an envelope and computes its id; throws if it cannot
  record EntryReader(Path folder, Function<ByteString, Envelope> reader) {
    /// @throws LogFailure if the bytes are not an envelope
    LogEntry entry(long index, ValueEncoding.StoredEntry stored) {
      return new LogEntry(
          index, stored.firstSeenMillis(), envelope("statement " + index, stored.wire()));
    }

    /// @throws LogFailure if the bytes are not an envelope
    Envelope envelope(String what, ByteString wire) {
      try {
        return reader.apply(wire);
      } catch (RuntimeException e) {
        throw LogFailure.damaged(
            folder, what + " cannot be read (" + LogFailure.reason(e) + ")", e);
      }
    }
  }

  /// What stands beside the statements and follows from them.
  ///
  /// @param indices what the index columns hold, read before the statements; empty: they are of no
  ///   use
  /// @param storedLeaves the first leaf hashes, as far as the indices have them
  record Beside(Optional<Indices.Found> indices, Supplier<List<Sha256>> storedLeaves) {}

  /// @param tree over all statements
  /// @param indices what is wrong with the index columns, in words; empty if nothing is
  record Result(MerkleTree tree, Optional<String> indices) {}

  /// Returns the tree over all statements, and whether the indices follow from them.
  ///
  /// @param anchored what the head anchor said before `rows` were frozen
  /// @throws LogFailure saying what does not agree, indices excepted
  static Result run(
      Path folder,
      RocksColumns.Frozen rows,
      EntryReader entries,
      Head head,
      Head anchored,
      Beside beside) {
    Scrub scrub = new Scrub(folder, rows, entries, beside);
    scrub.refuseOlder(head, anchored);
    scrub.readEntries(anchored);
    scrub.compare(head);
    scrub.compareSum(head);
    return new Result(scrub.tree, scrub.wrongIndex());
  }

  private void refuseOlder(Head head, Head anchored) {
    if (head.commits() < anchored.commits() || head.size() < anchored.size()) {
      throw damaged(
          "it ends with commit %,d and %,d statements, but commit %,d and %,d statements had been made durable"
              .formatted(head.commits(), head.size(), anchored.commits(), anchored.size()));
    }
  }

  private void readEntries(Head anchored) {
    checkAnchor(anchored);
    rows.all(
        Column.ENTRIES,
        (key, value) -> {
          long index = Column.ENTRIES.keys().read(key);
          if (index != tree.size()) {
            throw damaged("statement " + tree.size() + " is missing");
          }
          entrySum.add(Column.ENTRIES, key, value);
          LogEntry entry = entries.entry(index, stored(index, value));
          if (indices != null && index < indices.stated().indexed()) {
            IndexRows.of(entry, tiles, this::expect);
          }
          List<MerkleTree.Node> _ = tree.append(entry.leaf());
          checkAnchor(anchored);
          return true;
        });
  }

  private ValueEncoding.StoredEntry stored(long index, byte[] value) {
    try {
      return Column.ENTRIES.values().read(value);
    } catch (RuntimeException e) {
      throw LogFailure.damaged(folder, "statement " + index + " cannot be read", e);
    }
  }

  private <K, V> void expect(Column<K, V> column, K key, V value) {
    expected
        .get(column.number())
        .add(column, column.keys().write(key), column.values().write(value));
  }

  private void checkAnchor(Head anchored) {
    if (tree.size() == anchored.size() && !tree.root().equals(anchored.root())) {
      throw differs("head anchor", anchored.root());
    }
  }

  private void compare(Head head) {
    if (tree.size() != head.size()) {
      throw damaged(
          "it holds %,d statements, but its head says %,d".formatted(tree.size(), head.size()));
    }
    if (!tree.root().equals(head.root())) {
      throw differs("head", head.root());
    }
  }

  /// Says which statement it is, if the stored leaves show it.
  private LogFailure differs(String where, Sha256 root) {
    List<Sha256> leaves = storedLeaves.get();
    for (long index = 0; index < Math.min(tree.size(), leaves.size()); index++) {
      Optional<Sha256> found =
          rows.get(Column.ENTRIES, index)
              .map(stored -> MerkleTree.leafHash(entries.entry(0, stored).leaf()));
      if (!found.equals(Optional.of(leaves.get((int) index)))) {
        return damaged("statement " + index + " is not the one that was appended");
      }
    }
    return damaged(
        "the Merkle root over its first %,d statements is %s, but its %s says %s"
            .formatted(tree.size(), tree.root(), where, root));
  }

  private Optional<String> wrongIndex() {
    if (indices == null) {
      return Optional.of("its indices cannot be read");
    }
    if (indices.stated().indexed() > tree.size()) {
      throw damaged(
          "its indices cover %,d statements, but it holds %,d"
              .formatted(indices.stated().indexed(), tree.size()));
    }
    for (int i = 0; i < Column.INDICES.size(); i++) {
      Column<?, ?> column = Column.INDICES.get(i);
      RowSum found = indices.found().get(i);
      RowSum wanted = expected.get(column.number());
      if (!found.matches(wanted) || !found.matches(indices.stated().sums().get(i))) {
        return Optional.of(
            "its index '%s' has %,d rows that do not follow from its statements, which give %,d"
                .formatted(column, found.count(), wanted.count()));
      }
    }
    return Optional.empty();
  }

  private void compareSum(Head head) {
    RowSum found = new RowSum();
    for (Column<?, ?> column : Column.SUMMED) {
      if (column == Column.ENTRIES) {
        found.add(entrySum);
      } else {
        addAll(column, found);
      }
    }
    if (found.sum() != head.sum()) {
      throw damaged(
          "its facts, its refused statements or a signature are not those of its last commit");
    }
  }

  private void addAll(Column<?, ?> column, RowSum sum) {
    rows.all(
        column,
        (key, value) -> {
          sum.add(column, key, value);
          return true;
        });
  }

  private LogFailure damaged(String found) {
    return LogFailure.damaged(folder, found);
  }
}
