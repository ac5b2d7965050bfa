package tocsin.storage;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tocsin.trust.Envelope;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

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
  private final Beside beside;
  private final EntryPass pass;
  private final MerkleTree tree = new MerkleTree();
  private final Tiles tiles = new Tiles();

  /// Found in `ENTRIES`, expected in the indices; by the columns' numbers.
  private final List<RowSum> sums = EntryPass.noSums();

  private Scrub(Path folder, RocksColumns.Frozen rows, EntryReader entries, Beside beside) {
    this.folder = folder;
    this.rows = rows;
    this.entries = entries;
    this.indices = beside.indices().orElse(null);
    this.beside = beside;
    this.pass =
        new EntryPass(
            rows,
            entries,
            indexed(),
            beside.depth() == Depth.CONTENTS,
            beside.reader().isPresent());
  }

  /// How much is compared. The statements are hashed, and compared with head and anchor, in both.
  enum Depth {
    /// What each start does: the indices must hold what they held when they were written, and their
    /// tiles and ids must follow from the statements.
    BYTES,
    /// Every statement is parsed, and all indices must follow from them.
    CONTENTS
  }

  /// Turns what is stored into entries.
  ///
  /// @param decoder parses an envelope and computes its id; throws if it cannot
  record EntryReader(Path folder, EnvelopeDecoder decoder) {
    /// @throws LogFailure if the bytes are not a key
    long index(byte[] key) {
      try {
        return Column.ENTRIES.keys().read(key);
      } catch (RuntimeException e) {
        throw LogFailure.damaged(folder, "the key of a statement cannot be read", e);
      }
    }

    /// @throws LogFailure if the bytes are not what is stored of a statement
    ValueEncoding.StoredEntry stored(long index, byte[] value) {
      try {
        return Column.ENTRIES.values().read(value);
      } catch (RuntimeException e) {
        throw LogFailure.damaged(folder, "statement " + index + " cannot be read", e);
      }
    }

    /// @throws LogFailure if the bytes are not an envelope
    LogEntry entry(long index, ValueEncoding.StoredEntry stored) {
      return new LogEntry(
          index, stored.firstSeenMillis(), envelope("statement " + index, stored.wire()));
    }

    /// @throws LogFailure if the bytes are not an envelope
    Envelope envelope(String what, ByteString wire) {
      try {
        return decoder.envelope(wire);
      } catch (RuntimeException e) {
        throw unreadable(what, e);
      }
    }

    /// @throws LogFailure if the bytes are not an envelope
    StatementId id(long index, ValueEncoding.StoredEntry stored) {
      try {
        return decoder.id(stored.wire());
      } catch (RuntimeException e) {
        throw unreadable("statement " + index, e);
      }
    }

    private LogFailure unreadable(String what, RuntimeException e) {
      return LogFailure.damaged(folder, what + " cannot be read (" + LogFailure.reason(e) + ")", e);
    }

    LogFailure damaged(String found) {
      return LogFailure.damaged(folder, found);
    }
  }

  /// What stands beside the statements and follows from them.
  ///
  /// @param indices what the index columns hold, read before the statements; empty: they are of no
  ///   use
  /// @param storedLeaves the first leaf hashes, as far as the indices have them
  /// @param progress is told now and then how many statements are done
  /// @param reader is shown each statement, in order, before all of them have been compared with
  ///   head and anchor
  record Beside(
      Depth depth,
      Optional<Indices.Found> indices,
      Supplier<List<Sha256>> storedLeaves,
      LongConsumer progress,
      Optional<Consumer<LogEntry>> reader) {}

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

  private long indexed() {
    return indices == null ? 0 : indices.stated().indexed();
  }

  private void readEntries(Head anchored) {
    checkAnchor(anchored);
    pass.run(portion -> {
      for (int column = 0; column < sums.size(); column++) {
        sums.get(column).add(portion.sums().get(column));
      }
      for (EntryPass.Hashed tile : portion.tiles()) {
        index(tile);
        append(tile, anchored);
      }
      beside.reader().ifPresent(reader -> portion.entries().forEach(reader));
      beside.progress().accept(tree.size());
    });
  }

  private void append(EntryPass.Hashed tile, Head anchored) {
    long end = tree.size() + tile.leaves().size();
    boolean anchorInside = tree.size() < anchored.size() && anchored.size() < end;
    if (tile.root().isPresent() && !anchorInside) {
      tree.appendComplete(Tiles.HEIGHT, tile.root().get());
      checkAnchor(anchored);
    } else {
      for (Sha256 leaf : tile.leaves()) {
        List<MerkleTree.Node> _ = tree.appendHash(leaf);
        checkAnchor(anchored);
      }
    }
  }

  /// The tiles that the indices must hold: those that are complete.
  private void index(EntryPass.Hashed tile) {
    if (tile.root().isPresent() && tree.size() + tile.leaves().size() <= indexed()) {
      tiles.addTile(
          tile.leaves(),
          tile.root().get(),
          (position, hashes) ->
              sums.get(Column.TILES.number())
                  .add(
                      Column.TILES,
                      Column.TILES.keys().write(position),
                      Column.TILES.values().write(hashes)));
    }
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
    List<Sha256> leaves = beside.storedLeaves().get();
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
      RowSum stated = indices.stated().sums().get(i);
      boolean known = column == Column.TILES || pass.derived(column);
      RowSum wanted = known ? sums.get(column.number()) : stated;
      if (!found.matches(wanted) || !found.matches(stated)) {
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
        found.add(sums.get(Column.ENTRIES.number()));
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
