package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Name;
import tocsin.node.core.Listing;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// The lookup zone signed, as BIND's `delv` and a validating unbound see it.
class SignedLookupIT {
  private static final Name ORIGIN = Texts.name("alerts.test.");
  private static final String LONG =
      "a".repeat(63)
          + "."
          + "b".repeat(63)
          + "."
          + "c".repeat(63)
          + "."
          + "d".repeat(49)
          + ".bank.";

  @TempDir private Path folder;

  private final DnsServer server =
      new DnsServer(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), List.of(), TransferAcl.NONE);
  private String anchor = "";

  private static Listing listing(String name, boolean subtree, CorrectRecord... records) {
    return new Listing(
        new StatementId(Sha256.ZERO),
        Optional.empty(),
        List.of(DnsName.parse(name)),
        subtree,
        true,
        false,
        "active",
        "Example ISP",
        0,
        List.of(records),
        0);
  }

  private static CorrectRecord.A a(int last) {
    return new CorrectRecord.A(ByteString.copyFrom(new byte[] {(byte) 192, 0, 2, (byte) last}));
  }

  @BeforeEach
  void start() throws IOException {
    server.start();
    ZoneSigner signer = ZoneSigner.open(ORIGIN, folder.resolve("key"));
    List<Listing> listings =
        List.of(
            listing("www.bank.test.", false, a(1), a(2)),
            listing("zone.test.", true, a(3)),
            listing("alias.test.", false, new CorrectRecord.Cname(DnsName.parse("else.test."))),
            listing(LONG, false, a(4)));
    server.serve(LookupZone.of(ORIGIN, Soa.usual(), new Serial(7), listings).signedBy(signer));
    anchor = signer.delegationSigner();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String delv(String name, String type) throws IOException {
    String[] words = anchor.split(" ", 7);
    Path anchors = folder.resolve("anchors");
    Files.writeString(
        anchors,
        "trust-anchors { \"%s\" static-ds %s %s %s \"%s\"; };\n"
            .formatted(words[0], words[3], words[4], words[5], words[6]));
    return Tool.require("delv")
        .run(
            "@127.0.0.1",
            "-p",
            String.valueOf(server.address().getPort()),
            "-a",
            anchors.toString(),
            "+root=alerts.test",
            "+nodlv",
            name,
            type);
  }

  @ParameterizedTest
  @CsvSource({
    "www.bank.test.q.alerts.test, A, 127.0.0.2",
    "WWW.Bank.TEST.q.alerts.test, A, 127.0.0.2",
    "www.bank.test.q.alerts.test, TXT, state=active",
    "www.bank.test.a.alerts.test, A, 192.0.2.2",
    "any.thing.zone.test.a.alerts.test, A, 192.0.2.3",
    "alias.test.a.alerts.test, A, else.test",
    "test.q.alerts.test, A, 127.0.0.2",
    "alerts.test, SOA, localhost",
    "alerts.test, NS, localhost",
    "alerts.test, DNSKEY, 257",
  })
  void answersValidate(String name, String type, String expected) throws IOException {
    assertThat(delv(name, type)).contains("; fully validated").contains(expected);
  }

  @ParameterizedTest
  @CsvSource({
    // No such name: in each branch, below an unlisted name, beside the branches, odd labels.
    "good.test.q.alerts.test, A, ncache nxdomain",
    "x.y.z.good.test.q.alerts.test, A, ncache nxdomain",
    "good.test.a.alerts.test, AAAA, ncache nxdomain",
    "beside.alerts.test, A, ncache nxdomain",
    "invalid.q.alerts.test, A, ncache nxdomain",
    "\\000.q.alerts.test, A, ncache nxdomain",
    "www\\000.bank.test.q.alerts.test, A, ncache nxdomain",
    "[.q.alerts.test, A, ncache nxdomain",
    "\\255\\255.q.alerts.test, A, ncache nxdomain",
    "*.q.alerts.test, A, ncache nxdomain",
    // No such type; names that are there only for what is below them.
    "www.bank.test.q.alerts.test, AAAA, ncache nxrrset",
    "any.zone.test.a.alerts.test, MX, ncache nxrrset",
    "bank.test.q.alerts.test, A, ncache nxrrset",
    "q.alerts.test, A, ncache nxrrset",
    "_sha256.q.alerts.test, TXT, ncache nxrrset",
    "alerts.test, A, ncache nxrrset",
    "alerts.test, TXT, ncache nxrrset",
  })
  void denialsValidate(String name, String type, String expected) throws IOException {
    assertThat(delv(name, type)).contains("negative response, fully validated").contains(expected);
  }

  @Test
  void namesAtTheirLimitsValidate() throws IOException {
    String label = "e".repeat(63);
    assertThat(delv(label + ".q.alerts.test", "A")).contains("negative response, fully validated");
    // 254 bytes with the zone.
    String full = String.join(".", label, label, label, "f".repeat(46)) + ".q.alerts.test";
    assertThat(delv(full, "A")).contains("negative response, fully validated");
    String hash = Sha256.of(DnsName.parse(LONG).toWire()).toString().substring(0, 56);
    assertThat(delv(hash + "._sha256.a.alerts.test", "A"))
        .contains("; fully validated")
        .contains("192.0.2.4");
  }

  @Test
  void aDamagedAnchorIsNoticed() throws IOException {
    char last = anchor.charAt(anchor.length() - 1);
    anchor = anchor.substring(0, anchor.length() - 1) + (last == '0' ? '1' : '0');
    assertThat(delv("www.bank.test.q.alerts.test", "A")).doesNotContain("; fully validated");
  }

  @Test
  void aValidatingResolverTellsItsClients() throws Exception {
    Tool unbound = Tool.require("unbound");
    int port = Unbound.freePort();
    Path configuration = folder.resolve("unbound.conf");
    Files.writeString(
        configuration,
        """
        server:
          directory: "%1$s"
          chroot: ""
          username: ""
          pidfile: ""
          use-syslog: no
          interface: 127.0.0.1
          port: %2$d
          do-ip6: no
          num-threads: 1
          do-not-query-localhost: no
          module-config: "validator iterator"
          local-zone: "test." nodefault
          aggressive-nsec: yes
          trust-anchor: "%4$s"
        remote-control:
          control-enable: no
        stub-zone:
          name: "alerts.test."
          stub-addr: 127.0.0.1@%3$d
        """
            .formatted(folder, port, server.address().getPort(), anchor));
    Process process =
        new ProcessBuilder(unbound.path().toString(), "-d", "-c", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      List<String> common =
          List.of("@127.0.0.1", "-p", String.valueOf(port), "+adflag", "+tries=1", "+time=3");
      String listed =
          await()
              .atMost(Duration.ofSeconds(30))
              .until(
                  () -> dig(common, "www.bank.test.q.alerts.test", "A"),
                  said -> said.contains("status: NOERROR"));
      assertThat(listed).contains("127.0.0.2").containsPattern("flags:[^;]* ad");
      String absent = dig(common, "good.test.q.alerts.test", "A");
      assertThat(absent).contains("status: NXDOMAIN").containsPattern("flags:[^;]* ad");
      // What was denied denies nothing else.
      assertThat(dig(common, "zone.test.a.alerts.test", "A")).contains("192.0.2.3");
      assertThat(dig(common, "alias.test.q.alerts.test", "A")).contains("127.0.0.2");
    } finally {
      process.destroy();
      process.waitFor(10, TimeUnit.SECONDS);
    }
  }

  private static String dig(List<String> common, String... question) {
    List<String> arguments = new ArrayList<>(common);
    arguments.addAll(List.of(question));
    return Tool.require("dig").run(arguments);
  }

  @Test
  void theKeyIsKeptAndIsOurs() throws IOException {
    Path file = folder.resolve("key");
    assertThat(ZoneSigner.open(ORIGIN, file).delegationSigner()).isEqualTo(anchor);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Files.writeString(file, "nonsense\n");
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> ZoneSigner.open(ORIGIN, file)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("that signs alerts.test. cannot be used");
  }
}
