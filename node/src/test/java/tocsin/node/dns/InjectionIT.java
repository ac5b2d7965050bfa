package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import tocsin.node.core.Listing;
import tocsin.node.core.Overlay;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// Names and texts of alerts stay what they are on their way into zones, as others read these.
class InjectionIT {
  private static final Name ORIGIN = Texts.name("alert.rpz.");

  @TempDir private Path folder;

  private static List<ByteString> strings() {
    List<ByteString> strings = new ArrayList<>();
    for (String text : NastyTexts.all()) {
      ByteString utf8 = ByteString.copyFromUtf8(text);
      strings.add(utf8.substring(0, Math.min(utf8.size(), Limits.STRING_BYTES)));
    }
    assertThat(strings).hasSizeGreaterThan(150);
    return strings;
  }

  @Test
  void whatIsNoNameIsRefusedAndWhatIsOneIsPlain() {
    for (String text : NastyTexts.all()) {
      try {
        DnsName name = DnsName.of(text);
        assertThat(name.toString()).as(text).matches("[a-z0-9_.-]+");
        assertThat(CorrectRecords.name(name).toString()).isEqualTo(name.toString());
      } catch (IllegalArgumentException e) {
        // One line, whatever was in it.
        assertThat(e.getMessage()).isNotNull().doesNotContain("\n", "\r", "\u001b", "\0");
      }
    }
  }

  private static List<Record> zoneOf(List<ByteString> strings) {
    List<Overlay.Entry> entries = new ArrayList<>();
    for (int i = 0; i < strings.size(); i++) {
      entries.add(
          new Overlay.Entry(
              DnsName.parse("n%04d.bank.test.".formatted(i)),
              i % 2 == 0,
              List.of(
                  new CorrectRecord.Txt(List.of(strings.get(i), strings.get(i))),
                  new CorrectRecord.Caa(0, "issue", strings.get(i))),
              new StatementId(Sha256.ZERO),
              0));
    }
    RpzZone zone = RpzZone.of(ORIGIN, new Overlay(entries));
    assertThat(zone.refusals()).isEmpty();
    return zone.records();
  }

  @Test
  void theZoneAsTextIsReadByOthersAsItIs() throws IOException {
    List<Record> records = zoneOf(strings());
    Zone zone = Zone.of(ORIGIN, Soa.usual(), new Serial(7), records);
    Path file = folder.resolve("zone");
    StringBuilder text = new StringBuilder();
    zone.records().forEach(each -> text.append(each).append('\n'));
    Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    Path compiled = folder.resolve("compiled");
    String said =
        Tool.require("named-compilezone")
            .run("-i", "none", "-o", compiled.toString(), "alert.rpz", file.toString());
    assertThat(said).contains("OK");
    assertThat(Texts.lines(Texts.records(ORIGIN, Files.readString(compiled))))
        .containsExactlyInAnyOrderElementsOf(Texts.lines(zone.records()));
  }

  @Test
  void transfersAndAnswersCarryTheBytesThemselves() throws IOException {
    List<ByteString> strings = strings();
    List<Listing> listings = new ArrayList<>();
    for (int i = 0; i < strings.size(); i++) {
      listings.add(
          new Listing(
              new StatementId(Sha256.ZERO),
              Optional.empty(),
              List.of(DnsName.parse("n%04d.bank.test.".formatted(i))),
              false,
              true,
              false,
              "active",
              strings.get(i).toStringUtf8(),
              0,
              List.of(new CorrectRecord.Txt(List.of(strings.get(i)))),
              0));
    }
    Name origin = Texts.name("alerts.test.");
    LookupZone zone = LookupZone.of(origin, Soa.usual(), new Serial(1), listings);
    for (int i = 0; i < strings.size(); i++) {
      byte[] given = strings.get(i).toByteArray();
      TXTRecord corrected = txt(zone, "n%04d.bank.test.a.alerts.test.".formatted(i));
      assertThat(corrected.getStringsAsByteArrays()).containsExactly(given);
      // The submitter's name is one string of five, cut at most.
      TXTRecord told = txt(zone, "n%04d.bank.test.q.alerts.test.".formatted(i));
      List<byte[]> five = told.getStringsAsByteArrays();
      assertThat(five).hasSize(5);
      byte[] named =
          ("submitter=" + strings.get(i).toStringUtf8()).getBytes(StandardCharsets.UTF_8);
      assertThat(named).startsWith(five.get(3));
      assertThat(new String(five.get(2), StandardCharsets.US_ASCII)).isEqualTo("state=active");
    }
    // And by somebody else's eyes, escaped.
    try (DnsServer server =
        new DnsServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            List.of(),
            TransferAcl.parse(List.of("127.0.0.1")))) {
      server.start();
      server.serve(Zone.of(ORIGIN, Soa.usual(), new Serial(7), zoneOf(strings)), ZoneJournal.EMPTY);
      String said =
          Tool.require("dig")
              .run(
                  "@127.0.0.1",
                  "-p",
                  String.valueOf(server.address().getPort()),
                  "+noall",
                  "+answer",
                  "alert.rpz.",
                  "AXFR");
      assertThat(said).doesNotContain("\u001b", "\0", "\r");
      assertThat(said.lines().filter(line -> !line.isBlank() && !line.startsWith(";")))
          .allMatch(line -> line.contains("alert.rpz."));
    }
  }

  private static TXTRecord txt(LookupZone zone, String name) {
    byte[] key = NameKey.of(Texts.name(name));
    OwnerRecords found = Objects.requireNonNull(zone.find(key, key.length), name);
    RecordSet set = Objects.requireNonNull(found.set(Type.TXT), name);
    return (TXTRecord) set.records(Texts.name(name)).getFirst();
  }
}
