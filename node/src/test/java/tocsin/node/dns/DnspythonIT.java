package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Name;
import tocsin.node.resolver.Needs;

/// Transfers as dnspython takes them, the library that most scripts around DNS are made of.
class DnspythonIT {
  private static final Name ORIGIN = Texts.name("alert.rpz.");
  private static final TsigKey KEY =
      TsigKey.of(
          "node-key",
          "hmac-sha256",
          ByteString.copyFrom(Base64.getDecoder().decode(Secondary.SECRET)));

  @TempDir private Path folder;

  private DnsServer server;
  private VersionedZone zone = VersionedZone.first(Texts.zone("alert.rpz.", 1, ""));

  @BeforeEach
  void start() throws IOException {
    Needs.need("dnspython", python("-c", "import dns").isEmpty(), "dnspython is not installed");
    try (InputStream script =
        Objects.requireNonNull(DnspythonIT.class.getResourceAsStream("secondary.py"))) {
      Files.copy(script, folder.resolve("secondary.py"));
    }
    server =
        new DnsServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            List.of(KEY),
            TransferAcl.parse(List.of("127.0.0.1")));
    server.start();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  /// Debian's, which has Debian's packages.
  private static String python(String... arguments) {
    Optional<Path> found = Optional.of(Path.of("/usr/bin/python3")).filter(Files::isExecutable);
    return found.map(path -> new Tool(path).run(arguments)).orElse("no python3");
  }

  private void first(long serial) {
    zone =
        VersionedZone.first(
            Zone.of(ORIGIN, Soa.usual(), new Serial(serial), Texts.records(ORIGIN, records(0))));
    server.serve(zone.zone(), zone.journal());
  }

  private void next(long serial, int step) {
    zone = zone.next(new Serial(serial), Texts.records(ORIGIN, records(step)));
    server.serve(zone.zone(), zone.journal());
  }

  private static String records(int step) {
    StringBuilder text = new StringBuilder("www.bank.test TXT \"version %d\"\n".formatted(step));
    text.append("*.www.bank.test CNAME other.test.\n");
    for (int i = 0; i < step; i++) {
      text.append("n%d.bank.test A 198.51.100.%d\n".formatted(i, i % 250));
    }
    return text.toString();
  }

  private Path copy() {
    return folder.resolve("copy");
  }

  private String take(boolean signed, String secret) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                folder.resolve("secondary.py").toString(),
                String.valueOf(server.address().getPort()),
                ORIGIN.toString(),
                copy().toString()));
    if (signed) {
      arguments.addAll(List.of("node-key", secret));
    }
    return python(arguments.toArray(String[]::new)).strip();
  }

  private void assertTaken(boolean signed, String fromTo) throws IOException {
    assertThat(take(signed, Secondary.SECRET)).isEqualTo(fromTo);
    assertThat(Texts.lines(Texts.records(ORIGIN, Files.readString(copy()))))
        .containsExactlyInAnyOrderElementsOf(Texts.lines(zone.zone().records()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theWholeZoneAChainOf500SerialsAndTheRest(boolean signed) throws IOException {
    first(1_000);
    assertTaken(signed, "from None to 1000");
    assertTaken(signed, "from 1000 to 1000");
    for (int i = 1; i <= 500; i++) {
      next(1_000L + i, i);
    }
    long whole = server.counters().wholeZones().sum();
    assertTaken(signed, "from 1000 to 1500");
    assertThat(server.counters().wholeZones().sum()).as("by differences").isEqualTo(whole);
    // What it holds is unknown to us.
    zone = new VersionedZone(zone.zone(), ZoneJournal.EMPTY);
    next(3_000, 1);
    zone = new VersionedZone(zone.zone(), ZoneJournal.EMPTY);
    next(3_001, 2);
    assertTaken(signed, "from 1500 to 3001");
    assertThat(server.counters().failed().sum()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theSerialRunsPast32Bits(boolean signed) throws IOException {
    first(4_294_967_295L);
    assertTaken(signed, "from None to 4294967295");
    next(0, 7);
    assertTaken(signed, "from 4294967295 to 0");
    next(1, 3);
    assertTaken(signed, "from 0 to 1");
  }

  @Test
  void aWrongSecretIsRefused() {
    first(1_000);
    assertThat(take(true, "c29tZXRoaW5nIGVsc2U=")).contains("BadSignature");
    assertThat(copy()).doesNotExist();
    assertThat(server.counters().refused().sum()).isEqualTo(1);
  }
}
