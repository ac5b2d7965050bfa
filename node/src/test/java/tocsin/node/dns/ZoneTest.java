package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

class ZoneTest {
  private static final Name ORIGIN = Texts.name("example.");

  @Test
  void recordsAreInOrderOnceAndWithOneTtlPerSet() {
    Zone zone =
        Texts.zone(
            "example.",
            7,
            "b 9 A 192.0.2.2\nB 5 A 192.0.2.1\nb 7 A 192.0.2.2\na TXT \"x\"\nx.a A 1.2.3.4");
    assertThat(Texts.lines(zone.records()))
        .containsExactly(
            "example. 5 SOA 7",
            "example. 5 NS localhost.",
            "a.example. 5 TXT x",
            "x.a.example. 5 A 1.2.3.4",
            "b.example. 5 A 192.0.2.1",
            "b.example. 5 A 192.0.2.2");
  }

  @ParameterizedTest
  @CsvSource({
    "a NS ns, NS record",
    "a DNAME b, DNAME record",
    "a.elsewhere. A 192.0.2.1, not in the zone",
    "a CH TXT x, class IN",
  })
  void recordsThatDoNotBelongAreRefused(String record, String why) {
    assertThatThrownBy(() -> Texts.zone("example.", 7, record))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void aCnameStandsAlone() {
    assertThatThrownBy(() -> Texts.zone("example.", 7, "a CNAME b\na A 192.0.2.1"))
        .hasMessageContaining("a.example. has a CNAME");
    assertThatThrownBy(() -> Texts.zone("example.", 7, "a CNAME b\na CNAME c"))
        .hasMessageContaining("a.example. has a CNAME");
  }

  @Test
  void theSerialGoesForwardOnly() {
    VersionedZone zone = VersionedZone.first(Texts.zone("example.", 7, "a A 192.0.2.1"));
    List<Record> same = Texts.records(ORIGIN, "a A 192.0.2.1");
    List<Record> other = Texts.records(ORIGIN, "a A 192.0.2.2");
    // Repeated: the same.
    assertThat(zone.next(new Serial(7), same)).isSameAs(zone);
    assertThatThrownBy(() -> zone.next(new Serial(7), other)).hasMessageContaining("serial");
    assertThatThrownBy(() -> zone.next(new Serial(6), same)).hasMessageContaining("serial");
    assertThat(zone.next(new Serial(8), same).zone().serial()).isEqualTo(new Serial(8));
  }

  @Test
  void aJournalIsBounded() {
    VersionedZone zone = VersionedZone.first(Texts.zone("example.", 0, ""));
    int versions = Limits.JOURNAL_DIFFERENCES + 10;
    for (int i = 1; i <= versions; i++) {
      zone = zone.next(new Serial(i), Texts.records(ORIGIN, "a A 192.0.2." + i % 250));
    }
    assertThat(zone.journal().size()).isEqualTo(Limits.JOURNAL_DIFFERENCES);
    assertThat(zone.journal().since(new Serial(9))).isEmpty();
    assertThat(zone.journal().since(new Serial(10)).orElseThrow())
        .hasSize(Limits.JOURNAL_DIFFERENCES);
    assertThat(zone.journal().since(new Serial(versions))).isEmpty();
  }

  @Test
  void aJournalIsBoundedInRecordsToo() throws Exception {
    VersionedZone zone = VersionedZone.first(Texts.zone("example.", 0, "a A 192.0.2.1"));
    List<Record> many = new ArrayList<>();
    for (int i = 0; i < 70_000; i++) {
      byte[] address = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
      many.add(
          new ARecord(
              Texts.name("n" + i + ".example."),
              DClass.IN,
              5,
              java.net.InetAddress.getByAddress(address)));
    }
    zone = zone.next(new Serial(1), List.of());
    zone = zone.next(new Serial(2), many);
    zone = zone.next(new Serial(3), List.of());
    assertThat(zone.journal().since(new Serial(0))).isPresent();
    // 210,000 records are too many: the oldest steps go.
    zone = zone.next(new Serial(4), many);
    assertThat(zone.journal().since(new Serial(1))).isEmpty();
    assertThat(zone.journal().since(new Serial(2))).isPresent();
  }

  @Test
  void aJournalThatDoesNotFollowStartsAnew() {
    Zone one = Texts.zone("example.", 1, "");
    Zone two = Texts.zone("example.", 2, "");
    Zone three = Texts.zone("example.", 3, "");
    Zone four = Texts.zone("example.", 4, "");
    ZoneJournal journal =
        ZoneJournal.EMPTY
            .plus(ZoneDifference.between(one, two))
            .plus(ZoneDifference.between(three, four));
    assertThat(journal.size()).isEqualTo(1);
    assertThat(journal.since(new Serial(1))).isEmpty();
  }
}
