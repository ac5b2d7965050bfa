package tocsin.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import org.xbill.DNS.Type;
import tocsin.node.core.CoreConfig;
import tocsin.node.core.Effect;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.LabResolver;
import tocsin.node.resolver.Answer;
import tocsin.node.resolver.Question;
import tocsin.node.resolver.Resolver;
import tocsin.node.resolver.ResolverException;
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
    InetSocketAddress dns = FourResolvers.freeAddress();
    try (LabInternet lab = FourResolvers.lab(false);
        FourResolvers beside = new FourResolvers(lab, dns, FourResolvers.Caches.PLAIN);
        RealNode node = new RealNode(lab, dns, beside.all(), CoreConfig.Mode.SHADOW)) {
      lab.hijackDelegation();
      Envelope alert = node.override(List.of(lab.rightAddress()), lab.domain());
      assertThat(node.state(alert)).isEqualTo(tocsin.node.core.AlertState.ACTIVE);
      for (Map.Entry<String, LabResolver> one : beside.all().entrySet()) {
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
    InetSocketAddress dns = FourResolvers.freeAddress();
    try (LabInternet lab = FourResolvers.lab(true);
        FourResolvers beside = new FourResolvers(lab, dns, FourResolvers.Caches.PLAIN);
        RealNode node = new RealNode(lab, dns, beside.all(), CoreConfig.Mode.ENFORCE)) {
      lab.hijackDelegation();
      for (Map.Entry<String, LabResolver> one : beside.all().entrySet()) {
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
                          com.google.protobuf.ByteString.copyFrom(
                              server.getValue().getAddress()))))
              .toList();
      Envelope alert =
          node.raise(
              new Statement.OverrideAction(
                  List.of(),
                  servers,
                  List.of(
                      com.google.protobuf.ByteString.copyFrom(lab.rogueAddress().getAddress())),
                  List.of(),
                  true,
                  0),
              lab.domain());
      node.awaitVerified(alert);
      for (Map.Entry<String, LabResolver> one : beside.all().entrySet()) {
        assertThat(ask(one.getValue(), lab.www()).texts())
            .as(one.getKey())
            .containsExactly(lab.rightAddress().getHostAddress());
        one.getValue().restart();
      }
      for (Map.Entry<String, LabResolver> one : beside.all().entrySet()) {
        await()
            .atMost(java.time.Duration.ofSeconds(30))
            .untilAsserted(() ->
                assertThat(ask(one.getValue(), lab.www()).texts())
                    .as(one.getKey())
                    .containsExactly(lab.rightAddress().getHostAddress()));
      }
      node.recall(alert);
      for (String resolver : beside.all().keySet()) {
        node.awaitWord(alert, resolver, "cleared");
      }
      for (Map.Entry<String, LabResolver> one : beside.all().entrySet()) {
        assertThat(ask(one.getValue(), lab.www()).texts())
            .as("%s: plain DNS again, which is still hijacked", one.getKey())
            .containsExactly(lab.rogueAddress().getHostAddress());
      }
    }
  }
}
