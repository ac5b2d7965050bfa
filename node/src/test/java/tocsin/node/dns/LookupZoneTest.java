package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
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

  /// However it came about, the zone is that of what is listed.
  @Test
  void changesAreLaidOutAsIfAllWereNew() {
    List<String> names =
        List.of("a.test.", "b.a.test.", "c.b.a.test.", "d.b.a.test.", "b.test.", "x.b.test.", ".");
    for (long seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      ListedNames changing = new ListedNames(ORIGIN);
      TreeMap<Long, Listing> listings = new TreeMap<>();
      for (int step = 0; step < 40; step++) {
        long place = random.nextInt(8);
        Optional<Listing> listing = Optional.empty();
        if (random.nextInt(3) > 0) {
          String listed = names.get(random.nextInt(names.size()));
          listed += random.nextBoolean() ? "," + names.get(random.nextInt(names.size() - 1)) : "";
          String subtree = random.nextBoolean() ? " subtree" : "";
          String state = random.nextBoolean() ? "active" : "pending";
          listing =
              Optional.of(
                  listing(
                      (int) place,
                      listed + subtree + " override " + state + " 0 A 192.0.2." + step));
        }
        changing.change(place, listing);
        listing.ifPresentOrElse(it -> listings.put(place, it), () -> listings.remove(place));
        if (step % 3 == 0) {
          LookupZone grown = LookupZone.of(ORIGIN, Soa.usual(), new Serial(7), changing);
          LookupZone made =
              LookupZone.of(ORIGIN, Soa.usual(), new Serial(7), List.copyOf(listings.values()));
          for (String name : names) {
            for (String question :
                List.of(".q.alerts.example. TXT", ".q.alerts.example. A", ".a.alerts.example. A")) {
              String below =
                  (name.equals(".") ? "z" : "z." + name.substring(0, name.length() - 1)) + question;
              String at = below.substring(2);
              assertThat(ask(grown, below))
                  .as("seed %s, %s", seed, below)
                  .isEqualTo(ask(made, below));
              if (!name.equals(".")) {
                assertThat(ask(grown, at)).as("seed %s, %s", seed, at).isEqualTo(ask(made, at));
              }
            }
          }
        }
      }
    }
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
