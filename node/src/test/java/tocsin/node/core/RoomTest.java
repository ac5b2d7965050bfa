package tocsin.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tocsin.trust.Envelope;

/// A node whose log has too little room, and one that need not keep what it refused.
class RoomTest {
  private final OneNode node = new OneNode().withTrust();

  @Test
  void withoutRoomOnlyWhatStopsIsTakenIn() {
    Envelope active = node.submitter.override("www.bank.test");
    node.receives(active, node.endorser.endorse(active));
    assertThat(node.overlay()).contains("www.bank.test.");
    node.happens(new Event.RoomChanged(false));
    assertThat(node.all(Effect.Notice.class))
        .anyMatch(it -> it.level() == Effect.Level.ALARM && it.text().contains("too little room"));
    assertThat(node.core().view().warnings()).anyMatch(it -> it.contains("too little room"));

    Envelope more = node.submitter.override("mail.bank.test");
    node.receives(more);
    assertThat(node.submits(more)).isInstanceOf(Effect.Answer.Refused.class);
    assertThat(node.log.contains(more.id())).isFalse();
    // Not noted either: that would take room, and it is no refusal of the statement.
    assertThat(node.log.refused(more.id())).isEmpty();
    assertThat(node.overlay()).contains("www.bank.test.");

    node.receives(node.submitter.recall(active));
    assertThat(node.state(active)).isEqualTo(AlertState.RECALLED);
    assertThat(node.overlay()).isEmpty();

    node.happens(new Event.RoomChanged(true));
    assertThat(node.core().view().warnings()).noneMatch(it -> it.contains("too little room"));
    node.receives(more);
    assertThat(node.log.contains(more.id())).isTrue();
  }

  @Test
  void whatWasRefusedLongAgoIsForgottenByPolicyAndWhatWaitsIsNot() {
    Envelope refused = node.submitter.inNetwork("main").override("www.bank.test");
    Envelope waiting = new Speaker("stranger").override("www.bank.test");
    node.receives(refused, waiting);
    assertThat(node.log.refused(refused.id())).isPresent();
    assertThat(node.log.refused(waiting.id())).isPresent();
    node.happens(new Event.RefusedOutdated(Speaker.NOW));
    assertThat(node.log.refused(refused.id())).isPresent();
    node.happens(new Event.RefusedOutdated(Speaker.NOW + 1));
    assertThat(node.log.refused(refused.id())).isEmpty();
    assertThat(node.log.refused(waiting.id())).isPresent();
  }
}
