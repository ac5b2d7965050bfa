package tocsin.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Header;
import tocsin.trust.Statement;
import tocsin.trust.graph.TrustPolicy;

/// What is blocked for every name: nothing unless this node's policy wants it, and never what
/// somebody who is believed calls correct.
final class RogueTriggersTest {
  private static final ByteString RIGHT = Speaker.bytes("203.0.114.10");
  private static final ByteString ROGUE = Speaker.bytes("203.0.115.66");
  private static final DnsName ROGUE_SERVER = DnsName.of("ns1.rogue.example");

  private final OneNode node = new OneNode("u1").withTrust();

  private void blocks(boolean blocks) {
    node.happens(
        new Event.Reconfigured(
            TrustPolicy.DEFAULT, 0, blocks, List.of(OneNode.ADDRESS), List.of("u1"), List.of()));
  }

  private Envelope override(
      String name,
      ByteString right,
      List<ByteString> rogueAddresses,
      List<DnsName> rogueNameServers) {
    return node.submitter.alert(
        Speaker.NOW,
        Speaker.NOW + Header.HOUR_MILLIS,
        new Statement.OverrideAction(
            List.of(new CorrectRecord.A(right)),
            List.of(),
            rogueAddresses,
            rogueNameServers,
            false,
            60),
        Optional.empty(),
        name);
  }

  private void activate(Envelope alert) {
    node.receives(alert, node.endorser.endorse(alert));
    assertThat(node.state(alert)).isEqualTo(AlertState.ACTIVE);
  }

  private List<Overlay.Trigger> triggers() {
    return node.core().view().overlay().triggers();
  }

  @Test
  void nothingIsBlockedUnlessThePolicyWantsIt() {
    Envelope alert = override("www.bank.test", RIGHT, List.of(ROGUE), List.of(ROGUE_SERVER));
    activate(alert);
    assertThat(triggers()).isEmpty();
    blocks(true);
    assertThat(triggers())
        .containsExactly(
            new Overlay.Trigger.Address(ROGUE), new Overlay.Trigger.NameServer(ROGUE_SERVER));
    blocks(false);
    assertThat(triggers()).isEmpty();
  }

  @Test
  void aPendingAlertBlocksNothingAndARecalledOneNoLonger() {
    blocks(true);
    Envelope alert = override("www.bank.test", RIGHT, List.of(ROGUE), List.of());
    node.receives(alert);
    assertThat(triggers()).isEmpty();
    node.receives(node.endorser.endorse(alert));
    assertThat(triggers()).containsExactly(new Overlay.Trigger.Address(ROGUE));
    node.receives(node.submitter.recall(alert));
    assertThat(triggers()).isEmpty();
  }

  @Test
  void whatAnotherActiveAlertCallsCorrectIsNotBlocked() {
    blocks(true);
    activate(
        override(
            "www.bank.test",
            RIGHT,
            List.of(ROGUE),
            List.of(ROGUE_SERVER, DnsName.of("ns1.shop.bank.test"))));
    assertThat(triggers()).hasSize(3);
    // The same address is the right one of a neighbour; and his name servers are his own.
    activate(override("shop.bank.test", ROGUE, List.of(), List.of()));
    assertThat(triggers()).containsExactly(new Overlay.Trigger.NameServer(ROGUE_SERVER));
  }

  @Test
  void specialPurposeAddressesAreNotBlocked() {
    blocks(true);
    activate(
        override(
            "www.bank.test",
            RIGHT,
            List.of(
                Speaker.bytes("127.0.0.1"),
                Speaker.bytes("10.1.2.3"),
                Speaker.bytes("198.51.100.66"),
                ROGUE),
            List.of()));
    assertThat(triggers()).containsExactly(new Overlay.Trigger.Address(ROGUE));
  }

  @Test
  void anIncidentThatIsClosedBlocksNothing() {
    blocks(true);
    Envelope alert = override("www.bank.test", RIGHT, List.of(ROGUE), List.of());
    activate(alert);
    node.receives(node.submitter.flush(Optional.of(alert.id()), "www.bank.test"));
    var check = node.all(Effect.CheckDelegation.class).getFirst();
    assertThat(triggers()).as("it goes on protecting until the world is right").hasSize(1);
    node.happens(
        new Event.Actuated(check.ticket(), new Event.Outcome.Delegation(Optional.empty())));
    // The flush under the overlay's protection is not answered: it is withdrawn all the same.
    node.passes(60_000);
    assertThat(node.overlay()).isEmpty();
    assertThat(triggers()).isEmpty();
  }
}
