package tocsin.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tocsin.storage.LogId;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.Role;
import tocsin.trust.Sha256;

/// Streams that come and go, and the gaps that they leave.
class PeersTest {
  private final OneNode node = new OneNode();

  private static long dials(List<Effect> effects) {
    return effects.stream().filter(Effect.Dial.class::isInstance).count();
  }

  private void answersFromAnotherNetwork() {
    node.happens(
        new Event.PeerConnected(node.peer, node.first.node.id(), Optional.of(OneNode.ADDRESS)));
    node.happens(
        new Event.FrameReceived(
            node.peer,
            new Frame.Hello(
                1,
                1,
                NetworkId.named("elsewhere"),
                node.first.id,
                new LogId(ByteString.copyFrom(new byte[16])),
                List.of(),
                "test",
                "")));
    assertThat(node.all(Effect.Disconnect.class))
        .singleElement()
        .extracting(Effect.Disconnect::reason)
        .isEqualTo("belongs to another network");
  }

  @Test
  void aPeerOfAnotherNetworkIsDialledEverMoreRarely() {
    int dialled = 1;
    answersFromAnotherNetwork();
    for (int second = 0; second < 120; second++) {
      if (dials(node.passes(1_000)) > 0) {
        dialled++;
        answersFromAnotherNetwork();
      }
    }
    assertThat(dialled).isBetween(8, 16);
  }

  @Test
  void aStreamDialledLongAfterTheFirstReplacesIt() {
    node.trust(node.first);
    node.connect();
    node.passes(8_000);
    node.connect(new PeerId(2), node.first, Optional.empty());
    assertThat(node.all(Effect.Disconnect.class))
        .extracting(Effect.Disconnect::peer)
        .containsExactly(node.peer);
  }

  @Test
  void ofTwoStreamsDialledAtOnceBothSidesKeepTheOneOfTheLowerKey() {
    node.trust(node.first);
    node.connect();
    node.connect(new PeerId(2), node.first, Optional.empty());
    boolean weAreLower = node.self.node.id().compareTo(node.first.node.id()) < 0;
    assertThat(node.all(Effect.Disconnect.class))
        .extracting(Effect.Disconnect::peer)
        .containsExactly(weAreLower ? new PeerId(2) : node.peer);
  }

  private List<Frame> digests(long count) {
    OrganizationId anchor = node.first.id;
    Sha256 sum = Sha256.of(anchor.toByteString());
    node.happens(
        new Event.FrameReceived(
            node.peer,
            new Frame.Digests(List.of(new Frame.AnchorDigest(anchor, count, sum)), count)));
    return node.all(Effect.Send.class).stream().map(Effect.Send::frame).toList();
  }

  @Test
  void digestsThatComeDuringAResumeAreNotForgotten() {
    node.trust(node.first);
    node.connect();
    LogId log = new LogId(node.first.id.toByteString().substring(0, 16));
    assertThat(digests(7)).contains(new Frame.Resume(log, 0));
    assertThat(digests(8)).doesNotHaveAnyElementsOfTypes(Frame.Resume.class);
    node.happens(
        new Event.FrameReceived(
            node.peer,
            new Frame.Appended(
                log,
                List.of(node.first.vouch(node.submitter, "bank.test", Role.SUBMITTER)),
                1,
                true)));
    assertThat(node.all(Effect.Send.class))
        .extracting(Effect.Send::frame)
        .contains(new Frame.Resume(log, 1));
  }

  @Test
  void whoHasTheSameIsNotReadAndResumedFromThereLater() {
    node.trust(node.first);
    node.connect();
    OrganizationId anchor = node.first.id;
    Sha256 sum = node.first.profile.id().hash();
    node.happens(
        new Event.FrameReceived(
            node.peer, new Frame.Digests(List.of(new Frame.AnchorDigest(anchor, 1, sum)), 1_000)));
    assertThat(node.all(Effect.Send.class)).noneMatch(it -> it.frame() instanceof Frame.Resume);
    assertThat(digests(1_001))
        .contains(new Frame.Resume(new LogId(anchor.toByteString().substring(0, 16)), 1_000));
  }

  private static List<String> dialled(List<Effect> effects) {
    return effects.stream()
        .filter(Effect.Dial.class::isInstance)
        .map(it -> ((Effect.Dial) it).address())
        .toList();
  }

  @Test
  void whomAnOperatorRemovedTheDirectoryDoesNotBringBack() {
    String address = "submitter.test:7353";
    node.trust(node.first);
    node.connect();
    node.receives(
        node.first.vouch(node.submitter, "bank.test", Role.SUBMITTER), node.submitter.profile);
    assertThat(dialled(node.effects)).contains(address);
    node.happens(new Event.DialFailed(address, "nobody there"));
    node.happens(new Event.PeerAddressRemoved(1, address));
    node.receives(
        node.first.vouch(node.endorser, "bank.test", Role.SUBMITTER), node.endorser.profile);
    assertThat(dialled(node.effects)).containsExactly("endorser.test:7353");
    assertThat(dialled(node.passes(60_000))).doesNotContain(address);
    node.restart();
    assertThat(dialled(node.effects)).doesNotContain(address);
    assertThat(dialled(node.passes(1_000))).doesNotContain(address);
    node.happens(new Event.PeerAddressAdded(2, address));
    assertThat(dialled(node.effects)).contains(address);
  }
}
