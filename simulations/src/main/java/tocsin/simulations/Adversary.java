package tocsin.simulations;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import tocsin.node.core.CoreConfig;
import tocsin.node.core.Effect;
import tocsin.node.core.Event;
import tocsin.node.core.Frame;
import tocsin.node.core.PeerId;
import tocsin.trust.Envelope;
import tocsin.trust.OrganizationId;

/// A member's node in the wrong hands: runs a real core, so that it looks like any other, and does
/// something else than the core wants where its scheme says so.
final class Adversary extends SimulatedNode {
  /// What an adversary does.
  interface Scheme {
    /// @return what is done in place of what the core wants
    List<Effect> instead(Adversary self, Effect wanted);
  }

  private final Simulation simulation;
  private final Scheme scheme;
  private final RandomGenerator mischief;
  private final TreeMap<PeerId, Frame.Digests> digests = new TreeMap<>();

  Adversary(
      Simulation simulation,
      CoreConfig config,
      List<Envelope> profile,
      SimulatedDisk disk,
      List<SimulatedResolver> resolvers,
      Scheme scheme) {
    super(simulation, config, profile, disk, resolvers);
    this.simulation = simulation;
    this.scheme = scheme;
    this.mischief = simulation.chance().stream("mischief of " + config.address());
  }

  Simulation simulation() {
    return simulation;
  }

  /// Chance of its own for what it does instead.
  RandomGenerator mischief() {
    return mischief;
  }

  /// Who is at the other end of a stream; empty if it is gone.
  Optional<String> otherEnd(PeerId peer) {
    return simulation.network().otherEnd(this, peer);
  }

  /// The organization of a node, by its number.
  OrganizationId organizationOf(int number) {
    return simulation.nodes().get(number).config().self();
  }

  /// What a peer has said last of what it holds.
  Optional<Frame.Digests> lastDigestsOf(PeerId peer) {
    return Optional.ofNullable(digests.get(peer));
  }

  @Override
  List<Event> hears(Event event) {
    if (event instanceof Event.FrameReceived it && it.frame() instanceof Frame.Digests theirs) {
      digests.put(it.peer(), theirs);
    }
    return super.hears(event);
  }

  @Override
  boolean isHonest() {
    return false;
  }

  @Override
  void run(Effect effect) {
    scheme.instead(this, effect).forEach(super::run);
  }
}
