package tocsin.cli.demo;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// Asks a resolver for one name at a steady rate, whether it answers or not, and counts what stays
/// without an answer: a resolver that stops to walk its cache shows here.
final class SteadyClient implements AutoCloseable {
  private static final int IDS = 0x10000;

  /// A resolver that stood still answers everything at once when it goes on. Linux gives a socket
  /// room for some 270 small answers (net.core.rmem_max), so that one alone would lose what was
  /// answered.
  private static final int SOCKETS = 16;

  private final List<DatagramSocket> sockets = new ArrayList<>();
  private final byte[] question;
  private final int perSecond;
  private final AtomicLongArray askedNanos = new AtomicLongArray(IDS);
  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong slowestNanos = new AtomicLong();
  private final Thread asking;
  private volatile boolean asks = true;

  SteadyClient(InetSocketAddress resolver, Name name, int perSecond) throws IOException {
    for (int i = 0; i < SOCKETS; i++) {
      DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
      sockets.add(socket);
      socket.connect(resolver);
    }
    question = Message.newQuery(Record.newRecord(name, Type.A, DClass.IN)).toWire();
    this.perSecond = perSecond;
    asking = Thread.ofPlatform().daemon().name("steady-client").start(this::ask);
    for (DatagramSocket socket : sockets) {
      Thread.ofPlatform().daemon().name("steady-client-ears").start(() -> hear(socket));
    }
  }

  private void ask() {
    Pace pace = Pace.perSecond(perSecond);
    pace.await();
    for (int id = 0; asks; id = (id + 1) % IDS) {
      byte[] wire = question.clone();
      wire[0] = (byte) (id >> Byte.SIZE);
      wire[1] = (byte) id;
      askedNanos.set(id, System.nanoTime());
      asked.incrementAndGet();
      try {
        sockets.get(id % SOCKETS).send(new DatagramPacket(wire, wire.length));
      } catch (IOException e) {
        // Nobody there: lost, like a question that is not answered.
        askedNanos.set(id, 0);
      }
      pace.await();
    }
  }

  private void hear(DatagramSocket socket) {
    byte[] buffer = new byte[4_096];
    while (!socket.isClosed()) {
      try {
        socket.receive(new DatagramPacket(buffer, buffer.length));
        int id = ((buffer[0] & 0xff) << Byte.SIZE) | (buffer[1] & 0xff);
        long at = askedNanos.getAndSet(id, 0);
        if (at != 0) {
          answered.incrementAndGet();
          slowestNanos.accumulateAndGet(System.nanoTime() - at, Math::max);
        }
      } catch (IOException e) {
        // Nobody there for a moment, or closed.
      }
    }
  }

  /// Asks no more, and waits for the last answers.
  void rest() throws InterruptedException {
    asks = false;
    asking.join();
    Thread.sleep(Limits.ANSWER);
  }

  long asked() {
    return asked.get();
  }

  long lost() {
    return asked.get() - answered.get();
  }

  double slowestMillis() {
    return Math.round(slowestNanos.get() / 10_000.0) / 100.0;
  }

  @Override
  public void close() {
    asks = false;
    sockets.forEach(DatagramSocket::close);
  }
}
