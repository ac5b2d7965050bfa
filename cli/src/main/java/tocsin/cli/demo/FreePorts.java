package tocsin.cli.demo;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Ports of 127.0.0.1 that nobody uses, neither over TCP nor over UDP.
final class FreePorts {
  private FreePorts() {}

  static List<Integer> find(int count) throws IOException {
    List<Integer> found = new ArrayList<>();
    int span = Limits.LAST_PORT - Limits.FIRST_PORT;
    int first = ThreadLocalRandom.current().nextInt(span);
    for (int i = 0; i < span && found.size() < count; i++) {
      int port = Limits.FIRST_PORT + (first + i) % span;
      if (isFree(port)) {
        found.add(port);
      }
    }
    if (found.size() < count) {
      throw new IOException("no free ports on 127.0.0.1");
    }
    return found;
  }

  private static boolean isFree(int port) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    try (ServerSocket tcp = new ServerSocket();
        DatagramSocket udp = new DatagramSocket(null)) {
      tcp.bind(address);
      udp.bind(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
