package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class RequestTest {
  @ParameterizedTest
  @CsvSource({
    // Shorter than a header; an answer.
    "'', SILENT",
    "000000000001000000000000, MALFORMED",
    "0000000000010000000000, SILENT",
    "00008000000100000000000001610000010001, SILENT",
    // Good: "a. A IN", ". A IN".
    "000000000001000000000000 0161000001 0001, GOOD",
    "000000000001000000000000 0000010001, GOOD",
    // No question, two questions, an answer in it, too many records.
    "000000000000000000000000, MALFORMED",
    "000000000002000000000000 00000100010000010001, MALFORMED",
    "000000000001000100000000 0000010001 00000100010000000000040a000001, MALFORMED",
    "000000000001000000050004 0000010001, MALFORMED",
    "00000000000100000000ffff 0000010001, MALFORMED",
    // Names: cut, without an end, with a pointer, with a reserved label type, with a label over the
    // end.
    "000000000001000000000000 0161, MALFORMED",
    "000000000001000000000000 c00c00010001, MALFORMED",
    "000000000001000000000000 4161000001 0001, MALFORMED",
    "000000000001000000000000 3f61000001 0001, MALFORMED",
    "000000000001000000000000 016100000100, MALFORMED",
    // Bytes too many.
    "000000000001000000000000 0000010001 00, MALFORMED",
    // OPT: good, two, with a name, with a cut option.
    "000000000001000000000001 0000010001 00002904d0000000000000, GOOD",
    "000000000001000000000002 0000010001 00002904d0000000000000 00002904d0000000000000, MALFORMED",
    "000000000001000000000001 0000010001 016100002904d0000000000000, MALFORMED",
    "000000000001000000000001 0000010001 00002904d00000000000040009ffff, MALFORMED",
    "000000000001000000000001 0000010001 00002904d0000000000003000900, MALFORMED",
    // A record whose data leave the message.
    "000000000001000000000001 0000010001 000001000100000000ffff01, MALFORMED",
    // IXFR: with a cut SOA.
    "000000000001000000010000 0000fb0001 00000600010000000000020000, MALFORMED",
    // NOTIFY: read no further than its header.
    "000020000001000000000000, GOOD",
  })
  void bytesAreTakenOrNot(String hex, Request.Reading reading) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(new Request().read(bytes, bytes.length)).isEqualTo(reading);
  }

  @Test
  void whatItSaysIsKept() {
    Name name = Texts.name("WWW.Example.");
    Message query = Message.newQuery(Record.newRecord(name, Type.IXFR, DClass.IN));
    query.addRecord(
        new SOARecord(name, DClass.IN, 0, name, name, 4_294_967_295L, 1, 1, 1, 1),
        Section.AUTHORITY);
    query.addRecord(new OPTRecord(4096, 0, 0, 0x8000), Section.ADDITIONAL);
    byte[] wire = query.toWire();
    Request request = new Request();
    assertThat(request.read(wire, wire.length)).isEqualTo(Request.Reading.GOOD);
    assertThat(request.id()).isEqualTo(query.getHeader().getID());
    assertThat(request.type()).isEqualTo(Type.IXFR);
    assertThat(request.rrClass()).isEqualTo(DClass.IN);
    assertThat(request.nameBytes()).isEqualTo(name.length());
    assertThat(request.key()).startsWith(NameKey.of(Texts.name("www.example.")));
    assertThat(request.clientSerial()).isEqualTo(new Serial(4_294_967_295L));
    assertThat(request.edns()).isTrue();
    assertThat(request.payloadBytes()).isEqualTo(4096);
    assertThat(request.dnssecOk()).isTrue();
    // And nothing of it stays for the next one.
    Message plain = Message.newQuery(Record.newRecord(name, Type.IXFR, DClass.IN));
    byte[] next = plain.toWire();
    assertThat(request.read(next, next.length)).isEqualTo(Request.Reading.GOOD);
    assertThat(request.clientSerial()).isNull();
    assertThat(request.edns()).isFalse();
    assertThat(request.payloadBytes()).isEqualTo(512);
    assertThat(request.dnssecOk()).isFalse();
  }

  /// Whatever the bytes: an answer that is an answer and no longer than it may be, or silence.
  @Test
  void noBytesMakeItFail() {
    Zone zone = Texts.zone("example.", 7, "www A 192.0.2.1\n*.w TXT \"wild\"");
    ServedZones zones = ServedZones.NONE.with(new ServedZones.Served(zone, ZoneJournal.EMPTY));
    TsigKey key =
        TsigKey.of("k", "hmac-sha256", com.google.protobuf.ByteString.copyFromUtf8("some secret"));
    Responder responder =
        new Responder(
            () -> zones,
            new Tsig(List.of(key), InstantSource.system()),
            TransferAcl.NONE,
            Cookies.random(InstantSource.system()),
            new DnsCounters(),
            new Refusals(System::nanoTime));
    Random random = new Random(23);
    List<byte[]> seeds = HostilePackets.seeds(key);
    for (int i = 0; i < 200_000; i++) {
      byte[] packet = HostilePackets.next(random, seeds);
      Responder.Outcome outcome =
          responder.respond(
              packet, packet.length, InetAddress.getLoopbackAddress(), Limits.UDP_ANSWER_BYTES);
      assertThat(outcome).isNotEqualTo(Responder.Outcome.TRANSFER);
      if (outcome == Responder.Outcome.ANSWER) {
        assertThat(responder.out().position()).isBetween(12, Limits.UDP_ANSWER_BYTES);
        // Read by somebody else: it is well formed.
        Message answer = Texts.message(responder.out().toByteArray());
        assertThat(answer.getHeader().getID())
            .isEqualTo((packet[0] & 0xff) << 8 | (packet[1] & 0xff));
      }
    }
  }
}
