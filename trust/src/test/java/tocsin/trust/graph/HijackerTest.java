package tocsin.trust.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static tocsin.trust.Cast.HOUR;
import static tocsin.trust.Cast.NOW;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tocsin.trust.Cast;
import tocsin.trust.Cast.Org;
import tocsin.trust.Envelope;
import tocsin.trust.OrganizationId;
import tocsin.trust.Role;
import tocsin.trust.Severity;
import tocsin.trust.Statement;

/// What a hijacker tries, one by one. He is vetted by one trust organization here, as careless ones
/// there will be. (That he cannot register during the hijack: [RegistrationTest].)
class HijackerTest {
  private static final List<Role> BOTH = List.of(Role.VETTER, Role.SUBMITTER);
  private static final List<Role> SUBMITTER = List.of(Role.SUBMITTER);

  private final TrustGraph graph = new TrustGraph(Cast.NETWORK, TrustPolicy.DEFAULT_SLOT_QUOTA);
  private final Org one = new Org("Trust One");
  private final Org two = new Org("Trust Two");
  private final Org isp = new Org("Example ISP");
  private final Org security = new Org("Example Security");
  private final Org thief = new Org("Thief");
  private final TreeSet<OrganizationId> anchors = new TreeSet<>(List.of(one.id, two.id));
  private long clock = NOW - 100;

  HijackerTest() {
    see(one.profile, two.profile, isp.profile, security.profile, thief.profile);
    see(one.vouch(isp, SUBMITTER, 0), two.vouch(security, SUBMITTER, 0));
    see(one.vouch(thief, BOTH, 3));
  }

  private void see(Envelope... envelopes) {
    for (Envelope envelope : envelopes) {
      assertThat(graph.add(envelope, clock++)).isTrue();
    }
  }

  private AlertJudgement judge(Envelope alert) {
    return new Judge(graph, TrustPolicy.DEFAULT, anchors).judge(alert.id(), NOW).orElseThrow();
  }

  /// The stolen key goes on counting where its owner stopped, and dates its lie long before the
  /// theft.
  @Test
  void backDatesWithAStolenKey() {
    Envelope last = isp.override("good.test");
    Envelope lie = isp.override(NOW - 20 * HOUR, "bank.test");
    see(last, lie, security.endorse(lie));
    assertThat(judge(lie).isActive()).isTrue();
    see(isp.revokeKey(Optional.of(last.id())));
    assertThat(((AlertStatus.Refused) judge(lie).status()).guard()).isEqualTo(Guard.VOID_SIGNER);
    assertThat(judge(last).found()).isEqualTo(1);
    Envelope later = isp.override(NOW - 300 * 24 * HOUR, "shop.test");
    see(later, security.endorse(later));
    assertThat(judge(later).found()).isZero();
  }

  /// He knows, or guesses, which alert will be raised against him.
  @Test
  void recallsBeforeTheAlertIsThere() {
    Envelope alert = isp.override("bank.test");
    Envelope endorsement = security.endorse(alert);
    see(thief.recall(alert), thief.recall(endorsement), alert, endorsement);
    assertThat(judge(alert).isActive()).isTrue();
  }

  @Test
  void recallsTheAlertOfAnother() {
    Envelope alert = isp.override("bank.test");
    Envelope endorsement = security.endorse(alert);
    see(alert, endorsement, thief.endorse(alert), thief.recall(alert), thief.recall(endorsement));
    assertThat(judge(alert).isActive()).isTrue();
    assertThat(judge(alert).endorsers()).contains(security.id, thief.id);
  }

  /// By an organization of his own that vouches back.
  @Test
  void vouchesForHimself() {
    Org shell = new Org("Shell");
    see(shell.profile, thief.vouch(shell, BOTH, 3), shell.vouch(thief, BOTH, 3));
    Envelope lie = thief.override("bank.test");
    see(lie, shell.endorse(lie));
    assertThat(judge(lie).found()).isEqualTo(1);
    assertThat(judge(lie).isActive()).isFalse();
  }

  @Test
  void countsTwiceThroughTwoKeys() {
    Cast.Voice second = new Cast.Voice("Thief's second key");
    Statement.Profile both =
        new Statement.Profile(
            thief.root.header(Optional.of(thief.id), NOW - HOUR, 0),
            2,
            "Thief",
            "DE",
            "",
            List.of(),
            List.of(thief.root.key.publicKey()),
            1,
            List.of(Cast.everything(thief.voice.key), Cast.everything(second.key)),
            "");
    Envelope lie = thief.override("bank.test");
    Envelope again =
        second.say(
            new Statement.Endorsement(
                second.header(Optional.of(thief.id), NOW - 10, NOW + HOUR), lie.id()));
    see(thief.root.say(both), lie, again, two.vouch(thief, SUBMITTER, 0));
    assertThat(judge(lie).found()).isEqualTo(1);
  }

  /// The second profile is vetted by the other trust organization; both name the group, as vetting
  /// asks for.
  @Test
  void countsTwiceThroughTwoProfilesOfOneGroup() {
    Org north = new Org("North", new Cast.Voice("n root"), new Cast.Voice("n key"), "Gang");
    Org south = new Org("South", new Cast.Voice("s root"), new Cast.Voice("s key"), "Gang");
    see(north.profile, south.profile, one.vouch(north, BOTH, 1), two.vouch(south, BOTH, 1));
    Envelope lie = north.override("bank.test");
    see(lie, south.endorse(lie));
    assertThat(judge(lie).found()).isEqualTo(1);
  }

  @Test
  void countsTwiceThroughTheSameVouchAgainAndAgain() {
    for (int i = 0; i < 10; i++) {
      see(one.vouch(thief, BOTH, 3), one.vouch(thief, SUBMITTER, 0));
    }
    Envelope lie = thief.override("bank.test");
    see(lie);
    for (int i = 0; i < 5; i++) {
      see(thief.endorse(lie));
    }
    assertThat(judge(lie).found()).isEqualTo(1);
  }

  /// One signature of the real submitter is there, for other data: he raises the same name again
  /// and lets it stand as its successor, or in its incident.
  @Test
  void succeedsTheAlertOfAnother() {
    Envelope alert = isp.override("bank.test");
    see(alert, security.endorse(alert));
    Envelope lie =
        thief.voice.say(
            new Statement.Alert(
                thief.voice.header(Optional.of(thief.id), NOW - 10, NOW + HOUR),
                Cast.names("bank.test"),
                false,
                Cast.address("93.184.216.66"),
                Optional.of(alert.id()),
                Optional.of(alert.id()),
                Severity.EXTREME,
                "",
                "",
                false));
    Envelope flush = thief.flush(Optional.of(alert.id()), "bank.test");
    see(lie, flush);
    assertThat(judge(alert).isActive()).isTrue();
    assertThat(judge(lie).isActive()).isFalse();
    assertThat(judge(lie).found()).isEqualTo(1);
  }

  /// What stops an alert says why it does not act any more.
  @Test
  void aPendingAlertTellsWhatItHasLost() {
    Envelope vouch = one.vouch(isp, SUBMITTER, 0, "bank.test");
    Org owner = new Org("Owner");
    Envelope ownVouch = one.vouch(owner, SUBMITTER, 0, "bank.test");
    see(owner.profile, vouch, ownVouch);
    Envelope alert = owner.override("bank.test");
    see(alert, security.endorse(alert));
    assertThat(judge(alert).isActive()).isTrue();
    assertThat(judge(alert).losses()).isEmpty();
    see(one.withdraw(ownVouch));
    assertThat(judge(alert).losses())
        .containsExactly(new AlertJudgement.Loss(owner.id, AlertJudgement.Loss.Cause.WITHDRAWN));
    assertThat(judge(alert).inWords(it -> it.equals(owner.id) ? "Owner" : "?"))
        .contains("the vouch for Owner was withdrawn or is void");
    Envelope other = isp.override("www.bank.test");
    see(other, security.endorse(other));
    assertThat(judge(other).isActive()).isTrue();
    see(security.revokeKey(Optional.empty()));
    assertThat(judge(other).losses())
        .containsExactly(new AlertJudgement.Loss(security.id, AlertJudgement.Loss.Cause.VOID_KEY));
    Envelope third = two.override("bank.test");
    see(third, isp.endorse(third));
    assertThat(judge(third).isActive()).isTrue();
    see(one.revoke(isp), two.revoke(isp));
    assertThat(judge(third).losses())
        .containsExactly(new AlertJudgement.Loss(isp.id, AlertJudgement.Loss.Cause.REVOKED));
  }
}
