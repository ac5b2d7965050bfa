package tocsin.storage;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tocsin.storage.KeyEncoding.FeedKey;
import tocsin.storage.KeyEncoding.NameKey;
import tocsin.trust.DnsName;
import tocsin.trust.KeyId;
import tocsin.trust.Sha256;
import tocsin.trust.Statement.Alert;
import tocsin.trust.StatementId;

/// The index columns, in a RocksDB of their own, and the newest statements, which are not indexed
/// yet: a thread writes the indices after the statements are durable, without a write-ahead log.
/// What a crash takes of them is built again from the statements when the log is opened.
///
/// Whoever asks gets what is stored and what is recent as one. Rows of statements that are not yet
/// committed are among the answers; the caller knows how far the asking thread may see.
final class Indices implements AutoCloseable {
  static final String DATABASE = "indices";

  private static final Logger LOG = LoggerFactory.getLogger(Indices.class);
  private static final String STATE = "state";

  /// None if there are none to look at.
  private final @Nullable RocksColumns columns;

  private final Recent recent;
  private final Tiles tiles = new Tiles();

  /// The indexing thread's; none if only looking.
  private final @Nullable Thread thread;

  /// Guards what follows.
  private final Object lock = new Object();

  private State state;
  private long committed;
  private boolean closing;
  private @Nullable LogFailure failure;

  private Indices(@Nullable RocksColumns columns, State state, Recent recent, boolean writing) {
    this.columns = columns;
    this.state = state;
    this.recent = recent;
    this.committed = state.indexed();
    this.thread =
        writing ? Thread.ofPlatform().daemon().name("tocsin-index").unstarted(this::run) : null;
  }

  /// The statements that may not be stored in the index columns.
  interface Recent {
    /// All from this index on, ascending; those before it may be shown as well.
    void each(long from, java.util.function.Consumer<LogEntry> consumer);

    default Optional<LogEntry> find(StatementId statement) {
      List<LogEntry> found = new ArrayList<>();
      each(
          0,
          entry -> {
            if (entry.envelope().id().equals(statement)) {
              found.add(entry);
            }
          });
      return found.stream().findFirst();
    }

    Optional<LogEntry> get(long index);
  }

  /// How far the index columns go, and what they hold.
  ///
  /// @param indexed statements that they cover
  /// @param sums one for each of [Column#INDICES], in that order
  record State(long indexed, List<RowSum> sums) {
    State {
      sums = List.copyOf(sums);
    }

    static State none() {
      return new State(0, Column.INDICES.stream().map(_ -> new RowSum()).toList());
    }

    ByteString toBytes() {
      ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES * (1 + 2 * sums.size()));
      buffer.putLong(indexed);
      sums.forEach(sum -> buffer.putLong(sum.count()).putLong(sum.sum()));
      return ByteString.copyFrom(buffer.flip());
    }

    static State fromBytes(ByteString bytes) {
      ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
      long indexed = buffer.getLong();
      List<RowSum> sums = new ArrayList<>();
      while (buffer.hasRemaining()) {
        sums.add(new RowSum(buffer.getLong(), buffer.getLong()));
      }
      if (indexed < 0 || sums.size() != Column.INDICES.size()) {
        throw new IllegalArgumentException("the state of the indices cannot be read");
      }
      return new State(indexed, sums);
    }
  }

  /// What the index columns hold at one moment, summed up from their rows.
  ///
  /// @param stated what they say of themselves
  /// @param found what is there
  record Found(State stated, List<RowSum> found) {
    Found {
      found = List.copyOf(found);
    }

    static Found nothing() {
      return new Found(State.none(), State.none().sums());
    }
  }

  static Path folder(Path log) {
    return log.resolve(DATABASE);
  }

  /// Reads the indices of a log that nobody writes; empty if they cannot be read.
  static Optional<Found> look(Path log) {
    if (!Files.exists(folder(log))) {
      return Optional.of(Found.nothing());
    }
    try (RocksColumns columns =
        RocksColumns.open(folder(log), RocksColumns.Mode.READ_ONLY, log, Column.Database.INDICES)) {
      return Optional.of(sumUp(columns));
    } catch (LogFailure | IllegalArgumentException e) {
      LOG.debug("the indices of the log in {} cannot be read", log, e);
      return Optional.empty();
    }
  }

  private static Found sumUp(RocksColumns columns) {
    return columns.frozen(rows -> {
      List<RowSum> found = new ArrayList<>();
      try (ScrubThreads threads = new ScrubThreads()) {
        List<Future<RowSum>> sums = new ArrayList<>();
        Column.INDICES.forEach(column -> sums.add(threads.submit(() -> sumOf(rows, column))));
        sums.forEach(sum -> found.add(ScrubThreads.taken(sum)));
      }
      State stated = rows.get(Column.PROGRESS, STATE).map(State::fromBytes).orElseGet(State::none);
      return new Found(stated, found);
    });
  }

  private static RowSum sumOf(RocksColumns.Frozen rows, Column<?, ?> column) {
    RowSum sum = new RowSum();
    rows.all(
        column,
        (key, value) -> {
          sum.add(column, key, value);
          return true;
        });
    return sum;
  }

  /// What the index columns hold now, while they may grow.
  Found sumUp() {
    return columns == null ? Found.nothing() : sumUp(columns);
  }

  /// Opens the indices to add to them.
  ///
  /// @param rebuild what is there is of no use
  /// @param entries reads statements of the log: what is not indexed yet
  /// @param size how many statements the log holds
  static Indices open(Path log, boolean rebuild, Recent entries, long size) {
    if (rebuild) {
      delete(folder(log));
    }
    RocksColumns columns =
        RocksColumns.open(folder(log), RocksColumns.Mode.CREATE, log, Column.Database.INDICES);
    boolean opened = false;
    try {
      State state =
          columns.get(Column.PROGRESS, STATE).map(State::fromBytes).orElseGet(State::none);
      RecentEntries recent = new RecentEntries(state.indexed() / Tiles.WIDTH * Tiles.WIDTH);
      Indices indices = new Indices(columns, state, recent, true);
      indices.resume(columns, entries, recent);
      indices.catchUp(columns, entries, recent, size);
      if (indices.thread != null) {
        indices.thread.start();
      }
      opened = true;
      return indices;
    } finally {
      if (!opened) {
        columns.close();
      }
    }
  }

  /// The tiles as they were when the last row was stored.
  private void resume(RocksColumns columns, Recent entries, RecentEntries recent) {
    long indexed = state.indexed();
    long whole = indexed / Tiles.WIDTH * Tiles.WIDTH;
    tiles.resume(whole, tile -> stored(columns, tile));
    for (long index = whole; index < indexed; index++) {
      LogEntry entry = entries.get(index).orElseThrow(AssertionError::new);
      recent.add(entry);
      tiles.add(
          MerkleTree.leafHash(entry.leaf()),
          (_, _) -> {
            throw new AssertionError("a tile of fewer than 256 leaves is complete");
          });
    }
  }

  private void catchUp(RocksColumns columns, Recent entries, RecentEntries recent, long size) {
    if (state.indexed() < size) {
      List<LogEntry> portion = new ArrayList<>();
      entries.each(
          state.indexed(),
          entry -> {
            recent.add(entry);
            portion.add(entry);
            if (portion.size() == Limits.INDEX_PORTION) {
              state = store(columns, state, portion);
              recent.forget(state.indexed());
              portion.clear();
            }
          });
      if (!portion.isEmpty()) {
        state = store(columns, state, portion);
        recent.forget(state.indexed());
      }
    }
    committed = state.indexed();
  }

  /// Opens the indices of a stopped node to look at them; what they do not cover is read from the
  /// statements each time.
  static Indices openReadOnly(Path log, Recent entries) {
    @Nullable RocksColumns columns = null;
    State state = State.none();
    if (Files.exists(folder(log).resolve("CURRENT"))) {
      try {
        columns =
            RocksColumns.open(
                folder(log), RocksColumns.Mode.READ_ONLY, log, Column.Database.INDICES);
        state = columns.get(Column.PROGRESS, STATE).map(State::fromBytes).orElseGet(State::none);
      } catch (LogFailure | IllegalArgumentException e) {
        // Everything can be answered without them, only slower; verify() tells what is wrong.
        LOG.debug("the indices of the log in {} cannot be read", log, e);
        if (columns != null) {
          columns.close();
          columns = null;
        }
      }
    }
    Indices indices = new Indices(columns, state, entries, false);
    RocksColumns opened = columns;
    if (opened != null) {
      // The newest rows of each column may be damaged: a proof then fails, with a reason.
      long whole = state.indexed() / Tiles.WIDTH * Tiles.WIDTH;
      indices.tiles.resume(whole, tile -> stored(opened, tile));
    }
    return indices;
  }

  private static ByteString stored(RocksColumns columns, MerkleTree.Position tile) {
    return columns
        .get(Column.TILES, tile)
        .filter(bytes -> bytes.size() == Tiles.WIDTH * Sha256.SIZE_BYTES)
        .orElseThrow(() -> new IllegalArgumentException("tile " + tile + " is missing"));
  }

  private void run() {
    RocksColumns writing = columns;
    if (writing == null || !(recent instanceof RecentEntries entries)) {
      throw new AssertionError("only looking");
    }
    try {
      while (true) {
        long upTo;
        synchronized (lock) {
          while (committed == state.indexed() && !closing) {
            lock.wait();
          }
          if (committed == state.indexed()) {
            return;
          }
          upTo = Math.min(committed, state.indexed() + Limits.INDEX_PORTION);
        }
        State next = store(writing, state, entries.range(state.indexed(), upTo));
        synchronized (lock) {
          state = next;
          lock.notifyAll();
        }
        entries.forget(next.indexed());
      }
    } catch (InterruptedException e) {
      fail(new LogFailure("somebody interrupted the indexing of the log", e));
    } catch (LogFailure e) {
      fail(e);
    } catch (RuntimeException | AssertionError e) {
      fail(new LogFailure("the indexing of the log contradicts itself: " + e, e));
    }
  }

  private void fail(LogFailure cause) {
    synchronized (lock) {
      failure = cause;
      lock.notifyAll();
    }
  }

  private State store(RocksColumns writing, State before, List<LogEntry> entries) {
    List<RowSum> sums = new ArrayList<>();
    before.sums().forEach(sum -> sums.add(new RowSum(sum.count(), sum.sum())));
    IndexRows.Sink sink =
        new IndexRows.Sink() {
          @Override
          public <K, V> void put(Column<K, V> column, K key, V value) {
            byte[] keyBytes = column.keys().write(key);
            byte[] valueBytes = column.values().write(value);
            sums.get(Column.INDICES.indexOf(column)).add(column, keyBytes, valueBytes);
            writing.putUnindexed(column, keyBytes, valueBytes);
          }
        };
    for (LogEntry entry : entries) {
      IndexRows.of(entry, sink);
      tiles.add(
          MerkleTree.leafHash(entry.leaf()),
          (position, tile) -> sink.put(Column.TILES, position, tile));
    }
    State next = new State(before.indexed() + entries.size(), sums);
    writing.putUnindexed(
        Column.PROGRESS,
        Column.PROGRESS.keys().write(STATE),
        Column.PROGRESS.values().write(next.toBytes()));
    writing.commit();
    return next;
  }

  /// A statement was appended; not yet committed.
  void appended(LogEntry entry) {
    if (recent instanceof RecentEntries entries) {
      entries.add(entry);
    }
  }

  /// All statements before `size` are durable: they may be indexed. Waits while too many are not.
  ///
  /// @throws LogFailure if the indices cannot be written
  void committed(long size) {
    synchronized (lock) {
      committed = size;
      lock.notifyAll();
      try {
        while (failure == null && !closing && committed - state.indexed() > Limits.INDEX_BACKLOG) {
          lock.wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (failure != null) {
        throw failure;
      }
    }
  }

  Optional<LogEntry> recent(long index) {
    return recent.get(index);
  }

  Optional<Long> indexOf(StatementId statement) {
    Optional<Long> found = recent.find(statement).map(LogEntry::index);
    return found.isPresent() || columns == null ? found : columns.get(Column.IDS, statement);
  }

  /// Rows of this key, from this sequence number on, of statements before `size`; at most `limit`.
  List<Long> feed(KeyId key, long fromSequence, int limit, long size) {
    TreeSet<FeedKey> rows = new TreeSet<>(FEED_ORDER);
    recent.each(
        unstored(),
        entry -> {
          FeedKey row = feedKey(entry);
          if (row.key().equals(key) && row.sequence() >= fromSequence && row.index() < size) {
            rows.add(row);
          }
        });
    if (columns != null) {
      int[] left = {limit};
      columns.ascending(
          Column.FEEDS,
          KeyEncoding.feedPrefix(key),
          KeyEncoding.FEED.write(new FeedKey(key, Math.max(0, fromSequence), 0)),
          (row, _) -> {
            if (row.index() < size) {
              rows.add(row);
              left[0]--;
            }
            return left[0] > 0;
          });
    }
    return rows.stream().limit(limit).map(FeedKey::index).toList();
  }

  /// The statement of this key with the highest sequence number; of several, the first.
  Optional<Long> latestOf(KeyId key, long size) {
    List<FeedKey> rows = new ArrayList<>();
    recent.each(
        unstored(),
        entry -> {
          FeedKey row = feedKey(entry);
          if (row.key().equals(key) && row.index() < size) {
            rows.add(row);
          }
        });
    if (columns != null) {
      List<FeedKey> latest = new ArrayList<>();
      columns.descending(
          Column.FEEDS,
          KeyEncoding.feedPrefix(key),
          (row, _) -> {
            if (row.index() >= size) {
              return true;
            }
            boolean same = latest.isEmpty() || latest.getLast().sequence() == row.sequence();
            if (same) {
              latest.add(row);
            }
            return same;
          });
      rows.addAll(latest);
    }
    return rows.stream()
        .min(
            Comparator.comparingLong(FeedKey::sequence)
                .reversed()
                .thenComparingLong(FeedKey::index))
        .map(FeedKey::index);
  }

  /// Alerts before `size` that list this very name, at most `limit`.
  List<Long> alertsFor(DnsName name, int limit, long size) {
    TreeSet<Long> rows = new TreeSet<>();
    recent.each(
        unstored(),
        entry -> {
          if (entry.index() < size
              && entry.envelope().statement() instanceof Alert alert
              && alert.names().contains(name)) {
            rows.add(entry.index());
          }
        });
    if (columns != null) {
      int[] left = {limit};
      columns.ascending(
          Column.NAMES,
          KeyEncoding.namePrefix(name),
          KeyEncoding.NAME.write(new NameKey(name, 0)),
          (row, _) -> {
            if (row.index() < size) {
              rows.add(row.index());
              left[0]--;
            }
            return left[0] > 0;
          });
    }
    return rows.stream().limit(limit).toList();
  }

  private static final Comparator<FeedKey> FEED_ORDER =
      Comparator.comparingLong(FeedKey::sequence).thenComparingLong(FeedKey::index);

  private static FeedKey feedKey(LogEntry entry) {
    var header = entry.envelope().statement().header();
    return new FeedKey(header.key(), header.sequence(), entry.index());
  }

  private long unstored() {
    synchronized (lock) {
      return state.indexed();
    }
  }

  /// Hashes of complete subtrees, for proofs; remembers the tiles that it has read, so one is to be
  /// used for one proof.
  ///
  /// @param entry reads a statement of the log
  Proofs.Nodes nodes(java.util.function.LongFunction<LogEntry> entry) {
    TreeMap<MerkleTree.Position, List<Sha256>> read =
        new TreeMap<>(
            Comparator.comparingInt(MerkleTree.Position::level)
                .thenComparingLong(MerkleTree.Position::index));
    return new Proofs.Nodes() {
      @Override
      public Sha256 hash(int level, long index) {
        int tileLevel = level / Tiles.HEIGHT;
        int within = level % Tiles.HEIGHT;
        long first = index << within;
        var tile = new MerkleTree.Position(tileLevel, first / Tiles.WIDTH);
        if (columns != null && isStored(tile)) {
          List<Sha256> hashes = read.computeIfAbsent(tile, it -> Tiles.hashes(stored(columns, it)));
          int at = (int) (first % Tiles.WIDTH);
          return Tiles.root(hashes.subList(at, at + (1 << within)));
        }
        if (within > 0) {
          return MerkleTree.nodeHash(hash(level - 1, 2 * index), hash(level - 1, 2 * index + 1));
        }
        Optional<Sha256> growing = tiles.growing(tileLevel, index);
        if (growing.isPresent()) {
          return growing.get();
        }
        return level == 0
            ? MerkleTree.leafHash(entry.apply(index).leaf())
            : MerkleTree.nodeHash(hash(level - 1, 2 * index), hash(level - 1, 2 * index + 1));
      }
    };
  }

  private boolean isStored(MerkleTree.Position tile) {
    int bits = Tiles.HEIGHT * (tile.level() + 1);
    return bits < Long.SIZE - 1 && tile.index() < unstored() >> bits;
  }

  /// The leaf hashes that are stored, to say which statement changed; none if they cannot be read.
  static List<Sha256> storedLeaves(Path log) {
    List<Sha256> leaves = new ArrayList<>();
    try (RocksColumns columns =
        RocksColumns.open(folder(log), RocksColumns.Mode.READ_ONLY, log, Column.Database.INDICES)) {
      columns.ascending(
          Column.TILES,
          new byte[] {0},
          new byte[] {0},
          (tile, hashes) -> {
            boolean next = tile.index() * Tiles.WIDTH == leaves.size();
            if (next) {
              leaves.addAll(Tiles.hashes(hashes));
            }
            return next;
          });
    } catch (LogFailure | IllegalArgumentException e) {
      LOG.debug("no stored leaves in {}", log, e);
    }
    return leaves;
  }

  static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw LogFailure.inputOutput(folder, "rebuild", e);
    }
  }

  /// Indexes what is left.
  @Override
  public void close() {
    synchronized (lock) {
      closing = true;
      lock.notifyAll();
    }
    if (thread != null) {
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    if (columns != null) {
      columns.close();
    }
  }
}
