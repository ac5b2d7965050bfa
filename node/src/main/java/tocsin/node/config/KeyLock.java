package tocsin.node.config;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Held by whoever is about to sign with a key, from asking for the next sequence number until the
/// statement is handed on: two statements with one number would be an equivocation, which suspends
/// the key everywhere. The lock is the system's, on a file beside the key, and ends with its
/// process.
public final class KeyLock implements AutoCloseable {
  private static final long RETRY_MILLIS = 20;
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final FileChannel channel;
  private final FileLock lock;

  private KeyLock(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /// Waits for the lock.
  ///
  /// @param keyFile the key's file; the lock is `keyFile` with ".lock" behind it
  /// @throws KeyFileException with a sentence, if it is still held after `patience`, or the file
  ///   cannot be made
  public static KeyLock acquire(Path keyFile, Duration patience)
      throws KeyFileException, InterruptedException {
    Path file = keyFile.resolveSibling(keyFile.getFileName() + ".lock");
    long end = System.nanoTime() + patience.toNanos();
    try {
      FileChannel channel =
          FileChannel.open(
              file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWNER_ONLY);
      while (true) {
        FileLock lock = attempt(channel);
        if (lock != null) {
          return new KeyLock(channel, lock);
        }
        if (System.nanoTime() - end > 0) {
          channel.close();
          throw new KeyFileException(
              "another command is signing with "
                  + keyFile
                  + " and did not end in "
                  + Durations.show(patience));
        }
        Thread.sleep(RETRY_MILLIS);
      }
    } catch (IOException e) {
      throw new KeyFileException("cannot lock " + file + ": " + SecretFiles.sentence(e), e);
    }
  }

  private static @Nullable FileLock attempt(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by another thread of this process.
      return null;
    }
  }

  @Override
  public void close() throws KeyFileException {
    try (channel) {
      lock.release();
    } catch (IOException e) {
      throw new KeyFileException("cannot release the lock of a key: " + SecretFiles.sentence(e), e);
    }
  }
}
