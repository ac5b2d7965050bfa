package tocsin.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;
import tocsin.node.config.ConfigFile;
import tocsin.node.config.NodeFolder;
import tocsin.node.core.CoreConfig;
import tocsin.node.core.Effect;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.LabResolver;
import tocsin.node.resolver.Answer;
import tocsin.node.resolver.Question;
import tocsin.node.resolver.Resolver;
import tocsin.node.resolver.ResolverException;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Statement;

/// Shadow mode, and name servers and insecurity at all four real resolvers, through a whole node.
class WholeNodeIT {
  private static Answer ask(LabResolver at, String name) throws ResolverException {
    try (Resolver resolver = Resolvers.of(RealNode.config("r", at))) {
      return resolver.probe(new Question(DnsName.of(name), Type.A));
    }
  }

  @Test
  void inShadowModeEverythingIsComputedAndNothingIsTouched() throws Exception {
    try (LabInternet lab = FourResolvers.lab(false);
        RealNode node = new RealNode(lab, FourResolvers.Caches.PLAIN, CoreConfig.Mode.SHADOW)) {
      lab.hijackDelegation();
      Envelope alert = node.override(List.of(lab.rightAddress()), lab.domain());
      assertThat(node.state(alert)).isEqualTo(tocsin.node.core.AlertState.ACTIVE);
      for (Map.Entry<String, LabResolver> one : node.beside().entrySet()) {
        assertThat(ask(one.getValue(), lab.www()).texts())
            .as(one.getKey())
            .containsExactly(lab.rogueAddress().getHostAddress());
      }
      assertThat(node.effects()).noneMatch(Effect.Actuate.class::isInstance);
      assertThat(node.effects())
          .filteredOn(Effect.ServeOverlay.class::isInstance)
          .allSatisfy(it -> assertThat(((Effect.ServeOverlay) it).overlay().entries()).isEmpty());
    }
  }

  @Test
  void nameServersAreCorrectedEverywhereAndSurviveARestartOfEachResolver() throws Exception {
    try (LabInternet lab = FourResolvers.lab(true);
        RealNode node = new RealNode(lab, FourResolvers.Caches.PLAIN, CoreConfig.Mode.ENFORCE)) {
      lab.hijackDelegation();
      for (Map.Entry<String, LabResolver> one : node.beside().entrySet()) {
        assertThat(ask(one.getValue(), lab.www()).texts())
            .as(one.getKey())
            .containsExactly(lab.rogueAddress().getHostAddress());
      }
      List<Statement.NameServer> servers =
          lab.rightNameServers().entrySet().stream()
              .map(server ->
                  new Statement.NameServer(
                      DnsName.of(server.getKey()),
                      List.of(
                          com.google.protobuf.ByteString.copyFrom(server.getValue().getAddress()))))
              .toList();
      Envelope alert =
          node.raise(
              new Statement.OverrideAction(
                  List.of(),
                  servers,
                  List.of(com.google.protobuf.ByteString.copyFrom(lab.rogueAddress().getAddress())),
                  List.of(),
                  true,
                  0),
              lab.domain());
      node.awaitVerified(alert);
      for (Map.Entry<String, LabResolver> one : node.beside().entrySet()) {
        assertThat(ask(one.getValue(), lab.www()).texts())
            .as(one.getKey())
            .containsExactly(lab.rightAddress().getHostAddress());
        one.getValue().restart();
      }
      for (Map.Entry<String, LabResolver> one : node.beside().entrySet()) {
        await()
            .atMost(java.time.Duration.ofSeconds(30))
            .untilAsserted(() ->
                assertThat(ask(one.getValue(), lab.www()).texts())
                    .as(one.getKey())
                    .containsExactly(lab.rightAddress().getHostAddress()));
      }
      node.recall(alert);
      for (String resolver : node.beside().keySet()) {
        node.awaitWord(alert, resolver, "cleared");
      }
      for (Map.Entry<String, LabResolver> one : node.beside().entrySet()) {
        assertThat(ask(one.getValue(), lab.www()).texts())
            .as("%s: plain DNS again, which is still hijacked", one.getKey())
            .containsExactly(lab.rogueAddress().getHostAddress());
      }
    }
  }

  /// A policy that blocks rogue data keeps everybody from every name behind the hijacker, on the
  /// kinds that can; the listed names are answered right all the same.
  @Test
  void rogueNameServersAndAddressesAreBlockedForEveryNameIfThePolicyWantsThat() throws Exception {
    try (LabInternet lab = FourResolvers.lab(false);
        RealNode node = new RealNode(lab, FourResolvers.Caches.PLAIN, CoreConfig.Mode.ENFORCE)) {
      lab.hijackDelegation();
      String behind = "mail.rogue.test";
      List<DnsName> servers = lab.rogueNameServers().keySet().stream().map(DnsName::of).toList();
      ByteString mailHost = ByteString.copyFrom(new byte[] {(byte) 203, 0, 113, 67});
      for (boolean byAddress : new boolean[] {false, true}) {
        Envelope alert =
            node.raise(
                new Statement.OverrideAction(
                    List.of(
                        new CorrectRecord.A(ByteString.copyFrom(lab.rightAddress().getAddress()))),
                    List.of(),
                    byAddress ? List.of(mailHost) : List.of(),
                    byAddress ? List.of() : servers,
                    false,
                    0),
                lab.domain());
        node.awaitVerified(alert);
        for (Map.Entry<String, LabResolver> one : node.beside().entrySet()) {
          assertThat(ask(one.getValue(), behind).status())
              .as("%s: nothing is blocked by default", one.getKey())
              .isEqualTo("NOERROR");
        }
        node.blocksRogueData();
        for (Map.Entry<String, LabResolver> one : node.beside().entrySet()) {
          boolean blocks = !one.getKey().equals("k1");
          awaitStatus(one, behind, blocks ? "NXDOMAIN" : "NOERROR");
          assertThat(ask(one.getValue(), lab.www()).texts())
              .as(one.getKey())
              .containsExactly(lab.rightAddress().getHostAddress());
        }
        node.recall(alert);
        for (Map.Entry<String, LabResolver> one : node.beside().entrySet()) {
          awaitStatus(one, behind, "NOERROR");
        }
        node.blocksNothing();
      }
    }
  }

  /// An update of the overlay without an alert for this name flushes nothing: packet caches have
  /// their own time.
  private static void awaitStatus(Map.Entry<String, LabResolver> at, String name, String status) {
    await()
        .atMost(java.time.Duration.ofSeconds(30))
        .untilAsserted(() -> {
          try (Resolver resolver = Resolvers.of(RealNode.config("r", at.getValue()))) {
            resolver.flush(DnsName.of(name));
          }
          assertThat(ask(at.getValue(), name).status()).as(at.getKey()).isEqualTo(status);
        });
  }

  /// Slack, 2021: a DS that fits nothing. Validators answer nothing until they are told not to
  /// validate there, and go on so after the repair until the parent's DS is flushed.
  @Test
  void aWrongDsIsHelpedByANegativeTrustAnchorAndAFlush() throws Exception {
    try (LabInternet lab = FourResolvers.lab(true);
        RealNode node = new RealNode(lab, FourResolvers.Caches.PLAIN, CoreConfig.Mode.ENFORCE)) {
      lab.wrongDs(true);
      for (Map.Entry<String, LabResolver> one : node.beside().entrySet()) {
        assertThat(ask(one.getValue(), lab.www()).status()).as(one.getKey()).isEqualTo("SERVFAIL");
      }
      Envelope alert =
          node.raise(
              new Statement.OverrideAction(List.of(), List.of(), List.of(), List.of(), true, 0),
              lab.domain());
      node.awaitVerified(alert);
      for (Map.Entry<String, LabResolver> one : node.beside().entrySet()) {
        assertThat(ask(one.getValue(), lab.www()).texts())
            .as(one.getKey())
            .containsExactly(lab.rightAddress().getHostAddress());
      }
      lab.wrongDs(false);
      Envelope flush = node.close(alert, lab.domain());
      node.awaitState(flush, tocsin.node.core.AlertState.RESOLVED);
      for (Map.Entry<String, LabResolver> one : node.beside().entrySet()) {
        assertThat(ask(one.getValue(), lab.www()).texts())
            .as(one.getKey())
            .containsExactly(lab.rightAddress().getHostAddress());
      }
      // It validates again: the same mistake is noticed again.
      lab.wrongDs(true);
      for (Map.Entry<String, LabResolver> one : node.beside().entrySet()) {
        try (Resolver resolver = Resolvers.of(RealNode.config("r", one.getValue()))) {
          resolver.flush(DnsName.of(lab.domain()));
        }
        assertThat(ask(one.getValue(), lab.www()).status()).as(one.getKey()).isEqualTo("SERVFAIL");
      }
    }
  }

  /// The node dies in the middle of an incident, and the stop hook of its service runs.
  @Test
  void whatADeadNodeLeftIsTakenBack(@TempDir Path folder) throws Exception {
    try (LabInternet lab = FourResolvers.lab(false);
        RealNode node = new RealNode(lab, FourResolvers.Caches.PLAIN, CoreConfig.Mode.ENFORCE)) {
      lab.hijackDelegation();
      node.awaitVerified(node.override(List.of(lab.rightAddress()), lab.domain()));
      node.die();
      for (Map.Entry<String, LabResolver> one : node.beside().entrySet()) {
        assertThat(ask(one.getValue(), lab.www()).texts())
            .as("%s goes on with the dead node's overlay", one.getKey())
            .containsExactly(lab.rightAddress().getHostAddress());
      }
      Files.writeString(
          folder.resolve("tocsin.toml"),
          """
          [dns]
          listen = "127.0.0.1:%d"
          %s
          """
              .formatted(node.dnsAddress().getPort(), node.resolvers().sections()));
      Withdrawal.Result result =
          Withdrawal.run(ConfigFile.load(new NodeFolder(folder), Map.of(), Map.of()).config());
      assertThat(result.steps())
          .allMatch(Withdrawal.Step::ok, result.steps().toString())
          .hasSize(4);
      for (Map.Entry<String, LabResolver> one : node.beside().entrySet()) {
        try (Resolver resolver = Resolvers.of(RealNode.config("r", one.getValue()))) {
          resolver.flush(DnsName.of(lab.domain()));
        }
        assertThat(ask(one.getValue(), lab.www()).texts())
            .as("%s simply resolves, and the registry is still hijacked", one.getKey())
            .containsExactly(lab.rogueAddress().getHostAddress());
      }
      assertThat(
              Withdrawal.run(ConfigFile.load(new NodeFolder(folder), Map.of(), Map.of()).config())
                  .steps())
          .as("twice does no harm")
          .allMatch(Withdrawal.Step::ok);
    }
  }
}
