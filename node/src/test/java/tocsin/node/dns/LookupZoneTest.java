package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import tocsin.node.core.Listing;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// `lookup.txt`: listings, and what the lookup zone says of names.
class LookupZoneTest {
  private static final Name ORIGIN = Texts.name("alerts.example.");

  static List<Texts.Case> cases() {
    return Texts.cases("lookup.txt");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void namesAreLookedUp(Texts.Case vector) {
    List<Listing> listings = new ArrayList<>();
    for (String each : vector.of("listing")) {
      listings.add(listing(listings.size() + 1, each));
    }
    LookupZone zone = LookupZone.of(ORIGIN, Soa.usual(), new Serial(7), listings);
    List<String> expected = new ArrayList<>();
    List<String> actual = new ArrayList<>();
    for (String line : vector.lines()) {
      if (line.startsWith("listing ")) {
        continue;
      }
      expected.add(line);
      if (line.startsWith("query ")) {
        actual.add(line);
        actual.addAll(ask(zone, line.substring("query ".length())));
      }
    }
    assertThat(actual).isEqualTo(expected);
  }

  /// As in the vector file.
  private static Listing listing(int number, String text) {
    List<String> words = new ArrayList<>(List.of(text.split(" ", -1)));
    List<DnsName> names =
        Arrays.stream(words.removeFirst().split(",", -1)).map(DnsName::parse).toList();
    boolean subtree = words.remove("subtree");
    String kind = words.removeFirst();
    String state = words.removeFirst();
    int ttl = Integer.parseInt(words.removeFirst());
    List<CorrectRecord> records = RpzZoneTest.records(String.join(" ", words));
    return new Listing(
        new StatementId(new Sha256(0, 0, 0, number)),
        Optional.empty(),
        names,
        subtree,
        !kind.equals("flush"),
        kind.equals("servers"),
        state,
        "Example ISP",
        1_795_000_000_000L,
        records,
        ttl);
  }

  private static List<String> ask(LookupZone zone, String question) {
    ServedZones zones = ServedZones.NONE.with(new ServedZones.Served(zone, ZoneJournal.EMPTY));
    Responder responder =
        new Responder(
            () -> zones,
            new Tsig(List.of(), InstantSource.system()),
            TransferAcl.parse(List.of("127.0.0.1")),
            Cookies.random(InstantSource.system()),
            new DnsCounters(),
            new Refusals(System::nanoTime));
    Message query = Texts.query(question);
    query.getHeader().unsetFlag(Flags.RD);
    byte[] wire = query.toWire();
    assertThat(responder.respond(wire, wire.length, InetAddress.getLoopbackAddress()))
        .isEqualTo(Responder.Outcome.ANSWER);
    // Ids are long: their last digits tell them apart.
    return Texts.lines(Texts.message(responder.out().toByteArray())).stream()
        .map(line -> line.replaceAll("=0{63}", "="))
        .toList();
  }

  @Test
  void aNameThatIsTooLongIsFoundByItsHash() {
    String label = "x".repeat(60);
    DnsName name = DnsName.parse((label + ".").repeat(4));
    LookupZone zone =
        LookupZone.of(
            ORIGIN,
            Soa.usual(),
            new Serial(7),
            List.of(listing(1, name + " override active 60 A 192.0.2.10")));
    String hash = Sha256.of(name.toWire()).toString().substring(0, 56);
    assertThat(ask(zone, hash + "._sha256.q.alerts.example. A"))
        .containsExactly(
            "NOERROR aa", "answer " + hash + "._sha256.q.alerts.example. 5 A 127.0.0.2");
    assertThat(ask(zone, hash + "._sha256.a.alerts.example. A"))
        .containsExactly(
            "NOERROR aa", "answer " + hash + "._sha256.a.alerts.example. 60 A 192.0.2.10");
    assertThat(ask(zone, hash.replace(hash.charAt(0), 'x') + "._sha256.q.alerts.example. A"))
        .first()
        .isEqualTo("NXDOMAIN aa");
  }

  @Test
  void ofManyAlertsForANameTheFirstAreShown() {
    List<Listing> listings = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      listings.add(listing(i, "www.bank.test. override active 0 A 192.0.2." + i));
    }
    LookupZone zone = LookupZone.of(ORIGIN, Soa.usual(), new Serial(7), listings);
    assertThat(ask(zone, "www.bank.test.q.alerts.example. TXT"))
        .hasSize(1 + Limits.LISTINGS_PER_NAME);
    assertThat(ask(zone, "www.bank.test.a.alerts.example. A"))
        .containsExactly("NOERROR aa", "answer www.bank.test.a.alerts.example. 5 A 192.0.2.1");
  }

  @Test
  void longSubmittersAreCut() {
    Listing listing =
        new Listing(
            new StatementId(Sha256.ZERO),
            Optional.empty(),
            List.of(DnsName.parse("www.bank.test.")),
            false,
            true,
            false,
            "active",
            "ü".repeat(300),
            0,
            List.of(new CorrectRecord.A(ByteString.copyFrom(new byte[] {1, 2, 3, 4}))),
            0);
    LookupZone zone = LookupZone.of(ORIGIN, Soa.usual(), new Serial(7), List.of(listing));
    assertThat(ask(zone, "www.bank.test.q.alerts.example. TXT"))
        .hasSize(2)
        .last()
        .asString()
        .contains(" submitter=\\195\\188")
        .contains("\\188 expires=never");
  }
}
