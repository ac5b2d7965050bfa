package tocsin.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tocsin.trust.Envelope;
import tocsin.trust.Role;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// How one node hands on what is new, and asks for what it hears of.
class BroadcastTest {
  private static final int OTHERS = 12;

  private final OneNode node = new OneNode();
  private final List<PeerId> others = new ArrayList<>();

  /// Many guests that we dialled: more than are told everything whole.
  @BeforeEach
  void connect() {
    node.trust(node.first);
    node.connect();
    for (int i = 0; i < OTHERS; i++) {
      PeerId id = new PeerId(100 + i);
      others.add(id);
      node.connect(id, new Speaker("other " + i), Optional.of("other-" + i + ".test:7353"));
      wishes(id, false, false);
    }
  }

  private void wishes(PeerId peer, boolean eager, boolean choked) {
    node.happens(new Event.FrameReceived(peer, new Frame.Wish(eager, choked)));
  }

  private Envelope vouch() {
    return node.first.vouch(node.submitter, "bank.test", Role.SUBMITTER);
  }

  private static List<PeerId> to(List<Effect> effects, Class<? extends Frame> kind) {
    return effects.stream()
        .filter(Effect.Send.class::isInstance)
        .map(Effect.Send.class::cast)
        .filter(it -> kind.isInstance(it.frame()))
        .map(Effect.Send::peer)
        .toList();
  }

  @Test
  void whatIsSaidHereFirstGoesWholeToAll() {
    node.submits(vouch());
    assertThat(to(node.effects, Frame.Push.class)).contains(node.peer).containsAll(others);
  }

  @Test
  void whoDidNotChooseTheStreamIsToldTheId() {
    node.receives(vouch());
    assertThat(to(node.effects, Frame.Push.class)).isEmpty();
    assertThat(to(node.effects, Frame.Announce.class)).containsExactlyElementsOf(others);
  }

  @Test
  void whoChoseItGetsItWholeUnlessItChokes() {
    wishes(others.get(3), true, false);
    wishes(others.get(4), true, true);
    node.receives(vouch());
    assertThat(to(node.effects, Frame.Push.class)).containsExactly(others.get(3));
    assertThat(to(node.effects, Frame.Announce.class)).contains(others.get(4));
  }

  /// In a network of fourteen, some streams of thirteen are worth a copy each of what has passed
  /// one node; nothing is worth one of what has passed many.
  @Test
  void newsGoesWholeToSomeWhoDidNotAskForIt() {
    node.happens(new Event.FrameReceived(node.peer, new Frame.Push(List.of(vouch()), 0)));
    int some = Limits.EARLY_STREAMS;
    assertThat(to(node.effects, Frame.Push.class)).hasSize(some);
    assertThat(to(node.effects, Frame.Announce.class)).hasSize(OTHERS - some);

    node.happens(new Event.FrameReceived(node.peer, new Frame.Push(List.of(vouch()), 9)));
    assertThat(to(node.effects, Frame.Push.class)).isEmpty();
    assertThat(to(node.effects, Frame.Announce.class)).hasSize(OTHERS);
  }

  @Test
  void whenMuchIsSaidIdsAreToldTogetherAndOneIsToldWhole() {
    others.forEach(it -> wishes(it, true, false));
    int pushes = 0;
    for (int i = 0; i < Limits.BUSY_STATEMENTS; i++) {
      node.receives(node.first.vouch(new Speaker("vouched " + i), "bank.test", Role.SUBMITTER));
      pushes = to(node.effects, Frame.Push.class).size();
      if (i < Limits.BUSY_STATEMENTS / 2) {
        assertThat(pushes).isEqualTo(OTHERS);
      }
    }
    assertThat(pushes).isLessThanOrEqualTo(1);
    assertThat(to(node.effects, Frame.Announce.class)).isEmpty();
    List<PeerId> toldWhole = to(node.effects, Frame.Push.class);
    PeerId reader = others.stream().filter(it -> !toldWhole.contains(it)).findFirst().orElseThrow();
    assertThat(readsTheNewest(reader)).as("what it will hear of anyway").isEmpty();
    List<Effect> later = node.passes(Limits.HOLD_MILLIS);
    assertThat(to(later, Frame.Push.class)).isEmpty();
    assertThat(to(later, Frame.Announce.class)).containsExactlyElementsOf(others);
    assertThat(readsTheNewest(reader)).as("what it still lacks").hasSize(1);

    var _ = node.passes(Limits.BUSY_MILLIS);
    node.receives(vouch());
    assertThat(to(node.effects, Frame.Push.class)).hasSize(OTHERS);
  }

  /// What somebody is sent who has read all of the log but the last statement.
  private List<Envelope> readsTheNewest(PeerId reader) {
    Frame resume = new Frame.Resume(node.log.id(), node.log.size() - 1);
    return node.happens(new Event.FrameReceived(reader, resume)).stream()
        .filter(Effect.Send.class::isInstance)
        .map(it -> ((Effect.Send) it).frame())
        .filter(Frame.Appended.class::isInstance)
        .flatMap(it -> ((Frame.Appended) it).envelopes().stream())
        .toList();
  }

  /// Where peers are slow, more copies would make them slower; where they keep things to
  /// themselves, everybody is told.
  @Test
  void whatComesOnlyWhenAskedForIsTroubleAndWhatComesLateIsNot() {
    for (int i = 0; i < 4; i++) {
      comesAfterItWasAskedFor(1);
    }
    node.happens(new Event.FrameReceived(node.peer, new Frame.Push(List.of(vouch()), 0)));
    assertThat(to(node.effects, Frame.Push.class)).hasSizeLessThanOrEqualTo(Limits.EARLY_STREAMS);

    for (int i = 0; i < 4; i++) {
      comesAfterItWasAskedFor(Frame.Push.FAR);
    }
    node.happens(new Event.FrameReceived(node.peer, new Frame.Push(List.of(vouch()), 0)));
    assertThat(to(node.effects, Frame.Push.class)).containsExactlyElementsOf(others);
  }

  private void comesAfterItWasAskedFor(int hops) {
    Envelope vouch = vouch();
    node.happens(new Event.FrameReceived(others.get(0), new Frame.Announce(List.of(vouch.id()))));
    assertThat(to(node.passes(Limits.PULL_MIN_MILLIS), Frame.Pull.class))
        .containsExactly(others.get(0));
    node.happens(new Event.FrameReceived(node.peer, new Frame.Push(List.of(vouch), hops)));
  }

  @Test
  void whatIsAnnouncedAndDoesNotComeIsAskedForOneAfterTheOther() {
    Envelope vouch = vouch();
    Frame announce = new Frame.Announce(List.of(vouch.id()));
    node.happens(new Event.FrameReceived(others.get(0), announce));
    node.happens(new Event.FrameReceived(others.get(1), announce));
    assertThat(to(node.effects, Frame.Pull.class)).isEmpty();
    assertThat(to(node.passes(Limits.PULL_MIN_MILLIS - 1), Frame.Pull.class)).isEmpty();
    assertThat(to(node.passes(1), Frame.Pull.class)).containsExactly(others.get(0));
    assertThat(to(node.passes(Limits.HEDGE_MIN_MILLIS), Frame.Pull.class))
        .containsExactly(others.get(1));
    assertThat(to(node.passes(1_000), Frame.Pull.class)).isEmpty();
  }

  @Test
  void whatComesInTimeIsNotAskedFor() {
    Envelope vouch = vouch();
    node.happens(new Event.FrameReceived(others.get(0), new Frame.Announce(List.of(vouch.id()))));
    node.receives(vouch);
    assertThat(to(node.passes(1_000), Frame.Pull.class)).isEmpty();
  }

  @Test
  void idsWithoutEndAreForgotten() {
    for (int i = 0; i < 8; i++) {
      List<StatementId> ids = new ArrayList<>();
      for (int j = 0; j < 1_024; j++) {
        ids.add(new StatementId(Sha256.of(ByteString.copyFromUtf8(i + " " + j))));
      }
      node.happens(new Event.FrameReceived(others.get(0), new Frame.Announce(ids)));
    }
    long asked =
        node.passes(1_000).stream()
            .filter(Effect.Send.class::isInstance)
            .map(it -> ((Effect.Send) it).frame())
            .filter(Frame.Pull.class::isInstance)
            .mapToLong(it -> ((Frame.Pull) it).ids().size())
            .sum();
    assertThat(asked).isEqualTo(Limits.MAX_MISSING);
  }
}
