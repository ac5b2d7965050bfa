package tocsin.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Header;
import tocsin.trust.Role;
import tocsin.trust.Statement;

/// Each kind of bad input has its own reason, and nothing of it is served.
final class BadInputTest {
  private final OneNode node = new OneNode().withTrust();

  private void isActive(Envelope alert) {
    assertThat(node.state(alert)).isEqualTo(AlertState.ACTIVE);
  }

  private void isRefused(Envelope alert, String because) {
    assertThat(node.state(alert)).isEqualTo(AlertState.REFUSED);
    assertThat(node.standing(alert).reason()).contains(because);
    assertThat(node.overlay()).isEmpty();
  }

  private void isNotTaken(Envelope statement, String because) {
    assertThat(node.log.contains(statement.id())).isFalse();
    assertThat(node.refusal(statement).orElse("not kept")).contains(because);
    assertThat(node.overlay()).isEmpty();
  }

  @Test
  void aGoodAlertIsActive() {
    Envelope alert = node.submitter.override("www.bank.test");
    node.receives(alert, node.endorser.endorse(alert));
    isActive(alert);
    assertThat(node.overlay()).containsExactly("www.bank.test.");
  }

  @Test
  void ofAnotherNetwork() {
    Envelope alert = node.submitter.inNetwork("main").override("www.bank.test");
    node.receives(alert);
    isNotTaken(alert, "another network");
  }

  @Test
  void aDuplicateChangesNothing() {
    Envelope alert = node.submitter.override("www.bank.test");
    Envelope endorsement = node.endorser.endorse(alert);
    node.receives(alert, endorsement);
    var root = node.log.root();
    node.receives(alert, endorsement, alert);
    assertThat(node.log.root()).isEqualTo(root);
    assertThat(node.all(Effect.ServeOverlay.class)).isEmpty();
    isActive(alert);
  }

  @Test
  void aReplayOfAnExpiredAlertIsNotServed() {
    Envelope old =
        node.submitter.alert(
            Speaker.NOW - 30 * Header.HOUR_MILLIS,
            Speaker.NOW - 20 * Header.HOUR_MILLIS,
            Speaker.records("203.0.114.10"),
            Optional.empty(),
            "www.bank.test");
    node.receives(old, node.endorser.endorse(old));
    assertThat(node.state(old)).isEqualTo(AlertState.EXPIRED);
    assertThat(node.overlay()).isEmpty();
  }

  @Test
  void anExpiredOneFromAnOperatorIsRefused() {
    Envelope old =
        node.submitter.alert(
            Speaker.NOW - 30 * Header.HOUR_MILLIS,
            Speaker.NOW - 20 * Header.HOUR_MILLIS,
            Speaker.records("203.0.114.10"),
            Optional.empty(),
            "www.bank.test");
    assertThat(node.submits(old)).isEqualTo(new Effect.Answer.Refused("it has expired"));
    isNotTaken(old, "expired");
  }

  @Test
  void ofTheFutureWaitsUntilItsTime() {
    long issuedAt = Speaker.NOW + 10 * 60_000;
    Envelope alert =
        node.submitter.alert(
            issuedAt,
            issuedAt + Header.HOUR_MILLIS,
            Speaker.records("203.0.114.10"),
            Optional.empty(),
            "www.bank.test");
    node.receives(alert, node.endorser.endorse(alert));
    isNotTaken(alert, "future");
    node.passes(5 * 60_000 + 1_000);
    isActive(alert);
  }

  @Test
  void fromAnUnvettedSigner() {
    Speaker hijacker = new Speaker("hijacker");
    Envelope alert = hijacker.override("www.bank.test");
    node.receives(hijacker.profile, alert);
    isNotTaken(alert, "vouched");
  }

  @Test
  void whatWaitedForAVouchIsTakenWhenItComes() {
    Speaker late = new Speaker("late");
    Envelope alert = late.override("www.bank.test");
    node.receives(late.profile, alert, node.endorser.endorse(alert));
    isNotTaken(alert, "vouched");
    node.receives(node.first.vouch(late, "bank.test", Role.SUBMITTER));
    isActive(alert);
    assertThat(node.refusal(alert)).isEmpty();
  }

  @Test
  void fromOneVettedForAnotherSuffix() {
    Envelope alert = node.submitter.override("www.shop.test");
    node.receives(alert, node.endorser.endorse(alert));
    isRefused(alert, "does not cover www.shop.test.");
  }

  @Test
  void fromAWithdrawnSigner() {
    Speaker third = new Speaker("third");
    Envelope vouch = node.first.vouch(third, "bank.test", Role.SUBMITTER);
    node.receives(vouch, third.profile, node.first.withdraw(vouch));
    Envelope alert = third.override("www.bank.test");
    node.receives(alert);
    isRefused(alert, "withdrawn");
  }

  @Test
  void withARevokedKey() {
    Envelope alert = node.submitter.override("www.bank.test");
    node.receives(alert, node.endorser.endorse(alert));
    isActive(alert);
    node.receives(node.submitter.revokeOperationsKey());
    isRefused(alert, "revoked");
  }

  @Test
  void withOneOrganizationBehindItTwice() {
    Envelope alert = node.submitter.override("www.bank.test");
    node.receives(alert, node.submitter.endorse(alert), node.submitter.endorseWithSecondKey(alert));
    assertThat(node.state(alert)).isEqualTo(AlertState.PENDING);
    assertThat(node.standing(alert).reason()).contains("1 of 2");
    assertThat(node.overlay()).isEmpty();
  }

  @Test
  void endorsedByItsOwnSubmitterAtAnOperatorsWord() {
    Envelope alert = node.submitter.override("www.bank.test");
    node.receives(alert);
    for (Envelope endorsement :
        new Envelope[] {
          node.submitter.endorse(alert), node.submitter.endorseWithSecondKey(alert)
        }) {
      assertThat(node.submits(endorsement))
          .isInstanceOfSatisfying(
              Effect.Answer.Refused.class,
              it -> assertThat(it.reason()).contains("an organization counts once"));
      assertThat(node.log.contains(endorsement.id())).isFalse();
    }
  }

  @Test
  void aboutWhatIsNotHereAtAnOperatorsWord() {
    Envelope unknown = node.submitter.override("www.bank.test");
    for (Envelope about :
        new Envelope[] {node.endorser.endorse(unknown), node.submitter.recall(unknown)}) {
      assertThat(node.submits(about))
          .isInstanceOfSatisfying(
              Effect.Answer.NotFound.class,
              it -> assertThat(it.reason()).contains(unknown.id().toString()));
      assertThat(node.log.contains(about.id())).isFalse();
      // From a peer it is taken: what it speaks of may still come.
      node.receives(about);
      assertThat(node.log.contains(about.id())).isTrue();
    }
    node.receives(unknown);
    assertThat(node.state(unknown)).isEqualTo(AlertState.RECALLED);
  }

  @Test
  void aPeerAddressThatIsOurOwn() {
    node.happens(new Event.PeerAddressAdded(99, "self.test:7353"));
    assertThat(node.all(Effect.Reply.class))
        .containsExactly(
            new Effect.Reply(99, new Effect.Answer.Refused("that is this node's own address")));
    assertThat(node.all(Effect.Dial.class)).isEmpty();
  }

  @Test
  void ofATopLevelNameOrTheRoot() {
    Envelope com = node.first.override("com");
    Envelope root = node.first.override(".");
    node.receives(com, root, node.second.endorse(com), node.second.endorse(root));
    isRefused(com, "top-level");
    isRefused(root, "root");
    assertThat(node.submits(node.first.override("org"))).isInstanceOf(Effect.Answer.Refused.class);
  }

  @Test
  void withASpecialPurposeAddress() {
    Envelope alert = node.submitter.override(Speaker.records("10.0.0.1"), "www.bank.test");
    node.receives(alert, node.endorser.endorse(alert));
    isRefused(alert, "special-purpose");
  }

  @Test
  void withRecordsThatWouldBeMagicInAResponsePolicyZone() {
    for (String target : new String[] {".", "rpz-passthru.", "rpz-drop.", "rpz-tcp-only."}) {
      Statement.OverrideAction action = Speaker.action(new CorrectRecord.Cname(DnsName.of(target)));
      Envelope alert = node.submitter.override(action, "www.bank.test");
      node.receives(alert, node.endorser.endorse(alert));
      isRefused(alert, "response policy");
    }
  }

  @Test
  void aGuestSubmitsNothing() {
    PeerId guest = new PeerId(2);
    node.connect(guest, new Speaker("stranger"), Optional.empty());
    Envelope alert = node.submitter.override("www.bank.test");
    node.happens(new Event.FrameReceived(guest, new Frame.Push(java.util.List.of(alert))));
    isNotTaken(alert, "guest");
    assertThat(node.all(Effect.Send.class))
        .anySatisfy(send -> assertThat(send.frame()).isInstanceOf(Frame.Refused.class));
  }

  @Test
  void aPeerThatRelaysABadSignatureIsCutOff() {
    node.happens(new Event.PeerFaulted(node.peer, "the signature is wrong"));
    assertThat(node.all(Effect.Disconnect.class))
        .singleElement()
        .satisfies(it -> assertThat(it.reason()).contains("signature"));
    assertThat(node.core().view().peerCount()).isZero();
    // It is dialled again, later.
    assertThat(node.passes(5_000))
        .noneSatisfy(it -> assertThat(it).isInstanceOf(Effect.Dial.class));
    assertThat(node.passes(11_000))
        .anySatisfy(it -> assertThat(it).isInstanceOf(Effect.Dial.class));
  }
}
