package tocsin.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tocsin.node.core.Effect.Operation;
import tocsin.node.core.Event.Outcome;
import tocsin.trust.CorrectRecord;
import tocsin.trust.Envelope;

/// What is done at a resolver, in the only order that works.
final class EnactmentTest {
  private static final ByteString RIGHT = Speaker.bytes("203.0.114.10");
  private static final ByteString ROGUE = Speaker.bytes("198.51.100.66");

  private final OneNode node = new OneNode("u1").withTrust();
  private final Envelope alert = node.submitter.override("www.bank.test");

  private static Outcome held(long serial) {
    return new Outcome.Held(Optional.of(serial));
  }

  private static Outcome answers(ByteString address) {
    return new Outcome.Answered(0, List.of(address));
  }

  private long serial() {
    return node.core().view().overlaySerial();
  }

  private void pollUntilHeld() {
    List<Effect> effects = node.passes(20);
    node.ends(node.under(effects, Operation.ReadSerial.class), held(serial()));
  }

  @Test
  void overlayThenReadBackThenFlushThenProbe() {
    start();
    node.receives(alert, node.endorser.endorse(alert));
    assertThat(node.all(Effect.ServeOverlay.class)).hasSize(1);
    assertThat(node.all(Effect.Actuate.class)).isEmpty();
    assertThat(node.progress(alert.id())).isEqualTo("published");

    // An old serial is not enough.
    var poll = node.under(node.passes(10), Operation.ReadSerial.class);
    node.ends(poll, held(serial() - 1));
    assertThat(node.all(Effect.Actuate.class)).isEmpty();

    poll = node.under(node.passes(40), Operation.ReadSerial.class);
    node.ends(poll, held(serial()));
    var flush = node.under(node.effects, Operation.FlushSubtree.class);
    assertThat(((Operation.FlushSubtree) flush.operation()).name().toString())
        .isEqualTo("bank.test.");
    assertThat(node.progress(alert.id())).isEqualTo("fetched");

    node.ends(flush, new Outcome.Done());
    var probe = node.under(node.effects, Operation.Probe.class);
    assertThat(node.progress(alert.id())).isEqualTo("flushed");

    node.ends(probe, answers(RIGHT));
    assertThat(node.progress(alert.id())).isEqualTo("verified");
  }

  /// The poll that every start begins with is answered.
  private void start() {
    node.ends(node.under(node.passes(10), Operation.ReadSerial.class), held(serial()));
  }

  @Test
  void aWrongAnswerIsFlushedAgain() {
    start();
    node.receives(alert, node.endorser.endorse(alert));
    pollUntilHeld();
    node.ends(node.under(node.effects, Operation.FlushSubtree.class), new Outcome.Done());
    node.ends(node.under(node.effects, Operation.Probe.class), answers(ROGUE));
    assertThat(node.progress(alert.id())).isEqualTo("failed");
    assertThat(node.under(node.passes(60), Operation.FlushSubtree.class)).isNotNull();
  }

  /// By a clock that ran days ahead the override was over, and its names were given up.
  @Test
  void whatAWrongClockEndedIsActiveAgainWhenTheClockIsRight() {
    start();
    node.receives(alert, node.endorser.endorse(alert));
    assertThat(node.state(alert)).isEqualTo(AlertState.ACTIVE);
    long days = 3 * 24 * 3_600_000L;
    node.clockIsSet(days);
    assertThat(node.core().view().incidents().live()).isEmpty();
    assertThat(node.overlay()).isEmpty();
    node.clockIsSet(-days);
    assertThat(node.state(alert)).isEqualTo(AlertState.ACTIVE);
    assertThat(node.overlay()).contains("www.bank.test.");
  }

  /// A new node reads a log of years: of what is over nothing is kept in mind, said or listed.
  @Test
  void whatIsOverWhenItComesIsInTheLogAndNowhereElse() {
    start();
    long days = 3 * 24 * 3_600_000L;
    node.clockIsSet(days);
    List<Effect> effects = node.receives(alert, node.endorser.endorse(alert));
    assertThat(node.state(alert)).isEqualTo(AlertState.EXPIRED);
    assertThat(node.log.contains(alert.id())).isTrue();
    assertThat(node.core().view().incidents().live()).isEmpty();
    assertThat(effects)
        .noneMatch(it ->
            it instanceof Effect.Notice
                || it instanceof Effect.ShowAlerts
                || it instanceof Effect.ServeListings);
    // Unless it was the clock that was wrong.
    node.clockIsSet(-days);
    assertThat(node.state(alert)).isEqualTo(AlertState.ACTIVE);
    assertThat(node.overlay()).contains("www.bank.test.");
  }

  @Test
  void aResolverThatIsDownIsCorrectedWhenItIsBack() {
    var first = node.under(node.passes(10), Operation.ReadSerial.class);
    node.ends(first, new Outcome.Failed("nothing listens there"));
    node.receives(alert, node.endorser.endorse(alert));
    assertThat(node.core().view().warnings()).anySatisfy(it -> assertThat(it).contains("u1"));
    var poll = node.under(node.passes(10), Operation.ReadSerial.class);
    node.ends(poll, new Outcome.Failed("nothing listens there"));
    assertThat(node.state(alert)).isEqualTo(AlertState.ACTIVE);

    poll = node.under(node.passes(10_000), Operation.ReadSerial.class);
    node.ends(poll, held(serial()));
    assertThat(node.under(node.effects, Operation.FlushSubtree.class)).isNotNull();
    assertThat(node.core().view().warnings()).isEmpty();
  }

  /// Whoever looks at the alert reads what its resolver waits for.
  @Test
  void anAlertTellsWhyItsResolverIsNotThereYet() {
    start();
    node.receives(alert, node.endorser.endorse(alert));
    var poll = node.under(node.passes(10), Operation.ReadSerial.class);
    node.ends(poll, new Outcome.Failed("the key is wrong"));
    assertThat(detail()).isEqualTo("the key is wrong");
    poll = node.under(node.passes(10_000), Operation.ReadSerial.class);
    node.ends(poll, held(serial() - 1));
    assertThat(detail()).as("it may be on its way").isEmpty();
    for (int i = 0; i < Limits.CLOSE_POLLS; i++) {
      poll = node.under(node.passes(10_000), Operation.ReadSerial.class);
      node.ends(poll, held(serial() - 1));
    }
    assertThat(detail())
        .isEqualTo(
            "the resolver still holds serial %d, not %d: does it transfer the zone?"
                .formatted(serial() - 1, serial()));
    node.ends(node.under(node.passes(10_000), Operation.ReadSerial.class), held(serial()));
    assertThat(detail()).isEmpty();
  }

  private String detail() {
    return node.core().view().progress(alert.id()).getFirst().detail();
  }

  @Test
  void itsLagIsTheAgeOfTheOldestThingThatItHasNotDone() {
    start();
    assertThat(lagMillis()).isZero();
    node.receives(alert, node.endorser.endorse(alert));
    List<Effect> meanwhile = node.passes(30);
    // A core knows the time of its last turn.
    node.happens(new Event.DeadlineReached());
    assertThat(lagMillis()).isBetween(20L, 30L);
    node.ends(node.under(meanwhile, Operation.ReadSerial.class), held(serial()));
    node.ends(node.under(node.effects, Operation.FlushSubtree.class), new Outcome.Done());
    assertThat(lagMillis()).isPositive();
    node.ends(node.under(node.effects, Operation.Probe.class), answers(RIGHT));
    assertThat(lagMillis()).isZero();
  }

  private long lagMillis() {
    return node.core().view().resolvers().getFirst().lagMillis();
  }

  @Test
  void aCanaryIsServedUnderASerialOfItsOwnAndTakenAway() {
    start();
    long before = serial();
    node.happens(new Event.CanaryPlaced(List.of(new CorrectRecord.A(RIGHT))));
    assertThat(node.overlay()).containsExactly(Overlay.CANARY.toString());
    assertThat(serial()).isGreaterThan(before);
    long placed = serial();
    node.happens(new Event.CanaryPlaced(List.of()));
    assertThat(node.overlay()).isEmpty();
    assertThat(serial()).isGreaterThan(placed);
    node.happens(new Event.CanaryPlaced(List.of(new CorrectRecord.A(RIGHT))));
    node.restart();
    assertThat(node.overlay()).isEmpty();
    assertThat(serial()).isGreaterThan(placed + 1);
  }

  @Test
  void recallEndsItAndClears() {
    start();
    verify();
    node.receives(node.submitter.recall(alert));
    assertThat(node.state(alert)).isEqualTo(AlertState.RECALLED);
    assertThat(node.overlay()).isEmpty();
    assertThat(node.all(Effect.ServeOverlay.class)).hasSize(1);
    pollUntilHeld();
    node.ends(node.under(node.effects, Operation.FlushSubtree.class), new Outcome.Done());
    assertThat(node.progress(alert.id())).isEqualTo("cleared");
  }

  /// Drives until the alert is verified.
  private void verify() {
    node.receives(alert, node.endorser.endorse(alert));
    pollUntilHeld();
    node.ends(node.under(node.effects, Operation.FlushSubtree.class), new Outcome.Done());
    node.ends(node.under(node.effects, Operation.Probe.class), answers(RIGHT));
    assertThat(node.progress(alert.id())).isEqualTo("verified");
  }

  @Test
  void aClosingFlushWaitsForTheRegistryAndTheOverrideProtectsMeanwhile() {
    start();
    verify();
    Envelope flush = node.submitter.flush(Optional.of(alert.id()), "www.bank.test");
    node.receives(flush);
    var check = node.all(Effect.CheckDelegation.class).getFirst();
    node.happens(
        new Event.Actuated(
            check.ticket(), new Outcome.Delegation(Optional.of("ns.evil.test is delegated"))));
    assertThat(node.overlay()).containsExactly("www.bank.test.");
    assertThat(node.state(alert)).isEqualTo(AlertState.ACTIVE);
    assertThat(node.core().view().warnings()).anySatisfy(it -> assertThat(it).contains("evil"));

    List<Effect> later = node.passes(300);
    check =
        later.stream()
            .filter(Effect.CheckDelegation.class::isInstance)
            .map(Effect.CheckDelegation.class::cast)
            .findFirst()
            .orElseThrow();
    var poll = node.under(later, Operation.ReadSerial.class);
    node.happens(new Event.Actuated(check.ticket(), new Outcome.Delegation(Optional.empty())));
    // First under the overlay's protection, then the overlay goes, then once more.
    var before = node.under(node.effects, Operation.FlushSubtree.class);
    assertThat(node.overlay()).containsExactly("www.bank.test.");
    node.ends(before, new Outcome.Done());
    assertThat(node.overlay()).isEmpty();
    node.ends(poll, held(serial()));
    node.ends(node.under(node.effects, Operation.FlushSubtree.class), new Outcome.Done());
    node.ends(node.under(node.effects, Operation.Probe.class), answers(RIGHT));
    assertThat(node.state(flush)).isEqualTo(AlertState.RESOLVED);
    assertThat(node.state(alert)).isEqualTo(AlertState.RESOLVED);
  }

  @Test
  void aFlushNotYetDoneIsDoneAfterARestart() {
    start();
    Envelope flush = node.submitter.flush(Optional.empty(), "www.bank.test");
    node.receives(flush);
    assertThat(node.under(node.effects, Operation.FlushSubtree.class)).isNotNull();

    node.restart();
    var again = node.under(node.effects, Operation.FlushSubtree.class);
    node.ends(again, new Outcome.Done());
    assertThat(node.state(flush)).isEqualTo(AlertState.RESOLVED);

    node.restart();
    assertThat(node.all(Effect.Actuate.class))
        .noneSatisfy(it -> assertThat(it.operation()).isInstanceOf(Operation.FlushSubtree.class));
    assertThat(node.state(flush)).isEqualTo(AlertState.RESOLVED);
  }

  @Test
  void theSerialNeverGoesBackAcrossRestarts() {
    start();
    verify();
    long before = serial();
    node.restart();
    assertThat(serial()).isGreaterThan(before);
    assertThat(node.overlay()).containsExactly("www.bank.test.");
  }

  @Test
  void whatWasNotCommittedWasNeverSaid() {
    start();
    verify();
    long size = node.log.size();
    node.restart();
    assertThat(node.log.size()).isEqualTo(size);
    assertThat(node.state(alert)).isEqualTo(AlertState.ACTIVE);
  }

  /// A resolver that was restarted between the correction and the probe has lost it, and no flush
  /// brings it back.
  @Test
  void answersThatStayWrongAreCorrectedFromTheStart() {
    start();
    Envelope corrected = node.submitter.overrideByNameServers("www.bank.test");
    node.receives(corrected, node.endorser.endorse(corrected));
    node.ends(node.under(node.effects, Operation.CorrectNameServers.class), new Outcome.Done());
    int corrections = 0;
    int flushes = 0;
    List<Effect> effects = List.copyOf(node.effects);
    for (int wrong = 0; wrong < 3; wrong++) {
      var flush = node.under(effects, Operation.FlushSubtree.class);
      flushes++;
      node.ends(flush, new Outcome.Done());
      node.ends(
          node.under(node.effects, Operation.Probe.class), new Outcome.Answered(2, List.of()));
      effects = node.passes(4_000);
      var again =
          effects.stream()
              .filter(it ->
                  it instanceof Effect.Actuate a
                      && a.operation() instanceof Operation.CorrectNameServers)
              .map(Effect.Actuate.class::cast)
              .findFirst();
      if (again.isPresent()) {
        corrections++;
        node.ends(again.get(), new Outcome.Done());
        effects = List.copyOf(node.effects);
      }
    }
    assertThat(flushes).isEqualTo(3);
    assertThat(corrections).isEqualTo(1);
  }

  @Test
  void whatIsVerifiedIsLookedAtAgainAndCorrectedNowAndThen() {
    start();
    Envelope corrected = node.submitter.overrideByNameServers("www.bank.test");
    node.receives(corrected, node.endorser.endorse(corrected));
    node.ends(node.under(node.effects, Operation.CorrectNameServers.class), new Outcome.Done());
    node.ends(node.under(node.effects, Operation.FlushSubtree.class), new Outcome.Done());
    node.ends(node.under(node.effects, Operation.Probe.class), answers(RIGHT));
    assertThat(node.progress(corrected.id())).isEqualTo("verified");
    int corrections = 0;
    int probes = 0;
    for (int second = 0; second < 400; second++) {
      for (Effect effect : List.copyOf(node.passes(1_000))) {
        if (effect instanceof Effect.Actuate it) {
          switch (it.operation()) {
            case Operation.ReadSerial _ -> node.ends(it, held(serial()));
            case Operation.CorrectNameServers _ -> {
              corrections++;
              node.ends(it, new Outcome.Done());
              var probe = node.under(node.effects, Operation.Probe.class);
              node.ends(probe, answers(RIGHT));
            }
            case Operation.Probe _ -> {
              probes++;
              node.ends(it, answers(RIGHT));
            }
            default -> throw new AssertionError("nothing else is to be done: " + it);
          }
          assertThat(node.progress(corrected.id())).isEqualTo("verified");
        }
      }
    }
    assertThat(probes).isBetween(10, 14);
    assertThat(corrections).isEqualTo(1);
  }

  private static Outcome kept() {
    return new Outcome.Refused("resolver u1 has a stub zone of its operator's own");
  }

  /// The operator of the resolver has chosen who is asked for the name: the rest goes on.
  @Test
  void whatIsRefusedIsSaidAndTheRestIsDone() {
    start();
    Envelope corrected = node.submitter.overrideByNameServers("www.bank.test");
    node.receives(corrected, node.endorser.endorse(corrected));
    node.ends(node.under(node.effects, Operation.CorrectNameServers.class), kept());
    assertThat(node.all(Effect.Notice.class))
        .anyMatch(it -> it.text().contains("has a stub zone of its operator's own"));
    node.ends(node.under(node.effects, Operation.FlushSubtree.class), new Outcome.Done());
    node.ends(node.under(node.effects, Operation.Probe.class), answers(RIGHT));
    assertThat(node.progress(corrected.id()))
        .as("nothing of ours is behind the good answer")
        .isEqualTo("refused");
    assertThat(node.core().view().progress(corrected.id()).getFirst().detail())
        .isEqualTo("resolver u1 has a stub zone of its operator's own");
    // Now and then it is tried again; when the operator's own is gone, all is done that belongs to
    // it.
    boolean taken = false;
    for (int second = 0; second < 400 && !taken; second++) {
      for (Effect effect : List.copyOf(node.passes(1_000))) {
        if (effect instanceof Effect.Actuate it) {
          switch (it.operation()) {
            case Operation.ReadSerial _ -> node.ends(it, held(serial()));
            case Operation.CorrectNameServers _ -> {
              node.ends(it, new Outcome.Done());
              node.ends(node.under(node.effects, Operation.FlushSubtree.class), new Outcome.Done());
              node.ends(node.under(node.effects, Operation.Probe.class), answers(RIGHT));
              taken = true;
            }
            case Operation.Probe _ -> node.ends(it, answers(RIGHT));
            default -> throw new AssertionError("nothing else is to be done: " + it);
          }
        }
      }
    }
    assertThat(taken).isTrue();
    assertThat(node.progress(corrected.id())).isEqualTo("verified");
    assertThat(node.core().view().progress(corrected.id()).getFirst().detail()).isEmpty();
  }

  /// The overlay serves the alert's records, whoever is asked for the rest of the zone.
  @Test
  void whatIsRefusedDoesNotKeepTheOverlayFromBeingVerified() {
    start();
    Envelope both = node.submitter.overrideByBoth("www.bank.test");
    node.receives(both, node.endorser.endorse(both));
    node.ends(node.under(node.passes(100), Operation.ReadSerial.class), held(serial()));
    node.ends(node.under(node.effects, Operation.CorrectNameServers.class), kept());
    node.ends(node.under(node.effects, Operation.FlushSubtree.class), new Outcome.Done());
    node.ends(node.under(node.effects, Operation.Probe.class), answers(RIGHT));
    assertThat(node.progress(both.id())).isEqualTo("verified");
    assertThat(node.core().view().progress(both.id()).getFirst().detail())
        .contains("has a stub zone of its operator's own");
  }

  @Test
  void aFlushThatExpiredWhileTheNodeWasDownIsStillDone() {
    start();
    Envelope flush = node.submitter.flush(Optional.empty(), "www.bank.test");
    node.receives(flush);
    assertThat(node.under(node.effects, Operation.FlushSubtree.class)).isNotNull();
    node.passes(2 * 3_600_000);
    assertThat(node.state(flush)).isEqualTo(AlertState.ACTIVE);
    node.restart();
    node.ends(node.under(node.effects, Operation.FlushSubtree.class), new Outcome.Done());
    assertThat(node.state(flush)).isEqualTo(AlertState.RESOLVED);
    node.restart();
    assertThat(node.all(Effect.Actuate.class))
        .noneSatisfy(it -> assertThat(it.operation()).isInstanceOf(Operation.FlushSubtree.class));
  }
}
