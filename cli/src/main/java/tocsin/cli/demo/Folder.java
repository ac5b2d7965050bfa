package tocsin.cli.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// A temporary folder that goes away with all that is in it, unless it is to be kept.
public record Folder(Path path, boolean keep) implements AutoCloseable {
  static Folder make(boolean keep) throws IOException {
    return new Folder(make(temporary(), "tocsin-demo"), keep);
  }

  /// One of its own inside this folder, which goes away.
  public static Folder in(Path parent, String prefix) throws IOException {
    return new Folder(make(parent, prefix), false);
  }

  /// Where the system has temporary files.
  public static Path temporary() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  private static Path make(Path parent, String prefix) throws IOException {
    return Files.createTempDirectory(
        parent,
        prefix,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  @Override
  public void close() throws IOException {
    if (keep) {
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
