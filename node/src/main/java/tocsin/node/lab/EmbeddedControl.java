package tocsin.node.lab;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/// The server's side of unbound's control protocol on a Unix domain socket: reads `UBCT1
/// <command>\n`, writes what the command says, hangs up.
final class EmbeddedControl implements AutoCloseable {
  private static final String VERSION = "UBCT1 ";

  private final ServerSocketChannel server;
  private final UnaryOperator<String> commands;
  private final Thread thread;

  /// @param commands from a command line to the text of the answer
  EmbeddedControl(Path socket, UnaryOperator<String> commands) throws IOException {
    this.commands = commands;
    Files.deleteIfExists(socket);
    this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      server.close();
      throw e;
    }
    this.thread = Thread.ofVirtual().name("lab-control").start(this::serve);
  }

  private void serve() {
    while (server.isOpen()) {
      try {
        SocketChannel channel = server.accept();
        if (!server.isOpen()) {
          // It came in the very moment of the end: the caller must not be served by a dead one.
          channel.close();
          return;
        }
        Thread.ofVirtual().start(() -> serve(channel));
      } catch (IOException e) {
        // Closed: the loop's condition ends it.
      }
    }
  }

  private void serve(SocketChannel channel) {
    Thread guard =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Thread.sleep(LabLimits.CONTROL_TIMEOUT);
                channel.close();
              } catch (InterruptedException | IOException e) {
                // The conversation is over.
              }
            });
    try (channel) {
      String line = line(Channels.newInputStream(channel));
      String answer =
          line.startsWith(VERSION)
              ? commands.apply(line.substring(VERSION.length()).strip())
              : "error expected UBCT1\n";
      ByteBuffer bytes = ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      // The client went away, or never said its line.
    } finally {
      guard.interrupt();
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (line.size() == LabLimits.CONTROL_COMMAND_BYTES) {
        throw new IOException("the command is too long");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.US_ASCII);
  }

  /// The words of a command.
  static List<String> words(String command) {
    return List.of(command.split(" +", -1));
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      // Closed in whatever way.
    }
    LabServer.awaitEnd(thread);
  }
}
