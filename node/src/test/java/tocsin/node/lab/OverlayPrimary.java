package tocsin.node.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import tocsin.node.resolver.OverlayZone;

/// The primary of a small overlay zone, for tests of those who take it: SOA, and the whole zone in
/// one message for AXFR and IXFR. It stands in for the node's DNS server, so that this module's
/// resolver tests do not hang on that one's health.
public final class OverlayPrimary implements AutoCloseable {
  private final Name origin = Name.fromConstantString("alert.rpz.");
  private final LabServer server;
  private final LongAdder transfers = new LongAdder();
  private volatile List<Record> records = List.of();
  private final int expireSeconds;
  private volatile long serial = 1_000;
  private Consumer<OverlayZone> offered = zone -> {};

  public OverlayPrimary() throws IOException {
    this(0, 3_600);
  }

  /// One whose zone is good for so long without it.
  ///
  /// @param port 0: any
  public OverlayPrimary(int port, int expireSeconds) throws IOException {
    this.expireSeconds = expireSeconds;
    server =
        new LabServer(
            InetAddress.ofLiteral("127.0.0.1"),
            port,
            (query, client) -> Optional.of(answer(query)));
  }

  public InetSocketAddress address() {
    return server.address();
  }

  public long serial() {
    return serial;
  }

  public long transfers() {
    return transfers.sum();
  }

  /// Replaces the zone's content under a new serial.
  ///
  /// @param lines "www.checkfree.test A 192.0.2.80", owner relative to the zone
  public void publish(String... lines) throws IOException {
    List<Record> content = new ArrayList<>();
    for (String line : lines) {
      List<String> words = List.of(line.split(" ", 3));
      int type = Type.value(words.get(1));
      content.add(
          Record.fromString(
              Name.fromString(words.get(0), origin), type, DClass.IN, 5, words.get(2), Name.root));
    }
    synchronized (this) {
      records = content;
      serial++;
      offered.accept(zone());
    }
  }

  /// Hands the zone as a file to somebody who takes it that way, now and whenever it changes.
  public synchronized void onPublished(Consumer<OverlayZone> taker) {
    offered = taker;
    taker.accept(zone());
  }

  private synchronized OverlayZone zone() {
    return new OverlayZone(origin, serial, records);
  }

  /// Tells a resolver that there is a new serial (RFC 1996), until it accepts that: unbound refuses
  /// every NOTIFY of its first moments, until it has begun to ask for the zone by itself.
  public void notify(InetSocketAddress resolver) {
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() ->
            assertThat(Rcode.string(answerToNotify(resolver)))
                .as("the answer to NOTIFY")
                .isEqualTo(Rcode.string(Rcode.NOERROR)));
  }

  private int answerToNotify(InetSocketAddress resolver) throws IOException {
    Message notify = new Message();
    notify.getHeader().setOpcode(Opcode.NOTIFY);
    notify.getHeader().setFlag(Flags.AA);
    notify.addRecord(Record.newRecord(origin, Type.SOA, DClass.IN), Section.QUESTION);
    return new SimpleResolver(resolver).send(notify).getRcode();
  }

  private synchronized Message answer(Message query) {
    Message answer = AuthoritativeAnswers.answerTo(query);
    Record question = query.getQuestion();
    if (!question.getName().equals(origin)) {
      answer.getHeader().setRcode(Rcode.REFUSED);
      return answer;
    }
    answer.getHeader().setFlag(Flags.AA);
    SOARecord soa =
        new SOARecord(
            origin,
            DClass.IN,
            5,
            Name.fromConstantString("localhost."),
            Name.fromConstantString("nobody.invalid."),
            serial,
            Math.min(30, expireSeconds / 3),
            Math.min(5, expireSeconds / 3),
            expireSeconds,
            5);
    switch (question.getType()) {
      case Type.SOA -> answer.addRecord(soa, Section.ANSWER);
      case Type.AXFR, Type.IXFR -> {
        transfers.increment();
        answer.addRecord(soa, Section.ANSWER);
        answer.addRecord(
            new NSRecord(origin, DClass.IN, 5, Name.fromConstantString("localhost.")),
            Section.ANSWER);
        records.forEach(record -> answer.addRecord(record, Section.ANSWER));
        // The second SOA ends the transfer; addRecord would take it for a duplicate only in
        // dnsjava's sets, not here.
        answer.addRecord(soa, Section.ANSWER);
      }
      default -> answer.addRecord(soa, Section.AUTHORITY);
    }
    return answer;
  }

  @Override
  public void close() {
    server.close();
  }
}
