package tocsin.trust.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static tocsin.trust.Cast.NOW;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tocsin.trust.Cast;
import tocsin.trust.Cast.Org;
import tocsin.trust.Cast.Voice;
import tocsin.trust.Envelope;
import tocsin.trust.KeyUse;
import tocsin.trust.OrganizationId;
import tocsin.trust.Role;
import tocsin.trust.Sha256;
import tocsin.trust.Statement;

/// A key in two hands: two different statements with one number or one slot.
class EquivocationTest {
  private static final List<Role> SUBMITTER = List.of(Role.SUBMITTER);

  private final TrustGraph graph = new TrustGraph(Cast.NETWORK, 60);
  private final Org one = new Org("Trust One");
  private final Org two = new Org("Trust Two");
  private final Org isp = new Org("Example ISP");
  private final Org security = new Org("Example Security");
  private final TreeSet<OrganizationId> anchors = new TreeSet<>(List.of(one.id, two.id));
  private final List<Envelope> told = new ArrayList<>();
  private long clock = NOW - 1_000;

  EquivocationTest() {
    see(
        one.profile,
        two.profile,
        isp.profile,
        security.profile,
        one.vouch(isp, SUBMITTER, 0),
        two.vouch(security, SUBMITTER, 0));
  }

  private void see(Envelope... envelopes) {
    for (Envelope it : envelopes) {
      assertThat(graph.add(it, clock++)).isTrue();
      told.add(it);
    }
  }

  private AlertJudgement judge(Envelope alert) {
    return new Judge(graph, TrustPolicy.DEFAULT, anchors).judge(alert.id(), NOW).orElseThrow();
  }

  /// The ISP's organization, spoken for by somebody who has a copy of its key as it was in the
  /// beginning.
  private Org copyOfIsp() {
    return new Org("Example ISP");
  }

  /// One that has said so much already.
  private Org copyOfIspAfter(int statements) {
    Org copy = copyOfIsp();
    for (int i = 1; i < statements; i++) {
      copy.override("said-" + i + ".test");
    }
    return copy;
  }

  @Test
  void twoStatementsWithOneNumberSuspendTheKey() {
    Envelope alert = isp.override("bank.test");
    see(alert, security.endorse(alert));
    assertThat(judge(alert).isActive()).isTrue();
    Envelope rival = copyOfIsp().override("shop.test");
    assertThat(graph.isEvidence(rival)).isTrue();
    see(rival);
    assertThat(judge(alert).status())
        .isInstanceOfSatisfying(
            AlertStatus.Refused.class, it -> assertThat(it.reason()).contains("two different"));
    assertThat(judge(rival).isActive()).isFalse();
    assertThat(graph.suspensions())
        .singleElement()
        .satisfies(it -> {
          assertThat(it.organization()).isEqualTo(isp.id);
          assertThat(it.key()).isEqualTo(isp.voice.key.id());
          assertThat(List.of(it.first(), it.second())).containsExactly(alert.id(), rival.id());
        });
    assertThat(graph.isKeyInUse(isp.id, isp.voice.key.id(), KeyUse.NODE, NOW)).isFalse();
    Envelope next = isp.override("mail.bank.test");
    see(next, security.endorse(next));
    assertThat(judge(next).isActive()).as("what comes later is void, too").isFalse();
  }

  @Test
  void whatCameBeforeStandsAndWhatStopsGoesOn() {
    Envelope before = isp.override("bank.test");
    Envelope recalled = isp.override("shop.test");
    Envelope recall = isp.recall(recalled);
    Org copy = copyOfIsp();
    copy.override("bank.test"); // Said to nobody: the same statement again.
    copy.override("shop.test");
    Envelope rival = copy.flush(Optional.empty(), "bank.test");
    see(before, security.endorse(before), recalled, security.endorse(recalled), recall, rival);
    assertThat(judge(before).isActive()).isTrue();
    assertThat(judge(recalled).status()).isInstanceOf(AlertStatus.Recalled.class);
  }

  @Test
  void oneSlotForTwoStatementsIsEnough() {
    Voice voice = isp.voice;
    Envelope first = isp.override("bank.test");
    Statement.Alert like = (Statement.Alert) first.statement();
    var header = voice.header(Optional.of(isp.id), NOW - 1_000, NOW + Cast.HOUR - 2_000);
    Envelope second =
        voice.say(
            new Statement.Alert(
                new tocsin.trust.Header(
                    header.network(),
                    header.issuer(),
                    header.key(),
                    header.sequence(),
                    header.previous(),
                    header.issuedAtMillis(),
                    header.expiresAtMillis(),
                    first.statement().header().slotHour(),
                    first.statement().header().slotIndex()),
                like.names(),
                false,
                new Statement.FlushAction(),
                Optional.empty(),
                Optional.empty(),
                like.severity(),
                "",
                "",
                false));
    see(first, security.endorse(first), second);
    assertThat(judge(first).isActive()).isFalse();
    assertThat(graph.suspensions()).hasSize(1);
  }

  @Test
  void anEquivocatingVetterVouchesForNobody() {
    Org copy = new Org("Trust One");
    see(copy.vouch(security, SUBMITTER, 0));
    Envelope alert = isp.override("bank.test");
    see(alert, security.endorse(alert));
    assertThat(judge(alert).isActive()).isFalse();
    assertThat(graph.isCarried(anchors, isp.id)).as("what was carried is carried").isTrue();
  }

  @Test
  void anOwnerWhoRevokedFirstKeepsTheGoodStatements() {
    Envelope good = isp.override("bank.test");
    see(good, security.endorse(good), isp.revokeKey(Optional.of(good.id())));
    see(copyOfIsp().override("shop.test"));
    assertThat(judge(good).isActive()).as("the thief comes too late").isTrue();
  }

  @Test
  void revokingAfterwardsRevivesNothing() {
    Envelope good = isp.override("bank.test");
    see(good, security.endorse(good), copyOfIsp().override("shop.test"));
    see(isp.revokeKey(Optional.of(good.id())));
    assertThat(judge(good).isActive()).isFalse();
  }

  @Test
  void evidenceIsCarriedThoughItsKeyMayNotSayThat() {
    Envelope alert = isp.override("bank.test");
    see(alert);
    Envelope rival = copyOfIsp().override("shop.test");
    assertThat(graph.carriage(rival, anchors, NOW)).isEqualTo(new Carriage.Carried());
    see(rival);
    Envelope third = copyOfIsp().override("third.test");
    assertThat(graph.isEvidence(third)).isFalse();
    assertThat(graph.carriage(third, anchors, NOW))
        .as("proof enough")
        .isInstanceOfSatisfying(
            Carriage.NotCarried.class, it -> assertThat(it.mayChange()).isFalse());
  }

  @Test
  void whatIsContradictedDoesNotCount() {
    see(isp.override("before.test"));
    TrustGraph.Said before = graph.said(isp.id);
    Org copy = copyOfIsp();
    copy.override("before.test"); // Said to nobody: the same statement again.
    Envelope first = isp.override("bank.test");
    see(first);
    assertThat(graph.said(isp.id)).isEqualTo(before.plus(TrustGraph.Said.of(first.id())));
    Envelope second = copy.override("shop.test");
    assertThat(graph.contradicted(second)).containsExactly(first.id());
    see(second);
    TrustGraph.Said mark = TrustGraph.Said.of(TrustGraph.contradictionOf(first));
    assertThat(graph.said(isp.id)).as("neither of the two").isEqualTo(before.plus(mark));
    assertThat(graph.rival(first)).contains(second.id());
    Envelope next = isp.override("next.test");
    see(next);
    see(copyOfIspAfter(3).override("other.test"));
    assertThat(graph.said(isp.id)).as("one mark for all of a key").isEqualTo(before.plus(mark));
  }

  @Test
  void anOrganizationWhoseRootContradictsItselfIsSuspendedUntilItHasAnother() {
    Envelope alert = isp.override("bank.test");
    see(alert, security.endorse(alert));
    Org copy = copyOfIsp();
    see(isp.revokeKey(Optional.of(alert.id())));
    see(
        copy.root.say(
            Cast.profile(
                copy.root.header(Optional.of(isp.id), NOW - 300, 0),
                2,
                "Another name",
                List.of(copy.root.key),
                1,
                List.of(Cast.everything(copy.voice.key)))));
    assertThat(judge(alert).isActive()).isFalse();
    assertThat(graph.suspensions()).hasSize(1);
  }

  @Test
  void theOrderOfArrivalDecidesNothing() {
    Envelope alert = isp.override("bank.test");
    see(alert, security.endorse(alert), copyOfIsp().override("shop.test"));
    see(copyOfIsp().vouch(security, SUBMITTER, 0), isp.override("third.test"));
    Sha256 expected = new Judge(graph, TrustPolicy.DEFAULT, anchors).stateHash(NOW);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < told.size(); i++) {
      order.add(i);
    }
    for (int seed = 0; seed < 200; seed++) {
      Collections.shuffle(order, new Random(seed));
      TrustGraph other = new TrustGraph(Cast.NETWORK, 60);
      for (int i : order) {
        other.add(told.get(i), NOW - 1_000 + i);
      }
      assertThat(other.said(isp.id)).isEqualTo(graph.said(isp.id));
      assertThat(new Judge(other, TrustPolicy.DEFAULT, anchors).stateHash(NOW)).isEqualTo(expected);
    }
  }
}
