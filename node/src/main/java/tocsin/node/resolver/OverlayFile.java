package tocsin.node.resolver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// The file in which a resolver finds the overlay zone: complete and on the disk before it takes
/// the old one's place, so that a crash leaves the one or the other.
final class OverlayFile {
  private final Path path;

  /// What is in it already; empty: nobody knows.
  private String written = "";

  OverlayFile(Path path) {
    this.path = path.toAbsolutePath();
  }

  Path path() {
    return path;
  }

  /// Writes this text, if it is not there already.
  ///
  /// @throws ResolverException without the resolver's name, if it cannot be written
  synchronized void write(String text) throws ResolverException {
    if (text.equals(written) && Files.exists(path)) {
      return;
    }
    Path draft = path.resolveSibling("." + path.getFileName() + ".tocsin");
    try {
      Files.deleteIfExists(draft);
      // The resolver runs as another user, and the zone is no secret.
      try (FileChannel channel =
          FileChannel.open(
              draft,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")))) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
          int _ = channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
      written = text;
    } catch (IOException e) {
      written = "";
      // On a full disk it would go on taking what little room there is.
      delete(draft);
      String reason =
          switch (e) {
            case NoSuchFileException _ -> "there is no such folder";
            case AccessDeniedException _ -> "this user may not";
            default -> UnboundControl.shown(String.valueOf(e.getMessage()));
          };
      throw new ResolverException("the overlay cannot be written to " + path + ": " + reason, e);
    }
  }

  private static void delete(Path draft) {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      // The next draft takes its place.
    }
  }
}
