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
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;

/// A real BIND takes the overlay from our server, signed both ways.
class BindRpzIT {
  private static final Logger LOG = LoggerFactory.getLogger(BindRpzIT.class);
  private static final Name ORIGIN = Texts.name("alert.rpz.");
  private static final ByteString SECRET =
      ByteString.copyFromUtf8("thirty-two bytes of a secret....");
  private static final TsigKey KEY = TsigKey.of("node-key", "hmac-sha256", SECRET);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<NotifySender.Outcome> outcomes = new CopyOnWriteArrayList<>();
  private Path folder;
  private DnsServer server;
  private Process named;
  private InetSocketAddress resolver;
  private NotifySender sender;
  private VersionedZone zone;

  @BeforeEach
  void start() throws IOException {
    Tool tool = Tool.require("named");
    folder = Files.createTempDirectory("tocsin-dns");
    server =
        new DnsServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            List.of(KEY),
            TransferAcl.parse(List.of("127.0.0.1 key:node-key")));
    server.start();
    server.serve(
        Texts.zone("bank.test.", 1, "*.bank.test. 172800 A 203.0.113.66"), ZoneJournal.EMPTY);
    zone = VersionedZone.first(Zone.of(ORIGIN, Soa.usual(), new Serial(1000), List.of()));
    server.serve(zone.zone(), zone.journal());
    resolver = new InetSocketAddress(InetAddress.getLoopbackAddress(), Unbound.freePort());
    Path configuration = folder.resolve("named.conf");
    Files.writeString(
        configuration,
        """
        options {
          directory "%1$s";
          pid-file none;
          session-keyfile none;
          listen-on port %2$d { 127.0.0.1; };
          listen-on-v6 { none; };
          recursion yes;
          dnssec-validation no;
          empty-zones-enable no;
          forward only;
          forwarders { 127.0.0.1 port %3$d; };
          response-policy { zone "alert.rpz" min-update-interval 0; } break-dnssec yes;
        };
        controls { };
        key "node-key" { algorithm hmac-sha256; secret "%4$s"; };
        zone "alert.rpz" {
          type secondary;
          file "alert.rpz.db";
          primaries { 127.0.0.1 port %3$d key node-key; };
          allow-notify { key node-key; };
        };
        """
            .formatted(
                folder,
                resolver.getPort(),
                server.address().getPort(),
                Base64.getEncoder().encodeToString(SECRET.toByteArray())));
    named =
        new ProcessBuilder(tool.path().toString(), "-g", "-n", "1", "-c", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("named.log").toFile())
            .start();
    sender =
        new NotifySender(
            server.address().getAddress(),
            List.of(new NotifyTarget(resolver, Optional.of(KEY.name()))),
            List.of(KEY),
            outcomes::add);
    await()
        .atMost(PATIENCE)
        .until(() -> {
          String log = Files.readString(folder.resolve("named.log"));
          assertThat(named.isAlive()).as(log).isTrue();
          return log.contains("Transfer status: success");
        });
  }

  @AfterEach
  void stop() throws Exception {
    if (sender != null) {
      sender.close();
    }
    if (named != null) {
      named.destroy();
      if (!named.waitFor(10, TimeUnit.SECONDS)) {
        named.destroyForcibly();
      }
    }
    if (server != null) {
      server.close();
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  @Test
  void aHundredSignedSerialsAreFollowed() throws IOException {
    assertThat(Unbound.ask(resolver, "www.bank.test. A")).contains("A 203.0.113.66");
    double[] millis = new double[100];
    for (int i = 1; i <= 100; i++) {
      String answer = "192.0.2." + i;
      long begin = System.nanoTime();
      zone = zone.next(new Serial(1000L + i), Texts.records(ORIGIN, "www.bank.test A " + answer));
      server.serve(zone.zone(), zone.journal());
      sender.notify(zone.zone());
      await()
          .atMost(PATIENCE)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> Unbound.ask(resolver, "www.bank.test. A").contains("A " + answer));
      millis[i - 1] = (System.nanoTime() - begin) / 1e6;
      // The next NOTIFY would take over from one whose answer is still on its way.
      int told = i;
      await()
          .atMost(PATIENCE)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> outcomes.size() == told);
    }
    java.util.Arrays.sort(millis);
    LOG.info(
        "NOTIFY to good answer at BIND: median {} ms, 99th of 100 {} ms", millis[49], millis[98]);
    assertThat(server.counters().wholeZones().sum()).isEqualTo(1);
    assertThat(outcomes).allMatch(outcome -> outcome.rcode() == 0);
    String log = Files.readString(folder.resolve("named.log"));
    assertThat(log).doesNotContain("tsig verify failure").doesNotContain("failed while receiving");
  }
}
