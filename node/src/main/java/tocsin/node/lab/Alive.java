package tocsin.node.lab;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// Whether a resolver answers at all.
final class Alive {
  private static final Duration PATIENCE = Duration.ofMillis(300);

  private Alive() {}

  /// Asks the one question that needs no network; any answer will do.
  static boolean isThere(InetSocketAddress resolver) {
    byte[] query =
        Message.newQuery(
                Record.newRecord(Name.fromConstantString("version.bind."), Type.TXT, DClass.CH))
            .toWire();
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(resolver);
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.send(new DatagramPacket(query, query.length));
      DatagramPacket answer = new DatagramPacket(new byte[512], 512);
      socket.receive(answer);
      // Without the question where it refuses to speak with us.
      return answer.getLength() >= 2
          && answer.getData()[0] == query[0]
          && answer.getData()[1] == query[1];
    } catch (IOException e) {
      return false;
    }
  }
}
