package tocsin.storage;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tocsin.storage.HeadAnchor.Anchored;
import tocsin.storage.RocksColumns.Mode;

/// The folder of a log, opened: RocksDB in `statements/`, the head anchor in `head-anchor`, the
/// lock that keeps a second node out in `lock`. How a log is made, checked and opened stands here;
/// what is done with it in `RocksStatementLog`.
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
  private final Head head;
  private final MerkleTree tree;

  /// None if only reading.
  private final @Nullable HeadAnchor anchor;

  private LogFolder(
      Path path,
      LogId id,
      FolderLock lock,
      RocksColumns columns,
      Verified verified,
      @Nullable HeadAnchor anchor) {
    this.path = path;
    this.id = id;
    this.lock = lock;
    this.columns = columns;
    this.head = verified.head();
    this.tree = verified.tree();
    this.anchor = anchor;
  }

  /// A head, and the tree over the statements up to it.
  private record Verified(Head head, MerkleTree tree) {}

  /// Opens for writing; makes what is not there yet. All of it is checked first, through a RocksDB
  /// that writes nothing: where there is damage, it stays as it was found.
  ///
  /// @throws LogFailure if the folder is in use, the log is damaged, or the medium fails
  static LogFolder open(Path path, Scrub.EntryReader entries) {
    FolderLock lock = null;
    RocksColumns columns = null;
    HeadAnchor anchor = null;
    boolean opened = false;
    try {
      Files.createDirectories(path);
      lock = FolderLock.acquire(path);
      if (!HeadAnchor.exists(path) && isEmpty(path.resolve(DATABASE))) {
        // First the anchor, then the log: an anchor of no commit permits to make one.
        HeadAnchor.create(path, randomId());
      }
      Anchored anchored = anchored(path);
      boolean begun = anchored.head().commits() > 0;
      Verified before = begun ? look(path, entries, anchored) : null;
      columns = RocksColumns.open(path.resolve(DATABASE), begun ? Mode.OPEN : Mode.CREATE, path);
      if (!begun && columns.get(Column.META, META_HEAD).isEmpty()) {
        writeMeta(columns, anchored.log());
      }
      Verified verified =
          before != null
              ? unchanged(path, columns, before)
              : scrub(path, columns, entries, anchored);
      anchor = HeadAnchor.open(path, anchored.log());
      if (verified.head().commits() > anchored.head().commits()) {
        // A crash came after the batch was synced and before it was anchored, or while the newer
        // page was written. What RocksDB has replayed it has written to tables and synced by now.
        anchor.write(verified.head());
      }
      opened = true;
      return new LogFolder(path, anchored.log(), lock, columns, verified, anchor);
    } catch (IOException e) {
      throw LogFailure.inputOutput(path, "open", e);
    } finally {
      if (!opened) {
        closeAll(path, columns, anchor, lock);
      }
    }
  }

  /// Opens to look, and writes nothing. Only the form is checked.
  ///
  /// @throws LogFailure if there is no log, a node is using it, or it cannot be read at all
  static LogFolder openReadOnly(Path path) {
    FolderLock lock = null;
    RocksColumns columns = null;
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
      columns = RocksColumns.open(path.resolve(DATABASE), Mode.READ_ONLY, path);
      Head head = readMeta(path, columns, anchored.log());
      opened = true;
      Verified unverified = new Verified(head, new MerkleTree());
      return new LogFolder(path, anchored.log(), lock, columns, unverified, null);
    } catch (IOException e) {
      throw LogFailure.inputOutput(path, "read", e);
    } finally {
      if (!opened) {
        closeAll(path, columns, lock);
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

  private static Verified look(Path path, Scrub.EntryReader entries, Anchored anchored) {
    try (RocksColumns columns = RocksColumns.open(path.resolve(DATABASE), Mode.READ_ONLY, path)) {
      return scrub(path, columns, entries, anchored);
    }
  }

  private static Verified scrub(
      Path path, RocksColumns columns, Scrub.EntryReader entries, Anchored anchored) {
    Head head = readMeta(path, columns, anchored.log());
    MerkleTree tree = columns.frozen(rows -> Scrub.run(path, rows, entries, head, anchored.head()));
    return new Verified(head, tree);
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
    if (!format.equals(String.valueOf(Column.FORMAT))) {
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

  /// Makes this head durable outside RocksDB.
  void anchor(Head next) throws IOException {
    if (anchor == null) {
      throw new AssertionError("a log that is only read has written");
    }
    anchor.write(next);
  }

  @Override
  public void close() {
    closeAll(path, columns, anchor, lock);
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
