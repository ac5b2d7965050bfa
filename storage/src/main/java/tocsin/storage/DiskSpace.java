package tocsin.storage;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/// Asks whether a file system still has room to accept statements: 1 GiB and 5 % of it free. Below
/// that a node goes on serving what it has, and takes in nothing new.
public final class DiskSpace {
  private final Path folder;
  private final long leastBytes;

  /// @param folder an existing folder on that file system
  public DiskSpace(Path folder) {
    this(folder, Limits.FREE_BYTES);
  }

  /// @param leastBytes instead of 1 GiB
  public DiskSpace(Path folder, long leastBytes) {
    this.folder = folder;
    this.leastBytes = leastBytes;
  }

  /// False too if the file system does not answer: what cannot be asked cannot be trusted to write.
  /// A system call or two; ask once per turn, not per statement.
  public boolean hasRoom() {
    try {
      FileStore store = Files.getFileStore(folder);
      return hasRoom(store.getUsableSpace(), store.getTotalSpace(), leastBytes);
    } catch (IOException e) {
      return false;
    }
  }

  /// Bytes that this process may still write there; 0 if the file system does not answer.
  public long usableBytes() {
    try {
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      return 0;
    }
  }

  static boolean hasRoom(long usableBytes, long totalBytes, long leastBytes) {
    return usableBytes >= leastBytes && usableBytes >= totalBytes / 100 * Limits.FREE_PERCENT;
  }
}
