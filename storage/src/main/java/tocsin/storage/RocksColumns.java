package tocsin.storage;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ChecksumType;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteBatchWithIndex;
import org.rocksdb.WriteOptions;
import org.rocksdb.util.StdErrLogger;

/// The columns in RocksDB: settings, native handles, one batch of writes at a time. It knows the
/// table of columns and nothing of statements.
///
/// The thread that writes owns the batch until it commits, and it alone sees what is in it; other
/// threads read what is committed. A read and a close exclude each other: reading through a closed
/// native handle would take the process down.
final class RocksColumns implements AutoCloseable {
  /// Of format 1.
  private static final Set<String> FORMER_COLUMNS = Set.of("ids", "feeds", "names", "merkle");

  private final Path folder;
  private final RocksDB db;

  /// By the column's number; null where the column stands in another database.
  private final @Nullable ColumnFamilyHandle[] families;

  private final ReadOptions reading;
  private final WriteOptions writing;
  private final WriteBatchWithIndex batch;

  /// The same rows as `batch` holds, for those that need not be found before they are committed.
  private final WriteBatch unindexed;

  private final Deque<AutoCloseable> handles;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private volatile boolean closed;

  /// Who has written since the last commit; nobody, if nothing has been.
  private volatile @Nullable Thread writer;

  private RocksColumns(
      Path folder,
      RocksDB db,
      @Nullable ColumnFamilyHandle[] families,
      Column.Database database,
      Deque<AutoCloseable> handles) {
    this.folder = folder;
    this.db = db;
    this.families = families;
    this.handles = handles;
    this.reading = keep(handles, new ReadOptions().setVerifyChecksums(true));
    this.writing =
        keep(
            handles,
            switch (database) {
              case STATEMENTS -> new WriteOptions().setSync(true);
              case INDICES -> new WriteOptions().setDisableWAL(true);
            });
    this.batch = keep(handles, new WriteBatchWithIndex(true));
    this.unindexed = batch.getWriteBatch();
  }

  enum Mode {
    /// Nothing was ever committed here: make what is missing.
    CREATE,
    OPEN,
    READ_ONLY
  }

  /// Is shown rows in order; returns false to see no more.
  interface Visitor<K, V> {
    boolean visit(K key, V value);
  }

  /// @param folder RocksDB's own, as told to people in messages as `shown`
  /// @throws LogFailure if RocksDB finds it damaged or cannot read it
  static RocksColumns open(Path folder, Mode mode, Path shown, Column.Database database) {
    RocksLibrary.load();
    RocksJournals.check(folder, shown);
    Deque<AutoCloseable> handles = new ArrayDeque<>();
    boolean opened = false;
    try {
      DBOptions options = keep(handles, databaseOptions(mode, database));
      if (mode == Mode.READ_ONLY) {
        // Else looking at a folder would write a diary into it.
        options.setLogger(keep(handles, new StdErrLogger(InfoLogLevel.FATAL_LEVEL)));
      }
      ColumnFamilyOptions column = keep(handles, columnOptions(handles));
      List<Column<?, ?>> columns = Column.of(database);
      List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
      descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, column));
      for (Column<?, ?> each : columns) {
        byte[] name = each.diskName().getBytes(StandardCharsets.US_ASCII);
        descriptors.add(new ColumnFamilyDescriptor(name, column));
      }
      for (String former : formerColumns(folder, database)) {
        byte[] name = former.getBytes(StandardCharsets.US_ASCII);
        descriptors.add(new ColumnFamilyDescriptor(name, column));
      }
      List<ColumnFamilyHandle> families = new ArrayList<>();
      String path = folder.toString();
      RocksDB db =
          mode == Mode.READ_ONLY
              ? RocksDB.openReadOnly(options, path, descriptors, families)
              : RocksDB.open(options, path, descriptors, families);
      keep(handles, db);
      families.forEach(family -> keep(handles, family));
      @Nullable ColumnFamilyHandle[] byNumber = new @Nullable ColumnFamilyHandle[Column.ALL.size()];
      for (int i = 0; i < columns.size(); i++) {
        byNumber[columns.get(i).number()] = families.get(i + 1);
      }
      if (mode == Mode.OPEN) {
        for (ColumnFamilyHandle former : families.subList(columns.size() + 1, families.size())) {
          db.dropColumnFamily(former);
        }
      }
      opened = true;
      return new RocksColumns(shown, db, byNumber, database, handles);
    } catch (RocksDBException e) {
      throw failure(shown, "open", e);
    } finally {
      if (!opened) {
        closeAll(handles);
      }
    }
  }

  /// Columns that an earlier format kept in this database: RocksDB wants to be told of all. Opened
  /// for writing they are dropped: format 1 kept the indices beside the statements.
  private static List<String> formerColumns(Path folder, Column.Database database)
      throws RocksDBException {
    if (database != Column.Database.STATEMENTS || !Files.exists(folder.resolve("CURRENT"))) {
      return List.of();
    }
    List<String> former = new ArrayList<>();
    try (Options options = new Options()) {
      for (byte[] name : RocksDB.listColumnFamilies(options, folder.toString())) {
        String text = new String(name, StandardCharsets.US_ASCII);
        if (FORMER_COLUMNS.contains(text)) {
          former.add(text);
        }
      }
    }
    return former;
  }

  private static DBOptions databaseOptions(Mode mode, Column.Database database) {
    return new DBOptions()
        .setCreateIfMissing(mode == Mode.CREATE)
        .setCreateMissingColumnFamilies(mode == Mode.CREATE)
        // The default mode stops at the first bad record of the write-ahead log without a word,
        // though synced ones follow. This one stops silently at its end only; the head anchor
        // sees to that.
        .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
        .setRecycleLogFileNum(0)
        .setParanoidChecks(true)
        .setAtomicFlush(true)
        .setUseFsync(false)
        .setMaxTotalWalSize(Limits.WAL_BYTES)
        .setDbWriteBufferSize(
            database == Column.Database.INDICES
                ? Limits.INDEX_MEMTABLES_BYTES
                : Limits.MEMTABLES_BYTES)
        .setMaxOpenFiles(Limits.OPEN_FILES)
        .setMaxFileOpeningThreads(Limits.OPENING_THREADS)
        .setMaxBackgroundJobs(Limits.BACKGROUND_JOBS)
        .setMaxLogFileSize(Limits.DIARY_BYTES)
        .setKeepLogFileNum(Limits.DIARY_FILES)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0);
  }

  private static ColumnFamilyOptions columnOptions(Deque<AutoCloseable> handles) {
    Cache cache = keep(handles, new LRUCache(Limits.BLOCK_CACHE_BYTES));
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setCacheIndexAndFilterBlocks(true)
            .setFilterPolicy(keep(handles, new BloomFilter(10)))
            .setChecksumType(ChecksumType.kXXH3);
    return new ColumnFamilyOptions()
        .setParanoidFileChecks(true)
        .setForceConsistencyChecks(true)
        .setCompressionType(CompressionType.NO_COMPRESSION)
        .setWriteBufferSize(Limits.MEMTABLE_BYTES)
        // New ids are looked for in vain with every append: say so at once.
        .setMemtablePrefixBloomSizeRatio(0.02)
        .setMemtableWholeKeyFiltering(true)
        .setMaxWriteBufferNumber(Limits.MEMTABLE_COUNT)
        .setArenaBlockSize(Limits.MEMTABLE_BLOCK_BYTES)
        .setTableFormatConfig(table);
  }

  /// True if something was written since the last commit.
  boolean isPending() {
    return writer != null;
  }

  /// True for the thread that has written since the last commit.
  boolean isWriter() {
    return writer == Thread.currentThread();
  }

  <K, V> Optional<V> get(Column<K, V> column, K key) {
    Lock open = enter();
    try {
      byte[] bytes = column.keys().write(key);
      byte[] value =
          isWriter()
              ? batch.getFromBatchAndDB(db, family(column), reading, bytes)
              : db.get(family(column), reading, bytes);
      return value == null ? Optional.empty() : Optional.of(value(column, value));
    } catch (RocksDBException e) {
      throw failure(folder, "read", e);
    } finally {
      open.unlock();
    }
  }

  /// Shows the rows whose key begins with `prefix`, from the first that is not before `from`.
  <K, V> void ascending(
      Column<K, V> column, byte[] prefix, byte[] from, Visitor<? super K, ? super V> visitor) {
    Lock open = enter();
    try (RocksIterator rows = rows(column, reading)) {
      boolean more = true;
      for (rows.seek(from); more && rows.isValid(); rows.next()) {
        byte[] key = rows.key();
        more = startsWith(key, prefix) && visit(column, key, rows.value(), visitor);
      }
      rows.status();
    } catch (RocksDBException e) {
      throw failure(folder, "read", e);
    } finally {
      open.unlock();
    }
  }

  /// Shows the rows whose key begins with `prefix`, last first.
  <K, V> void descending(
      Column<K, V> column, byte[] prefix, Visitor<? super K, ? super V> visitor) {
    Lock open = enter();
    try (RocksIterator rows = rows(column, reading)) {
      byte[] after = after(prefix);
      if (after.length == 0) {
        rows.seekToLast();
      } else {
        rows.seekForPrev(after);
      }
      boolean more = true;
      for (; more && rows.isValid(); rows.prev()) {
        byte[] key = rows.key();
        if (!Arrays.equals(key, after)) {
          more = startsWith(key, prefix) && visit(column, key, rows.value(), visitor);
        }
      }
      rows.status();
    } catch (RocksDBException e) {
      throw failure(folder, "read", e);
    } finally {
      open.unlock();
    }
  }

  private <K, V> RocksIterator rows(Column<K, V> column, ReadOptions options) {
    RocksIterator committed = db.newIterator(family(column), options);
    return isWriter() ? batch.newIteratorWithBase(family(column), committed, options) : committed;
  }

  <K, V> void put(Column<K, V> column, K key, V value) {
    Lock open = enter();
    try {
      own();
      batch.put(family(column), column.keys().write(key), column.values().write(value));
    } catch (RocksDBException e) {
      throw failure(folder, "write", e);
    } finally {
      open.unlock();
    }
  }

  /// A row that is not looked for by its writer before it is committed: costs a third of [#put].
  void putUnindexed(Column<?, ?> column, byte[] key, byte[] value) {
    Lock open = enter();
    try {
      own();
      unindexed.put(family(column), key, value);
    } catch (RocksDBException e) {
      throw failure(folder, "write", e);
    } finally {
      open.unlock();
    }
  }

  <K, V> void delete(Column<K, V> column, K key) {
    Lock open = enter();
    try {
      own();
      batch.delete(family(column), column.keys().write(key));
    } catch (RocksDBException e) {
      throw failure(folder, "write", e);
    } finally {
      open.unlock();
    }
  }

  private void own() {
    Thread owner = writer;
    if (owner != null && owner != Thread.currentThread()) {
      throw new IllegalStateException(
          "%s writes while %s has not committed"
              .formatted(Thread.currentThread().getName(), owner.getName()));
    }
    writer = Thread.currentThread();
  }

  /// The rows that are written and not committed, to be taken up by [#takeUp] when the database had
  /// to be opened anew.
  byte[] pending() {
    Lock open = enter();
    try {
      return unindexed.data();
    } catch (RocksDBException e) {
      throw failure(folder, "read", e);
    } finally {
      open.unlock();
    }
  }

  /// Commits rows that were pending in the same database before it was opened anew.
  void takeUp(byte[] pending) {
    Lock open = enter();
    try (WriteBatch rows = new WriteBatch(pending)) {
      db.write(writing, rows);
    } catch (RocksDBException e) {
      throw failure(folder, "write", e);
    } finally {
      open.unlock();
    }
  }

  /// Writes the batch; of statements it also syncs the write-ahead log, and when this returns they
  /// are durable. A crash before leaves all of it or nothing.
  void commit() {
    Lock open = enter();
    try {
      own();
      db.write(writing, batch);
      batch.clear();
      writer = null;
    } catch (RocksDBException e) {
      throw failure(folder, "write", e);
    } finally {
      open.unlock();
    }
  }

  /// Copies what is committed into a folder that does not exist yet; tables are hard links where
  /// that is possible.
  void copyTo(Path target) {
    Lock open = enter();
    try (org.rocksdb.Checkpoint copy = org.rocksdb.Checkpoint.create(db)) {
      copy.createCheckpoint(target.toString());
    } catch (RocksDBException e) {
      throw failure(folder, "copy", e);
    } finally {
      open.unlock();
    }
  }

  /// Runs `pass` over the committed rows as they are at this moment, whatever is written meanwhile.
  <T> T frozen(Function<Frozen, T> pass) {
    Lock open = enter();
    Snapshot snapshot = db.getSnapshot();
    try (ReadOptions options =
        new ReadOptions()
            .setVerifyChecksums(true)
            .setFillCache(false)
            .setReadaheadSize(Limits.READ_AHEAD_BYTES)
            .setSnapshot(snapshot)) {
      return pass.apply(new Frozen(options));
    } finally {
      db.releaseSnapshot(snapshot);
      open.unlock();
    }
  }

  /// All columns at one moment. Not to be kept.
  final class Frozen {
    private final ReadOptions options;

    private Frozen(ReadOptions options) {
      this.options = options;
    }

    <K, V> Optional<V> get(Column<K, V> column, K key) {
      try {
        byte[] bytes = column.keys().write(key);
        byte[] value = db.get(family(column), options, bytes);
        return value == null ? Optional.empty() : Optional.of(value(column, value));
      } catch (RocksDBException e) {
        throw failure(folder, "read", e);
      }
    }

    /// Every row of the column, first to last, as bytes.
    void all(Column<?, ?> column, Visitor<byte[], byte[]> visitor) {
      from(column, new byte[0], visitor);
    }

    /// The rows from the first that is not before this key, as bytes. Several threads may read.
    void from(Column<?, ?> column, byte[] first, Visitor<byte[], byte[]> visitor) {
      try (RocksIterator rows = db.newIterator(family(column), options)) {
        boolean more = true;
        for (rows.seek(first); more && rows.isValid(); rows.next()) {
          if (closed) {
            throw new IllegalStateException("the log was closed while it was read");
          }
          more = visitor.visit(rows.key(), rows.value());
        }
        rows.status();
      } catch (RocksDBException e) {
        throw failure(folder, "read", e);
      }
    }
  }

  private ColumnFamilyHandle family(Column<?, ?> column) {
    ColumnFamilyHandle family = families[column.number()];
    if (family == null) {
      throw new AssertionError("column " + column + " stands in the other database");
    }
    return family;
  }

  private <K, V> boolean visit(
      Column<K, V> column, byte[] key, byte[] value, Visitor<? super K, ? super V> visitor) {
    K decoded;
    try {
      decoded = column.keys().read(key);
    } catch (RuntimeException e) {
      throw unreadable(column, e);
    }
    return visitor.visit(decoded, value(column, value));
  }

  private <V> V value(Column<?, V> column, byte[] value) {
    try {
      return column.values().read(value);
    } catch (RuntimeException e) {
      throw unreadable(column, e);
    }
  }

  private LogFailure unreadable(Column<?, ?> column, RuntimeException cause) {
    return LogFailure.damaged(
        folder, "a row of column " + column + " cannot be read (" + LogFailure.reason(cause) + ")");
  }

  private Lock enter() {
    Lock open = lock.readLock();
    open.lock();
    if (closed) {
      open.unlock();
      throw new IllegalStateException("the log in " + folder + " is closed");
    }
    return open;
  }

  static LogFailure failure(Path folder, String attempt, RocksDBException e) {
    Status status = e.getStatus();
    boolean medium =
        status != null
            && (status.getCode() == Status.Code.IOError
                || status.getSubCode() == Status.SubCode.NoSpace);
    return medium
        ? LogFailure.inputOutput(folder, attempt, e)
        : LogFailure.damaged(folder, "RocksDB says: " + LogFailure.reason(e), e);
  }

  private static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  /// The least key after all that begin with `prefix`; empty if there is none.
  private static byte[] after(byte[] prefix) {
    int length = prefix.length;
    while (length > 0 && prefix[length - 1] == (byte) 0xff) {
      length--;
    }
    byte[] after = Arrays.copyOf(prefix, length);
    if (length > 0) {
      after[length - 1]++;
    }
    return after;
  }

  private static <H extends AutoCloseable> H keep(Deque<AutoCloseable> handles, H handle) {
    handles.push(handle);
    return handle;
  }

  /// What was not committed is forgotten.
  @Override
  public void close() {
    closed = true;
    lock.writeLock().lock();
    try {
      closeAll(handles);
    } finally {
      lock.writeLock().unlock();
    }
  }

  private static void closeAll(Deque<AutoCloseable> handles) {
    while (!handles.isEmpty()) {
      try {
        handles.pop().close();
      } catch (Exception e) {
        throw new AssertionError("a native handle does not close", e);
      }
    }
  }
}
