package tocsin.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tocsin.storage.Checkpoint;
import tocsin.storage.HistoryProof;
import tocsin.storage.LogEntry;
import tocsin.storage.LogId;
import tocsin.storage.MemoryStatementLog;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.Header;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.Sha256;
import tocsin.trust.Signatures;
import tocsin.trust.SigningKey;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;
import tocsin.trust.graph.TrustPolicy;

/// Witnesses that speak with each other: the books of several nodes, and between them whatever the
/// test puts there. Frames are carried until nobody says anything more.
class WitnessBookTest {
  private static final NetworkId NETWORK = NetworkId.named("test");
  private static final long WALL = 1_795_456_800_000L;

  private long seconds;

  private Turn turn() {
    return new Turn(new Moment(seconds * 1_000_000_000, WALL + seconds * 1_000));
  }

  /// One node: its log, its book, and what it said and did.
  private final class Party {
    final SigningKey key;
    final OrganizationId organization;
    final MemoryStatementLog log;
    final CoreConfig config;
    WitnessBook book;
    final List<Effect> done = new ArrayList<>();

    Party(String name, int required) {
      this(name, name, required);
    }

    /// @param log names the log, so that two may claim to be one
    Party(String name, String log, int required) {
      key = SigningKey.fromSeed(hash(name).toByteString());
      organization = new OrganizationId(hash("organization of " + name));
      this.log = new MemoryStatementLog(new LogId(hash(log).toByteString().substring(0, 16)));
      config =
          new CoreConfig(
              NETWORK,
              organization,
              key.id(),
              "test",
              "",
              List.of(),
              CoreConfig.Mode.ENFORCE,
              TrustPolicy.DEFAULT,
              0,
              List.of());
      begin(required);
    }

    void begin(int required) {
      book = new WitnessBook(config, log, new Witnessing(key, required, new Signatures()));
      Turn turn = turn();
      book.recover(turn).ifPresent(wrong -> done.add(new Effect.Halt(wrong)));
    }

    void append(int from, int to) {
      for (int number = from; number < to; number++) {
        LogEntry _ = log.append(endorsement(number), WALL + number);
      }
      log.commit();
    }

    List<String> halts() {
      return done.stream()
          .filter(Effect.Halt.class::isInstance)
          .map(it -> ((Effect.Halt) it).reason())
          .toList();
    }

    List<HistoryProof> proofs() {
      return done.stream()
          .filter(Effect.KeepProof.class::isInstance)
          .map(it -> HistoryProof.parse(((Effect.KeepProof) it).text(), new Signatures()))
          .toList();
    }
  }

  private static Sha256 hash(String text) {
    return Sha256.of(ByteString.copyFromUtf8(text));
  }

  private static Envelope endorsement(int number) {
    SigningKey key = SigningKey.fromSeed(hash("signer").toByteString());
    StatementId some = new StatementId(hash("alert " + number));
    Header header =
        new Header(
            NETWORK,
            Optional.of(new OrganizationId(hash("issuer"))),
            key.id(),
            2 + number,
            Optional.of(some),
            WALL,
            0,
            WALL / Header.HOUR_MILLIS,
            0);
    return Envelopes.sign(new Statement.Endorsement(header, some), List.of(key));
  }

  /// Two ends of a stream, each as the other sees it.
  private final class Link {
    final Party one;
    final Party other;
    final Peer otherSeenByOne;
    final Peer oneSeenByOther;

    Link(Party one, Party other) {
      this.one = one;
      this.other = other;
      otherSeenByOne = peer(other, 2);
      oneSeenByOther = peer(one, 1);
    }

    private Peer peer(Party party, long number) {
      Peer peer = new Peer(new PeerId(number), party.key.id(), Optional.empty(), 0);
      peer.hello =
          Optional.of(
              new Frame.Hello(
                  1, 1, NETWORK, party.organization, party.log.id(), List.of(), "test", ""));
      peer.member = true;
      return peer;
    }

    void greet() {
      Turn ofOne = turn();
      one.book.greeted(otherSeenByOne, ofOne);
      Turn ofOther = turn();
      other.book.greeted(oneSeenByOther, ofOther);
      carry(ofOne, ofOther);
    }

    /// Half a minute passes, and both say what they have to say.
    void round() {
      seconds += 30;
      Turn ofOne = turn();
      one.book.tick(List.of(otherSeenByOne), ofOne);
      one.book.update(ofOne);
      Turn ofOther = turn();
      other.book.tick(List.of(oneSeenByOther), ofOther);
      other.book.update(ofOther);
      carry(ofOne, ofOther);
    }

    private void carry(Turn ofOne, Turn ofOther) {
      Deque<Effect> fromOne = new ArrayDeque<>(ofOne.effects());
      Deque<Effect> fromOther = new ArrayDeque<>(ofOther.effects());
      for (int step = 0; step < 1_000 && !(fromOne.isEmpty() && fromOther.isEmpty()); step++) {
        fromOther.addAll(deliver(fromOne.pollFirst(), one, other, oneSeenByOther));
        fromOne.addAll(deliver(fromOther.pollFirst(), other, one, otherSeenByOne));
      }
      assertThat(fromOne).as("frames without end").isEmpty();
      one.log.commit();
      other.log.commit();
    }

    private List<Effect> deliver(Effect effect, Party from, Party to, Peer sender) {
      if (!(effect instanceof Effect.Send send)) {
        if (effect != null) {
          from.done.add(effect);
        }
        return List.of();
      }
      Turn turn = turn();
      switch (send.frame()) {
        case Frame.Checkpoint it -> assertThat(to.book.shown(sender, it, turn)).isEmpty();
        case Frame.Witnessed it -> to.book.witnessed(sender, it, turn);
        default -> throw new AssertionError("a witness says " + send.frame());
      }
      return turn.effects();
    }
  }

  private Witnesses view(Party party) {
    return party.book.view(turn());
  }

  @Test
  void peersCosignEachOthersGrowingLogs() {
    Party a = new Party("a", 2);
    Party b = new Party("b", 2);
    Link link = new Link(a, b);
    link.greet();
    a.append(0, 3);
    link.round();
    for (int size : new int[] {3, 4, 11, 12, 64, 65}) {
      a.append((int) a.log.size(), size);
      link.round();
      link.round();
      var note = view(a).checkpoint().orElseThrow();
      assertThat(Checkpoint.of(note).head().size()).isEqualTo(size);
      assertThat(
              note.cosignedAtMillis(
                  Checkpoint.witness(b.key.id()), b.key.publicKey(), new Signatures()))
          .isPresent();
    }
    assertThat(a.done).isEmpty();
    assertThat(b.done).isEmpty();
    assertThat(view(a).fresh()).isEqualTo(1);
    assertThat(view(a).exposed()).isEmpty();
  }

  @Test
  void aNewOrSmallNetworkIsUsable() {
    Party alone = new Party("alone", 2);
    seconds += 100_000;
    assertThat(alone.book.takesNewOverrides(turn())).isTrue();
    assertThat(alone.book.servesOverrides(turn())).isTrue();
    Party a = new Party("a", 2);
    Party b = new Party("b", 2);
    new Link(a, b).round();
    assertThat(view(a).required()).isEqualTo(1);
    assertThat(a.book.takesNewOverrides(turn())).isTrue();
  }

  @Test
  void withoutFreshCheckpointsNoNewOverridesAndThenNone() {
    Party a = new Party("a", 2);
    Party b = new Party("b", 2);
    Link link = new Link(a, b);
    link.round();
    seconds += 299;
    assertThat(a.book.update(turn())).isFalse();
    seconds += 2;
    Turn turn = turn();
    assertThat(a.book.update(turn)).isTrue();
    assertThat(turn.effects().toString()).contains("no new overrides are taken");
    assertThat(a.book.takesNewOverrides(turn())).isFalse();
    assertThat(a.book.servesOverrides(turn())).isTrue();
    seconds += 3_300;
    assertThat(a.book.update(turn())).isTrue();
    assertThat(a.book.servesOverrides(turn())).isFalse();
    // Restarted, it still knows that it had witnesses; five minutes of grace, no more.
    a.begin(2);
    assertThat(a.book.takesNewOverrides(turn())).isTrue();
    seconds += 301;
    assertThat(a.book.takesNewOverrides(turn())).isFalse();
    link.round();
    link.round();
    assertThat(a.book.takesNewOverrides(turn())).isTrue();
  }

  @Test
  void aPolicyOfNoneAsksForNothing() {
    Party a = new Party("a", 0);
    Party b = new Party("b", 0);
    new Link(a, b).round();
    seconds += 10_000;
    assertThat(a.book.servesOverrides(turn())).isTrue();
  }

  /// The folder was copied back by hand: its log, and what it remembers of what it signed, are old.
  @Test
  void aNodeThatWasPutBackHaltsBeforeItSigns() {
    Party a = new Party("a", 2);
    Party b = new Party("b", 2);
    a.append(0, 9);
    new Link(a, b).round();
    Party old = new Party("a", 2);
    old.append(0, 5);
    Link again = new Link(old, b);
    again.greet();
    again.round();
    assertThat(old.halts().getFirst()).contains("put back to an older state");
    Party rewritten = new Party("a", 2);
    rewritten.append(100, 120);
    new Link(rewritten, b).greet();
    assertThat(rewritten.halts().getFirst()).contains("another history");
    assertThat(b.proofs()).isEmpty();
  }

  @Test
  void aLogThatWentBackIsProven() {
    Party liar = new Party("liar", 2);
    Party b = new Party("b", 2);
    liar.append(0, 9);
    new Link(liar, b).round();
    Party smaller = new Party("liar", 2);
    smaller.append(0, 7);
    new Link(smaller, b).round();
    assertThat(b.proofs()).hasSize(1);
    assertThat(b.proofs().getFirst().sentence()).contains("later only 7");
    assertThat(b.proofs().getFirst().node()).isEqualTo(liar.key.publicKey());
    assertThat(view(b).exposed()).containsExactly(liar.log.id());
  }

  /// One history for b, another for c, which begin alike. Then b and c talk, and each talks with
  /// its half of the liar once more: at least one of them holds the proof, whatever the sizes.
  @Test
  void aForkIsExposedToTwoHonestPeersThatTalk() {
    for (int sizeForC : new int[] {20, 21, 27, 35}) {
      seconds = 0;
      Party forB = new Party("liar", 2);
      Party forC = new Party("liar", 2);
      forB.append(0, 10);
      forC.append(0, 10);
      forB.append(100, 110);
      forC.append(200, 190 + sizeForC);
      Party b = new Party("b " + sizeForC, 2);
      Party c = new Party("c " + sizeForC, 2);
      Link withB = new Link(forB, b);
      Link withC = new Link(forC, c);
      Link honest = new Link(b, c);
      withB.round();
      withC.round();
      assertThat(b.proofs()).isEmpty();
      assertThat(c.proofs()).isEmpty();
      for (int round = 0; round < 3; round++) {
        honest.round();
        forB.append(1_000 + 40 * round, 1_000 + 40 * round + 13);
        forC.append(2_000 + 40 * round, 2_000 + 40 * round + 7);
        withB.round();
        withC.round();
      }
      List<HistoryProof> proofs = new ArrayList<>(b.proofs());
      proofs.addAll(c.proofs());
      assertThat(proofs).as("size for c: " + sizeForC).isNotEmpty();
      assertThat(proofs.getFirst().node()).isEqualTo(forB.key.publicKey());
    }
  }

  @Test
  void anotherNodeCannotSpeakForALog() {
    Party a = new Party("a", 2);
    Party thief = new Party("thief", "a", 2);
    Party b = new Party("b", 2);
    a.append(0, 9);
    new Link(a, b).round();
    thief.append(50, 53);
    new Link(thief, b).round();
    assertThat(b.done).isEmpty();
    assertThat(view(b).exposed()).isEmpty();
  }

  /// A peer with a clock of its own cosigns what `party` has signed last.
  private void cosigns(Party party, Party witness, long aheadMillis) {
    Peer peer = new Link(party, witness).otherSeenByOne;
    var note = view(party).checkpoint().orElseThrow();
    var cosignature =
        note.cosignature(
            Checkpoint.witness(witness.key.id()),
            witness.key,
            WALL + seconds * 1_000 + aheadMillis);
    Turn turn = turn();
    party.book.witnessed(
        peer,
        new Frame.Witnessed(
            party.log.id(), Checkpoint.of(note).head().size(), Optional.of(cosignature)),
        turn);
    party.book.update(turn);
    party.done.addAll(turn.effects());
  }

  private Party dated(long... aheadMillis) {
    Party party = new Party("dated", 0);
    party.append(0, 2);
    seconds += 600;
    Turn turn = turn();
    party.book.tick(List.of(), turn);
    for (int i = 0; i < aheadMillis.length; i++) {
      cosigns(party, new Party("witness " + i, 0), aheadMillis[i]);
    }
    return party;
  }

  private long correction(Party party) {
    return party.book.clockCorrectionMillis(turn().now());
  }

  @Test
  void theMedianOfTheWitnessesIsTheClock() {
    assertThat(correction(dated(60_000, 60_000))).as("two are no median").isZero();
    assertThat(correction(dated(3_000, -3_000, 2_000))).as("noise").isZero();
    assertThat(correction(dated(60_000, 61_000, 0))).isEqualTo(60_000);
    assertThat(correction(dated(-100_000, -90_000, 80_000))).isEqualTo(-90_000);
    assertThat(correction(dated(10_000_000, 0, 0, 0))).as("one that lies").isZero();
    Party old = dated(60_000, 60_000, 60_000);
    seconds += 301;
    assertThat(correction(old)).as("what was seen long ago").isZero();
  }

  @Test
  void aClockFarFromItsWitnessesIsNotFollowedAndNotTrusted() {
    Party party = dated(400_000, 400_000, 400_000);
    assertThat(correction(party)).isZero();
    assertThat(party.book.takesNewOverrides(turn())).isFalse();
    assertThat(party.book.servesOverrides(turn())).isTrue();
    assertThat(party.done)
        .anyMatch(it -> it instanceof Effect.Notice notice && notice.text().contains("clock"));
    for (int minute = 0; minute < 60; minute++) {
      seconds += 60;
      Turn turn = turn();
      party.book.tick(List.of(), turn);
      for (int i = 0; i < 3; i++) {
        cosigns(party, new Party("witness " + i, 0), 400_000);
      }
    }
    assertThat(party.book.servesOverrides(turn())).isFalse();
    for (int i = 0; i < 3; i++) {
      cosigns(party, new Party("witness " + i, 0), 0);
    }
    assertThat(party.book.takesNewOverrides(turn())).isTrue();
    assertThat(party.book.servesOverrides(turn())).isTrue();
  }
}
