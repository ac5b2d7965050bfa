package tocsin.node.lab;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;

/// One DNS server on one address and port, UDP and TCP. What it answers is the [Answerer]'s affair.
///
/// Garbage, answers and messages without exactly one question are dropped without a word. Each
/// question is answered on a virtual thread of its own, so that a resolver may take its time over
/// one without keeping the others waiting.
final class LabServer implements AutoCloseable {
  /// Says what to answer to a question (one question, QR clear), or nothing to stay silent.
  interface Answerer {
    Optional<Message> answer(Message query, InetAddress client);
  }

  private final InetSocketAddress address;
  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final Answerer answerer;
  private final Semaphore queries = new Semaphore(LabLimits.QUERIES_AT_ONCE);
  private final Semaphore connections = new Semaphore(LabLimits.TCP_CONNECTIONS);
  private final Thread datagrams;
  private final Thread accepting;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /// Binds both sockets and starts to serve.
  ///
  /// @param port 0 for any port that is free for UDP and TCP
  /// @throws BindException if the port is taken or forbidden
  LabServer(InetAddress ip, int port, Answerer answerer) throws IOException {
    this.answerer = answerer;
    Sockets sockets = Sockets.bind(ip, port);
    this.udp = sockets.udp();
    this.tcp = sockets.tcp();
    this.address = new InetSocketAddress(ip, tcp.getLocalPort());
    this.datagrams = Thread.ofVirtual().name("lab-udp-" + address).start(this::serveDatagrams);
    this.accepting = Thread.ofVirtual().name("lab-tcp-" + address).start(this::serveConnections);
  }

  InetSocketAddress address() {
    return address;
  }

  private void serveDatagrams() {
    byte[] buffer = new byte[LabLimits.UDP_QUERY_BYTES];
    while (!udp.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        udp.receive(packet);
        byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
        InetSocketAddress client = (InetSocketAddress) packet.getSocketAddress();
        if (udp.isClosed()) {
          return;
        }
        queries.acquire();
        Thread.ofVirtual()
            .start(() -> {
              try {
                answerDatagram(bytes, client);
              } finally {
                queries.release();
              }
            });
      } catch (IOException e) {
        // Closed, or an earlier answer met a closed port: the loop's condition tells which.
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void answerDatagram(byte[] bytes, InetSocketAddress client) {
    Optional<Query> query = Query.parse(bytes);
    if (query.isEmpty()) {
      return;
    }
    Optional<Message> answer = answerer.answer(query.get().message(), client.getAddress());
    if (answer.isEmpty()) {
      return;
    }
    byte[] wire = answer.get().toWire(query.get().udpAnswerBytes());
    try {
      udp.send(new DatagramPacket(wire, wire.length, client));
    } catch (IOException e) {
      // UDP promises nothing; the client asks again.
    }
  }

  private void serveConnections() {
    while (!tcp.isClosed()) {
      try {
        Socket socket = tcp.accept();
        if (tcp.isClosed() || !connections.tryAcquire()) {
          socket.close();
          continue;
        }
        open.add(socket);
        Thread.ofVirtual()
            .start(() -> {
              try (socket) {
                serveConnection(socket);
              } catch (IOException e) {
                // The client went away or was silent for too long.
              } finally {
                open.remove(socket);
                connections.release();
              }
            });
      } catch (IOException e) {
        // Closed: the loop's condition ends it.
      }
    }
  }

  private void serveConnection(Socket socket) throws IOException {
    socket.setSoTimeout(LabLimits.TCP_IDLE_MILLIS);
    socket.setTcpNoDelay(true);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    while (true) {
      byte[] bytes = new byte[in.readUnsignedShort()];
      in.readFully(bytes);
      Optional<Query> query = Query.parse(bytes);
      if (query.isEmpty()) {
        return;
      }
      Optional<Message> answer = answerer.answer(query.get().message(), socket.getInetAddress());
      if (answer.isEmpty()) {
        return;
      }
      byte[] wire = answer.get().toWire(Message.MAXLENGTH);
      byte[] framed = new byte[wire.length + 2];
      framed[0] = (byte) (wire.length >> 8);
      framed[1] = (byte) wire.length;
      System.arraycopy(wire, 0, framed, 2, wire.length);
      out.write(framed);
      out.flush();
    }
  }

  @Override
  public void close() {
    udp.close();
    try {
      tcp.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      // Nothing is written through these sockets any more.
    }
    awaitEnd(datagrams);
    awaitEnd(accepting);
  }

  /// A closed socket keeps its port until the thread that waits on it has left.
  static void awaitEnd(Thread thread) {
    try {
      thread.join(LabLimits.THREAD_END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record Sockets(DatagramSocket udp, ServerSocket tcp) {
    static Sockets bind(InetAddress ip, int port) throws IOException {
      for (int attempt = 0; ; attempt++) {
        DatagramSocket udp = new DatagramSocket(new InetSocketAddress(ip, port));
        try {
          return new Sockets(udp, new ServerSocket(udp.getLocalPort(), 64, ip));
        } catch (IOException e) {
          udp.close();
          // A port that is free for UDP may be taken for TCP; any other one will do, a wanted one
          // not.
          if (port != 0 || attempt == 16) {
            throw e;
          }
        }
      }
    }
  }

  private record Query(Message message) {
    static Optional<Query> parse(byte[] bytes) {
      try {
        Message message = new Message(bytes);
        boolean one = message.getQuestion() != null && message.getHeader().getCount(0) == 1;
        return one && !message.getHeader().getFlag(Flags.QR)
            ? Optional.of(new Query(message))
            : Optional.empty();
      } catch (IOException | RuntimeException e) {
        // dnsjava throws unchecked exceptions on some malformed messages; hostile input ends here.
        return Optional.empty();
      }
    }

    int udpAnswerBytes() {
      OPTRecord opt = message.getOPT();
      int wanted = opt == null ? 512 : Math.max(512, opt.getPayloadSize());
      return Math.min(wanted, LabLimits.UDP_ANSWER_BYTES);
    }
  }
}
