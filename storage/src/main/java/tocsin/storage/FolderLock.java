package tocsin.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Keeps two nodes, or a node and a check, out of one folder. The operating system drops the lock
/// when the process ends, however it ends; the file stays and means nothing by itself.
final class FolderLock implements AutoCloseable {
  static final String FILE = "lock";

  private static final int PID_CHARACTERS = 20;

  /// Folders held by this process. It must be asked first: closing a second channel of a file drops
  /// the locks that the process holds through the first (POSIX `fcntl`).
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final @Nullable FileChannel channel;

  private FolderLock(Path folder, @Nullable FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /// Takes the folder, which must exist, for one that writes.
  ///
  /// @throws LogFailure if somebody has it
  static FolderLock acquire(Path folder) throws IOException {
    return take(
        folder,
        false,
        StandardOpenOption.CREATE,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  /// Takes the folder for one that only reads, which may lack the right to write there.
  ///
  /// @throws LogFailure if somebody has it
  static FolderLock share(Path folder) throws IOException {
    return take(folder, true, StandardOpenOption.READ);
  }

  private static FolderLock take(Path folder, boolean shared, StandardOpenOption... options)
      throws IOException {
    Path real = folder.toRealPath();
    if (!HELD.add(real)) {
      throw inUse(folder, "this very process");
    }
    FileChannel channel = null;
    boolean taken = false;
    try {
      Path file = real.resolve(FILE);
      if (shared && !Files.exists(file)) {
        taken = true;
        return new FolderLock(real, null);
      }
      channel = FileChannel.open(file, options);
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
      if (lock == null) {
        throw inUse(folder, holder(channel));
      }
      if (!shared) {
        byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
        channel.truncate(0).write(ByteBuffer.wrap(pid), 0);
      }
      taken = true;
      return new FolderLock(real, channel);
    } finally {
      if (!taken) {
        HELD.remove(real);
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(PID_CHARACTERS);
    channel.read(buffer, 0);
    String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
    try {
      long pid = Long.parseLong(text.strip());
      boolean alive = ProcessHandle.of(pid).isPresent();
      return alive ? "another node (pid " + pid + ")" : "another process";
    } catch (NumberFormatException e) {
      return "another process";
    }
  }

  private static LogFailure inUse(Path folder, String holder) {
    return new LogFailure(
        "the folder %s is in use by %s: stop that one first, or give this one a folder of its own with --dir"
            .formatted(folder, holder));
  }

  @Override
  public void close() throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      HELD.remove(folder);
    }
  }
}
