package tocsin.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tocsin.storage.LogId;
import tocsin.trust.Envelope;
import tocsin.trust.OrganizationId;
import tocsin.trust.Role;
import tocsin.trust.graph.NameRules;
import tocsin.trust.graph.TrustPolicy;

/// What the core makes of the web of trust: what waits and why, evidence, and the acting budget.
class TrustInTheCoreTest {
  private static TrustPolicy budget(int alerts) {
    return new TrustPolicy(
        1,
        2,
        4,
        false,
        TrustPolicy.DEFAULT_OVERRIDE_MAX_MILLIS,
        60,
        TrustPolicy.Approval.AUTOMATIC,
        false,
        3,
        NameRules.NONE,
        List.of(),
        alerts);
  }

  private static Frame.Hello hello(Speaker organization, OrganizationId... anchors) {
    return new Frame.Hello(
        1,
        1,
        Speaker.NETWORK,
        organization.id,
        new LogId(ByteString.copyFrom(new byte[16])),
        List.of(anchors),
        "test",
        "");
  }

  /// A statement waits because nobody here carries for its issuer's anchor. Then a member comes who
  /// does: the judgement is made again at once, not when the next vouch happens to come.
  @Test
  void whatWaitsIsLookedAtAgainWhenAMemberBringsAnchors() {
    OneNode node = new OneNode();
    node.trust(node.first);
    node.connect();
    Speaker elsewhere = new Speaker("elsewhere");
    Speaker member = new Speaker("member");
    node.receives(elsewhere.profile);
    assertThat(node.log.contains(elsewhere.profile.id())).isFalse();
    node.receives(node.first.vouch(member, ".", Role.SUBMITTER), member.profile);
    PeerId second = new PeerId(2);
    node.happens(new Event.PeerConnected(second, member.node.id(), Optional.empty()));
    node.happens(new Event.FrameReceived(second, hello(member, elsewhere.id)));
    assertThat(node.log.contains(elsewhere.profile.id())).isTrue();
  }

  /// The same, where the vouch that makes the peer a member comes after its Hello.
  @Test
  void whatWaitsIsLookedAtAgainWhenAGuestBecomesAMember() {
    OneNode node = new OneNode();
    node.trust(node.first);
    node.connect();
    Speaker elsewhere = new Speaker("elsewhere");
    Speaker member = new Speaker("member");
    node.receives(elsewhere.profile);
    PeerId second = new PeerId(2);
    node.happens(new Event.PeerConnected(second, member.node.id(), Optional.empty()));
    node.happens(new Event.FrameReceived(second, hello(member, elsewhere.id)));
    assertThat(node.log.contains(elsewhere.profile.id())).as("a guest decides nothing").isFalse();
    node.receives(node.first.vouch(member, ".", Role.SUBMITTER), member.profile);
    assertThat(node.log.contains(elsewhere.profile.id())).isTrue();
  }

  @Test
  void aGuestMayBringTheProofThatAKeyContradictsItself() {
    OneNode node = new OneNode().withTrust();
    Envelope alert = node.submitter.override("www.bank.test");
    node.receives(alert, node.endorser.endorse(alert));
    assertThat(node.state(alert)).isEqualTo(AlertState.ACTIVE);
    Envelope rival = new Speaker("submitter").override("shop.bank.test");
    PeerId guest = new PeerId(9);
    Speaker stranger = new Speaker("stranger");
    node.connect(guest, stranger, Optional.empty());
    node.happens(
        new Event.FrameReceived(
            guest, new Frame.Push(List.of(stranger.override("a.test"), rival))));
    assertThat(node.log.contains(rival.id())).isTrue();
    assertThat(node.state(alert)).isEqualTo(AlertState.REFUSED);
    assertThat(node.overlay()).isEmpty();
    assertThat(node.core().view().warnings())
        .anyMatch(it -> it.contains("is suspended") && it.contains(rival.id().toString()));
    assertThat(
            node.all(Effect.Send.class).stream()
                .filter(it -> it.peer().equals(node.peer) && it.frame() instanceof Frame.Push)
                .map(it -> ((Frame.Push) it.frame()).envelopes()))
        .as("and goes on to the others")
        .containsExactly(List.of(rival));
  }

  @Test
  void whoHasCausedTooMuchWaitsForAPerson() {
    OneNode node = new OneNode(budget(2)).withTrust();
    for (String name : List.of("a.bank.test", "b.bank.test")) {
      Envelope alert = node.submitter.override(name);
      node.receives(alert, node.endorser.endorse(alert));
      assertThat(node.state(alert)).isEqualTo(AlertState.ACTIVE);
    }
    Envelope third = node.submitter.override("c.bank.test");
    node.receives(third, node.endorser.endorse(third));
    assertThat(node.state(third)).isEqualTo(AlertState.PENDING);
    assertThat(node.standing(third).reason()).contains("acting budget of 2").contains("approve");
    node.restart();
    assertThat(node.state(third)).as("the account is durable").isEqualTo(AlertState.PENDING);
    assertThat(node.core().view().budgets())
        .anySatisfy(it -> {
          assertThat(it.organization()).isEqualTo(node.submitter.id);
          assertThat(it.spent()).isEqualTo(2.0);
        })
        .anySatisfy(it -> {
          assertThat(it.organization()).isEqualTo(node.first.id);
          assertThat(it.spent()).as("half of each for who vouched").isEqualTo(1.0);
        });
    node.connect();
    node.receives(node.first.withdraw(node.first.vouch(node.submitter, "x.test", Role.SUBMITTER)));
    assertThat(node.state(third)).isEqualTo(AlertState.PENDING);
    node.happens(new Event.Approved(77, third.id()));
    assertThat(node.state(third)).isEqualTo(AlertState.ACTIVE);
  }

  @Test
  void whatEndsAnIncidentNeverWaitsForTheBudget() {
    OneNode node = new OneNode(budget(1)).withTrust();
    Envelope alert = node.submitter.override("a.bank.test");
    node.receives(alert, node.endorser.endorse(alert));
    Envelope flush = node.submitter.flush(Optional.of(alert.id()), "a.bank.test");
    node.receives(flush);
    assertThat(node.standing(flush).judgement().isActive()).isTrue();
    assertThat(node.state(flush)).isNotEqualTo(AlertState.PENDING);
    Envelope alone = node.submitter.flush(Optional.empty(), "b.bank.test");
    node.receives(alone);
    assertThat(node.state(alone)).isEqualTo(AlertState.PENDING);
  }

  @Test
  void aRevokedKeysOverrideIsGoneInTheSameTurn() {
    OneNode node = new OneNode().withTrust();
    Envelope alert = node.submitter.override("www.bank.test");
    node.receives(alert, node.endorser.endorse(alert));
    assertThat(node.overlay()).isNotEmpty();
    node.receives(node.submitter.revokeOperationsKey());
    assertThat(node.overlay()).isEmpty();
    assertThat(node.state(alert)).isEqualTo(AlertState.REFUSED);
    assertThat(node.standing(alert).reason()).contains("revoked");
  }

  @Test
  void vouchesThatEndSoonAreRemembered() {
    OneNode node = new OneNode().withTrust();
    assertThat(node.core().view().warnings()).noneMatch(it -> it.contains("ends in"));
    node.trust(node.self);
    node.receives(node.first.vouch(node.self, ".", Role.SUBMITTER));
    node.passes(75L * 24 * 3_600_000);
    node.happens(new Event.DeadlineReached());
    assertThat(node.core().view().warnings())
        .anyMatch(it -> it.contains("vouches for you ends in 25 days"));
  }
}
