package tocsin.storage;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import tocsin.trust.Sha256;

/// The head of the log, kept outside RocksDB: no recovery mode of RocksDB notices that its
/// write-ahead log was emptied or deleted, and this does.
///
/// A file of two pages of 4,096 bytes, written in turn, so that a crash while one is written leaves
/// the other. Each begins with: magic (8 bytes), format (4), log id (16), head (56), SHA-256 of all
/// these (32); zeros follow. The file never grows, so one fdatasync makes a page durable.
final class HeadAnchor implements AutoCloseable {
  static final String FILE = "head-anchor";
  static final int PAGE_BYTES = 4096;

  /// Kept the indices beside the statements, in one RocksDB; its anchor has the same form.
  static final String FORMER_FORMAT = "1";

  private static final ByteString MAGIC =
      ByteString.copyFrom("TocsinHA", StandardCharsets.US_ASCII);
  private static final int CONTENT_BYTES = 8 + Integer.BYTES + LogId.SIZE_BYTES + Head.SIZE_BYTES;

  private final FileChannel channel;
  private final LogId log;
  private final ByteBuffer page = ByteBuffer.allocateDirect(PAGE_BYTES);

  private HeadAnchor(FileChannel channel, LogId log) {
    this.channel = channel;
    this.log = log;
  }

  /// What an anchor says.
  record Anchored(LogId log, Head head) {}

  /// Makes the anchor of a log that is about to be created. When this returns, file and name are
  /// durable.
  static void create(Path folder, LogId log) throws IOException {
    Path file = folder.resolve(FILE);
    Path draft = folder.resolve(FILE + ".new");
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      HeadAnchor anchor = new HeadAnchor(channel, log);
      anchor.put(Head.START, 0);
      anchor.put(Head.START, 1);
      channel.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    syncNames(folder);
  }

  /// Makes durable which files stand in a folder; that they do is no property of the files.
  static void syncNames(Path folder) throws IOException {
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  static boolean exists(Path folder) {
    return Files.exists(folder.resolve(FILE));
  }

  /// The newest head that is whole.
  ///
  /// @throws LogFailure if there is none, or a newer version of the program wrote it
  static Anchored read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    Anchored newest = null;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (int slot = 0; slot < 2; slot++) {
        Optional<Anchored> found = read(channel, slot, folder);
        if (found.isPresent()
            && (newest == null || found.get().head().commits() > newest.head().commits())) {
          newest = found.get();
        }
      }
    }
    if (newest == null) {
      throw LogFailure.damaged(
          folder, "neither page of its " + FILE + " is whole, so nothing shows what it must hold");
    }
    return newest;
  }

  private static Optional<Anchored> read(FileChannel channel, int slot, Path folder)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(CONTENT_BYTES + Sha256.SIZE_BYTES);
    long position = (long) slot * PAGE_BYTES;
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        return Optional.empty();
      }
    }
    ByteString bytes = ByteString.copyFrom(buffer.flip());
    ByteString content = bytes.substring(0, CONTENT_BYTES);
    if (!bytes.substring(CONTENT_BYTES).equals(Sha256.of(content).toByteString())
        || !content.startsWith(MAGIC)) {
      return Optional.empty();
    }
    int format = content.substring(8).asReadOnlyByteBuffer().getInt();
    if (!isReadable(String.valueOf(format))) {
      throw wrongFormat(folder, format);
    }
    LogId log = new LogId(content.substring(12, 28));
    return Optional.of(new Anchored(log, Head.fromBytes(content.substring(28))));
  }

  /// This version and the one before it, which is brought up when the log is opened for writing.
  static boolean isReadable(String format) {
    return format.equals(String.valueOf(Column.FORMAT)) || format.equals(FORMER_FORMAT);
  }

  static LogFailure wrongFormat(Path folder, Object format) {
    return new LogFailure(
        "the log in %s has format %s and this version of tocsin knows formats 1 to %d: use the version that wrote it, or a newer one"
            .formatted(folder, format, Column.FORMAT));
  }

  /// Opens the anchor for writing.
  static HeadAnchor open(Path folder, LogId log) throws IOException {
    return new HeadAnchor(FileChannel.open(folder.resolve(FILE), StandardOpenOption.WRITE), log);
  }

  /// Makes this head durable. The other page keeps the one before it.
  void write(Head head) throws IOException {
    put(head, (int) (head.commits() & 1));
    channel.force(false);
  }

  private void put(Head head, int slot) throws IOException {
    ByteString content = content(head);
    page.clear();
    content.copyTo(page);
    page.put(Sha256.of(content).toByteArray());
    page.clear();
    long position = (long) slot * PAGE_BYTES;
    while (page.hasRemaining()) {
      channel.write(page, position + page.position());
    }
  }

  private ByteString content(Head head) {
    ByteBuffer format = ByteBuffer.allocate(Integer.BYTES).putInt(Column.FORMAT).flip();
    return MAGIC.concat(ByteString.copyFrom(format)).concat(log.bytes()).concat(head.toBytes());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
