package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.TSIG;

/// What an operator reads of those who were refused.
class RefusalsTest {
  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");
  private static final byte[] SECRET = new byte[32];

  private final AtomicLong nanos = new AtomicLong();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger log = (Logger) LoggerFactory.getLogger(Refusals.class);
  private final TsigKey key =
      new TsigKey(
          Texts.name("node-key."),
          TsigKey.Algorithm.HMAC_SHA256,
          com.google.protobuf.ByteString.copyFrom(SECRET));
  private Responder responder;

  @BeforeEach
  void listen() {
    lines.start();
    log.setLevel(Level.WARN);
    log.setAdditive(false);
    log.addAppender(lines);
    responder = responder("127.0.0.1 key:node-key");
  }

  @AfterEach
  void listenNoMore() {
    log.detachAppender(lines);
    log.setAdditive(true);
    log.setLevel(Level.ERROR);
  }

  private Responder responder(String allowed) {
    ServedZones zones =
        ServedZones.NONE.with(
            new ServedZones.Served(
                Texts.zone("alert.rpz.", 7, "www A 192.0.2.1"), ZoneJournal.EMPTY));
    return new Responder(
        () -> zones,
        new Tsig(List.of(key), InstantSource.fixed(NOW)),
        TransferAcl.parse(List.of(allowed)),
        Cookies.random(InstantSource.system()),
        new DnsCounters(),
        new Refusals(nanos::get));
  }

  private TSIG signer(String name, byte[] secret, Instant now) {
    return new TSIG(
        key.algorithm().wireName(),
        Texts.name(name),
        new SecretKeySpec(secret, "HmacSHA256"),
        java.time.Clock.fixed(now, java.time.ZoneOffset.UTC));
  }

  private void send(String from, Message message) {
    byte[] wire = message.toWire();
    var _ = responder.respond(wire, wire.length, InetAddress.ofLiteral(from));
  }

  private static Message signed(TSIG by) {
    Message message = Texts.query("alert.rpz. AXFR");
    by.apply(message, null);
    return message;
  }

  /// The line of the last request, which is the only one in half a minute.
  private String told() {
    nanos.addAndGet(31_000_000_000L);
    assertThat(lines.list).hasSize(1);
    String line = lines.list.getFirst().getFormattedMessage();
    lines.list.clear();
    return line;
  }

  @Test
  void eachReasonIsSaid() {
    send("127.0.0.1", Texts.query("alert.rpz. AXFR"));
    assertThat(told())
        .isEqualTo(
            "DNS: a transfer of 127.0.0.1 was refused: it is not signed, and allow-transfer wants a"
                + " key of it");
    send("127.0.0.2", Texts.query("alert.rpz. AXFR"));
    assertThat(told())
        .isEqualTo(
            "DNS: a transfer of 127.0.0.2 was refused: its address is no entry of allow-transfer");
    send("127.0.0.2", signed(signer("node-key.", SECRET, NOW)));
    assertThat(told()).endsWith("no entry of allow-transfer allows its address with its key");
    send("127.0.0.1", signed(signer("node-key.", new byte[] {1, 2, 3}, NOW)));
    assertThat(told()).contains("BADSIG, its key has another secret there than here");
    send("127.0.0.1", signed(signer("other-key.", SECRET, NOW)));
    assertThat(told()).contains("BADKEY");
    send("127.0.0.1", signed(signer("node-key.", SECRET, NOW.minusSeconds(3_600))));
    assertThat(told()).contains("BADTIME, its clock and ours differ");
    Message notify = Texts.query("alert.rpz. SOA");
    notify.getHeader().setOpcode(Opcode.NOTIFY);
    send("127.0.0.1", notify);
    assertThat(told()).contains("a NOTIFY of 127.0.0.1 was refused");
    send("127.0.0.1", signed(signer("node-key.", SECRET, NOW)));
    assertThat(lines.list).as("the right one").isEmpty();
  }

  @Test
  void aFloodIsALineInHalfAMinute() {
    for (int second = 0; second < 90; second++) {
      for (int i = 0; i < 100; i++) {
        send("127.0.0.2", Texts.query("alert.rpz. AXFR"));
      }
      nanos.addAndGet(1_000_000_000L);
    }
    assertThat(lines.list).hasSize(3);
    assertThat(lines.list.getLast().getFormattedMessage())
        .endsWith("(and 2999 other requests since the last such line)");
  }
}
