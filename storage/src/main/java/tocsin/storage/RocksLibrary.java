package tocsin.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.NativeLibraryLoader;

/// RocksDB's native library, loaded once per process: from `java.library.path` where a package has
/// put it (a quarter of a second less at each start), else unpacked from its jar.
final class RocksLibrary {
  private static boolean loaded;

  private RocksLibrary() {}

  /// RocksDB's own loader leaves the unpacked library, 17 MB, in the temporary folder until the
  /// process ends, and for ever if it is killed. Here the file goes as soon as it is mapped.
  static synchronized void load() {
    if (loaded) {
      return;
    }
    try {
      Path unpacked = Files.createTempDirectory("tocsin-rocksdb-");
      try {
        NativeLibraryLoader.getInstance().loadLibrary(unpacked.toString());
      } finally {
        List<Path> files;
        try (Stream<Path> found = Files.list(unpacked)) {
          files = found.toList();
        }
        for (Path file : files) {
          Files.delete(file);
        }
        Files.delete(unpacked);
      }
    } catch (IOException | UnsatisfiedLinkError e) {
      throw new LogFailure(
          "cannot load RocksDB's native library (%s): see that %s has 20 MB of room and permits to execute, and that this is Linux on x86-64 or aarch64"
              .formatted(LogFailure.reason(e), System.getProperty("java.io.tmpdir")),
          e);
    }
    loaded = true;
  }
}
