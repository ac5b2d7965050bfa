package tocsin.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tocsin.node.config.ConfigException;
import tocsin.node.config.ConfigFile;
import tocsin.node.config.NodeFolder;
import tocsin.node.core.Effect.Operation;
import tocsin.node.core.Event.Outcome;
import tocsin.trust.Envelope;
import tocsin.trust.graph.TrustPolicy;

/// The configuration is read again while the node runs.
final class ReconfiguredTest {
  private final OneNode node = new OneNode("u1").withTrust();
  private final Envelope alert = node.submitter.override("www.bank.test");

  private static TrustPolicy policy(String lines) {
    try {
      return ConfigFile.parse(
              new NodeFolder(Path.of("/srv")),
              "tocsin.toml",
              "[policy]\n" + lines,
              Map.of(),
              Map.of())
          .config()
          .policy()
          .trust();
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  private void reconfigured(
      TrustPolicy policy, List<String> bootstrap, List<String> resolvers, List<String> changed) {
    node.happens(new Event.Reconfigured(policy, 0, false, bootstrap, resolvers, changed));
  }

  private void resolvers(String... names) {
    reconfigured(TrustPolicy.DEFAULT, List.of(OneNode.ADDRESS), List.of(names), List.of());
  }

  private long serial() {
    return node.core().view().overlaySerial();
  }

  private void verify(String resolver) {
    List<Effect> effects = new ArrayList<>(node.effects);
    effects.addAll(node.passes(100));
    node.ends(polls(effects, resolver).getLast(), new Outcome.Held(Optional.of(serial())));
    node.ends(node.under(node.effects, Operation.FlushSubtree.class), new Outcome.Done());
    node.ends(
        node.under(node.effects, Operation.Probe.class),
        new Outcome.Answered(0, List.of(Speaker.bytes("203.0.114.10"))));
  }

  private static List<Effect.Actuate> polls(List<Effect> effects, String resolver) {
    return effects.stream()
        .filter(Effect.Actuate.class::isInstance)
        .map(Effect.Actuate.class::cast)
        .filter(it -> it.operation() instanceof Operation.ReadSerial)
        .filter(it -> it.resolver().equals(resolver))
        .toList();
  }

  private List<String> progress() {
    return node.core().view().progress(alert.id()).stream()
        .map(it -> it.resolver() + " " + it.word())
        .toList();
  }

  private void activate() {
    node.receives(alert, node.endorser.endorse(alert));
    verify("u1");
    assertThat(progress()).containsExactly("u1 verified");
  }

  @Test
  void theSameAgainDoesNothing() {
    activate();
    long before = serial();
    resolvers("u1");
    assertThat(node.all(Effect.ServeOverlay.class)).isEmpty();
    assertThat(node.all(Effect.Actuate.class)).isEmpty();
    assertThat(node.all(Effect.Audit.class)).hasSize(1);
    assertThat(serial()).isEqualTo(before);
    assertThat(progress()).containsExactly("u1 verified");
  }

  @Test
  void aStricterPolicyEndsWhatItWouldNotHaveAccepted() {
    activate();
    reconfigured(policy("override-paths = 3"), List.of(OneNode.ADDRESS), List.of("u1"), List.of());
    assertThat(node.state(alert)).isEqualTo(AlertState.PENDING);
    assertThat(node.overlay()).isEmpty();
    resolvers("u1");
    assertThat(node.state(alert)).isEqualTo(AlertState.ACTIVE);
    assertThat(node.overlay()).containsExactly("www.bank.test.");
  }

  @Test
  void aNewResolverIsToldWhatIsActive() {
    activate();
    resolvers("u1", "u2");
    assertThat(progress()).containsExactly("u1 verified", "u2 published");
    verify("u2");
    assertThat(progress()).containsExactly("u1 verified", "u2 verified");
  }

  @Test
  void aResolverThatIsGoneIsAskedNothingAnyMore() {
    node.receives(alert, node.endorser.endorse(alert));
    var poll = polls(node.passes(100), "u1").getFirst();
    resolvers("u2");
    // What it still answers is nobody's business.
    node.ends(poll, new Outcome.Held(Optional.of(serial())));
    assertThat(polls(node.passes(1_000), "u1")).isEmpty();
    assertThat(progress()).containsExactly("u2 published");
    assertThat(node.core().view().resolvers()).hasSize(1);
  }

  @Test
  void whatClosesDoesNotWaitForAResolverThatIsGone() {
    node.receives(alert, node.endorser.endorse(alert));
    assertThat(node.state(alert)).isEqualTo(AlertState.ACTIVE);
    Envelope flush = node.submitter.flush(Optional.empty(), "shop.bank.test");
    node.receives(flush);
    assertThat(node.state(flush)).isEqualTo(AlertState.ACTIVE);
    resolvers();
    assertThat(node.state(flush)).isEqualTo(AlertState.RESOLVED);
  }

  @Test
  void aResolverThatIsReachedInAnotherWayIsToldAllAgain() {
    activate();
    reconfigured(TrustPolicy.DEFAULT, List.of(OneNode.ADDRESS), List.of("u1"), List.of("u1"));
    assertThat(progress()).containsExactly("u1 published");
    verify("u1");
    assertThat(progress()).containsExactly("u1 verified");
  }

  @Test
  void bootstrapAddressesAreDialledAndLetGo() {
    reconfigured(TrustPolicy.DEFAULT, List.of("new.test:7353"), List.of("u1"), List.of());
    assertThat(node.all(Effect.Dial.class))
        .extracting(Effect.Dial::address)
        .contains("new.test:7353");
    assertThat(node.all(Effect.Disconnect.class)).hasSize(1);
    assertThat(node.core().view().peers())
        .extracting(NodeView.PeerLine::address)
        .doesNotContain(OneNode.ADDRESS);
  }
}
