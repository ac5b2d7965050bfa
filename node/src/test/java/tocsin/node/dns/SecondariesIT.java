package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.ZoneTransferIn;

/// Everybody who can be a secondary of ours takes the zone, follows long chains of differences, and
/// ends with what we have.
class SecondariesIT {
  private static final Name ORIGIN = Texts.name("alert.rpz.");
  private static final TsigKey KEY =
      TsigKey.of(
          "node-key",
          "hmac-sha256",
          ByteString.copyFrom(Base64.getDecoder().decode(Secondary.SECRET)));

  /// A NOTIFY that a secondary did not take up is made good by its refresh after 30 seconds.
  private static final Duration PATIENCE = Duration.ofSeconds(75);

  private static final int CHAIN = 500;

  @TempDir private Path folder;

  private final Deque<AutoCloseable> running = new ArrayDeque<>();

  /// Our server with one secondary.
  private final class Pair {
    final DnsServer server;
    final Secondary secondary;
    final NotifySender sender;
    VersionedZone zone;

    Pair(Secondary.Kind kind, boolean signed, long serial) throws IOException {
      server =
          new DnsServer(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              List.of(KEY),
              TransferAcl.parse(List.of(signed ? "127.0.0.1 key:node-key" : "127.0.0.1")));
      server.start();
      zone =
          VersionedZone.first(
              Zone.of(
                  ORIGIN, Soa.usual(), new Serial(serial), Texts.records(ORIGIN, records(0, 0))));
      server.serve(zone.zone(), zone.journal());
      secondary = Secondary.start(kind, folder, server.address(), signed, false);
      sender =
          new NotifySender(
              server.address().getAddress(),
              List.of(
                  new NotifyTarget(
                      secondary.address(), signed ? Optional.of(KEY.name()) : Optional.empty())),
              List.of(KEY),
              outcome -> {});
      running.push(server);
      running.push(secondary);
      running.push(sender);
      awaitLast(0);
    }

    private void advance(long serial, int step, int names) {
      zone = zone.next(new Serial(serial), Texts.records(ORIGIN, records(step, names)));
    }

    private void publish() {
      server.serve(zone.zone(), zone.journal());
      sender.notify(zone.zone());
    }

    private void awaitLast(int step) {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(50))
          .untilAsserted(() ->
              assertThat(secondary.ask("www.bank.test", "TXT"))
                  .as(secondary.log())
                  .containsExactly("NOERROR", "TXT \"version " + step + "\""));
    }

    private void assertSame(Secondary.Kind kind) throws Exception {
      if (kind == Secondary.Kind.UNBOUND || kind == Secondary.Kind.PDNS_RECURSOR) {
        assertThat(secondary.ask("n490.bank.test", "MX"))
            .containsExactly("NOERROR", "MX 10 mail.bank.test.");
        assertThat(secondary.ask("n7.bank.test", "A")).containsExactly("NOERROR", "A 198.51.100.7");
        return;
      }
      ZoneTransferIn transfer = ZoneTransferIn.newAXFR(ORIGIN, secondary.address(), null);
      transfer.run();
      List<Record> all = transfer.getAXFR();
      assertThat(Texts.lines(all.subList(0, all.size() - 1)))
          .containsExactlyInAnyOrderElementsOf(Texts.lines(zone.zone().records()));
    }
  }

  /// A name that each version changes, and many that stay: every tenth of them of several records.
  private static String records(int step, int names) {
    StringBuilder text = new StringBuilder("www.bank.test A 192.0.2.%d\n".formatted(step % 250));
    text.append("www.bank.test TXT \"version %d\"\n".formatted(step));
    text.append("*.www.bank.test CNAME other.test.\n");
    for (int i = 0; i < names; i++) {
      text.append("n%d.bank.test A 198.51.100.%d\n".formatted(i, i % 250));
      if (i % 10 == 0) {
        text.append("n%d.bank.test AAAA 2001:db8::%d\n".formatted(i, i % 250));
        text.append("n%d.bank.test MX 10 mail.bank.test.\n".formatted(i));
      }
    }
    return text.toString();
  }

  @AfterEach
  void stop() throws Exception {
    while (!running.isEmpty()) {
      running.pop().close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NAMED, true",
    "NAMED, false",
    "NSD, true",
    "NSD, false",
    "KNOTD, true",
    "KNOTD, false",
    "UNBOUND, false",
    "PDNS_RECURSOR, true",
    "PDNS_RECURSOR, false",
  })
  void aChainOf500SerialsThenTheWholeZoneThenMore(Secondary.Kind kind, boolean signed)
      throws Exception {
    Pair pair = new Pair(kind, signed, 1_000);
    for (int i = 1; i <= CHAIN; i++) {
      pair.advance(1_000L + i, i, i);
    }
    pair.publish();
    pair.awaitLast(CHAIN);
    pair.assertSame(kind);
    assertThat(pair.server.counters().wholeZones().sum()).as("first only").isEqualTo(1);
    // Our memory of the past is lost: whoever holds the last serial but one needs everything.
    pair.zone = new VersionedZone(pair.zone.zone(), ZoneJournal.EMPTY);
    pair.advance(3_000, 1, CHAIN);
    pair.zone = new VersionedZone(pair.zone.zone(), ZoneJournal.EMPTY);
    pair.advance(3_001, 2, CHAIN);
    pair.publish();
    pair.awaitLast(2);
    assertThat(pair.server.counters().wholeZones().sum()).isGreaterThanOrEqualTo(2);
    // And on by differences.
    pair.advance(3_002, 3, CHAIN - 1);
    pair.publish();
    pair.awaitLast(3);
    assertThat(pair.secondary.ask("n499.bank.test", "A")).doesNotContain("A 198.51.100.249");
    assertThat(pair.server.counters().failed().sum()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"NAMED", "NSD", "KNOTD", "UNBOUND", "PDNS_RECURSOR"})
  void theSerialRunsPast32Bits(Secondary.Kind kind) throws Exception {
    Pair pair = new Pair(kind, false, 4_294_967_293L);
    pair.advance(4_294_967_295L, 1, CHAIN);
    pair.publish();
    pair.awaitLast(1);
    // Several at once across the border: NSD takes no chain there, so everyone gets the whole zone.
    pair.advance(1, 2, CHAIN);
    pair.advance(2, 3, CHAIN);
    pair.publish();
    pair.awaitLast(3);
    pair.advance(3, 4, CHAIN);
    pair.publish();
    pair.awaitLast(4);
    pair.assertSame(kind);
    assertThat(pair.server.counters().wholeZones().sum()).isGreaterThanOrEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"named-checkzone", "nsd-checkzone"})
  void theZoneAsTextIsAccepted(String tool) throws IOException {
    Zone text =
        Zone.of(ORIGIN, Soa.usual(), new Serial(7), Texts.records(ORIGIN, records(3, CHAIN)));
    Path file = folder.resolve("zone");
    StringBuilder lines = new StringBuilder();
    text.records().forEach(each -> lines.append(each).append('\n'));
    Files.writeString(file, lines);
    Tool checker = Tool.require(tool);
    String said =
        tool.startsWith("named")
            ? checker.run("-i", "none", "alert.rpz", file.toString())
            : checker.run("alert.rpz", file.toString());
    assertThat(said)
        .satisfiesAnyOf(
            each -> assertThat(each).contains("loaded serial 7").contains("OK"),
            each -> assertThat(each).contains("zone alert.rpz is ok"));
    assertThat(said).doesNotContain("warning").doesNotContain("error");
  }
}
