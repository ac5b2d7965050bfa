package tocsin.node;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
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

  /// The questions that are not answered yet, by their id.
  private final AtomicReferenceArray<Open> open = new AtomicReferenceArray<>(0x10000);

  /// Questions asked from now on are counted here.
  private volatile Tally counting = new Tally();

  private volatile boolean asks = true;
  private final Thread asking;
  private final Thread reading;

  private record Open(Tally tally, long askedNanos) {}

  /// What became of the questions of one span of time.
  static final class Tally {
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong rogue = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong slowestNanos = new AtomicLong();
    private volatile String example = "";

    long asked() {
      return asked.get();
    }

    long lost() {
      return asked.get() - answered.get();
    }

    long rogue() {
      return rogue.get();
    }

    long failures() {
      return failures.get();
    }

    @Override
    public String toString() {
      return "%d asked, %d rogue %s, %d SERVFAIL, %d lost, slowest %d ms"
          .formatted(asked(), rogue(), example, failures(), lost(), slowestNanos.get() / 1_000_000);
    }
  }

  Customers(InetSocketAddress resolver, List<String> names, Predicate<String> rogue)
      throws IOException {
    this.socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
    socket.connect(resolver);
    this.names = names.stream().map(Name::fromConstantString).toList();
    this.rogue = rogue;
    asking = Thread.ofPlatform().daemon().name("customers").start(this::ask);
    reading = Thread.ofPlatform().daemon().name("customers-ears").start(this::read);
  }

  private void ask() {
    int id = 0;
    long next = System.nanoTime();
    while (asks) {
      id = (id + 1) & 0xffff;
      Message question =
          Message.newQuery(Record.newRecord(names.get(id % names.size()), Type.A, DClass.IN));
      question.getHeader().setID(id);
      byte[] wire = question.toWire();
      Tally tally = counting;
      open.set(id, new Open(tally, System.nanoTime()));
      tally.asked.incrementAndGet();
      try {
        socket.send(new DatagramPacket(wire, wire.length));
      } catch (IOException e) {
        // A resolver that is away: lost, like a question that is not answered.
        open.set(id, null);
      }
      next += INTERVAL_NANOS;
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  private void read() {
    byte[] buffer = new byte[4096];
    while (!socket.isClosed()) {
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
    Open question = open.getAndSet(answer.getHeader().getID(), null);
    if (question == null) {
      return;
    }
    Tally tally = question.tally();
    tally.answered.incrementAndGet();
    tally.slowestNanos.accumulateAndGet(System.nanoTime() - question.askedNanos(), Math::max);
    for (Record record : answer.getSection(Section.ANSWER)) {
      if (record.getType() == Type.A && rogue.test(record.rdataToString())) {
        tally.rogue.incrementAndGet();
        tally.example = record.toString();
      }
    }
    if (answer.getRcode() == Rcode.SERVFAIL) {
      tally.failures.incrementAndGet();
    }
  }

  /// Counts from now on by itself: questions that are asked from this moment on.
  Tally count() {
    Tally fresh = new Tally();
    counting = fresh;
    return fresh;
  }

  /// Asks nothing more, and waits for the last answers.
  void rest() {
    asks = false;
    try {
      asking.join();
      Thread.sleep(1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    asks = false;
    socket.close();
    try {
      asking.join();
      reading.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
