package tocsin.simulations;

import com.google.protobuf.ByteString;
import java.util.List;
import tocsin.node.core.Event;
import tocsin.node.core.Frame;
import tocsin.node.core.Limits;
import tocsin.node.core.PeerId;
import tocsin.node.transport.FrameCodec;
import tocsin.node.transport.MalformedFrame;
import tocsin.storage.LogId;
import tocsin.trust.Envelope;
import tocsin.trust.KeyId;
import tocsin.trust.StatementId;

/// The hijacker's own machine: connects as a guest, pushes what nobody vouched for, repeats what
/// everybody knows, and asks for nonsense.
final class Intruder implements SimulatedNetwork.Endpoint {
  private final Simulation simulation;
  private final Organization organization;
  private final List<Envelope> lies;
  private long nextPeer;
  private int refusals;

  Intruder(Simulation simulation, Organization organization, List<Envelope> lies) {
    this.simulation = simulation;
    this.organization = organization;
    this.lies = List.copyOf(lies);
  }

  int refusals() {
    return refusals;
  }

  @Override
  public String address() {
    return organization.address();
  }

  @Override
  public KeyId nodeKey() {
    return organization.nodeKey().id();
  }

  @Override
  public boolean isUp() {
    return true;
  }

  @Override
  public PeerId nextPeer() {
    return new PeerId(++nextPeer);
  }

  @Override
  public boolean holds(StatementId statement) {
    return false;
  }

  @Override
  public void heard() {}

  @Override
  public boolean isFull() {
    return false;
  }

  /// Messages come when frames are sent as bytes; it reads what it can.
  @Override
  public boolean hears(PeerId peer, ByteString message) {
    try {
      FrameCodec codec = new FrameCodec(simulation.envelopes(), _ -> false);
      codec
          .decode(message)
          .frames()
          .forEach(frame -> happened(new Event.FrameReceived(peer, frame)));
    } catch (MalformedFrame e) {
      throw new AssertionError("an honest node sends no malformed frame", e);
    }
    return true;
  }

  @Override
  public void happened(Event event) {
    switch (event) {
      case Event.PeerConnected it -> intrude(it.peer());
      case Event.FrameReceived it when it.frame() instanceof Frame.Push push ->
          say(it.peer(), push);
      case Event.FrameReceived it when it.frame() instanceof Frame.Refused -> refusals++;
      default -> {}
    }
  }

  private void intrude(PeerId peer) {
    LogId log = new LogId(simulation.chance().bytes("intruder's log").toByteString().substring(16));
    say(
        peer,
        new Frame.Hello(
            Limits.VERSION,
            Limits.VERSION,
            Organization.NETWORK,
            organization.id(),
            log,
            List.of(organization.id()),
            "intruder/1",
            address()));
    say(peer, new Frame.Push(lies));
    say(peer, new Frame.Appended(log, lies, Long.MAX_VALUE, false));
    say(peer, new Frame.Resume(log, -5));
    say(peer, new Frame.Pull(lies.stream().map(Envelope::id).toList()));
    say(peer, new Frame.Digests(List.of(), 0));
    say(peer, new Frame.Pong(Long.MIN_VALUE));
  }

  private void say(PeerId peer, Frame frame) {
    simulation.network().send(this, peer, frame);
  }

  void dialAll() {
    simulation.nodes().forEach(node -> simulation.network().dial(this, node.address()));
  }
}
