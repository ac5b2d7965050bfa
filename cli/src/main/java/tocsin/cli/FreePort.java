package tocsin.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/// A TCP port on loopback that nobody uses now, for nodes that live as long as a benchmark.
final class FreePort {
  private FreePort() {}

  static int find() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
