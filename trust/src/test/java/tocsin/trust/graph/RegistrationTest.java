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

/// Names that their owners have registered, and who tries to turn that against them.
class RegistrationTest {
  private static final long DAY = 24 * HOUR;
  private static final long LONG_AGO = NOW - 10 * DAY;
  private static final List<Role> SUBMITTER = List.of(Role.SUBMITTER);

  private final TrustGraph graph = new TrustGraph(Cast.NETWORK, 60);
  private final Org one = new Org("Trust One");
  private final Org two = new Org("Trust Two");
  private final Org bank = new Org("Example Bank");
  private final Org isp = new Org("Example ISP");
  private final Org thief = new Org("Thief");
  private final TreeSet<OrganizationId> anchors = new TreeSet<>(List.of(one.id, two.id));

  RegistrationTest() {
    see(LONG_AGO, one.profile, two.profile, bank.profile, isp.profile, thief.profile);
    see(LONG_AGO, vouch(one, bank), vouch(two, bank), vouch(one, isp));
  }

  private static Envelope vouch(Org by, Org subject) {
    return by.vouch(subject, SUBMITTER, 0, NOW - 20 * DAY, NOW + Cast.YEAR, "bank.test");
  }

  private void see(long atMillis, Envelope... envelopes) {
    for (Envelope it : envelopes) {
      assertThat(graph.add(it, atMillis)).isTrue();
    }
  }

  private Judge judge() {
    return new Judge(graph, TrustPolicy.DEFAULT, anchors);
  }

  private AlertJudgement judge(Envelope alert) {
    return judge().judge(alert.id(), NOW).orElseThrow();
  }

  private RegistrationState state(Envelope registration, long nowMillis) {
    return judge().registration(registration.id(), nowMillis).orElseThrow().state();
  }

  private Guard refusal(Envelope alert) {
    return ((AlertStatus.Refused) judge(alert).status()).guard();
  }

  @Test
  void bindsAfterSevenUndisputedDays() {
    Envelope registration = bank.register(LONG_AGO, "bank.test");
    see(LONG_AGO, registration);
    assertThat(state(registration, LONG_AGO + 7 * DAY - 1)).isEqualTo(RegistrationState.WAITING);
    assertThat(state(registration, LONG_AGO + 7 * DAY)).isEqualTo(RegistrationState.BINDING);
    assertThat(judge().nextChange(LONG_AGO + DAY).orElseThrow())
        .as("the moment is known beforehand")
        .isLessThanOrEqualTo(LONG_AGO + 7 * DAY);
    assertThat(state(registration, LONG_AGO + Cast.YEAR)).isEqualTo(RegistrationState.EXPIRED);
  }

  @Test
  void theOwnersWordIsAPathOfItsOwn() {
    // Both are vouched for by the same vetter only from here on.
    Envelope alert = isp.override("www.bank.test");
    see(NOW - 500, alert, bank.endorse(alert));
    assertThat(judge(alert).found()).isEqualTo(2);
    TreeSet<OrganizationId> first = new TreeSet<>(List.of(one.id));
    AlertJudgement alone =
        new Judge(graph, TrustPolicy.DEFAULT, first).judge(alert.id(), NOW).orElseThrow();
    assertThat(alone.found()).isEqualTo(1);
    // Where the registration binds, the owner needs no vetter beside the submitter's.
    Org third = new Org("Trust Three");
    see(LONG_AGO, third.profile, vouch(third, bank));
    Envelope registration = bank.register(LONG_AGO, "bank.test");
    see(LONG_AGO, registration);
    Envelope fromOwner = bank.override("bank.test");
    see(NOW - 400, fromOwner);
    assertThat(judge(fromOwner).paths()).contains(List.of(bank.id));
    assertThat(judge(fromOwner).found()).as("and no more than one").isEqualTo(1);
    see(NOW - 300, isp.endorse(fromOwner));
    assertThat(judge(fromOwner).isActive()).isTrue();
  }

  @Test
  void theOwnerRecallsWhatOthersRaised() {
    Envelope registration = bank.register(LONG_AGO, "bank.test");
    see(LONG_AGO, registration, vouch(two, isp));
    Envelope alert = isp.override("www.bank.test");
    Org security = new Org("Security");
    see(LONG_AGO, security.profile, vouch(two, security));
    see(NOW - 500, alert, security.endorse(alert));
    assertThat(judge(alert).isActive()).isTrue();
    see(NOW - 400, bank.recall(alert));
    assertThat(judge(alert).status()).isInstanceOf(AlertStatus.Recalled.class);
    see(NOW - 300, bank.recall(registration));
    assertThat(judge(alert).status())
        .as("what was stopped stays so when the registration ends")
        .isInstanceOf(AlertStatus.Recalled.class);
  }

  @Test
  void aStrangersOrAFormerRecallIsNothing() {
    Envelope alert = isp.override("www.bank.test");
    see(NOW - 500, alert, bank.endorse(alert));
    assertThat(judge(alert).isActive()).isTrue();
    see(NOW - 400, thief.recall(alert), one.recall(alert));
    assertThat(judge(alert).isActive()).isTrue();
    // The registration comes after the recall: it does not reach back.
    Envelope other = isp.override("bank.test");
    see(NOW - 390, other);
    see(NOW - 380, bank.recall(other));
    assertThat(judge(other).status()).isEqualTo(new AlertStatus.Pending());
  }

  @Test
  void aHijackerCannotRegisterDuringTheHijack() {
    see(LONG_AGO, vouch(one, thief), vouch(two, thief));
    Envelope fake = thief.register(LONG_AGO, "bank.test"); // Back-dated: first sight counts.
    see(NOW - HOUR, fake);
    assertThat(state(fake, NOW)).isEqualTo(RegistrationState.WAITING);
    Envelope alert = isp.override("www.bank.test");
    see(NOW - 500, alert, bank.endorse(alert), thief.recall(alert));
    assertThat(judge(alert).isActive()).isTrue();
  }

  @Test
  void oneVetterAndAWeeksPatienceAreNotEnough() {
    see(LONG_AGO, vouch(one, thief));
    Envelope fake = thief.register(LONG_AGO, "bank.test");
    see(LONG_AGO, fake);
    assertThat(state(fake, NOW)).isEqualTo(RegistrationState.PENDING);
    Envelope lie = thief.override("bank.test");
    Org friend = new Org("Friend of the thief");
    see(LONG_AGO, friend.profile, vouch(one, friend));
    see(NOW - 500, lie, friend.endorse(lie));
    assertThat(judge(lie).isActive()).isFalse();
    // An honest owner with one vetter asks another organization to confirm.
    see(NOW - 490, vouch(two, new Org("Somebody")));
    Org security = new Org("Security");
    see(LONG_AGO, security.profile, vouch(two, security));
    see(NOW - 480, security.endorse(fake));
    assertThat(state(fake, NOW)).isEqualTo(RegistrationState.BINDING);
  }

  @Test
  void onlyWhoHasStandingForTheNameCanBlock() {
    Envelope registration = bank.register(LONG_AGO, "bank.test");
    see(LONG_AGO, registration);
    Org elsewhere = new Org("Elsewhere");
    see(
        LONG_AGO,
        elsewhere.profile,
        one.vouch(elsewhere, SUBMITTER, 0, NOW - 20 * DAY, NOW + Cast.YEAR, "shop.test"));
    see(LONG_AGO + DAY, thief.dispute(registration), elsewhere.dispute(registration));
    assertThat(state(registration, NOW)).isEqualTo(RegistrationState.BINDING);
    see(LONG_AGO + 8 * DAY, isp.dispute(registration));
    assertThat(state(registration, NOW))
        .as("one dispute after it bound is too late")
        .isEqualTo(RegistrationState.BINDING);
    Envelope another = bank.register(LONG_AGO, "www.bank.test");
    see(LONG_AGO, another);
    see(LONG_AGO + DAY, isp.dispute(another));
    assertThat(state(another, NOW)).isEqualTo(RegistrationState.BLOCKED);
  }

  @Test
  void theOwnerSaysWhoMaySubmitAndHowManyMustEndorse() {
    see(LONG_AGO, bank.register(LONG_AGO, List.of(two.id), 2, "bank.test"));
    Envelope alert = isp.override("www.bank.test");
    see(NOW - 500, alert);
    assertThat(refusal(alert)).isEqualTo(Guard.NOT_DESIGNATED);
    Envelope designated = two.override("www.bank.test");
    see(NOW - 490, designated);
    assertThat(judge(designated).required()).isEqualTo(3);
    Envelope flush = isp.flush(Optional.empty(), "bank.test");
    see(NOW - 480, flush);
    assertThat(judge(flush).isActive()).as("a flush is nearly harmless").isTrue();
  }

  @Test
  void aRevokedKeysRegistrationIsVoid() {
    Envelope registration = bank.register(LONG_AGO, "bank.test");
    see(LONG_AGO, registration);
    see(NOW - 100, bank.revokeKey(Optional.empty()));
    assertThat(state(registration, NOW)).isEqualTo(RegistrationState.VOID);
  }
}
