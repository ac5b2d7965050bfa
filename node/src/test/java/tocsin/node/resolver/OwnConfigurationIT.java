package tocsin.node.resolver;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.OverlayPrimary;
import tocsin.node.lab.UnboundProcess;
import tocsin.node.resolver.ResolverContract.Subject;
import tocsin.trust.DnsName;

/// What an operator has configured for a name that an alert corrects stays as it is, at each kind
/// of resolver; what does not need the correction is done all the same.
///
/// The operator's own servers are the lab's criminals here, so that their answers tell who is
/// asked. The world itself is fine.
@Timeout(120)
class OwnConfigurationIT {
  private static final DnsName RPZ = ResolverContract.RPZ;
  private static final DnsName DOMAIN = ResolverContract.DOMAIN;
  private static final DnsName WWW = ResolverContract.WWW;
  private static final String RIGHT = ResolverContract.RIGHT;
  private static final String ROGUE = ResolverContract.ROGUE;

  /// Starts a resolver whose operator has chosen this server for the domain.
  private interface Start {
    Subject start(LabInternet lab, OverlayPrimary primary, String server) throws IOException;
  }

  private interface Lab {
    LabInternet make() throws IOException;
  }

  private static String own(LabInternet lab) {
    InetAddress server = lab.rogueNameServers().values().iterator().next();
    return server.getHostAddress();
  }

  private static List<String> ask(Resolver resolver) throws ResolverException {
    return resolver.probe(new Question(WWW, Type.A)).texts();
  }

  private static void awaitHeld(Subject subject, OverlayPrimary primary) throws Exception {
    if (subject.takesNotify()) {
      primary.notify(subject.address());
    }
    await()
        .atMost(15, SECONDS)
        .until(() -> subject.actuator().heldSerial(RPZ).equals(OptionalLong.of(primary.serial())));
  }

  /// @param what must be in the sentence that tells of it
  private static void isLeftAlone(Lab make, Start start, String what) throws Exception {
    try (LabInternet lab = make.make();
        OverlayPrimary primary = new OverlayPrimary();
        Subject subject = start.start(lab, primary, own(lab));
        Resolver resolver = subject.actuator()) {
      List<InetAddress> right = List.copyOf(lab.rightNameServers().values());
      awaitHeld(subject, primary);
      assertThat(ask(resolver)).as("the operator's own servers").containsExactly(ROGUE);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> resolver.correctNameServers(DOMAIN, right))
            .isInstanceOf(KeptException.class)
            .hasMessageContaining("resolver r1 has " + what)
            .hasMessageContaining("of its operator's own, which stays as it is")
            .hasMessageContaining("take it out");
      }
      resolver.flush(DOMAIN);
      assertThat(ask(resolver)).as("still asked").containsExactly(ROGUE);
      // The overlay does not need it.
      primary.publish("www.checkfree.test A 192.0.2.80");
      awaitHeld(subject, primary);
      resolver.flush(DOMAIN);
      assertThat(ask(resolver)).containsExactly(RIGHT);
      // The end of the alert takes nothing away that was not put.
      primary.publish();
      awaitHeld(subject, primary);
      resolver.clearNameServers(DOMAIN);
      resolver.flush(DOMAIN);
      assertThat(ask(resolver)).as("after the alert").containsExactly(ROGUE);
      try (Resolver anew = subject.actuatorAnew()) {
        anew.clearNameServers(DOMAIN);
        anew.flush(DOMAIN);
      }
      assertThat(ask(resolver)).as("after a crash of the node").containsExactly(ROGUE);
      subject.stop();
      subject.startAgain();
      assertThat(ask(resolver)).as("after a restart of the resolver").containsExactly(ROGUE);
    }
  }

  private static Subject unbound(LabInternet lab, OverlayPrimary primary, String... extra)
      throws IOException {
    return UnboundSubject.start(lab, primary, UnboundProcess.Control.UNIX, extra);
  }

  @Test
  void unboundStubZone() throws Exception {
    isLeftAlone(
        UnboundSubject::lab,
        (world, primary, server) ->
            unbound(
                world, primary, "stub-zone:", "  name: checkfree.test.", "  stub-addr: " + server),
        "a stub zone checkfree.test.");
  }

  @Test
  void unboundForwardZone() throws Exception {
    isLeftAlone(
        UnboundSubject::lab,
        (world, primary, server) ->
            unbound(
                world,
                primary,
                "forward-zone:",
                "  name: checkfree.test.",
                "  forward-addr: " + server),
        "a forward zone checkfree.test.");
  }

  /// The name by which ours are known is looked up once, and its absence remembered.
  @Test
  void unboundAsksForTheMarkOnce() throws Exception {
    try (LabInternet lab = UnboundSubject.lab();
        OverlayPrimary primary = new OverlayPrimary();
        UnboundSubject subject = UnboundSubject.start(lab, primary, UnboundProcess.Control.UNIX);
        Resolver resolver = subject.actuator()) {
      LongSupplier asked = lab.queriesAbout(Name.fromString("invalid."));
      resolver.correctNameServers(DOMAIN, List.copyOf(lab.rightNameServers().values()));
      for (int i = 0; i < 20; i++) {
        resolver.flush(DOMAIN);
        assertThat(ask(resolver)).containsExactly(RIGHT);
      }
      assertThat(asked.getAsLong()).isLessThanOrEqualTo(2);
    }
  }

  /// An operator who puts a stub while ours is there has replaced ours; from then on it is theirs.
  @Test
  void unboundStubThatReplacesOurs() throws Exception {
    try (LabInternet lab = UnboundSubject.lab();
        OverlayPrimary primary = new OverlayPrimary();
        UnboundSubject subject = UnboundSubject.start(lab, primary, UnboundProcess.Control.UNIX);
        Resolver resolver = subject.actuator()) {
      List<InetAddress> right = List.copyOf(lab.rightNameServers().values());
      resolver.correctNameServers(DOMAIN, right);
      var _ =
          new UnboundControl.UnixSocket(subject.unbound().controlSocket())
              .run("stub_add checkfree.test. " + own(lab));
      assertThatThrownBy(() -> resolver.correctNameServers(DOMAIN, right))
          .isInstanceOf(KeptException.class);
      resolver.clearNameServers(DOMAIN);
      resolver.flush(DOMAIN);
      assertThat(ask(resolver)).containsExactly(ROGUE);
    }
  }

  @Test
  void unboundNegativeTrustAnchor() throws Exception {
    try (LabInternet lab = UnboundSubject.lab();
        OverlayPrimary primary = new OverlayPrimary();
        UnboundSubject subject =
            UnboundSubject.start(
                lab, primary, UnboundProcess.Control.UNIX, "domain-insecure: \"checkfree.test.\"");
        Resolver resolver = subject.actuator()) {
      UnboundControl control = new UnboundControl.UnixSocket(subject.unbound().controlSocket());
      String before = control.run("list_insecure");
      assertThat(before).contains("checkfree.test.");
      resolver.setInsecure(DOMAIN);
      resolver.clearInsecure(DOMAIN);
      assertThat(control.run("list_insecure")).isEqualTo(before);
      // Ours comes and goes beside it.
      resolver.setInsecure(WWW);
      assertThat(control.run("list_insecure")).contains("www.checkfree.test.");
      resolver.clearInsecure(WWW);
      assertThat(control.run("list_insecure")).isEqualTo(before);
    }
  }

  @Test
  void bindStaticStubZone() throws Exception {
    isLeftAlone(
        BindSubject::lab,
        (world, primary, server) ->
            BindSubject.start(
                world,
                primary,
                "zone \"checkfree.test\" { type static-stub; server-addresses { "
                    + server
                    + "; }; };\n"),
        "a zone checkfree.test.");
  }

  /// BIND tells nobody of its forward zones, takes a zone of the same name beside one, and goes on
  /// to ask the forwarders (9.18.49): ours is without effect, and leaves nothing behind. (With
  /// `forwarders { };` in ours it would be asked, but the forwarding would not come back.)
  @Test
  void bindForwardZone() throws Exception {
    goesOnForwarding((lab, primary, server) ->
        BindSubject.start(
            lab,
            primary,
            "zone \"checkfree.test\" { type forward; forward only; forwarders { "
                + server
                + "; }; };\n"));
  }

  @Test
  void bindThatForwardsEverything() throws Exception {
    goesOnForwarding((lab, primary, server) ->
        BindSubject.start(lab, primary, "forward only;", "forwarders { " + server + "; };"));
  }

  private static void goesOnForwarding(Start start) throws Exception {
    try (LabInternet lab = BindSubject.lab();
        OverlayPrimary primary = new OverlayPrimary();
        Subject subject = start.start(lab, primary, own(lab));
        Resolver resolver = subject.actuator()) {
      assertThat(ask(resolver)).containsExactly(ROGUE);
      for (int i = 0; i < 2; i++) {
        resolver.correctNameServers(DOMAIN, List.copyOf(lab.rightNameServers().values()));
        resolver.flush(DOMAIN);
        assertThat(ask(resolver)).as("which of the two is asked").containsExactly(ROGUE);
        resolver.clearNameServers(DOMAIN);
        resolver.flush(DOMAIN);
        assertThat(ask(resolver)).as("as before").containsExactly(ROGUE);
      }
    }
  }

  /// Zones that BIND has by itself cannot be shown, like one that was half added by us.
  @Test
  void bindEmptyZone() throws Exception {
    try (LabInternet lab = BindSubject.lab();
        OverlayPrimary primary = new OverlayPrimary();
        BindSubject subject = BindSubject.start(lab, primary, "empty-zones-enable yes;");
        Resolver resolver = subject.actuator()) {
      DnsName empty = DnsName.parse("10.in-addr.arpa.");
      List<InetAddress> right = List.copyOf(lab.rightNameServers().values());
      assertThatThrownBy(() -> resolver.correctNameServers(empty, right))
          .isInstanceOf(KeptException.class)
          .hasMessageContaining("a zone 10.in-addr.arpa.");
      resolver.clearNameServers(empty);
      assertThat(rndc(subject, "zonestatus", "10.in-addr.arpa")).contains("type: primary");
    }
  }

  private static String rndc(BindSubject subject, String... words) throws Exception {
    return new Program(subject.bind().rndc()).run(List.of(words), ResolverLimits.PROBE).text();
  }

  @Test
  void bindNegativeTrustAnchor() throws Exception {
    try (LabInternet lab = BindSubject.lab();
        OverlayPrimary primary = new OverlayPrimary();
        BindSubject subject = BindSubject.start(lab, primary);
        Resolver resolver = subject.actuator()) {
      var _ = rndc(subject, "nta", "-force", "-lifetime", "7d", "checkfree.test");
      String before = rndc(subject, "nta", "-dump");
      assertThat(before).contains("checkfree.test");
      resolver.setInsecure(DOMAIN);
      resolver.clearInsecure(DOMAIN);
      assertThat(rndc(subject, "nta", "-dump")).isEqualTo(before);
      resolver.setInsecure(WWW);
      assertThat(rndc(subject, "nta", "-dump")).contains("www.checkfree.test");
      resolver.clearInsecure(WWW);
      assertThat(rndc(subject, "nta", "-dump")).isEqualTo(before);
    }
  }

  @Test
  void powerDnsLineOfItsFile() throws Exception {
    isLeftAlone(
        PowerDnsSubject::lab,
        (world, primary, server) -> {
          PowerDnsSubject subject = PowerDnsSubject.start(world, primary);
          Files.writeString(
              subject.recursor().forwardZonesFile(), "checkfree.test=" + server + "\n");
          subject.stop();
          subject.startAgain();
          return subject;
        },
        "a line for checkfree.test. in ");
  }

  @Test
  void powerDnsForwardZonesOfItsConfiguration() throws Exception {
    isLeftAlone(
        PowerDnsSubject::lab,
        (world, primary, server) ->
            PowerDnsSubject.start(world, primary, "forward-zones=checkfree.test=" + server),
        "a forwarded zone checkfree.test.");
  }

  @Test
  void powerDnsNegativeTrustAnchor() throws Exception {
    try (LabInternet lab = PowerDnsSubject.lab();
        OverlayPrimary primary = new OverlayPrimary();
        PowerDnsSubject subject = PowerDnsSubject.start(lab, primary, "dnssec=process");
        Resolver resolver = subject.actuator()) {
      Program control =
          new Program(
              List.of(
                  "rec_control",
                  "--socket-dir=" + subject.recursor().forwardZonesFile().getParent()));
      assertThat(
              control
                  .run(List.of("add-nta", "checkfree.test", "ours for years"), ResolverLimits.PROBE)
                  .isOk())
          .isTrue();
      resolver.setInsecure(DOMAIN);
      resolver.clearInsecure(DOMAIN);
      assertThat(control.run(List.of("get-ntas"), ResolverLimits.PROBE).text())
          .contains("checkfree.test")
          .contains("ours for years");
      // Ours comes and goes beside it.
      resolver.setInsecure(WWW);
      assertThat(control.run(List.of("get-ntas"), ResolverLimits.PROBE).text())
          .contains("www.checkfree.test");
      resolver.clearInsecure(WWW);
      assertThat(control.run(List.of("get-ntas"), ResolverLimits.PROBE).text())
          .doesNotContain("www.checkfree.test");
    }
  }

  private static Start knotRuleFor(String name) {
    return (world, primary, server) ->
        KnotSubject.start(
            world,
            primary,
            "policy.add(policy.suffix(policy.STUB('%s'), policy.todnames({'%s'})))"
                .formatted(server, name));
  }

  @Test
  void knotRule() throws Exception {
    isLeftAlone(KnotSubject::lab, knotRuleFor("checkfree.test."), "a rule for checkfree.test.");
  }

  /// A choice for everything, or for a parent, is what corrections are there to pass by.
  @Test
  void knotRuleForTheParent() throws Exception {
    isPassedBy(KnotSubject::lab, knotRuleFor("test."));
  }

  @Test
  void unboundThatForwardsEverything() throws Exception {
    isPassedBy(
        UnboundSubject::lab,
        (world, primary, server) ->
            unbound(world, primary, "forward-zone:", "  name: .", "  forward-addr: " + server));
  }

  @Test
  void powerDnsThatForwardsEverything() throws Exception {
    isPassedBy(
        PowerDnsSubject::lab,
        (world, primary, server) ->
            PowerDnsSubject.start(world, primary, "forward-zones-recurse=.=" + server));
  }

  private static void isPassedBy(Lab make, Start start) throws Exception {
    try (LabInternet lab = make.make();
        OverlayPrimary primary = new OverlayPrimary();
        Subject subject = start.start(lab, primary, own(lab));
        Resolver resolver = subject.actuator()) {
      assertThat(ask(resolver)).containsExactly(ROGUE);
      resolver.correctNameServers(DOMAIN, List.copyOf(lab.rightNameServers().values()));
      resolver.flush(DOMAIN);
      assertThat(ask(resolver)).containsExactly(RIGHT);
      resolver.clearNameServers(DOMAIN);
      resolver.flush(DOMAIN);
      assertThat(ask(resolver)).containsExactly(ROGUE);
    }
  }
}
