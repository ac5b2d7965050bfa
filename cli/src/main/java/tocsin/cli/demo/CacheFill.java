package tocsin.cli.demo;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.function.IntFunction;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// Asks a resolver for many names, each until it is answered, so that its cache holds them.
final class CacheFill {
  /// Questions under way at a time: as many as resolvers take from one client without dropping.
  private static final int WINDOW = 200;

  private static final int PATIENCE_MILLIS = 2_000;

  /// Silences in a row after which it is given up.
  private static final int SILENCES = 5;

  private CacheFill() {}

  /// @param name the name of each number from 0
  /// @throws NotSeen if the resolver falls silent
  static void fill(InetSocketAddress resolver, int names, IntFunction<Name> name)
      throws IOException, NotSeen {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
      socket.connect(resolver);
      socket.setSoTimeout(PATIENCE_MILLIS);
      // The id of a message says which place of the window it has.
      int[] asked = new int[WINDOW];
      ArrayDeque<Integer> free = new ArrayDeque<>();
      for (int place = 0; place < WINDOW; place++) {
        asked[place] = -1;
        free.add(place);
      }
      byte[] buffer = new byte[4_096];
      int next = 0;
      int silences = 0;
      while (next < names || free.size() < WINDOW) {
        while (next < names && !free.isEmpty()) {
          int place = free.remove();
          asked[place] = next++;
          send(socket, place, name.apply(asked[place]));
        }
        try {
          socket.receive(new DatagramPacket(buffer, buffer.length));
          int place = ((buffer[0] & 0xff) << Byte.SIZE) | (buffer[1] & 0xff);
          if (place < WINDOW && asked[place] >= 0) {
            asked[place] = -1;
            free.add(place);
          }
          silences = 0;
        } catch (SocketTimeoutException e) {
          if (++silences > SILENCES) {
            throw new NotSeen(
                "the resolver at " + resolver + " answers " + names + " names; it fell silent");
          }
          for (int place = 0; place < WINDOW; place++) {
            if (asked[place] >= 0) {
              send(socket, place, name.apply(asked[place]));
            }
          }
        }
      }
    }
  }

  private static void send(DatagramSocket socket, int id, Name name) throws IOException {
    Message question = Message.newQuery(Record.newRecord(name, Type.A, DClass.IN));
    question.getHeader().setID(id);
    byte[] wire = question.toWire();
    socket.send(new DatagramPacket(wire, wire.length));
  }
}
