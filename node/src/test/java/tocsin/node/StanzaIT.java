package tocsin.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Type;
import tocsin.node.config.ConfigFile;
import tocsin.node.config.NodeConfig;
import tocsin.node.config.NodeFolder;
import tocsin.node.config.ResolverConfig;
import tocsin.node.config.SecretFiles;
import tocsin.node.config.Stanza;
import tocsin.node.core.Overlay;
import tocsin.node.dns.DnsServer;
import tocsin.node.dns.NotifySender;
import tocsin.node.dns.OverlayPublisher;
import tocsin.node.lab.BindProcess;
import tocsin.node.lab.DaemonSettings;
import tocsin.node.lab.KnotProcess;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.LabResolver;
import tocsin.node.lab.PowerDnsProcess;
import tocsin.node.lab.UnboundProcess;
import tocsin.node.resolver.OverlayZone;
import tocsin.node.resolver.Question;
import tocsin.node.resolver.Resolver;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// What `tocsin resolver stanza` prints is pasted into each resolver, which then takes the overlay
/// of a node with that configuration, with and without TSIG, and obeys the section for
/// `tocsin.toml`.
class StanzaIT {
  private static final String ANSWER = "192.0.2.99";
  private static final DnsName DOMAIN = DnsName.of("checkfree.test");

  @ParameterizedTest
  @CsvSource({
    "UNBOUND,false",
    "BIND,false",
    "BIND,true",
    "POWERDNS,false",
    "POWERDNS,true",
    "KNOT,false"
  })
  void whatIsPastedWorks(Stanza.Resolver kind, boolean tsig, @TempDir Path folder)
      throws Exception {
    try (LabInternet lab = FourResolvers.lab(false)) {
      NodeConfig config = config(folder, tsig, "");
      Path place = Files.createDirectory(folder.resolve("of-resolver"));
      String control =
          switch (kind) {
            case UNBOUND -> folder.resolve("u.ctl").toString();
            case BIND -> "";
            case POWERDNS -> "http://127.0.0.1:" + freePort();
            case KNOT -> folder.resolve("never-used").toString();
          };
      Stanza stanza =
          Stanza.of(
              config,
              kind,
              new Stanza.Place(
                  Optional.empty(), Optional.of(control), Optional.of(place.toString())));
      try (DnsServer server =
              new DnsServer(
                  config.dns().listen(),
                  NodeParts.tsigKeys(config.dns()),
                  NodeParts.transferAcl(config.dns()));
          NotifySender nobody =
              new NotifySender(
                  InetAddress.ofLiteral("127.0.0.1"), List.of(), List.of(), outcome -> {})) {
        server.start();
        Overlay overlay = overlay();
        OverlayPublisher.serveOnce(server, nobody, RealNode.RPZ, overlay, 4_711);
        try (LabResolver living = paste(kind, lab, stanza, place);
            Resolver resolver = Resolvers.of(driven(living, stanza, folder))) {
          assertThat(Files.exists(place.resolve("debian-was-here")))
              .isEqualTo(kind == Stanza.Resolver.POWERDNS);
          resolver.offer(
              new OverlayZone(
                  RealNode.RPZ,
                  4_711,
                  tocsin.node.dns.RpzZone.of(RealNode.RPZ, overlay).records()));
          await()
              .atMost(Duration.ofSeconds(20))
              .ignoreExceptions()
              .untilAsserted(() ->
                  assertThat(resolver.heldSerial(config.dns().rpz()))
                      .isEqualTo(OptionalLong.of(4_711)));
          resolver.flush(DOMAIN);
          Question www = new Question(DnsName.of("www.checkfree.test"), Type.A);
          assertThat(resolver.probe(www).texts()).containsExactly(ANSWER);
          resolver.correctNameServers(DOMAIN, List.copyOf(lab.rogueNameServers().values()));
          resolver.flush(DOMAIN);
          Question other = new Question(DnsName.of("other.checkfree.test"), Type.A);
          assertThat(resolver.probe(other).texts())
              .containsExactly(lab.rogueAddress().getHostAddress());
          resolver.clearNameServers(DOMAIN);
          resolver.setInsecure(DOMAIN);
          resolver.clearInsecure(DOMAIN);
          resolver.flush(DOMAIN);
          assertThat(resolver.probe(other).status()).isEqualTo("NXDOMAIN");
        }
      }
    }
  }

  private static Overlay overlay() {
    return new Overlay(
        List.of(
            new Overlay.Entry(
                DnsName.of("www.checkfree.test"),
                false,
                List.of(
                    new CorrectRecord.A(
                        com.google.protobuf.ByteString.copyFrom(
                            InetAddress.ofLiteral(ANSWER).getAddress()))),
                new StatementId(Sha256.ZERO),
                5)));
  }

  private static int freePort() throws IOException {
    try (java.net.ServerSocket socket =
        new java.net.ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static NodeConfig config(Path folder, boolean tsig, String sections) throws Exception {
    StringBuilder toml = new StringBuilder();
    toml.append("[dns]\nlisten = \"127.0.0.1:").append(freePort()).append("\"\n");
    if (tsig) {
      Path secret = folder.resolve("node-key.tsig");
      Files.writeString(secret, "dGhpcnR5LXR3byBieXRlcyBvZiBhIHNlY3JldC4uLi4=\n");
      Files.setPosixFilePermissions(
          secret, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
      assertThat(SecretFiles.readBase64(secret).size()).isEqualTo(32);
      toml.append("allow-transfer = [\"127.0.0.1 key:node-key\"]\n");
      toml.append("[[dns.tsig]]\nname = \"node-key\"\nsecret-file = \"node-key.tsig\"\n");
    }
    Files.writeString(folder.resolve("tocsin.toml"), toml + sections);
    return ConfigFile.load(new NodeFolder(folder), Map.of(), Map.of()).config();
  }

  /// The resolver with nothing of the node's but what is pasted.
  private static LabResolver paste(Stanza.Resolver kind, LabInternet lab, Stanza stanza, Path place)
      throws IOException {
    List<String> texts = stanza.parts().stream().map(Stanza.Part::text).toList();
    DaemonSettings bare =
        new DaemonSettings(
            lab, "alert.rpz.", Optional.empty(), Optional.empty(), List.of(), List.of());
    return switch (kind) {
      case UNBOUND ->
          UnboundProcess.start(
              new UnboundProcess.Settings(
                  lab,
                  "alert.rpz.",
                  Optional.empty(),
                  UnboundProcess.Control.UNIX,
                  false,
                  texts.getFirst().lines().toList()));
      case BIND -> BindProcess.start(bare.withExtra(texts.toArray(String[]::new)));
      case POWERDNS -> {
        Files.writeString(place.resolve("tocsin.lua"), texts.get(1));
        Files.writeString(
            place.resolve("recursor.lua"),
            "io.open('" + place.resolve("debian-was-here") + "', 'w'):close()\n");
        Files.writeString(place.resolve("tocsin.forward"), texts.get(2));
        yield PowerDnsProcess.start(bare.withExtra(texts.getFirst()));
      }
      case KNOT -> KnotProcess.start(bare.withExtra(texts.getFirst()));
    };
  }

  /// The section as printed, but for where this resolver happens to be.
  private static ResolverConfig driven(LabResolver living, Stanza stanza, Path folder)
      throws Exception {
    List<String> lines = new ArrayList<>(stanza.section().lines().toList());
    lines.replaceAll(line ->
        line.startsWith("address")
            ? "address = \"127.0.0.1:" + living.address().getPort() + "\""
            : line);
    switch (living) {
      case BindProcess bind -> {
        lines.removeIf(line -> line.startsWith("rndc"));
        lines.add("rndc = [\"rndc\", \"-c\", \"" + bind.rndc().getLast() + "\"]");
      }
      case KnotProcess knot -> {
        lines.removeIf(line -> line.startsWith("control"));
        lines.add("control = \"" + knot.controlSocket() + "\"");
      }
      case PowerDnsProcess _ -> {
        Files.createDirectories(folder.resolve("keys"));
        Files.writeString(folder.resolve("keys/pdns-api-key"), "CHOOSE-A-LONG-SECRET\n");
      }
      default -> {
        // As printed.
      }
    }
    return config(folder, false, String.join("\n", lines)).resolvers().getFirst();
  }
}
