package tocsin.cli.demo;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// A resolver's customers: ask it for one name during the whole story, up to 200 times a second,
/// and note each answer with the time.
final class Prober implements AutoCloseable {
  enum Kind {
    RIGHT,
    ROGUE,
    /// An error, another answer, or none.
    NONE
  }

  /// @param askedMillis when the question went out, in Unix milliseconds
  /// @param answeredMillis when the answer was there
  record Sample(long askedMillis, long answeredMillis, Kind kind) {}

  private final InetSocketAddress resolver;
  private final Message question;
  private final String right;
  private final Predicate<String> rogue;
  private final List<Sample> samples = new ArrayList<>();
  private final Thread thread;
  private volatile boolean closed;

  /// @param right the data of the right answer
  /// @param rogue whether data is the criminals'
  Prober(InetSocketAddress resolver, Name name, String right, Predicate<String> rogue) {
    this.resolver = resolver;
    this.question = Message.newQuery(Record.newRecord(name, Type.A, DClass.IN));
    this.right = right;
    this.rogue = rogue;
    this.thread = Thread.ofPlatform().name("customers").daemon(true).unstarted(this::run);
  }

  Prober start() {
    thread.start();
    return this;
  }

  private void run() {
    byte[] buffer = new byte[1_500];
    int id = 0;
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))) {
      while (!closed) {
        id = (id + 1) & 0xffff;
        question.getHeader().setID(id);
        byte[] wire = question.toWire();
        long asked = System.currentTimeMillis();
        socket.send(new DatagramPacket(wire, wire.length, resolver));
        Kind kind = answer(socket, buffer, id);
        note(new Sample(asked, System.currentTimeMillis(), kind));
        Thread.sleep(Limits.PROBE);
      }
    } catch (IOException e) {
      // The socket cannot be had, or the machine cannot send: no sample comes any more, and the
      // scene that waits for one says so.
      closed = true;
    } catch (InterruptedException e) {
      closed = true;
      Thread.currentThread().interrupt();
    }
  }

  /// The answer to this very question; a late one to an earlier question is passed over.
  private Kind answer(DatagramSocket socket, byte[] buffer, int id) throws IOException {
    long deadline = System.nanoTime() + Limits.ANSWER.toNanos();
    while (!closed) {
      int left = (int) ((deadline - System.nanoTime()) / 1_000_000);
      if (left <= 0) {
        return Kind.NONE;
      }
      socket.setSoTimeout(left);
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
      } catch (SocketTimeoutException e) {
        return Kind.NONE;
      }
      Message answer = new Message(java.util.Arrays.copyOf(buffer, packet.getLength()));
      if (answer.getHeader().getID() == id) {
        return kind(answer);
      }
    }
    return Kind.NONE;
  }

  private Kind kind(Message answer) {
    List<String> data =
        answer.getSection(Section.ANSWER).stream()
            .filter(record -> record.getType() == Type.A)
            .map(Record::rdataToString)
            .toList();
    if (data.stream().anyMatch(rogue)) {
      return Kind.ROGUE;
    }
    return data.contains(right) ? Kind.RIGHT : Kind.NONE;
  }

  private synchronized void note(Sample sample) {
    samples.add(sample);
  }

  /// Answers of a kind to questions that were asked after this moment.
  synchronized long count(Kind kind, long afterMillis) {
    return samples.stream()
        .filter(sample -> sample.kind() == kind && sample.askedMillis() > afterMillis)
        .count();
  }

  /// When the first right answer arrived after the last rogue one; empty if the last answer that
  /// told anything was rogue, or there was none.
  synchronized OptionalLong rightSinceMillis() {
    OptionalLong since = OptionalLong.empty();
    for (Sample sample : samples) {
      switch (sample.kind()) {
        case RIGHT -> since = since.isPresent() ? since : OptionalLong.of(sample.answeredMillis());
        case ROGUE -> since = OptionalLong.empty();
        case NONE -> {}
      }
    }
    return since;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(Limits.ANSWER);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
