package tocsin.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file of nothing that takes room while there is room. When the file system is full it is thrown
/// overboard: what was being written can be finished, and RocksDB, which must be opened anew after
/// such an error, has room for the tables that it makes of its write-ahead log.
public final class Ballast {
  static final String FILE = "ballast";

  private final Path file;
  private final long sizeBytes;

  /// @param folder of a log
  public Ballast(Path folder) {
    this(folder, Limits.BALLAST_BYTES);
  }

  Ballast(Path folder, long sizeBytes) {
    this.file = folder.resolve(FILE);
    this.sizeBytes = sizeBytes;
  }

  /// Makes the file as large as it is to be; nothing is done if it is.
  ///
  /// @throws IOException if there is no room; what had been written is deleted again
  public void take() throws IOException {
    if (Files.exists(file) && Files.size(file) == sizeBytes) {
      return;
    }
    boolean taken = false;
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      // Written, not only sized: a file of holes takes no room.
      ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
      for (long left = sizeBytes; left > 0; ) {
        zeros.clear().limit((int) Math.min(left, zeros.capacity()));
        left -= channel.write(zeros);
      }
      taken = true;
    } finally {
      if (!taken) {
        Files.deleteIfExists(file);
      }
    }
  }

  /// Gives the room free. True if there was any to give.
  boolean release() throws IOException {
    return Files.deleteIfExists(file);
  }
}
