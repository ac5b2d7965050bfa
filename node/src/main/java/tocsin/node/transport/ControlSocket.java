package tocsin.node.transport;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ThreadLocalRandom;

/// The file that a node and its operator's commands meet at.
final class ControlSocket {
  private ControlSocket() {}

  enum State {
    ABSENT,
    /// The file of a node that is no more.
    DEAD,
    ALIVE,
    /// A file, a folder, or whatever: not ours.
    OTHER,
    /// There, but we may not open it.
    CLOSED_TO_US
  }

  static State state(Path path) {
    requireShort(path);
    try {
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        return State.ABSENT;
      }
      if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isOther()) {
        return State.OTHER;
      }
      if (!Files.isReadable(path) || !Files.isWritable(path)) {
        return State.CLOSED_TO_US;
      }
      try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        probe.connect(UnixDomainSocketAddress.of(path));
        return State.ALIVE;
      }
    } catch (IOException e) {
      return State.DEAD;
    }
  }

  /// For a listener.
  ///
  /// @throws TransportFailure in one sentence
  static void requireUsable(Path path) {
    switch (state(path)) {
      case ABSENT, DEAD -> {}
      case ALIVE ->
          throw new TransportFailure(
              "a node runs in this folder already: it answers on the control socket " + path);
      case OTHER ->
          throw new TransportFailure(
              "the control socket "
                  + path
                  + " cannot be made: something else is there that is no socket; remove it or set"
                  + " [control] socket to another path");
      case CLOSED_TO_US ->
          throw new TransportFailure(
              "the control socket " + path + " belongs to another user, who runs a node there");
    }
  }

  /// A place where a socket can come to be before anybody can reach it: in a new folder of mode
  /// 0700 beside the path.
  static Path birthplace(Path path) {
    for (int attempt = 0; attempt < BIRTHPLACE_ATTEMPTS; attempt++) {
      Path folder =
          path.resolveSibling(
              ".s" + (FIRST_NAME + ThreadLocalRandom.current().nextInt(LAST_NAME - FIRST_NAME)));
      try {
        return Files.createDirectory(
                folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
            .resolve("s");
      } catch (FileAlreadyExistsException e) {
        // Another name, then.
      } catch (IOException e) {
        throw new TransportFailure(
            "cannot make the control socket "
                + path
                + ": its folder is missing or cannot be written",
            e);
      }
    }
    throw new TransportFailure(
        "cannot make the control socket " + path + ": its folder is full of folders named .s..");
  }

  private static final int BIRTHPLACE_ATTEMPTS = 16;
  private static final int FIRST_NAME = 100_000;
  private static final int LAST_NAME = 1_000_000;

  /// Both the path and its birthplace must fit.
  private static void requireShort(Path path) {
    int sizeBytes = Math.max(bytes(path), bytes(path.resolveSibling(".s" + FIRST_NAME + "/s")));
    if (sizeBytes > TransportLimits.SOCKET_PATH_BYTES) {
      throw new TransportFailure(
          "the path of the control socket has "
              + sizeBytes
              + " bytes, and the system allows no more than "
              + TransportLimits.SOCKET_PATH_BYTES
              + ": set [control] socket to a shorter one (it is "
              + path
              + ")");
    }
  }

  private static int bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }
}
