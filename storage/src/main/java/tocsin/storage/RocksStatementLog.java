package tocsin.storage;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tocsin.storage.KeyEncoding.FeedKey;
import tocsin.storage.KeyEncoding.NameKey;
import tocsin.storage.Scrub.EntryReader;
import tocsin.storage.ValueEncoding.StoredEntry;
import tocsin.storage.ValueEncoding.StoredRefusal;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.KeyId;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// The log of a node, in a folder: RocksDB in `statements/`, the head anchor in `head-anchor`, the
/// lock that keeps a second node out in `lock`.
///
/// Opening reads and re-hashes all of it; what is served is what was appended, or there is a
/// `LogFailure`. After a failed commit nothing can be written any more: it is not known what the
/// medium holds.
///
/// The thread that writes sees its own writes; every other thread sees what is committed.
public final class RocksStatementLog implements StatementLog {
  static final String DATABASE = "statements";

  private static final Logger LOG = LoggerFactory.getLogger(RocksStatementLog.class);
  private static final String META_FORMAT = "format";
  private static final String META_LOG_ID = "log-id";
  private static final String META_HEAD = "head";
  private static final byte[] NO_PREFIX = {};

  private final Path folder;
  private final LogId id;
  private final EntryReader entries;
  private final FolderLock lock;
  private final RocksColumns columns;

  /// None if only reading.
  private final @Nullable HeadAnchor anchor;

  /// The newest head that is durable and anchored.
  private volatile Head committed;

  /// Uncommitted leaves included; the writer's.
  private MerkleTree tree = new MerkleTree();

  private long nextRefusal;
  private int refusals;
  private @Nullable LogFailure failure;

  private RocksStatementLog(
      Path folder,
      LogId id,
      EntryReader entries,
      FolderLock lock,
      RocksColumns columns,
      @Nullable HeadAnchor anchor,
      Head committed) {
    this.folder = folder;
    this.id = id;
    this.entries = entries;
    this.lock = lock;
    this.columns = columns;
    this.anchor = anchor;
    this.committed = committed;
  }

  /// Opens the log in this folder, or makes an empty one where there is none.
  ///
  /// @param reader parses an envelope's wire bytes and computes its id (`Envelopes::fromLog`);
  ///   anything it throws means that the bytes are damaged
  /// @throws LogFailure if the folder is in use, the log is damaged, or the medium fails
  public static RocksStatementLog open(Path folder, Function<ByteString, Envelope> reader) {
    long start = System.nanoTime();
    RocksStatementLog log = open(folder, reader, false);
    try {
      log.recover();
    } catch (Throwable e) {
      log.close();
      throw e;
    }
    LOG.info(
        "log {}: {} statements, root {}, checked in {} ms",
        log.id,
        log.size(),
        log.root(),
        (System.nanoTime() - start) / 1_000_000);
    return log;
  }

  /// Opens the log of a stopped node to look at it. Nothing is checked yet but its form: ask
  /// [#verify()]. Writing is an `IllegalStateException`.
  ///
  /// @throws LogFailure if there is no log, a node is using it, or it cannot be read at all
  public static RocksStatementLog openReadOnly(Path folder, Function<ByteString, Envelope> reader) {
    return open(folder, reader, true);
  }

  private static RocksStatementLog open(
      Path folder, Function<ByteString, Envelope> reader, boolean readOnly) {
    FolderLock lock = null;
    HeadAnchor anchor = null;
    RocksColumns columns = null;
    boolean opened = false;
    try {
      if (!readOnly) {
        Files.createDirectories(folder);
      } else if (!Files.isDirectory(folder)) {
        throw noLog(folder);
      }
      lock = readOnly ? FolderLock.share(folder) : FolderLock.acquire(folder);
      Path database = folder.resolve(DATABASE);
      boolean empty = isEmpty(database);
      if (!HeadAnchor.exists(folder)) {
        if (!empty) {
          throw LogFailure.damaged(folder, "its " + HeadAnchor.FILE + " is missing");
        }
        if (readOnly) {
          throw noLog(folder);
        }
        // First the anchor, then the log: an anchor that says "no commit yet" permits to create.
        HeadAnchor.create(folder, randomId());
      }
      HeadAnchor.Anchored anchored = HeadAnchor.read(folder);
      boolean create = !readOnly && anchored.head().commits() == 0;
      if (empty && !create) {
        throw LogFailure.damaged(
            folder,
            "its folder %s is missing or empty, but %,d statements had been made durable"
                .formatted(DATABASE, anchored.head().size()));
      }
      RocksColumns.Mode mode =
          readOnly
              ? RocksColumns.Mode.READ_ONLY
              : create ? RocksColumns.Mode.CREATE : RocksColumns.Mode.OPEN;
      columns = RocksColumns.open(database, mode, folder);
      anchor = readOnly ? null : HeadAnchor.open(folder, anchored.log());
      if (create && columns.get(Column.META, META_HEAD).isEmpty()) {
        writeMeta(columns, anchored.log());
      }
      Head head = readMeta(folder, columns, anchored.log());
      EntryReader entries = new EntryReader(folder, reader);
      opened = true;
      return new RocksStatementLog(folder, anchored.log(), entries, lock, columns, anchor, head);
    } catch (IOException e) {
      throw LogFailure.inputOutput(folder, "open", e);
    } finally {
      if (!opened) {
        closeAll(folder, columns, anchor, lock);
      }
    }
  }

  private static boolean isEmpty(Path database) throws IOException {
    if (!Files.isDirectory(database)) {
      return true;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(database)) {
      return !files.iterator().hasNext();
    }
  }

  private static LogFailure noLog(Path folder) {
    return new LogFailure(
        "there is no log in %s: start the node once with `tocsin run`, or say --dir"
            .formatted(folder));
  }

  private static LogId randomId() {
    byte[] bytes = new byte[LogId.SIZE_BYTES];
    new SecureRandom().nextBytes(bytes);
    return new LogId(ByteString.copyFrom(bytes));
  }

  private static void writeMeta(RocksColumns columns, LogId id) {
    columns.put(Column.META, META_FORMAT, ByteString.copyFromUtf8(String.valueOf(Column.FORMAT)));
    columns.put(Column.META, META_LOG_ID, id.bytes());
    columns.put(Column.META, META_HEAD, Head.START.toBytes());
    columns.commit();
  }

  private static Head readMeta(Path folder, RocksColumns columns, LogId id) {
    String format = meta(folder, columns, META_FORMAT).toStringUtf8();
    if (!format.equals(String.valueOf(Column.FORMAT))) {
      throw HeadAnchor.wrongFormat(folder, format);
    }
    ByteString found = meta(folder, columns, META_LOG_ID);
    if (!found.equals(id.bytes())) {
      throw LogFailure.damaged(folder, "its head anchor belongs to another log");
    }
    return head(folder, meta(folder, columns, META_HEAD));
  }

  private static ByteString meta(Path folder, RocksColumns columns, String key) {
    return columns
        .get(Column.META, key)
        .orElseThrow(() -> LogFailure.damaged(folder, "its '" + key + "' is missing"));
  }

  private static Head head(Path folder, ByteString bytes) {
    try {
      return Head.fromBytes(bytes);
    } catch (IllegalArgumentException e) {
      throw LogFailure.damaged(folder, LogFailure.reason(e), e);
    }
  }

  /// The normal path run again: every statement is read as it will be served, every commit that the
  /// anchor knows must be there.
  private void recover() {
    try {
      Head anchored = HeadAnchor.read(folder).head();
      tree = columns.frozen(rows -> Scrub.run(folder, rows, entries, committed, anchored));
      columns.descending(
          Column.REFUSED,
          NO_PREFIX,
          (place, _) -> {
            nextRefusal = place + 1;
            return false;
          });
      columns.ascending(
          Column.REFUSED_IDS,
          NO_PREFIX,
          NO_PREFIX,
          (_, _) -> {
            refusals++;
            return true;
          });
      if (committed.commits() > anchored.commits()) {
        // The crash came after the batch was synced and before it was anchored. What RocksDB has
        // replayed it has written to tables and synced by now.
        writableAnchor().write(committed);
      }
    } catch (IOException e) {
      throw LogFailure.inputOutput(folder, "open", e);
    }
  }

  @Override
  public LogId id() {
    return id;
  }

  @Override
  public long size() {
    return columns.isWriter() ? tree.size() : committed.size();
  }

  @Override
  public Sha256 root() {
    return columns.isWriter() ? tree.root() : committed.root();
  }

  @Override
  public boolean contains(StatementId statement) {
    long size = size();
    return columns.get(Column.IDS, statement).filter(index -> index < size).isPresent();
  }

  @Override
  public Optional<LogEntry> get(StatementId statement) {
    return columns.get(Column.IDS, statement).flatMap(this::get);
  }

  @Override
  public Optional<LogEntry> get(long index) {
    if (index < 0 || index >= size()) {
      return Optional.empty();
    }
    return Optional.of(entry(index));
  }

  private LogEntry entry(long index) {
    StoredEntry stored =
        columns
            .get(Column.ENTRIES, index)
            .orElseThrow(() -> LogFailure.damaged(folder, "statement " + index + " is missing"));
    return entries.entry(index, stored);
  }

  @Override
  public LogEntry append(Envelope envelope, long firstSeenMillis) {
    requireWritable();
    if (columns.get(Column.IDS, envelope.id()).isPresent()) {
      throw new IllegalArgumentException("the log holds statement " + envelope.id() + " already");
    }
    LogEntry entry = new LogEntry(tree.size(), firstSeenMillis, envelope);
    columns.put(Column.ENTRIES, entry.index(), new StoredEntry(firstSeenMillis, envelope.wire()));
    IndexRows.of(entry, tree.append(entry.leaf()), columns::put);
    return entry;
  }

  @Override
  public List<LogEntry> scan(long fromIndex, int limit) {
    if (fromIndex < 0) {
      throw new IllegalArgumentException("a log has no index " + fromIndex);
    }
    List<LogEntry> found = new ArrayList<>();
    long size = size();
    if (limit > 0 && fromIndex < size) {
      columns.ascending(
          Column.ENTRIES,
          NO_PREFIX,
          KeyEncoding.NUMBER.write(fromIndex),
          (index, stored) -> {
            if (index < size) {
              found.add(entries.entry(index, stored));
            }
            return found.size() < limit && index < size;
          });
    }
    return found;
  }

  @Override
  public Optional<LogEntry> latestOf(KeyId key) {
    long size = size();
    List<FeedKey> latest = new ArrayList<>();
    columns.descending(
        Column.FEEDS,
        KeyEncoding.feedPrefix(key),
        (row, _) -> {
          if (row.index() >= size) {
            return true;
          }
          boolean sameSequence = latest.isEmpty() || latest.getLast().sequence() == row.sequence();
          if (sameSequence) {
            latest.add(row);
          }
          return sameSequence;
        });
    return latest.isEmpty() ? Optional.empty() : get(latest.getLast().index());
  }

  @Override
  public List<LogEntry> feed(KeyId key, long fromSequence, int limit) {
    long size = size();
    List<Long> indices = new ArrayList<>();
    if (limit > 0) {
      columns.ascending(
          Column.FEEDS,
          KeyEncoding.feedPrefix(key),
          KeyEncoding.FEED.write(new FeedKey(key, Math.max(0, fromSequence), 0)),
          (row, _) -> {
            if (row.index() < size) {
              indices.add(row.index());
            }
            return indices.size() < limit;
          });
    }
    return indices.stream().map(this::entry).toList();
  }

  @Override
  public List<LogEntry> alertsFor(DnsName name, int limit) {
    long size = size();
    List<Long> indices = new ArrayList<>();
    if (limit > 0) {
      columns.ascending(
          Column.NAMES,
          KeyEncoding.namePrefix(name),
          KeyEncoding.NAME.write(new NameKey(name, 0)),
          (row, _) -> {
            if (row.index() < size) {
              indices.add(row.index());
            }
            return indices.size() < limit;
          });
    }
    return indices.stream().map(this::entry).toList();
  }

  @Override
  public void refuse(RefusedStatement refused) {
    requireWritable();
    StatementId statement = refused.envelope().id();
    Optional<Long> known = columns.get(Column.REFUSED_IDS, statement);
    long place = known.orElse(nextRefusal);
    long firstSeenMillis =
        known
            .flatMap(at -> columns.get(Column.REFUSED, at))
            .map(StoredRefusal::firstSeenMillis)
            .orElse(refused.firstSeenMillis());
    columns.put(
        Column.REFUSED,
        place,
        new StoredRefusal(
            firstSeenMillis, refused.revisit(), refused.reason(), refused.envelope().wire()));
    if (known.isEmpty()) {
      columns.put(Column.REFUSED_IDS, statement, place);
      nextRefusal++;
      refusals++;
      dropOldestRefusal();
    }
  }

  private void dropOldestRefusal() {
    if (refusals > MAX_REFUSED) {
      List<StatementId> oldest = new ArrayList<>();
      columns.ascending(
          Column.REFUSED,
          NO_PREFIX,
          NO_PREFIX,
          (_, stored) -> {
            oldest.add(refused(stored).envelope().id());
            return false;
          });
      oldest.forEach(this::unrefuse);
    }
  }

  @Override
  public void unrefuse(StatementId statement) {
    requireWritable();
    Optional<Long> place = columns.get(Column.REFUSED_IDS, statement);
    if (place.isPresent()) {
      columns.delete(Column.REFUSED_IDS, statement);
      columns.delete(Column.REFUSED, place.get());
      refusals--;
    }
  }

  @Override
  public Optional<RefusedStatement> refused(StatementId statement) {
    return columns
        .get(Column.REFUSED_IDS, statement)
        .flatMap(place -> columns.get(Column.REFUSED, place))
        .map(this::refused);
  }

  @Override
  public List<RefusedStatement> refused(int limit) {
    List<RefusedStatement> found = new ArrayList<>();
    if (limit > 0) {
      columns.descending(
          Column.REFUSED,
          NO_PREFIX,
          (_, stored) -> {
            found.add(refused(stored));
            return found.size() < limit;
          });
    }
    return found;
  }

  private RefusedStatement refused(StoredRefusal stored) {
    return new RefusedStatement(
        entries.envelope("a refused statement", stored.wire()),
        stored.firstSeenMillis(),
        stored.reason(),
        stored.revisit());
  }

  @Override
  public void remember(String key, ByteString value) {
    requireWritable();
    Limits.requireFact(value);
    columns.put(Column.FACTS, key, value);
  }

  @Override
  public void forget(String key) {
    requireWritable();
    columns.delete(Column.FACTS, key);
  }

  @Override
  public Optional<ByteString> recall(String key) {
    return columns.get(Column.FACTS, key);
  }

  @Override
  public SortedMap<String, ByteString> recallAll(String prefix) {
    byte[] bytes = prefix.isEmpty() ? NO_PREFIX : KeyEncoding.TEXT.write(prefix);
    SortedMap<String, ByteString> found = new TreeMap<>();
    columns.ascending(
        Column.FACTS,
        bytes,
        bytes,
        (key, value) -> {
          found.put(key, value);
          return true;
        });
    return Collections.unmodifiableSortedMap(found);
  }

  /// Two synced writes: the batch, then the anchor. A crash before the first is over finds nothing
  /// of this commit, or all of it; before the second is over, all of it, and the anchor one behind.
  @Override
  public void commit() {
    requireWritable();
    if (!columns.isPending()) {
      return;
    }
    Head next = new Head(committed.commits() + 1, tree.size(), tree.root());
    try {
      columns.put(Column.META, META_HEAD, next.toBytes());
      columns.commit();
      writableAnchor().write(next);
    } catch (LogFailure e) {
      failure = e;
      throw e;
    } catch (IOException e) {
      failure = LogFailure.inputOutput(folder, "write", e);
      throw failure;
    }
    committed = next;
  }

  @Override
  public LogCheck verify() {
    Head head = committed;
    try {
      Head anchored = HeadAnchor.read(folder).head();
      return columns.frozen(rows -> {
        ByteString stored = rows.get(Column.META, META_HEAD).orElse(ByteString.EMPTY);
        Head frozen = head(folder, stored);
        Scrub.run(folder, rows, entries, frozen, anchored);
        return new LogCheck(frozen.size(), frozen.root(), Optional.empty());
      });
    } catch (LogFailure e) {
      return new LogCheck(head.size(), head.root(), Optional.of(LogFailure.reason(e)));
    } catch (IOException e) {
      String message = LogFailure.reason(LogFailure.inputOutput(folder, "read", e));
      return new LogCheck(head.size(), head.root(), Optional.of(message));
    }
  }

  private void requireWritable() {
    if (anchor == null) {
      throw new IllegalStateException("the log in " + folder + " was opened to be read only");
    }
    LogFailure earlier = failure;
    if (earlier != null) {
      throw new LogFailure(LogFailure.reason(earlier), earlier);
    }
  }

  private HeadAnchor writableAnchor() {
    HeadAnchor writable = anchor;
    if (writable == null) {
      throw new AssertionError("a log that is only read has written");
    }
    return writable;
  }

  /// What was not committed is forgotten.
  @Override
  public void close() {
    closeAll(folder, columns, anchor, lock);
  }

  private static void closeAll(Path folder, @Nullable AutoCloseable... parts) {
    for (AutoCloseable part : parts) {
      try {
        if (part != null) {
          part.close();
        }
      } catch (Exception e) {
        LOG.warn("closing the log in {}: {}", folder, LogFailure.reason(e));
      }
    }
  }
}
