package tocsin.node.resolver;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The control sockets of a Knot Resolver (its documentation, "Control sockets"): `__binary`, then
/// a line of Lua at a time, each answered by a length of four bytes and a text.
///
/// @param path a socket, or a folder of sockets: one for each process of the resolver
record KnotControl(Path path) {
  /// Runs one line of Lua in every process.
  ///
  /// @param lua an expression; what is put into it must be a [#literal] or a number
  /// @return what each process that runs answered, without quotes; at least one
  /// @throws ResolverException if none is there, or one is too slow
  List<String> run(String lua) throws ResolverException {
    requireSafe(lua);
    List<Path> sockets = sockets();
    List<String> answers = new ArrayList<>();
    IOException refused = null;
    for (Path socket : sockets) {
      try {
        answers.add(unquoted(exchange(socket, lua)));
      } catch (IOException e) {
        if (sockets.size() == 1 || !isAbandoned(e)) {
          throw failed(socket, e);
        }
        // A process that is gone leaves its socket behind.
        refused = e;
      }
    }
    if (answers.isEmpty() && refused != null) {
      throw failed(path, refused);
    }
    return answers;
  }

  private List<Path> sockets() throws ResolverException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      List<Path> sockets =
          files
              .filter(file -> !Files.isRegularFile(file) && !Files.isDirectory(file))
              .sorted()
              .toList();
      if (sockets.isEmpty()) {
        throw new ResolverException("there is no control socket in " + path + ": does kresd run?");
      }
      return sockets;
    } catch (IOException e) {
      throw new ResolverException("the folder " + path + " cannot be read", e);
    }
  }

  private static boolean isAbandoned(IOException e) {
    return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("refused");
  }

  private static ResolverException failed(Path socket, IOException e) {
    String message =
        e instanceof NoSuchFileException
            ? "there is no such file"
            : UnboundControl.shown(String.valueOf(e.getMessage()));
    return new ResolverException("the control socket " + socket + " failed: " + message, e);
  }

  private static String exchange(Path socket, String lua) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Guard guard = Guard.closing(channel, ResolverLimits.CONTROL_COMMAND)) {
      try {
        channel.connect(UnixDomainSocketAddress.of(socket));
        OutputStream out = Channels.newOutputStream(channel);
        DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
        // Its prompt, "> ", comes before the change to binary.
        out.write(("__binary\n" + lua + "\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
        in.skipNBytes(PROMPT.length());
        int length = in.readInt();
        if (length < 0 || length > ResolverLimits.CONTROL_ANSWER_BYTES) {
          throw new IOException("an answer of " + length + " bytes is announced");
        }
        return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
      } catch (IOException e) {
        if (guard.closed()) {
          throw new IOException(
              "no complete answer within " + ResolverLimits.CONTROL_COMMAND.toSeconds() + " s", e);
        }
        throw e;
      }
    }
  }

  private static final String PROMPT = "> ";

  private static String unquoted(String answer) {
    String text = answer.strip();
    boolean quoted =
        text.length() >= 2
            && (text.charAt(0) == '\'' || text.charAt(0) == '"')
            && text.charAt(text.length() - 1) == text.charAt(0);
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  /// A Lua string (manual 2.1) with these bytes, whatever they are: all but letters, digits and a
  /// few harmless signs are written as numbers, so that no text can end the string.
  static String literal(String text) {
    StringBuilder literal = new StringBuilder("'");
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "./_-:".indexOf(c) >= 0;
      if (plain) {
        literal.append(c);
      } else {
        literal.append(String.format(Locale.ROOT, "\\%03d", (int) c));
      }
    }
    return literal.append('\'').toString();
  }

  /// The last of several locks: one line, nothing but printable ASCII.
  private static void requireSafe(String lua) {
    for (int i = 0; i < lua.length(); i++) {
      if (lua.charAt(i) < 0x20 || lua.charAt(i) > 0x7e) {
        throw new IllegalArgumentException("a control command is one line of printable ASCII");
      }
    }
  }
}
