package tocsin.trust.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static tocsin.trust.Cast.HOUR;
import static tocsin.trust.Cast.NOW;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tocsin.trust.Cast;
import tocsin.trust.Cast.Org;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.OrganizationId;
import tocsin.trust.Role;
import tocsin.trust.Statement;

/// Two anchors, as in the demonstration: one vouches for a submitter, the other for an endorser.
class JudgeTest {
  private static final List<Role> BOTH = List.of(Role.VETTER, Role.SUBMITTER);
  private static final List<Role> SUBMITTER = List.of(Role.SUBMITTER);

  private final TrustGraph graph = new TrustGraph(Cast.NETWORK, TrustPolicy.DEFAULT_SLOT_QUOTA);
  private final Org trustOne = new Org("Trust One");
  private final Org trustTwo = new Org("Trust Two");
  private final Org isp = new Org("Example ISP");
  private final Org security = new Org("Example Security");
  private final TreeSet<OrganizationId> anchors = new TreeSet<>(List.of(trustOne.id, trustTwo.id));
  private final Envelope vouchOne = trustOne.vouch(isp, SUBMITTER, 0, "bank.test");
  private final Envelope vouchTwo = trustTwo.vouch(security, SUBMITTER, 0);
  private long clock = NOW - 100;

  JudgeTest() {
    see(trustOne.profile, trustTwo.profile, isp.profile, security.profile, vouchOne, vouchTwo);
  }

  private void see(Envelope... envelopes) {
    for (Envelope envelope : envelopes) {
      assertThat(graph.add(envelope, clock++)).isTrue();
    }
  }

  private AlertJudgement judge(Envelope alert) {
    return judge(alert, TrustPolicy.DEFAULT, NOW);
  }

  private AlertJudgement judge(Envelope alert, TrustPolicy policy, long now) {
    return new Judge(graph, policy, anchors).judge(alert.id(), now).orElseThrow();
  }

  private Guard refusal(Envelope alert) {
    return ((AlertStatus.Refused) judge(alert).status()).guard();
  }

  @Test
  void pendingUntilEndorsedByAnIndependentOrganization() {
    Envelope alert = isp.override("www.bank.test");
    see(alert);
    AlertJudgement before = judge(alert);
    assertThat(before.status()).isEqualTo(new AlertStatus.Pending());
    assertThat(before.found()).isEqualTo(1);
    assertThat(before.required()).isEqualTo(2);
    assertThat(before.obstacle()).containsExactly(trustOne.id);
    assertThat(before.inWords(it -> it.equals(trustOne.id) ? "Trust One" : "?"))
        .isEqualTo(
            "1 of 2 disjoint paths; all paths go through Trust One; one endorsement independent of"
                + " it is needed");
    see(security.endorse(alert));
    AlertJudgement after = judge(alert);
    assertThat(after.status()).isEqualTo(new AlertStatus.Active());
    assertThat(after.paths())
        .containsExactlyInAnyOrder(List.of(trustOne.id, isp.id), List.of(trustTwo.id, security.id));
    assertThat(after.obstacle()).isEmpty();
    assertThat(after.waitingForApproval()).isFalse();
    assertThat(after.endorsers()).containsExactly(security.id);
  }

  @Test
  void endorsementBeforeTheAlertAndBeforeTheProfiles() {
    TrustGraph late = new TrustGraph(Cast.NETWORK, 60);
    Envelope alert = isp.override("bank.test");
    Envelope endorsement = security.endorse(alert);
    for (Envelope it :
        List.of(
            endorsement,
            alert,
            vouchTwo,
            vouchOne,
            security.profile,
            isp.profile,
            trustTwo.profile,
            trustOne.profile)) {
      late.add(it, NOW);
    }
    assertThat(new Judge(late, TrustPolicy.DEFAULT, anchors).judge(alert.id(), NOW).orElseThrow())
        .matches(AlertJudgement::isActive);
  }

  @Test
  void theSubmitterEndorsingItselfCountsOnce() {
    Envelope alert = isp.override("bank.test");
    see(alert, isp.endorse(alert));
    assertThat(judge(alert).found()).isEqualTo(1);
    assertThat(judge(alert).endorsers()).isEmpty();
  }

  @Test
  void twoKeysOfOneOrganizationCountOnce() {
    Cast.Voice second = new Cast.Voice("second key of the ISP");
    Statement.Profile both =
        new Statement.Profile(
            isp.root.header(Optional.of(isp.id), NOW - HOUR, 0),
            2,
            "Example ISP",
            "DE",
            "",
            List.of(),
            List.of(isp.root.key.publicKey()),
            1,
            List.of(Cast.everything(isp.voice.key), Cast.everything(second.key)),
            "");
    Envelope alert = isp.override("bank.test");
    see(isp.root.say(both), alert);
    Envelope byTheOther =
        second.say(
            new Statement.Endorsement(
                second.header(Optional.of(isp.id), NOW - 10, NOW + HOUR), alert.id()));
    see(byTheOther, trustTwo.vouch(isp, SUBMITTER, 0));
    assertThat(judge(alert).found()).isEqualTo(1);
    assertThat(judge(alert).status()).isEqualTo(new AlertStatus.Pending());
  }

  @Test
  void oneVetterBehindBothIsOnePath() {
    Org other = new Org("Other");
    Envelope alert = isp.override("bank.test");
    see(other.profile, trustOne.vouch(other, SUBMITTER, 0), alert, other.endorse(alert));
    AlertJudgement judgement = judge(alert);
    assertThat(judgement.found()).isEqualTo(1);
    assertThat(judgement.obstacle()).containsExactly(trustOne.id);
  }

  @Test
  void aWrongScopeIsRefusedByName() {
    Envelope alert = isp.override("bank.test", "shop.test");
    see(alert);
    assertThat(refusal(alert)).isEqualTo(Guard.OUT_OF_SCOPE);
    assertThat(judge(alert).inWords(OrganizationId::toString))
        .isEqualTo("its submitter is vetted for bank.test., which does not cover shop.test.");
    see(trustOne.vouch(isp, SUBMITTER, 0, "shop.test"));
    assertThat(judge(alert).found()).as("vouches for one subject add up").isEqualTo(1);
  }

  @Test
  void strangersAndVettersAreNoSubmitters() {
    Org stranger = new Org("Stranger");
    Org vetter = new Org("Vetter");
    Envelope byStranger = stranger.override("bank.test");
    Envelope byVetter = vetter.override("bank.test");
    see(stranger.profile, vetter.profile, byStranger, byVetter);
    see(trustOne.vouch(vetter, List.of(Role.VETTER), 2));
    assertThat(refusal(byStranger)).isEqualTo(Guard.NOT_VETTED);
    assertThat(refusal(byVetter)).isEqualTo(Guard.NOT_A_SUBMITTER);
  }

  @Test
  void depthIsBoundedByVouchesAndPolicy() {
    Org first = new Org("First");
    Org second = new Org("Second");
    Org third = new Org("Third");
    Envelope alert = third.flush(Optional.empty(), "bank.test");
    see(first.profile, second.profile, third.profile, alert);
    see(trustOne.vouch(first, BOTH, 1), first.vouch(second, BOTH, 5), second.vouch(third, BOTH, 5));
    assertThat(refusal(alert)).as("second is reached with depth 0").isEqualTo(Guard.NOT_VETTED);
    see(trustOne.vouch(first, BOTH, 2));
    assertThat(judge(alert).isActive()).isTrue();
    TrustPolicy shallow =
        new TrustPolicy(1, 2, 2, false, 24 * HOUR, 60, TrustPolicy.Approval.AUTOMATIC, false, 3);
    assertThat(judge(alert, shallow, NOW).isActive()).isFalse();
    Judge judge = new Judge(graph, TrustPolicy.DEFAULT, anchors);
    assertThat(judge.explain(first.id, NOW).depth()).isEqualTo(2);
    assertThat(judge.explain(third.id, NOW).paths())
        .containsExactly(List.of(trustOne.id, first.id, second.id, third.id));
    assertThat(judge.explain(third.id, NOW).obstacle()).containsExactly(trustOne.id);
  }

  @Test
  void withdrawnAndExpiredVouchesCarryNothing() {
    Envelope alert = isp.override("bank.test");
    see(alert, security.endorse(alert));
    see(trustOne.withdraw(vouchOne));
    assertThat(judge(alert).status()).isEqualTo(new AlertStatus.Pending());
    see(trustTwo.withdraw(vouchTwo));
    assertThat(refusal(alert)).isEqualTo(Guard.WITHDRAWN);
    Envelope brief = trustOne.vouch(isp, SUBMITTER, 0, NOW - 2 * HOUR, NOW - HOUR, "bank.test");
    see(brief);
    assertThat(judge(alert).found()).isZero();
  }

  @Test
  void somebodyElsesWithdrawalIsNothing() {
    Envelope alert = isp.override("bank.test");
    see(alert, trustTwo.withdraw(vouchOne));
    assertThat(judge(alert).found()).isEqualTo(1);
  }

  @Test
  void aRevokedKeyKeepsWhatCameBeforeTheLastGoodStatement() {
    Envelope early = isp.override("bank.test");
    Envelope last = isp.override("www.bank.test");
    Envelope late = isp.override("mail.bank.test");
    see(early, last, late);
    see(isp.revokeKey(Optional.of(last.id())));
    assertThat(judge(early).found()).isEqualTo(1);
    assertThat(judge(last).found()).isEqualTo(1);
    assertThat(refusal(late)).isEqualTo(Guard.VOID_SIGNER);
    see(isp.revokeKey(Optional.empty()));
    assertThat(refusal(early)).as("the stricter revocation wins").isEqualTo(Guard.VOID_SIGNER);
  }

  @Test
  void aThiefCannotSlipInBeforeTheLastGoodStatement() {
    Cast.Voice thief = new Cast.Voice("Example ISP key");
    Envelope good = isp.override("bank.test");
    Envelope last = isp.override("www.bank.test");
    see(good, last, isp.revokeKey(Optional.of(last.id())));
    Envelope rival =
        thief.say(
            new Statement.Alert(
                thief.header(Optional.of(isp.id), NOW - 2000, NOW + HOUR),
                Cast.names("bank.test"),
                false,
                Cast.address("93.184.216.66"),
                Optional.empty(),
                Optional.empty(),
                tocsin.trust.Severity.MINOR,
                "",
                "",
                false));
    see(rival);
    assertThat(refusal(rival)).isEqualTo(Guard.VOID_SIGNER);
    assertThat(judge(good).found()).isEqualTo(1);
  }

  @Test
  void revokingTheVouchersKeyTakesThePath() {
    Envelope alert = isp.override("bank.test");
    see(alert, security.endorse(alert), trustTwo.revokeKey(Optional.empty()));
    assertThat(judge(alert).status()).isEqualTo(new AlertStatus.Pending());
  }

  @Test
  void revokingNeverRevivesWhatWasRecalled() {
    Envelope alert = isp.override("bank.test");
    see(alert, security.endorse(alert), isp.recall(alert));
    assertThat(judge(alert).status()).isInstanceOf(AlertStatus.Recalled.class);
    see(isp.revokeKey(Optional.of(alert.id())));
    assertThat(judge(alert).status()).isInstanceOf(AlertStatus.Recalled.class);
  }

  @Test
  void onlyTheSubmitterRecallsAndAnEndorserTakesBackItsOwn() {
    Envelope alert = isp.override("bank.test");
    Envelope endorsement = security.endorse(alert);
    see(alert, endorsement, security.recall(alert));
    assertThat(judge(alert).isActive()).isTrue();
    see(security.recall(endorsement));
    assertThat(judge(alert).status()).isEqualTo(new AlertStatus.Pending());
  }

  @Test
  void oneDisputeAsksForApprovalAndKDisjointOnesEndIt() {
    Org third = new Org("Third");
    Org stranger = new Org("Stranger");
    Envelope alert = isp.override("bank.test");
    see(third.profile, stranger.profile, trustOne.vouch(third, SUBMITTER, 0));
    see(alert, security.endorse(alert), stranger.dispute(alert));
    assertThat(judge(alert).waitingForApproval()).isFalse();
    see(third.dispute(alert));
    assertThat(judge(alert).isActive()).isTrue();
    assertThat(judge(alert).waitingForApproval()).isTrue();
    assertThat(judge(alert).disputedBy()).containsExactly(third.id);
    see(trustTwo.dispute(alert));
    assertThat(refusal(alert)).isEqualTo(Guard.DISPUTED);
    see(trustOne.revokeKey(Optional.empty()));
    assertThat(refusal(alert)).as("what was stopped stays so").isEqualTo(Guard.DISPUTED);
  }

  @Test
  void theExpelledCannotDispute() {
    Org third = new Org("Third");
    Envelope vouch = trustOne.vouch(third, SUBMITTER, 0);
    Envelope alert = isp.override("bank.test");
    see(third.profile, vouch, trustOne.withdraw(vouch), alert, third.dispute(alert));
    assertThat(judge(alert).disputedBy()).isEmpty();
  }

  @Test
  void aFlushBySubmitterEndsTheOverride() {
    Envelope alert = isp.override("bank.test");
    see(alert, security.endorse(alert));
    Envelope flush = isp.flush(Optional.of(alert.id()), "bank.test");
    see(flush);
    assertThat(judge(alert).status()).isEqualTo(new AlertStatus.Closed(flush.id()));
    assertThat(judge(flush).isActive()).isTrue();
  }

  @Test
  void aFlushByAnotherEndsItOnlyWithTheOverridesPathsForItsNames() {
    Org third = new Org("Third");
    see(third.profile, trustOne.vouch(third, SUBMITTER, 0));
    Envelope alert = isp.override("bank.test");
    see(alert, security.endorse(alert));
    Envelope flush = security.flush(Optional.of(alert.id()), "bank.test");
    see(flush);
    assertThat(judge(flush).isActive()).isTrue();
    assertThat(judge(alert).isActive()).isTrue();
    see(third.endorse(flush));
    assertThat(judge(alert).status()).isEqualTo(new AlertStatus.Closed(flush.id()));
    see(trustTwo.withdraw(vouchTwo));
    assertThat(judge(alert).status()).isEqualTo(new AlertStatus.Closed(flush.id()));
  }

  @Test
  void anAcceptedSuccessorReplacesItsPredecessor() {
    Envelope alert = isp.override("bank.test");
    see(alert, security.endorse(alert));
    Envelope successor =
        isp.alert(
            NOW - 100,
            NOW + HOUR,
            Cast.address("93.184.216.35"),
            Optional.of(alert.id()),
            Optional.of(alert.id()),
            "bank.test");
    see(successor);
    assertThat(judge(alert).isActive()).isTrue();
    see(security.endorse(successor));
    assertThat(judge(successor).isActive()).isTrue();
    assertThat(judge(alert).status()).isEqualTo(new AlertStatus.Superseded(successor.id()));
  }

  @Test
  void kDisjointOrganizationsRevokeAnother() {
    Org vetterA = new Org("Vetter A");
    Org vetterB = new Org("Vetter B");
    Envelope alert = isp.override("bank.test");
    see(vetterA.profile, vetterB.profile, alert, security.endorse(alert));
    see(trustOne.vouch(vetterA, BOTH, 1), trustOne.vouch(vetterB, BOTH, 1));
    see(vetterA.revoke(isp), vetterB.revoke(isp));
    assertThat(judge(alert).isActive()).as("both hang on Trust One").isTrue();
    see(trustTwo.revoke(isp));
    assertThat(judge(alert).status()).isEqualTo(new AlertStatus.Pending());
    see(trustOne.revoke(trustTwo), vetterA.revoke(trustTwo));
    assertThat(new Judge(graph, TrustPolicy.DEFAULT, anchors).explain(trustTwo.id, NOW).revoked())
        .as("anchors are the administrator's choice")
        .isFalse();
  }

  @Test
  void timeMakesAndUnmakes() {
    Envelope alert = isp.override(NOW + 10 * 60_000, "bank.test");
    see(alert, security.endorse(alert));
    assertThat(refusal(alert)).isEqualTo(Guard.IN_THE_FUTURE);
    Judge judge = new Judge(graph, TrustPolicy.DEFAULT, anchors);
    long begin = judge.nextChange(alert.id(), NOW).orElseThrow();
    assertThat(begin).isEqualTo(NOW + 5 * 60_000);
    assertThat(judge(alert, TrustPolicy.DEFAULT, begin).isActive()).isTrue();
    TrustPolicy brief =
        new TrustPolicy(1, 2, 4, false, HOUR, 60, TrustPolicy.Approval.MANUAL, false, 3);
    AlertJudgement judgement = judge(alert, brief, begin);
    assertThat(judgement.waitingForApproval()).isTrue();
    assertThat(judgement.endsAtMillis()).isEqualTo(NOW + 10 * 60_000 + HOUR);
    assertThat(new Judge(graph, brief, anchors).nextChange(alert.id(), begin + 6 * 60_000))
        .hasValue(judgement.endsAtMillis());
    assertThat(judge(alert, brief, judgement.endsAtMillis()).status())
        .isEqualTo(new AlertStatus.Expired());
  }

  @Test
  void contentIsGuarded() {
    assertGuard(Guard.ROOT_OR_TOP_LEVEL, Cast.address("93.184.216.34"), ".");
    assertGuard(Guard.ROOT_OR_TOP_LEVEL, Cast.address("93.184.216.34"), "com");
    assertGuard(Guard.PUBLIC_SUFFIX, Cast.address("93.184.216.34"), "co.uk");
    assertGuard(Guard.PUBLIC_SUFFIX, Cast.address("93.184.216.34"), "github.io");
    assertGuard(Guard.PUBLIC_SUFFIX, Cast.address("93.184.216.34"), "xn--55qx5d.cn");
    assertGuard(Guard.RPZ_MAGIC, Cast.address("93.184.216.34"), "24.0.0.0.10.rpz-ip");
    assertGuard(Guard.SPECIAL_PURPOSE_ADDRESS, Cast.address("192.0.2.1"), "bank.test");
    for (String target : List.of(".", "rpz-passthru", "rpz-drop", "rpz-tcp-only", "x.rpz-new")) {
      DnsName name = DnsName.of(target);
      assertGuard(Guard.RPZ_MAGIC, Cast.records(new CorrectRecord.Cname(name)), "www.bank.test");
      assertGuard(Guard.RPZ_MAGIC, Cast.records(new CorrectRecord.Mx(10, name)), "bank.test");
    }
    assertGuard(
        Guard.RPZ_MAGIC,
        Cast.records(new CorrectRecord.Cname(DnsName.of("www.bank.test"))),
        "www.bank.test");
  }

  private void assertGuard(Guard guard, Statement.OverrideAction action, String name) {
    Envelope alert =
        trustOne.alert(NOW - 1000, NOW + HOUR, action, Optional.empty(), Optional.empty(), name);
    see(alert);
    assertThat(refusal(alert)).as(name).isEqualTo(guard);
  }

  @Test
  void publicSuffixesWhereAllowedNeedMorePaths() {
    TrustPolicy wide =
        new TrustPolicy(1, 2, 4, true, 24 * HOUR, 60, TrustPolicy.Approval.AUTOMATIC, true, 3);
    Envelope alert =
        trustOne.alert(
            NOW - 1000,
            NOW + HOUR,
            Cast.records(new CorrectRecord.A(ByteString.copyFrom(new byte[] {10, 0, 0, 1}))),
            Optional.empty(),
            Optional.empty(),
            "co.uk");
    see(alert, security.endorse(alert));
    AlertJudgement judgement = judge(alert, wide, NOW);
    assertThat(judgement.required()).isEqualTo(3);
    assertThat(judgement.status()).isEqualTo(new AlertStatus.Pending());
  }

  @Test
  void carriageOnlyGrows() {
    TrustGraph fresh = new TrustGraph(Cast.NETWORK, 60);
    Envelope alert = isp.override("bank.test");
    assertThat(fresh.carriage(alert, anchors, NOW)).isInstanceOf(Carriage.NotCarried.class);
    assertThat(fresh.carriage(trustOne.profile, anchors, NOW)).isEqualTo(new Carriage.Carried());
    fresh.add(trustOne.profile, NOW);
    assertThat(fresh.carriage(vouchOne, anchors, NOW)).isEqualTo(new Carriage.Carried());
    fresh.add(vouchOne, NOW);
    assertThat(fresh.carriage(isp.profile, anchors, NOW)).isEqualTo(new Carriage.Carried());
    assertThat(fresh.carriage(alert, anchors, NOW))
        .isEqualTo(new Carriage.NotCarried("its key does not speak for its issuer", true));
    fresh.add(isp.profile, NOW);
    assertThat(fresh.carriage(alert, anchors, NOW)).isEqualTo(new Carriage.Carried());
    Envelope withdrawal = trustOne.withdraw(vouchOne);
    assertThat(fresh.carriage(withdrawal, anchors, NOW)).isEqualTo(new Carriage.Carried());
    fresh.add(withdrawal, NOW);
    assertThat(fresh.carriage(alert, anchors, NOW)).isEqualTo(new Carriage.Carried());
    assertThat(fresh.carried(trustOne.id)).containsExactlyInAnyOrder(trustOne.id, isp.id);
  }
}
