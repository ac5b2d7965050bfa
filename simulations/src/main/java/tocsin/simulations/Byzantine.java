package tocsin.simulations;

import static tocsin.simulations.Agenda.SECOND;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import tocsin.node.core.Effect;
import tocsin.node.core.Frame;
import tocsin.node.core.Limits;
import tocsin.node.core.PeerId;
import tocsin.node.transport.FrameCodec;
import tocsin.storage.LogId;
import tocsin.trust.Envelope;
import tocsin.trust.Header;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.Severity;
import tocsin.trust.Sha256;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// A fifth of the members speak nonsense: bytes that are no frames, frames that are broken here and
/// there, statements with a bit changed, digests and positions that contradict each other, and an
/// override that nobody but they have signed.
final class Byzantine extends Trial {
  /// Of a hostile node's frames, so many in a hundred are hostile.
  private static final int HOSTILE_PERCENT = 30;

  private static final int ALERTS = 10;

  /// What they do, and how much of it they have done.
  static final class Nonsense implements Adversary.Scheme {
    private long mutated;
    private long invented;

    @Override
    public List<Effect> instead(Adversary self, Effect wanted) {
      RandomGenerator chance = self.mischief();
      if (!(wanted instanceof Effect.Send send) || chance.nextInt(100) >= HOSTILE_PERCENT) {
        return List.of(wanted);
      }
      if (chance.nextBoolean()) {
        mutated++;
        List<ByteString> messages = FrameCodec.encode(send.frame());
        for (ByteString message : messages) {
          self.simulation().network().sendMessage(self, send.peer(), mutation(message, chance));
        }
        return List.of();
      }
      invented++;
      for (ByteString message : FrameCodec.encode(invention(self, chance))) {
        self.simulation().network().sendMessage(self, send.peer(), message);
      }
      return List.of(wanted);
    }

    private static ByteString mutation(ByteString message, RandomGenerator chance) {
      byte[] bytes = message.toByteArray();
      switch (chance.nextInt(5)) {
        case 0 -> {
          if (bytes.length > 0) {
            bytes[chance.nextInt(bytes.length)] ^= (byte) (1 << chance.nextInt(8));
          }
        }
        case 1 -> {
          return message.substring(0, chance.nextInt(bytes.length + 1));
        }
        case 2 -> {
          return message.concat(message);
        }
        case 3 -> chance.nextBytes(bytes);
        default -> {
          // In the last signature, most often.
          if (bytes.length > 0) {
            bytes[bytes.length - 1 - chance.nextInt(Math.min(64, bytes.length))]++;
          }
        }
      }
      return ByteString.copyFrom(bytes);
    }

    private static Frame invention(Adversary self, RandomGenerator chance) {
      LogId log = new LogId(sha(chance).toByteString().substring(16));
      return switch (chance.nextInt(10)) {
        case 0 ->
            new Frame.Digests(
                List.of(
                    new Frame.AnchorDigest(
                        self.organizationOf(chance.nextInt(Federation.ANCHORS)),
                        chance.nextLong(1L << 40),
                        sha(chance))),
                chance.nextLong(1L << 40));
        case 1 -> new Frame.Resume(log, chance.nextLong(1L << 40));
        case 2 -> new Frame.Resume(self.disk().id(), chance.nextLong(1L << 40));
        case 3 -> new Frame.Pull(ids(chance, 200));
        case 4 -> new Frame.Want(chance.longs(200).boxed().toList());
        case 5 -> new Frame.Announce(ids(chance, 200));
        case 6 ->
            new Frame.Appended(log, List.of(), chance.nextLong(1L << 40), chance.nextBoolean());
        case 7 ->
            new Frame.Hello(
                Limits.VERSION,
                Limits.VERSION,
                chance.nextBoolean() ? Organization.NETWORK : NetworkId.named("elsewhere"),
                new OrganizationId(sha(chance)),
                log,
                List.of(new OrganizationId(sha(chance))),
                "nonsense",
                "nowhere:1");
        case 8 -> new Frame.Refused(new StatementId(sha(chance)), "because");
        default -> new Frame.Wish(chance.nextBoolean(), chance.nextBoolean());
      };
    }

    private static List<StatementId> ids(RandomGenerator chance, int count) {
      List<StatementId> ids = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        ids.add(new StatementId(sha(chance)));
      }
      return ids;
    }

    private static Sha256 sha(RandomGenerator chance) {
      return new Sha256(chance.nextLong(), chance.nextLong(), chance.nextLong(), chance.nextLong());
    }
  }

  private final Nonsense nonsense;

  Byzantine(Federation.Plan plan, Nonsense nonsense, Simulation simulation) {
    super("byzantine", plan, simulation);
    this.nonsense = nonsense;
  }

  static Federation.Plan plan(int nodes, Nonsense nonsense) {
    return new Federation.Plan(
        nodes, 1, number -> Encirclement.isLastFifth(number, nodes), OptionalInt.empty(), nonsense);
  }

  @Override
  void play() {
    begin();
    StatementId fake = lie();
    Spreading spreading = new Spreading();
    for (int i = 0; i < ALERTS; i++) {
      spreading.measure(federation.member(script, List.of()));
    }
    runFor(10 * SECOND);
    figures("", spreading.counted());
    require(spreading.missing == 0, spreading.missing + " honest alerts are missing");
    figure("mutated_frames", nonsense.mutated);
    figure("invented_frames", nonsense.invented);
    Incident incident = raise();
    badDay(List.of(incident));
    peace();
    federation
        .honest()
        .forEach(node ->
            require(
                node.served().entries().stream().noneMatch(it -> it.alert().equals(fake)),
                node.address() + " serves an override of one descent"));
  }

  /// Two of them, but of one descent, if there are such: an override that has one path only.
  private StatementId lie() {
    int one = federation.size() - 1;
    int two = one;
    for (int i = Federation.ANCHORS; i < one; i++) {
      if (federation.isHostile(i) && Federation.descentOf(i) == Federation.descentOf(one)) {
        two = i;
      }
    }
    Envelope alert =
        federation.override(
            one, nextVictim(), SimulatedWorld.ROGUE_ADDRESS, 24 * Header.HOUR_MILLIS);
    List<Envelope> lies = new ArrayList<>(List.of(alert));
    if (two != one) {
      lies.add(federation.endorsement(two, alert.id()));
    }
    SimulatedNode liar = federation.node(one);
    for (PeerId peer : simulation.network().streamsOf(liar)) {
      simulation.network().send(liar, peer, new Frame.Push(lies));
    }
    counterfeit(liar);
    return alert.id();
  }

  /// And one that two honest organizations of different descent seem to have signed.
  private void counterfeit(SimulatedNode liar) {
    Organization one = federation.organization(Federation.ANCHORS);
    Organization other = federation.organization(Federation.ANCHORS + 1);
    Envelope alert =
        one.counterfeit(
            one.header(simulation.wallMillis(), Header.HOUR_MILLIS, 5_000, 50),
            header ->
                new Statement.Alert(
                    header,
                    List.of(nextVictim()),
                    true,
                    SimulatedWorld.FAKE,
                    Optional.empty(),
                    Optional.empty(),
                    Severity.EXTREME,
                    "believe us",
                    "",
                    false));
    Envelope endorsement =
        other.counterfeit(
            other.header(simulation.wallMillis(), Header.HOUR_MILLIS, 5_000, 50),
            header -> new Statement.Endorsement(header, alert.id()));
    for (PeerId peer : simulation.network().streamsOf(liar)) {
      FrameCodec.encode(new Frame.Push(List.of(alert, endorsement)))
          .forEach(message -> simulation.network().sendMessage(liar, peer, message));
    }
  }
}
