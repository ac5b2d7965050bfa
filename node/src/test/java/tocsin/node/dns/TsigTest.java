package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;
import org.xbill.DNS.Type;

/// Signatures, each verified or made by dnsjava on the other side.
class TsigTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final ByteString SECRET = ByteString.copyFromUtf8("0123456789abcdef0123456789ab");

  private static TsigKey key(TsigKey.Algorithm algorithm) {
    return new TsigKey(Texts.name("Node-Key."), algorithm, SECRET);
  }

  /// The same key as dnsjava has it, with a clock of its own.
  private static TSIG client(TsigKey key, ByteString secret, Instant now) {
    String javaName = key.mac().getAlgorithm();
    return new TSIG(
        key.algorithm().wireName(),
        key.name(),
        new SecretKeySpec(secret.toByteArray(), javaName),
        Clock.fixed(now, ZoneOffset.UTC));
  }

  private static Responder responder(TsigKey key, Zone zone) {
    ServedZones zones = ServedZones.NONE.with(new ServedZones.Served(zone, ZoneJournal.EMPTY));
    return new Responder(
        () -> zones,
        new Tsig(List.of(key), InstantSource.fixed(NOW)),
        TransferAcl.parse(List.of("key:node-key")),
        Cookies.random(InstantSource.system()),
        new DnsCounters(),
        new Refusals(System::nanoTime));
  }

  private static Zone zone() {
    return Texts.zone("example.", 7, "www A 192.0.2.1");
  }

  private static Responder.Outcome send(Responder responder, Message query) {
    byte[] wire = query.toWire();
    return responder.respond(wire, wire.length, InetAddress.getLoopbackAddress());
  }

  private static Message signed(TSIG client, String question) {
    Message query = Texts.query(question);
    client.apply(query, null);
    return query;
  }

  @ParameterizedTest
  @EnumSource
  void aGoodSignatureIsAnsweredWithOne(TsigKey.Algorithm algorithm) {
    TsigKey key = key(algorithm);
    TSIG client = client(key, SECRET, NOW);
    Message query = signed(client, "www.example. A");
    Responder responder = responder(key, zone());
    assertThat(send(responder, query)).isEqualTo(Responder.Outcome.ANSWER);
    byte[] wire = responder.out().toByteArray();
    Message answer = Texts.message(wire);
    assertThat(client.verify(answer, wire, query.getTSIG())).isEqualTo(Rcode.NOERROR);
    assertThat(Texts.lines(answer))
        .containsExactly(
            "NOERROR aa rd",
            "answer www.example. 5 A 192.0.2.1",
            "tsig node-key. NOERROR " + algorithm.macBytes());
  }

  @Test
  void eachMessageOfATransferIsSigned() {
    TsigKey key = key(TsigKey.Algorithm.HMAC_SHA256);
    TSIG client = client(key, SECRET, NOW);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      text.append("n%d TXT \"%s\"\n".formatted(i, "some text of a certain length"));
    }
    Message query = signed(client, "example. AXFR");
    Responder responder = responder(key, Texts.zone("example.", 7, text.toString()));
    assertThat(send(responder, query)).isEqualTo(Responder.Outcome.TRANSFER);
    ZoneTransfer transfer = responder.transfer();
    TSIG.StreamVerifier verifier = new TSIG.StreamVerifier(client, query.getTSIG());
    int messages = 0;
    while (!transfer.done()) {
      transfer.write(responder.out(), Limits.TRANSFER_MESSAGE_BYTES);
      byte[] wire = responder.out().toByteArray();
      assertThat(wire.length).isLessThanOrEqualTo(Limits.TRANSFER_MESSAGE_BYTES);
      Message message = Texts.message(wire);
      assertThat(message.getTSIG()).isNotNull();
      assertThat(verifier.verify(message, wire, transfer.done())).isEqualTo(Rcode.NOERROR);
      messages++;
    }
    assertThat(messages).isGreaterThan(4);
  }

  @ParameterizedTest
  @CsvSource({"-301, BADTIME", "-300, NOERROR", "0, NOERROR", "300, NOERROR", "301, BADTIME"})
  void aSignatureIsGoodForFiveMinutes(long seconds, String error) {
    TsigKey key = key(TsigKey.Algorithm.HMAC_SHA256);
    TSIG client = client(key, SECRET, NOW.plusSeconds(seconds));
    Responder responder = responder(key, zone());
    send(responder, signed(client, "www.example. A"));
    Message answer = Texts.message(responder.out().toByteArray());
    assertThat(Rcode.TSIGstring(answer.getTSIG().getError())).isEqualTo(error);
    if (error.equals("BADTIME")) {
      assertThat(answer.getHeader().getRcode()).isEqualTo(Rcode.NOTAUTH);
      assertThat(answer.getSection(Section.ANSWER)).isEmpty();
      // RFC 8945 section 5.2.3: signed, with the client's time, and ours beside it.
      assertThat(answer.getTSIG().getSignature()).hasSize(32);
      assertThat(answer.getTSIG().getTimeSigned()).isEqualTo(NOW.plusSeconds(seconds));
      assertThat(ByteString.copyFrom(answer.getTSIG().getOther()))
          .isEqualTo(
              ByteString.copyFrom(
                  java.nio.ByteBuffer.allocate(8).putLong(NOW.getEpochSecond()).array(), 2, 6));
    }
  }

  @Test
  void anotherSecretIsBadsig() {
    TsigKey key = key(TsigKey.Algorithm.HMAC_SHA256);
    TSIG client = client(key, ByteString.copyFromUtf8("another secret"), NOW);
    assertRefused(responder(key, zone()), signed(client, "www.example. A"), "BADSIG");
  }

  @Test
  void anUnknownKeyIsBadkey() {
    TsigKey key = key(TsigKey.Algorithm.HMAC_SHA256);
    TsigKey other = new TsigKey(Texts.name("other-key."), key.algorithm(), SECRET);
    TSIG client = client(other, SECRET, NOW);
    assertRefused(responder(key, zone()), signed(client, "www.example. A"), "BADKEY");
  }

  @Test
  void aKnownNameWithAnotherAlgorithmIsBadkey() {
    TsigKey key = key(TsigKey.Algorithm.HMAC_SHA256);
    TSIG client = client(key(TsigKey.Algorithm.HMAC_SHA512), SECRET, NOW);
    assertRefused(responder(key, zone()), signed(client, "www.example. A"), "BADKEY");
  }

  private static void assertRefused(Responder responder, Message query, String error) {
    assertThat(send(responder, query)).isEqualTo(Responder.Outcome.ANSWER);
    Message answer = Texts.message(responder.out().toByteArray());
    assertThat(answer.getHeader().getRcode()).isEqualTo(Rcode.NOTAUTH);
    assertThat(answer.getSection(Section.ANSWER)).isEmpty();
    assertThat(Rcode.TSIGstring(answer.getTSIG().getError())).isEqualTo(error);
    assertThat(answer.getTSIG().getSignature()).isEmpty();
  }

  /// A MAC cut to so many bytes (RFC 8945 section 5.2.2.1): never taken.
  @ParameterizedTest
  @CsvSource({"31, BADTRUNC", "16, BADTRUNC", "15, FORMERR", "1, FORMERR", "0, FORMERR"})
  void aShortenedMacIsRefused(int bytes, String error) {
    TsigKey key = key(TsigKey.Algorithm.HMAC_SHA256);
    Message good = signed(client(key, SECRET, NOW), "example. AXFR");
    TSIGRecord full = good.getTSIG();
    Message query = Texts.query("example. AXFR");
    query.getHeader().setID(good.getHeader().getID());
    query.addRecord(
        new TSIGRecord(
            full.getName(),
            DClass.ANY,
            0,
            full.getAlgorithm(),
            full.getTimeSigned(),
            Duration.ofMinutes(5),
            java.util.Arrays.copyOf(full.getSignature(), bytes),
            full.getOriginalID(),
            0,
            null),
        Section.ADDITIONAL);
    Responder responder = responder(key, zone());
    assertThat(send(responder, query)).isEqualTo(Responder.Outcome.ANSWER);
    Message answer = Texts.message(responder.out().toByteArray());
    if (error.equals("FORMERR")) {
      assertThat(answer.getHeader().getRcode()).isEqualTo(Rcode.FORMERR);
    } else {
      assertThat(Rcode.TSIGstring(answer.getTSIG().getError())).isEqualTo(error);
    }
  }

  @Test
  void anyChangedByteIsNoticed() throws IOException {
    TsigKey key = key(TsigKey.Algorithm.HMAC_SHA256);
    byte[] good = signed(client(key, SECRET, NOW), "example. AXFR").toWire();
    Responder responder = responder(key, zone());
    InetAddress client = InetAddress.getLoopbackAddress();
    assertThat(responder.respond(good, good.length, client)).isEqualTo(Responder.Outcome.TRANSFER);
    for (int i = 2; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 1;
      Responder.Outcome outcome = responder.respond(bad, bad.length, client);
      assertThat(outcome).as("byte %d", i).isNotEqualTo(Responder.Outcome.TRANSFER);
    }
  }

  @Test
  void withoutASignatureATransferIsRefused() {
    Responder responder = responder(key(TsigKey.Algorithm.HMAC_SHA256), zone());
    Message query =
        Message.newQuery(Record.newRecord(Texts.name("example."), Type.AXFR, DClass.IN));
    assertThat(send(responder, query)).isEqualTo(Responder.Outcome.ANSWER);
    assertThat(Texts.message(responder.out().toByteArray()).getHeader().getRcode())
        .isEqualTo(Rcode.REFUSED);
  }

  @Test
  void aKeyDoesNotShowItsSecret() {
    TsigKey key = TsigKey.of("node-key", "hmac-sha256", SECRET);
    assertThat(key.toString()).isEqualTo("hmac-sha256:node-key.");
  }
}
