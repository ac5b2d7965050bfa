package tocsin.node.resolver;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Locale;
import javax.net.ssl.SSLSocket;

/// Unbound's control channel (unbound-control(8); `daemon/remote.c`): connect, send `UBCT1
/// <command>\n`, read text until the end. One command per connection.
public sealed interface UnboundControl {
  /// A Unix domain socket: the folder's permissions are the authentication.
  ///
  /// @param path of the socket, as `control-interface:` has it
  record UnixSocket(Path path) implements UnboundControl {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /// TCP with TLS in both directions. The files are read at each connection, so that new ones count
  /// at once and missing ones only mean that the resolver is down.
  ///
  /// @param address where unbound listens for control
  /// @param credentials the files that unbound-control-setup(8) makes
  record Tls(InetSocketAddress address, ControlCredentials credentials) implements UnboundControl {
    @Override
    public String toString() {
      return address.getHostString() + ":" + address.getPort();
    }
  }

  /// Runs one command.
  ///
  /// @param command a verb and its arguments: printable ASCII, one line
  /// @return what unbound wrote, at most 1 MiB, without the trailing line feed
  /// @throws ResolverException if unbound is not there, is too slow, or says "error"; the message
  ///   does not name the resolver
  default String run(String command) throws ResolverException {
    requireSafe(command);
    String answer;
    try {
      answer = exchange(command);
    } catch (GeneralSecurityException | IOException e) {
      throw new ResolverException("the control channel " + this + " failed: " + sentence(e), e);
    }
    // A list may be empty; everything else says at least "ok".
    if (answer.isEmpty() && !command.startsWith("list_")) {
      throw new ResolverException("the control channel " + this + " hung up without an answer");
    }
    if (answer.startsWith("error")) {
      throw new ResolverException("unbound refused \"" + verb(command) + "\": " + shown(answer));
    }
    return answer;
  }

  private String exchange(String command) throws IOException, GeneralSecurityException {
    return switch (this) {
      case UnixSocket unix -> {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
          yield guarded(
              channel,
              () -> {
                channel.connect(UnixDomainSocketAddress.of(unix.path()));
                return talk(
                    Channels.newInputStream(channel), Channels.newOutputStream(channel), command);
              });
        }
      }
      case Tls tls -> {
        try (Socket socket = new Socket()) {
          yield guarded(
              socket,
              () -> {
                InetSocketAddress address = tls.address();
                // The command follows the end of the handshake at once; Nagle would hold it back
                // for the 40 ms that an acknowledgement may take.
                socket.setTcpNoDelay(true);
                socket.connect(address, (int) ResolverLimits.CONTROL_CONNECT.toMillis());
                try (SSLSocket secured =
                    (SSLSocket)
                        tls.credentials()
                            .context()
                            .getSocketFactory()
                            .createSocket(
                                socket, address.getHostString(), address.getPort(), true)) {
                  secured.startHandshake();
                  return talk(secured.getInputStream(), secured.getOutputStream(), command);
                }
              });
        }
      }
    };
  }

  /// Talking that can fail in the ways that sockets and certificates do.
  @FunctionalInterface
  interface Talk {
    String talk() throws IOException, GeneralSecurityException;
  }

  private static String guarded(Closeable socket, Talk talk)
      throws IOException, GeneralSecurityException {
    try (Guard guard = Guard.closing(socket, ResolverLimits.CONTROL_COMMAND)) {
      try {
        return talk.talk();
      } catch (IOException e) {
        if (guard.closed()) {
          throw new IOException(
              "no complete answer within " + ResolverLimits.CONTROL_COMMAND.toSeconds() + " s", e);
        }
        throw e;
      }
    }
  }

  private static String talk(InputStream in, OutputStream out, String command) throws IOException {
    out.write(("UBCT1 " + command + "\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
      if (answer.size() + length > ResolverLimits.CONTROL_ANSWER_BYTES) {
        throw new IOException("the answer is longer than 1 MiB");
      }
      answer.write(buffer, 0, length);
    }
    return answer.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  /// The last of several locks: names and addresses are checked where they are made, but nothing
  /// that could be a second command leaves here.
  private static void requireSafe(String command) {
    if (command.length() > ResolverLimits.CONTROL_COMMAND_BYTES - 8) {
      throw new IllegalArgumentException("a control command has at most 1,016 characters");
    }
    for (int i = 0; i < command.length(); i++) {
      if (command.charAt(i) < 0x20 || command.charAt(i) > 0x7e) {
        throw new IllegalArgumentException("a control command is one line of printable ASCII");
      }
    }
  }

  private static String verb(String command) {
    int end = command.indexOf(' ');
    return end < 0 ? command : command.substring(0, end);
  }

  /// The first line of a foreign text, fit for a message.
  static String shown(String foreign) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < foreign.length() && foreign.charAt(i) != '\n'; i++) {
      if (i == ResolverLimits.SHOWN_CHARACTERS) {
        return shown.append("...").toString();
      }
      char c = foreign.charAt(i);
      shown.append(c >= 0x20 && c < 0x7f ? c : '?');
    }
    return shown.toString();
  }

  private static String sentence(Exception e) {
    String message = e.getMessage();
    if (message == null || message.isBlank()) {
      return e.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
    return e instanceof java.nio.file.NoSuchFileException
        ? "there is no file " + message
        : shown(message);
  }
}
