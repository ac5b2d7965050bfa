package tocsin.node.config;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/// Files with secrets in them: for their owner only from the moment they exist, whole or not there
/// at all, and refused when anybody else could read them.
public final class SecretFiles {
  /// No key, passphrase or TSIG secret is larger.
  private static final long MAX_BYTES = 64 * 1024;

  private static final FileAttribute<Set<PosixFilePermission>> FILE_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> FOLDER_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private SecretFiles() {}

  /// Makes the folder, and those above it, with mode 0700 where they are missing.
  public static void createFolder(Path folder) throws KeyFileException {
    try {
      Files.createDirectories(folder, FOLDER_MODE);
    } catch (IOException e) {
      throw new KeyFileException("cannot make the folder " + folder + ": " + sentence(e), e);
    }
  }

  /// Reads a secret text.
  ///
  /// @throws KeyFileException if it is missing, too large, or others than its owner may touch it
  public static String read(Path file) throws KeyFileException {
    try {
      Set<PosixFilePermission> wider = EnumSet.noneOf(PosixFilePermission.class);
      wider.addAll(Files.getPosixFilePermissions(file));
      wider.retainAll(OTHERS);
      if (!wider.isEmpty()) {
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        throw new KeyFileException(
            file + " is a secret, and others may touch it (" + mode + "): chmod 600 " + file);
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new KeyFileException(file + " is larger than 64 KiB: this is no secret");
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new KeyFileException("cannot read " + file + ": " + sentence(e), e);
    }
  }

  /// The first line of a file: a passphrase.
  public static String readLine(Path file) throws KeyFileException {
    return read(file).lines().findFirst().orElse("");
  }

  /// A TSIG secret: one line of base64, as `tsig-keygen` and unbound have it.
  public static ByteString readBase64(Path file) throws KeyFileException {
    try {
      return ByteString.copyFrom(Base64.getDecoder().decode(readLine(file).strip()));
    } catch (IllegalArgumentException e) {
      throw new KeyFileException(file + " is not one line of base64", e);
    }
  }

  /// Writes a file that must not be there yet. After a crash it is there whole, or not at all.
  static void writeNew(Path file, String text) throws KeyFileException {
    Path draft = draft(file, text);
    try {
      // A hard link, because a rename would replace what is there.
      Files.createLink(file, draft);
      Files.delete(draft);
      syncFolder(file);
    } catch (FileAlreadyExistsException e) {
      delete(draft);
      throw new KeyFileException(file + " is there already, and is not overwritten", e);
    } catch (IOException e) {
      delete(draft);
      throw new KeyFileException("cannot write " + file + ": " + sentence(e), e);
    }
  }

  /// Writes a file or replaces it: before and after a crash it is the old one or the new one.
  static void replace(Path file, String text) throws KeyFileException {
    Path draft = draft(file, text);
    try {
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      syncFolder(file);
    } catch (IOException e) {
      delete(draft);
      throw new KeyFileException("cannot write " + file + ": " + sentence(e), e);
    }
  }

  private static Path draft(Path file, String text) throws KeyFileException {
    String name = "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".new";
    Path draft = file.resolveSibling(name);
    delete(draft);
    try (FileChannel channel =
        FileChannel.open(
            draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE_MODE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
      return draft;
    } catch (IOException e) {
      throw new KeyFileException("cannot write " + draft + ": " + sentence(e), e);
    }
  }

  private static void syncFolder(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static void delete(Path draft) throws KeyFileException {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      throw new KeyFileException("cannot remove " + draft + ": " + sentence(e), e);
    }
  }

  /// What a file operation failed of; Java's own messages are often just the path.
  static String sentence(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "this user may not";
      default -> String.valueOf(e.getMessage());
    };
  }
}
