package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.Name;
import tocsin.node.core.Overlay;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// `rpz.txt`: overlays, and the zones they become.
class RpzZoneTest {
  private static final Name ORIGIN = Texts.name("rpz.");

  static List<Texts.Case> cases() {
    return Texts.cases("rpz.txt");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void overlaysBecomeZones(Texts.Case vector) {
    List<Overlay.Entry> entries = new ArrayList<>();
    List<Overlay.Trigger> triggers = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (String line : vector.lines()) {
      if (line.startsWith("entry ")) {
        entries.add(entry(line.substring("entry ".length())));
      } else if (line.startsWith("block ")) {
        triggers.add(trigger(line.split(" ", 3)));
      } else {
        expected.add(line);
      }
    }
    RpzZone rpz = RpzZone.of(ORIGIN, new Overlay(entries, triggers));
    List<String> actual = new ArrayList<>();
    rpz.records().forEach(each -> actual.add(Texts.line(each)));
    rpz.refusals().forEach(each -> actual.add("refused " + each.name() + " " + each.reason()));
    assertThat(actual).isEqualTo(expected);
    // And a zone takes them.
    assertThat(Zone.of(ORIGIN, Soa.usual(), new Serial(1), rpz.records()).records())
        .hasSize(rpz.records().size() + 2);
  }

  private static Overlay.Trigger trigger(String[] words) {
    return words[1].equals("address")
        ? new Overlay.Trigger.Address(
            ByteString.copyFrom(InetAddress.ofLiteral(words[2]).getAddress()))
        : new Overlay.Trigger.NameServer(DnsName.parse(words[2]));
  }

  /// As in the vector file.
  static Overlay.Entry entry(String text) {
    String[] words = text.split(" ", 2);
    boolean subtree = words[1].startsWith("subtree");
    String records = subtree ? words[1].substring("subtree".length()).strip() : words[1];
    return new Overlay.Entry(
        DnsName.parse(words[0]), subtree, records(records), new StatementId(Sha256.ZERO), 0);
  }

  static List<CorrectRecord> records(String text) {
    List<CorrectRecord> records = new ArrayList<>();
    for (String each : text.isEmpty() ? new String[0] : text.split(", ", -1)) {
      records.add(record(each));
    }
    return records;
  }

  static CorrectRecord record(String text) {
    String[] words = text.split(" ", -1);
    return switch (words[0]) {
      case "A" -> new CorrectRecord.A(address(words[1]));
      case "AAAA" -> new CorrectRecord.Aaaa(address(words[1]));
      case "CNAME" -> new CorrectRecord.Cname(DnsName.parse(words[1]));
      case "MX" -> new CorrectRecord.Mx(Integer.parseInt(words[1]), DnsName.parse(words[2]));
      case "TXT" -> new CorrectRecord.Txt(List.of(ByteString.copyFromUtf8(words[1])));
      case "SRV" ->
          new CorrectRecord.Srv(
              Integer.parseInt(words[1]),
              Integer.parseInt(words[2]),
              Integer.parseInt(words[3]),
              DnsName.parse(words[4]));
      case "CAA" ->
          new CorrectRecord.Caa(
              Integer.parseInt(words[1]), words[2], ByteString.copyFromUtf8(words[3]));
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static ByteString address(String text) {
    return ByteString.copyFrom(InetAddress.ofLiteral(text).getAddress());
  }

  @Test
  void anIpv4MappedAddressStaysAnAaaaRecord() {
    ByteString mapped = ByteString.fromHex("00000000000000000000ffffc0000201");
    RpzZone rpz =
        RpzZone.of(
            ORIGIN,
            new Overlay(
                List.of(
                    new Overlay.Entry(
                        DnsName.parse("www.bank.test."),
                        false,
                        List.of(new CorrectRecord.Aaaa(mapped)),
                        new StatementId(Sha256.ZERO),
                        0))));
    assertThat(ByteString.copyFrom(rpz.records().getFirst().rdataToWireCanonical()))
        .isEqualTo(mapped);
  }

  @Test
  void aNameTooLongBelowTheOriginIsRefused() {
    String label = "x".repeat(63);
    // 255 bytes on the wire alone; 4 fewer fit before "rpz."; with "*." 6 fewer.
    String fits = (label + ".").repeat(3);
    List<CorrectRecord> records = List.of(record("A 192.0.2.1"));
    StatementId alert = new StatementId(Sha256.ZERO);
    for (int extra = 0; extra <= 6; extra++) {
      DnsName name = DnsName.parse(fits + "y".repeat(54 + extra) + ".");
      for (boolean subtree : new boolean[] {false, true}) {
        Overlay overlay = new Overlay(List.of(new Overlay.Entry(name, subtree, records, alert, 0)));
        int bytes = name.toWire().size() + 4 + (subtree ? 2 : 0);
        assertThat(RpzZone.of(ORIGIN, overlay).refusals()).hasSize(bytes > 255 ? 1 : 0);
      }
    }
  }
}
