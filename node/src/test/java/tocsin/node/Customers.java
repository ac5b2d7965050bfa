package tocsin.node;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// The customers of one resolver: names in turn, 250 questions a second, each answer judged. One
/// thread asks, another reads.
final class Customers implements AutoCloseable {
  private static final long INTERVAL_NANOS = 4_000_000;

  private final DatagramSocket socket;
  private final List<Name> names;
  private final Predicate<String> rogue;
  private final AtomicLong[] askedNanos = new AtomicLong[0x10000];
  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong rogueAnswers = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();

  /// Only answers to questions asked from this moment on are counted.
  private volatile long sinceNanos = Long.MAX_VALUE;

  private volatile boolean closed;
  private volatile String example = "";
  private final Thread asking;
  private final Thread reading;

  Customers(InetSocketAddress resolver, List<String> names, Predicate<String> rogue)
      throws IOException {
    this.socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
    socket.connect(resolver);
    this.names = names.stream().map(Name::fromConstantString).toList();
    this.rogue = rogue;
    for (int i = 0; i < askedNanos.length; i++) {
      askedNanos[i] = new AtomicLong();
    }
    asking = Thread.ofPlatform().daemon().name("customers").start(this::ask);
    reading = Thread.ofPlatform().daemon().name("customers-ears").start(this::read);
  }

  private void ask() {
    int id = 0;
    long next = System.nanoTime();
    while (!closed) {
      id = (id + 1) & 0xffff;
      Message question =
          Message.newQuery(Record.newRecord(names.get(id % names.size()), Type.A, DClass.IN));
      question.getHeader().setID(id);
      byte[] wire = question.toWire();
      long now = System.nanoTime();
      askedNanos[id].set(now);
      try {
        socket.send(new DatagramPacket(wire, wire.length));
        if (now >= sinceNanos) {
          asked.incrementAndGet();
        }
      } catch (IOException e) {
        // A resolver that is away: this question is not counted.
        askedNanos[id].set(0);
      }
      next += INTERVAL_NANOS;
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  private void read() {
    byte[] buffer = new byte[4096];
    while (!closed) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        judge(new Message(Arrays.copyOf(buffer, packet.getLength())));
      } catch (IOException e) {
        // Nobody there for a moment, or closed.
      }
    }
  }

  private void judge(Message answer) {
    long at = askedNanos[answer.getHeader().getID()].getAndSet(0);
    if (at == 0 || at < sinceNanos) {
      return;
    }
    answered.incrementAndGet();
    for (Record record : answer.getSection(Section.ANSWER)) {
      if (record.getType() == Type.A && rogue.test(record.rdataToString())) {
        rogueAnswers.incrementAndGet();
        example = record.toString();
      }
    }
    if (answer.getRcode() == Rcode.SERVFAIL) {
      failures.incrementAndGet();
    }
  }

  /// Counts from now on.
  void count() {
    sinceNanos = System.nanoTime();
  }

  /// Ends the counting, and waits for the last answers.
  void rest() {
    closed = true;
    try {
      asking.join();
      Thread.sleep(1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  long asked() {
    return asked.get();
  }

  long lost() {
    return asked.get() - answered.get();
  }

  long rogue() {
    return rogueAnswers.get();
  }

  long failures() {
    return failures.get();
  }

  @Override
  public String toString() {
    return asked()
        + " asked, "
        + rogue()
        + " rogue "
        + example
        + ", "
        + failures()
        + " SERVFAIL, "
        + lost()
        + " lost";
  }

  @Override
  public void close() {
    closed = true;
    socket.close();
    try {
      asking.join();
      reading.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
