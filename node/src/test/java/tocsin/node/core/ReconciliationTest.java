package tocsin.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tocsin.trust.Envelope;
import tocsin.trust.Role;

/// How gaps close between two nodes, through their doors, with what it takes on the wire.
class ReconciliationTest {
  private static final int HELD = 1_500;

  /// Statements of the size used here that are sent ahead, at least.
  private static final int PORTIONS_AHEAD = 700;

  private final TwoCores two = new TwoCores();

  /// Both hold a good deal, and each of them something alone, scattered through its log.
  private void hold(int leftAlone, int rightAlone) {
    int all = Math.max(HELD, leftAlone + rightAlone);
    for (int i = 0; i < all; i++) {
      Envelope envelope = two.news();
      boolean notLeft = i < rightAlone;
      boolean notRight = !notLeft && i < rightAlone + leftAlone;
      if (!notLeft) {
        TwoCores.append(two.left, envelope);
      }
      if (!notRight) {
        TwoCores.append(two.right, envelope);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,0", "0,1", "7,0", "0,100", "60,60", "0,350", "200,300"})
  void whoNeverMetFindWhatIsScatteredInTwoRoundTrips(int leftAlone, int rightAlone) {
    hold(leftAlone, rightAlone);
    two.start();
    // Hello, digests and the answers to both.
    two.talk();
    two.passes(20_000);
    assertThat(two.agree()).isTrue();
    assertThat(two.said(Frame.Resume.class)).isEmpty();
    assertThat(two.said(Frame.Compare.class)).hasSizeLessThanOrEqualTo(2);
    int differences = leftAlone + rightAlone;
    long bytes = 0;
    for (Frame frame : two.frames) {
      if (frame instanceof Frame.Compare
          || frame instanceof Frame.Symbols
          || frame instanceof Frame.Want) {
        bytes += TwoCores.overheadBytes(frame);
      }
    }
    if (differences >= 100 && two.said(Frame.Compare.class).size() == 1) {
      assertThat(bytes / (double) differences).isLessThanOrEqualTo(30);
    }
  }

  @Test
  void theSameStatementsCostNothing() {
    hold(0, 0);
    two.start();
    two.talk();
    two.passes(60_000);
    assertThat(two.said(Frame.Compare.class)).isEmpty();
    assertThat(two.said(Frame.Resume.class)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1", "150", "2000"})
  void aKnownPeersGapCostsOneRoundTrip(int gap) {
    hold(0, 0);
    two.start();
    two.talk();
    two.passes(6_000);
    two.disconnect();
    List<Envelope> missed = new ArrayList<>();
    for (int i = 0; i < gap; i++) {
      missed.add(two.news());
      two.submits(two.right, missed.getLast());
    }
    two.frames.clear();
    two.connect();
    // Hello; digests and the resume; the log.
    assertThat(two.talk()).isLessThanOrEqualTo(gap <= PORTIONS_AHEAD ? 4 : 8);
    assertThat(missed).allMatch(two.left::has);
    assertThat(two.said(Frame.Compare.class)).isEmpty();
    assertThat(two.said(Frame.Appended.class).stream().mapToInt(it -> it.envelopes().size()).sum())
        .isEqualTo(gap);
    long bytes =
        two.frames.stream()
            .filter(it -> it instanceof Frame.Resume || it instanceof Frame.Appended)
            .mapToLong(TwoCores::overheadBytes)
            .sum();
    assertThat(bytes).isLessThanOrEqualTo(128 + 4L * gap);
  }

  @Test
  void aLostPushIsNoticedWithinFiveSecondsAndRepairedWithinSix() {
    hold(0, 0);
    two.start();
    two.talk();
    two.passes(7_300);
    Envelope lost = two.news();
    two.submits(two.right, lost);
    two.loses(Frame.Push.class);
    two.passes(5_000);
    assertThat(two.left.has(lost)).isTrue();
  }

  @Test
  void aNewcomerReadsTheLogInItsOrder() {
    hold(0, HELD);
    two.start();
    two.talk();
    two.passes(10_000);
    assertThat(two.agree()).isTrue();
    assertThat(two.said(Frame.Compare.class)).isEmpty();
  }

  /// Whatever came last in the log: who vouched for the submitter, its profile, its alert, and what
  /// another one says of it.
  @Test
  void aNewcomerLearnsFirstWhatIsLive() {
    hold(0, Limits.HEAD_START_GAP);
    Speaker late = new Speaker("late");
    Envelope vouch = two.anchor.vouch(late, "bank.test", Role.SUBMITTER);
    Envelope alert = late.override("www.bank.test");
    Envelope endorsement = two.right.organization.endorse(alert);
    List<Envelope> live = List.of(vouch, late.profile, alert, endorsement);
    live.forEach(it -> TwoCores.append(two.right, it));
    two.start();
    two.talk();
    two.passes(10_000);
    Frame.Appended first = two.said(Frame.Appended.class).getFirst();
    assertThat(first.next()).isZero();
    assertThat(first.envelopes()).containsAll(live).hasSizeLessThan(live.size() + 4);
    assertThat(two.left.log.scan(0, 20).stream().map(it -> it.envelope())).containsAll(live);
    assertThat(two.agree()).isTrue();
  }

  @Test
  void whoLacksLittleReadsTheLogAsItIs() {
    hold(0, Limits.HEAD_START_GAP / 2);
    TwoCores.append(two.right, two.right.organization.override("www.bank.test"));
    two.start();
    two.talk();
    two.passes(10_000);
    assertThat(two.said(Frame.Appended.class)).allMatch(it -> it.next() > 0);
    assertThat(two.agree()).isTrue();
  }

  /// Different statements with one number; whoever signs them may tell everybody something else.
  private List<Envelope> contradictions(int count) {
    Speaker liar = new Speaker("liar");
    for (TwoCores.Side side : List.of(two.left, two.right)) {
      TwoCores.append(side, liar.profile);
    }
    Envelope vouch = two.anchor.vouch(liar, "bank.test", Role.SUBMITTER);
    List.of(two.left, two.right).forEach(side -> TwoCores.append(side, vouch));
    List<Envelope> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(new Speaker("liar").override("name-" + i + ".bank.test"));
    }
    return all;
  }

  /// They hold different ones of them, as long as nobody stands between.
  ///
  /// @param left places of those that the left one holds, each a digit
  @ParameterizedTest
  @CsvSource({
    "01,23",
    "01,012",
    "01,2",
    "2,01",
    "012,2",
    "2,012",
    "012345,56",
    "01,''",
    "'',01",
    "0,1"
  })
  void whatContradictsItselfEndsNoAgreement(String left, String right) {
    hold(0, 0);
    List<Envelope> versions = contradictions(7);
    left.chars().forEach(it -> TwoCores.append(two.left, versions.get(it - '0')));
    right.chars().forEach(it -> TwoCores.append(two.right, versions.get(it - '0')));
    two.start();
    two.talk();
    two.passes(60_000);
    for (TwoCores.Side side : List.of(two.left, two.right)) {
      assertThat(versions.stream().filter(side::has).count()).as("a proof").isGreaterThan(1);
    }
    two.frames.clear();
    Envelope news = two.news();
    two.submits(two.left, news);
    two.talk();
    two.passes(120_000);
    assertThat(two.right.has(news)).isTrue();
    assertThat(two.said(Frame.Digests.class)).hasSize(2);
    assertThat(two.said(Frame.Digests.class).stream().map(Frame.Digests::anchors).distinct())
        .as("both carry the same")
        .hasSize(1);
    assertThat(two.said(Frame.Compare.class)).isEmpty();
  }

  /// It counted when the symbols were made.
  @Test
  void whatIsContradictedLaterIsTakenOutOfTheSymbols() {
    hold(0, 0);
    List<Envelope> versions = contradictions(2);
    TwoCores.append(two.left, versions.getFirst());
    TwoCores.append(two.right, versions.getFirst());
    two.start();
    two.talk();
    two.passes(6_000);
    two.submits(two.left, two.news());
    two.loses(Frame.Push.class);
    two.passes(10_000);
    assertThat(two.said(Frame.Compare.class)).as("symbols are made").isNotEmpty();
    two.submits(two.left, versions.getLast());
    two.loses(Frame.Push.class);
    two.passes(10_000);
    assertThat(two.right.has(versions.getLast())).isTrue();
    two.frames.clear();
    two.submits(two.right, two.news());
    two.loses(Frame.Push.class);
    two.passes(10_000);
    assertThat(two.agree()).isTrue();
    assertThat(two.said(Frame.Compare.class)).hasSize(1);
    assertThat(two.said(Frame.Want.class)).allMatch(it -> it.cuts().size() == 1);
  }

  @Test
  void whatSymbolsCannotShowIsReadFromTheLog() {
    // More than any prefix can tell.
    hold(2_200, 2_200);
    two.start();
    two.talk();
    two.passes(200_000);
    assertThat(two.agree()).isTrue();
  }
}
