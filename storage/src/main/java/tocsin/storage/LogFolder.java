package tocsin.storage;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tocsin.storage.HeadAnchor.Anchored;
import tocsin.storage.RocksColumns.Mode;

/// The folder of a log, opened: statements in `statements/`, what follows from them in `indices/`,
/// both RocksDB; the head anchor in `head-anchor`, the lock that keeps a second node out in `lock`.
/// How a log is made, checked and opened stands here; what is done with it in `RocksStatementLog`.
final class LogFolder implements AutoCloseable {
  static final String DATABASE = "statements";
  static final String META_HEAD = "head";

  private static final Logger LOG = LoggerFactory.getLogger(LogFolder.class);
  private static final String META_FORMAT = "format";
  private static final String META_LOG_ID = "log-id";

  private final Path path;
  private final LogId id;
  private final FolderLock lock;
  private final RocksColumns columns;
  private final Indices indices;
  private final Head head;
  private final MerkleTree tree;

  /// None if only reading.
  private final @Nullable HeadAnchor anchor;

  private LogFolder(
      Path path,
      LogId id,
      FolderLock lock,
      RocksColumns columns,
      Indices indices,
      Verified verified,
      @Nullable HeadAnchor anchor) {
    this.path = path;
    this.id = id;
    this.lock = lock;
    this.columns = columns;
    this.indices = indices;
    this.head = verified.head();
    this.tree = verified.tree();
    this.anchor = anchor;
  }

  /// A head, the tree over the statements up to it, and what is wrong with the indices.
  private record Verified(Head head, MerkleTree tree, Optional<String> indices) {}

  /// Opens for writing; makes what is not there yet. All of it is checked first, through a RocksDB
  /// that writes nothing: where there is damage, it stays as it was found.
  ///
  /// @param reader is shown each statement there is, in order, while it is checked
  /// @throws LogFailure if the folder is in use, the log is damaged, or the medium fails
  static LogFolder open(Path path, Scrub.EntryReader entries, Optional<Consumer<LogEntry>> reader) {
    FolderLock lock = null;
    RocksColumns columns = null;
    Indices indices = null;
    HeadAnchor anchor = null;
    boolean opened = false;
    try {
      Files.createDirectories(path);
      HeadAnchor.syncNames(path.toAbsolutePath().resolveSibling(""));
      lock = FolderLock.acquire(path);
      if (!HeadAnchor.exists(path) && isEmpty(path.resolve(DATABASE))) {
        // First the anchor, then the log: an anchor of no commit permits to make one.
        HeadAnchor.create(path, randomId());
        Files.createDirectories(path.resolve(DATABASE));
      }
      Anchored anchored = anchored(path);
      boolean begun = anchored.head().commits() > 0;
      // A folder that RocksDB has made is synced by nobody else.
      HeadAnchor.syncNames(path);
      Verified before = begun ? look(path, entries, anchored, reader) : null;
      columns =
          RocksColumns.open(
              path.resolve(DATABASE),
              begun ? Mode.OPEN : Mode.CREATE,
              path,
              Column.Database.STATEMENTS);
      if (!begun && columns.get(Column.META, META_HEAD).isEmpty()) {
        writeMeta(columns, anchored.log());
      }
      Verified verified =
          before != null
              ? unchanged(path, columns, before)
              : scrub(path, columns, entries, anchored, reader);
      boolean former = upgrade(path, columns);
      verified
          .indices()
          .ifPresent(wrong -> LOG.warn("the log in {}: {}: built again", path, wrong));
      indices =
          Indices.open(
              path,
              verified.indices().isPresent(),
              new StoredEntries(columns, entries),
              verified.head().size());
      anchor = HeadAnchor.open(path, anchored.log());
      if (former || verified.head().commits() > anchored.head().commits()) {
        // A crash came after the batch was synced and before it was anchored, or while the newer
        // page was written. What RocksDB has replayed it has written to tables and synced by now.
        anchor.write(verified.head());
      }
      opened = true;
      return new LogFolder(path, anchored.log(), lock, columns, indices, verified, anchor);
    } catch (IOException e) {
      throw LogFailure.inputOutput(path, "open", e);
    } finally {
      if (!opened) {
        closeAll(path, indices, columns, anchor, lock);
      }
    }
  }

  /// The previous format kept the indices in the statements' RocksDB: opening has dropped them
  /// there, and they are built anew. True if this was such a log.
  private static boolean upgrade(Path path, RocksColumns columns) {
    if (!meta(path, columns, META_FORMAT).toStringUtf8().equals(HeadAnchor.FORMER_FORMAT)) {
      return false;
    }
    LOG.info("the log in {} is of format {}: brought up to {}", path, "1", Column.FORMAT);
    columns.put(Column.META, META_FORMAT, ByteString.copyFromUtf8(String.valueOf(Column.FORMAT)));
    columns.commit();
    return true;
  }

  /// Opens to look, and writes nothing. Only the form is checked.
  ///
  /// @throws LogFailure if there is no log, a node is using it, or it cannot be read at all
  static LogFolder openReadOnly(Path path, Scrub.EntryReader entries) {
    FolderLock lock = null;
    RocksColumns columns = null;
    Indices indices = null;
    boolean opened = false;
    try {
      if (!Files.isDirectory(path)
          || (!HeadAnchor.exists(path) && isEmpty(path.resolve(DATABASE)))) {
        throw new LogFailure(
            "there is no log in %s: start the node once with `tocsin run`, or say --dir"
                .formatted(path));
      }
      lock = FolderLock.share(path);
      Anchored anchored = anchored(path);
      columns =
          RocksColumns.open(
              path.resolve(DATABASE), Mode.READ_ONLY, path, Column.Database.STATEMENTS);
      Head head = readMeta(path, columns, anchored.log());
      indices = Indices.openReadOnly(path, new StoredEntries(columns, entries));
      opened = true;
      Verified unverified = new Verified(head, new MerkleTree(), Optional.empty());
      return new LogFolder(path, anchored.log(), lock, columns, indices, unverified, null);
    } catch (IOException e) {
      throw LogFailure.inputOutput(path, "read", e);
    } finally {
      if (!opened) {
        closeAll(path, indices, columns, lock);
      }
    }
  }

  private static Anchored anchored(Path path) throws IOException {
    if (!HeadAnchor.exists(path)) {
      throw LogFailure.damaged(path, "its " + HeadAnchor.FILE + " is missing");
    }
    Anchored anchored = HeadAnchor.read(path);
    if (anchored.head().commits() > 0 && isEmpty(path.resolve(DATABASE))) {
      throw LogFailure.damaged(
          path,
          "its folder %s is missing or empty, but %,d statements had been made durable"
              .formatted(DATABASE, anchored.head().size()));
    }
    return anchored;
  }

  /// Gives the log in this folder, which nobody uses, a new id: it goes on as a log of its own.
  static void beginAnew(Path path) throws IOException {
    Anchored anchored = HeadAnchor.read(path);
    LogId id = randomId();
    Head head;
    try (RocksColumns columns =
        RocksColumns.open(path.resolve(DATABASE), Mode.OPEN, path, Column.Database.STATEMENTS)) {
      head = readMeta(path, columns, anchored.log());
      columns.put(Column.META, META_LOG_ID, id.bytes());
      columns.commit();
    }
    HeadAnchor.create(path, id);
    try (HeadAnchor anchor = HeadAnchor.open(path, id)) {
      anchor.write(head);
    }
  }

  /// Copies statements and anchor, as of the newest commit, into an empty folder.
  void backup(Path target, Head committed) throws IOException {
    columns.copyTo(target.resolve(DATABASE));
    HeadAnchor.create(target, id);
    try (HeadAnchor copy = HeadAnchor.open(target, id)) {
      copy.write(committed);
    }
  }

  private static Verified look(
      Path path,
      Scrub.EntryReader entries,
      Anchored anchored,
      Optional<Consumer<LogEntry>> reader) {
    try (RocksColumns columns =
        RocksColumns.open(
            path.resolve(DATABASE), Mode.READ_ONLY, path, Column.Database.STATEMENTS)) {
      return scrub(path, columns, entries, anchored, reader);
    }
  }

  private static Verified scrub(
      Path path,
      RocksColumns columns,
      Scrub.EntryReader entries,
      Anchored anchored,
      Optional<Consumer<LogEntry>> reader) {
    Head head = readMeta(path, columns, anchored.log());
    Optional<Indices.Found> indices = Indices.look(path);
    Scrub.Beside beside =
        new Scrub.Beside(
            Scrub.Depth.BYTES,
            indices,
            () -> Indices.storedLeaves(path),
            new Progress(path, head.size()),
            reader);
    Scrub.Result result =
        columns.frozen(rows -> Scrub.run(path, rows, entries, head, anchored.head(), beside));
    return new Verified(head, result.tree(), result.indices());
  }

  /// Tells the operator that a start which takes long goes on.
  private static final class Progress implements LongConsumer {
    private final Path path;
    private final long size;
    private long told = System.nanoTime();

    Progress(Path path, long size) {
      this.path = path;
      this.size = size;
    }

    @Override
    public void accept(long done) {
      if (System.nanoTime() - told > Limits.PROGRESS_NANOS) {
        told = System.nanoTime();
        LOG.info("checking the log in {}: {} of {} statements", path, done, size);
      }
    }
  }

  private static Verified unchanged(Path path, RocksColumns columns, Verified before) {
    Head head = head(path, meta(path, columns, META_HEAD));
    if (!head.equals(before.head())) {
      throw LogFailure.damaged(
          path,
          "it ended with commit %,d when it was checked, and with %,d when it was opened"
              .formatted(before.head().commits(), head.commits()));
    }
    return before;
  }

  /// Statements as they stand in the columns.
  private record StoredEntries(RocksColumns columns, Scrub.EntryReader reader)
      implements Indices.Recent {
    private static final int PORTION = 1_024;

    /// In portions, so that whoever is shown them may read and write meanwhile.
    @Override
    public void each(long from, Consumer<LogEntry> consumer) {
      List<LogEntry> portion = new ArrayList<>();
      long next = from;
      do {
        portion.clear();
        columns.ascending(
            Column.ENTRIES,
            new byte[0],
            KeyEncoding.NUMBER.write(next),
            (index, stored) -> {
              portion.add(reader.entry(index, stored));
              return portion.size() < PORTION;
            });
        portion.forEach(consumer);
        next += portion.size();
      } while (portion.size() == PORTION);
    }

    @Override
    public Optional<LogEntry> get(long index) {
      return columns.get(Column.ENTRIES, index).map(stored -> reader.entry(index, stored));
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

  private static Head readMeta(Path path, RocksColumns columns, LogId id) {
    String format = meta(path, columns, META_FORMAT).toStringUtf8();
    if (!HeadAnchor.isReadable(format)) {
      throw HeadAnchor.wrongFormat(path, format);
    }
    if (!meta(path, columns, META_LOG_ID).equals(id.bytes())) {
      throw LogFailure.damaged(path, "its head anchor belongs to another log");
    }
    return head(path, meta(path, columns, META_HEAD));
  }

  private static ByteString meta(Path path, RocksColumns columns, String key) {
    return columns
        .get(Column.META, key)
        .orElseThrow(() -> LogFailure.damaged(path, "its '" + key + "' is missing"));
  }

  /// @throws LogFailure if these are not the bytes of a head
  static Head head(Path path, ByteString bytes) {
    try {
      return Head.fromBytes(bytes);
    } catch (IllegalArgumentException e) {
      throw LogFailure.damaged(path, LogFailure.reason(e), e);
    }
  }

  Path path() {
    return path;
  }

  LogId id() {
    return id;
  }

  RocksColumns columns() {
    return columns;
  }

  Indices indices() {
    return indices;
  }

  /// The newest head when it was opened.
  Head head() {
    return head;
  }

  /// The tree at that head; without leaves if only reading.
  MerkleTree tree() {
    return tree;
  }

  boolean isReadOnly() {
    return anchor == null;
  }

  /// Makes this head, which is durable in RocksDB, durable outside of it.
  void anchor(Head next) {
    HeadAnchor writing = anchor;
    if (writing == null) {
      throw new AssertionError("a log that is only read has written");
    }
    try {
      writing.write(next);
    } catch (IOException e) {
      throw LogFailure.inputOutput(path, "write", e);
    }
  }

  @Override
  public void close() {
    closeAll(path, indices, anchor, columns, lock);
  }

  private static void closeAll(Path path, @Nullable AutoCloseable... parts) {
    for (AutoCloseable part : parts) {
      try {
        if (part != null) {
          part.close();
        }
      } catch (Exception e) {
        LOG.warn("closing the log in {}: {}", path, LogFailure.reason(e));
      }
    }
  }
}
