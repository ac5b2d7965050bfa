package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Section;

/// DNS over TLS and transfers over TLS, as others speak them.
class EncryptedTransferIT {
  private static final Name ORIGIN = Texts.name("alert.rpz.");

  @TempDir private static Path files;
  @TempDir private Path folder;

  private DnsServer server = server(List.of("127.0.0.1"));
  private VersionedZone zone =
      VersionedZone.first(Texts.zone("alert.rpz.", 100, "www.bank.test A 192.0.2.10"));

  private static synchronized DnsServer server(List<String> allowed) {
    try {
      if (!Files.exists(files.resolve("certificate"))) {
        writeCertificate();
      }
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      return new DnsServer(
          any,
          List.of(),
          TransferAcl.parse(allowed),
          Optional.of(
              EncryptedListener.of(any, files.resolve("certificate"), files.resolve("key"))));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void writeCertificate() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair pair = generator.generateKeyPair();
    X500Name name = new X500Name("CN=node.test");
    Instant now = Instant.now();
    pem(
        "certificate",
        new X509v3CertificateBuilder(
                name,
                BigInteger.ONE,
                Date.from(now.minus(1, ChronoUnit.DAYS)),
                Date.from(now.plus(30, ChronoUnit.DAYS)),
                name,
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()))
            .addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.dNSName, "node.test")))
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    pem("key", new JcaPKCS8Generator(pair.getPrivate(), null));
  }

  private static void pem(String file, Object content) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(content);
    }
    Files.writeString(files.resolve(file), text.toString());
  }

  @BeforeEach
  void start() throws IOException {
    server.start();
    zone = zone.next(new Serial(101), Texts.records(ORIGIN, "www.bank.test A 192.0.2.11"));
    server.serve(zone.zone(), zone.journal());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private InetSocketAddress address() {
    return server.encryptedAddress().orElseThrow();
  }

  private String kdig(String... arguments) {
    List<String> all =
        new java.util.ArrayList<>(
            List.of("@127.0.0.1", "-p", String.valueOf(address().getPort()), "+time=5"));
    all.addAll(List.of("+tls", "+tls-ca=" + files.resolve("certificate")));
    all.add("+tls-hostname=node.test");
    all.addAll(List.of(arguments));
    return Tool.require("kdig").run(all);
  }

  @Test
  void kdigTransfersAndAsks() {
    String said = kdig("alert.rpz.", "AXFR");
    assertThat(said.lines().filter(line -> line.contains("192.0.2.11"))).hasSize(1);
    said = kdig("alert.rpz.", "IXFR=100");
    assertThat(said).contains("192.0.2.10").contains("192.0.2.11");
    assertThat(kdig("www.bank.test.alert.rpz.", "A")).contains("192.0.2.11").contains("TLS1.3");
  }

  @Test
  void digTransfers() {
    String said =
        Tool.require("dig")
            .run(
                "@127.0.0.1",
                "-p",
                String.valueOf(address().getPort()),
                "+tls-ca=" + files.resolve("certificate"),
                "+tls-hostname=node.test",
                "alert.rpz.",
                "AXFR");
    assertThat(said).contains("192.0.2.11").doesNotContain("failed");
  }

  @Test
  void namedTakesTheZone() throws IOException {
    try (Secondary secondary =
        Secondary.start(Secondary.Kind.NAMED, folder, address(), false, true)) {
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(secondary.ask("www.bank.test", "A"))
                  .as(secondary.log())
                  .containsExactly("NOERROR", "A 192.0.2.11"));
    }
    assertThat(server.counters().wholeZones().sum()).isGreaterThanOrEqualTo(1);
  }

  @Test
  void unboundTakesTheZone() throws IOException {
    try (Unbound unbound =
        Unbound.startByTls(folder, address(), "node.test", files.resolve("certificate"))) {
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(unbound.control("list_auth_zones"))
                  .as(unbound.log())
                  .contains("serial 101"));
      assertThat(unbound.ask("www.bank.test. A")).containsExactly("NOERROR", "A 192.0.2.11");
    }
    assertThat(server.counters().wholeZones().sum()).isGreaterThanOrEqualTo(1);
  }

  @Test
  void theAclHoldsHereToo() throws IOException {
    server.close();
    server = server(List.of("127.0.0.99"));
    server.start();
    server.serve(zone.zone(), zone.journal());
    assertThat(kdig("alert.rpz.", "AXFR")).contains("REFUSED").doesNotContain("192.0.2.11");
    assertThat(kdig("www.bank.test.alert.rpz.", "A")).contains("192.0.2.11");
  }

  private static SSLSocket connect(InetSocketAddress to, String version, List<String> protocols)
      throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (var in = Files.newInputStream(files.resolve("certificate"))) {
      trusted.setCertificateEntry(
          "node", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(to.getAddress(), to.getPort());
    socket.setSoTimeout(10_000);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(new String[] {version});
    parameters.setApplicationProtocols(protocols.toArray(String[]::new));
    socket.setSSLParameters(parameters);
    return socket;
  }

  private static Message exchange(SSLSocket socket) throws IOException {
    byte[] query = Texts.query("www.bank.test.alert.rpz. A").toWire();
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.writeShort(query.length);
    out.write(query);
    out.flush();
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] answer = new byte[in.readUnsignedShort()];
    in.readFully(answer);
    return Texts.message(answer);
  }

  @Test
  void theProtocolIsDotInTls13() throws Exception {
    try (SSLSocket socket = connect(address(), "TLSv1.3", List.of("dot"))) {
      assertThat(exchange(socket).getSection(Section.ANSWER)).hasSize(1);
      assertThat(socket.getApplicationProtocol()).isEqualTo("dot");
    }
    try (SSLSocket socket = connect(address(), "TLSv1.3", List.of())) {
      assertThat(exchange(socket).getSection(Section.ANSWER)).hasSize(1);
    }
    try (SSLSocket socket = connect(address(), "TLSv1.3", List.of("h2"))) {
      assertThatThrownBy(() -> exchange(socket)).isInstanceOf(IOException.class);
    }
    try (SSLSocket socket = connect(address(), "TLSv1.2", List.of("dot"))) {
      assertThatThrownBy(() -> exchange(socket)).isInstanceOf(IOException.class);
    }
    assertThat(server.counters().failed().sum()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "missing"})
  void badFilesAreSaidInOneSentence(String certificate) {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    assertThatThrownBy(
            () -> EncryptedListener.of(any, files.resolve(certificate), files.resolve("key")))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("DNS over TLS: ");
  }
}
