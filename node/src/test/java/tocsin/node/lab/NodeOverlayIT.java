package tocsin.node.lab;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;
import tocsin.node.core.Overlay;
import tocsin.node.dns.DnsServer;
import tocsin.node.dns.NotifySender;
import tocsin.node.dns.NotifyTarget;
import tocsin.node.dns.RpzZone;
import tocsin.node.dns.Serial;
import tocsin.node.dns.Soa;
import tocsin.node.dns.TransferAcl;
import tocsin.node.dns.VersionedZone;
import tocsin.node.dns.Zone;
import tocsin.node.resolver.Needs;
import tocsin.node.resolver.Question;
import tocsin.node.resolver.Resolver;
import tocsin.node.resolver.UnboundControl;
import tocsin.node.resolver.UnboundResolver;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// The node's own DNS server, the resolvers of the lab, and the actuator, together: an override as
/// it runs in a node, without the node.
class NodeOverlayIT {
  enum Kind {
    UNBOUND,
    EMBEDDED
  }

  private static final Name ORIGIN = Name.fromConstantString("alert.rpz.");
  private static final DnsName RPZ = DnsName.parse("alert.rpz.");

  DnsServer server;
  VersionedZone version;

  @BeforeEach
  void serve() throws IOException {
    server =
        new DnsServer(
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
            List.of(),
            TransferAcl.parse(List.of("127.0.0.1")));
    server.start();
    version = VersionedZone.first(Zone.of(ORIGIN, Soa.usual(), new Serial(1_000), List.of()));
    server.serve(version.zone(), version.journal());
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static LabInternet lab(Kind kind) throws IOException {
    return switch (kind) {
      case UNBOUND -> {
        Needs.need("unbound", UnboundProcess.find().isPresent(), "unbound is not installed");
        Optional<LabInternet> lab = LabInternet.startOnPort53();
        Needs.need(
            "unbound",
            lab.isPresent(),
            "port 53 of 127.0.53.1 may not be bound, and unbound follows referrals to no other");
        yield lab.orElseThrow();
      }
      case EMBEDDED -> LabInternet.startOnAnyPort();
    };
  }

  private static Path socket(LabResolver living) {
    return switch (living) {
      case UnboundProcess unbound -> unbound.controlSocket();
      case EmbeddedResolver embedded -> embedded.controlSocket();
      default -> throw new AssertionError("not driven by unbound's protocol: " + living);
    };
  }

  private LabResolver start(Kind kind, LabInternet lab) throws IOException {
    return switch (kind) {
      case UNBOUND ->
          UnboundProcess.start(UnboundProcess.Settings.of(lab, RPZ.toString(), server.address()));
      case EMBEDDED -> EmbeddedResolver.start(lab, RPZ.toString(), Optional.of(server.address()));
    };
  }

  private long publish(NotifySender notifies, Overlay overlay) {
    RpzZone zone = RpzZone.of(ORIGIN, overlay);
    assertThat(zone.refusals()).isEmpty();
    version = version.next(new Serial(version.zone().serial().value() + 1), zone.records());
    server.serve(version.zone(), version.journal());
    notifies.notify(version.zone());
    return version.zone().serial().value();
  }

  private static Overlay.Entry entry(String name, boolean subtree, CorrectRecord... records) {
    return new Overlay.Entry(
        DnsName.parse(name), subtree, List.of(records), new StatementId(Sha256.ZERO), 5);
  }

  private static CorrectRecord a(String address) {
    return new CorrectRecord.A(ByteString.copyFrom(InetAddress.ofLiteral(address).getAddress()));
  }

  private static void awaitHeld(Resolver resolver, long serial) {
    await()
        .atMost(10, SECONDS)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> resolver.heldSerial(RPZ).equals(OptionalLong.of(serial)));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void anOverrideIsFetchedAppliedChangedAndWithdrawn(Kind kind) throws Exception {
    try (LabInternet lab = lab(kind);
        LabResolver living = start(kind, lab);
        Resolver resolver =
            new UnboundResolver(
                "r1", living.address(), new UnboundControl.UnixSocket(socket(living)));
        NotifySender notifies =
            new NotifySender(
                InetAddress.ofLiteral("127.0.0.1"),
                List.of(new NotifyTarget(living.address(), Optional.empty())),
                List.of(),
                outcome -> {})) {
      awaitHeld(resolver, 1_000);
      DnsName domain = DnsName.parse("checkfree.test.");
      Question www = new Question(DnsName.parse("www.checkfree.test."), Type.A);
      Question any = new Question(DnsName.parse("x.checkfree.test."), Type.A);
      lab.hijackDelegation();
      assertThat(resolver.probe(www).texts()).containsExactly("203.0.113.66");

      awaitHeld(
          resolver,
          publish(
              notifies,
              new Overlay(
                  List.of(entry("www.checkfree.test.", false, a("192.0.2.80"), a("192.0.2.81"))))));
      resolver.flush(domain);
      assertThat(resolver.probe(www).texts()).containsExactly("192.0.2.80", "192.0.2.81");
      assertThat(resolver.probe(any).texts()).as("not listed").containsExactly("203.0.113.66");

      awaitHeld(
          resolver,
          publish(notifies, new Overlay(List.of(entry("checkfree.test.", true, a("192.0.2.80"))))));
      resolver.flush(domain);
      assertThat(resolver.probe(www).texts()).containsExactly("192.0.2.80");
      assertThat(resolver.probe(any).texts()).containsExactly("192.0.2.80");

      lab.repair();
      resolver.flush(domain);
      awaitHeld(resolver, publish(notifies, Overlay.EMPTY));
      resolver.flush(domain);
      assertThat(resolver.probe(www).texts()).containsExactly("192.0.2.80");
      assertThat(resolver.probe(any).status()).isEqualTo("NXDOMAIN");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void manySerialsInARowArriveByDifferences(Kind kind) throws Exception {
    try (LabInternet lab = lab(kind);
        LabResolver living = start(kind, lab);
        Resolver resolver =
            new UnboundResolver(
                "r1", living.address(), new UnboundControl.UnixSocket(socket(living)));
        NotifySender notifies =
            new NotifySender(
                InetAddress.ofLiteral("127.0.0.1"),
                List.of(new NotifyTarget(living.address(), Optional.empty())),
                List.of(),
                outcome -> {})) {
      awaitHeld(resolver, 1_000);
      List<Overlay.Entry> entries = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        entries.add(entry("n%02d.checkfree.test.".formatted(i), false, a("192.0.2." + (i + 1))));
        long serial = publish(notifies, new Overlay(entries));
        if (i % 5 == 0) {
          awaitHeld(resolver, serial);
        }
      }
      awaitHeld(resolver, version.zone().serial().value());
      for (int i = 0; i < 20; i++) {
        assertThat(
                resolver
                    .probe(
                        new Question(DnsName.parse("n%02d.checkfree.test.".formatted(i)), Type.A))
                    .texts())
            .containsExactly("192.0.2." + (i + 1));
      }
    }
  }

  @Test
  void theEmbeddedResolverLetsGoOfAnOverlayThatExpired() throws Exception {
    VersionedZone shortLived =
        VersionedZone.first(
            Zone.of(
                ORIGIN,
                new Soa(
                    Name.fromConstantString("localhost."),
                    Name.fromConstantString("nobody.invalid."),
                    1,
                    1,
                    1,
                    1),
                new Serial(7),
                RpzZone.of(
                        ORIGIN,
                        new Overlay(List.of(entry("www.checkfree.test.", false, a("192.0.2.99")))))
                    .records()));
    server.serve(shortLived.zone(), shortLived.journal());
    try (LabInternet lab = lab(Kind.EMBEDDED);
        LabResolver living = start(Kind.EMBEDDED, lab);
        Resolver resolver =
            new UnboundResolver(
                "r1", living.address(), new UnboundControl.UnixSocket(socket(living)))) {
      awaitHeld(resolver, 7);
      Question www = new Question(DnsName.parse("www.checkfree.test."), Type.A);
      assertThat(resolver.probe(www).texts()).containsExactly("192.0.2.99");
      server.withdraw(ORIGIN);
      await().atMost(10, SECONDS).until(() -> resolver.heldSerial(RPZ).isEmpty());
      assertThat(resolver.probe(www).texts()).containsExactly("192.0.2.80");
    }
  }
}
