package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tocsin.trust.Envelope;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// What every `StatementLog` keeps.
abstract class StatementLogContract {
  private StatementLog log;

  /// A log with nothing in it.
  abstract StatementLog create();

  /// The same log after its process died without a word.
  abstract StatementLog crash(StatementLog log);

  @BeforeEach
  void open() {
    log = create();
  }

  @AfterEach
  void close() {
    log.close();
  }

  final StatementLog log() {
    return log;
  }

  final StatementLog crash() {
    log = crash(log);
    return log;
  }

  private List<LogEntry> append(int... numbers) {
    List<LogEntry> entries = new ArrayList<>();
    for (int number : numbers) {
      entries.add(log.append(Samples.envelope(number), 10_000 + number));
    }
    return entries;
  }

  @Test
  void beginsEmpty() {
    assertThat(log.size()).isZero();
    assertThat(log.root()).isEqualTo(Sha256.of());
    assertThat(log.get(0)).isEmpty();
    assertThat(log.contains(Samples.envelope(1).id())).isFalse();
    assertThat(log.get(Samples.envelope(1).id())).isEmpty();
    assertThat(log.scan(0, 10)).isEmpty();
    assertThat(log.latestOf(Samples.key(0))).isEmpty();
    assertThat(log.feed(Samples.key(0), 0, 10)).isEmpty();
    assertThat(log.alertsFor(Samples.name(0), 10)).isEmpty();
    assertThat(log.refused(10)).isEmpty();
    assertThat(log.recallAll("")).isEmpty();
    assertThat(log.verify()).isEqualTo(new LogCheck(0, Sha256.of(), Optional.empty()));
  }

  @Test
  void readsItsOwnUncommittedWrites() {
    List<LogEntry> entries = append(1, 2, 3);
    assertThat(log.size()).isEqualTo(3);
    assertThat(log.scan(0, 10)).isEqualTo(entries);
    assertThat(log.get(1)).contains(entries.get(1));
    assertThat(log.contains(entries.get(1).envelope().id())).isTrue();
    assertThat(log.get(entries.get(2).envelope().id())).contains(entries.get(2));
    assertThat(log.latestOf(Samples.key(1))).contains(entries.get(0));
    assertThat(log.alertsFor(Samples.name(0), 9)).containsExactly(entries.get(0), entries.get(2));
    log.commit();
    List<LogEntry> all = new ArrayList<>(entries);
    all.addAll(append(4));
    assertThat(log.scan(0, 10)).isEqualTo(all);
    assertThat(log.feed(Samples.key(1), 0, 10)).containsExactly(all.get(0), all.get(3));
  }

  @Test
  void keepsIndexTimeAndWireBytes() {
    LogEntry entry = log.append(Samples.envelope(7), 123_456);
    log.commit();
    assertThat(entry.index()).isZero();
    assertThat(entry.firstSeenMillis()).isEqualTo(123_456);
    assertThat(log.get(0)).contains(entry);
    assertThat(log.get(0).orElseThrow().envelope().wire()).isEqualTo(Samples.envelope(7).wire());
  }

  @Test
  void rootIsTheMerkleTreeHashOverItsLeaves() {
    MerkleTree tree = new MerkleTree();
    for (int number = 0; number < 20; number++) {
      tree.append(log.append(Samples.envelope(number), number).leaf());
      assertThat(log.root()).isEqualTo(tree.root());
      if (number % 3 == 0) {
        log.commit();
        assertThat(log.root()).isEqualTo(tree.root());
      }
    }
  }

  @Test
  void refusesToHoldAStatementTwice() {
    append(1);
    assertThatThrownBy(() -> append(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Samples.envelope(1).id().toString());
    log.commit();
    assertThatThrownBy(() -> append(1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(log.size()).isEqualTo(1);
    assertThat(append(2).getFirst().index()).isEqualTo(1);
  }

  @Test
  void scansFromAnyIndexAndNoFurtherThanAsked() {
    List<LogEntry> entries = append(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    log.commit();
    assertThat(log.scan(3, 4)).isEqualTo(entries.subList(3, 7));
    assertThat(log.scan(8, 100)).isEqualTo(entries.subList(8, 10));
    assertThat(log.scan(10, 1)).isEmpty();
    assertThat(log.scan(Long.MAX_VALUE, 1)).isEmpty();
    assertThat(log.scan(0, 0)).isEmpty();
    assertThat(log.get(10)).isEmpty();
    assertThat(log.get(-1)).isEmpty();
    assertThatThrownBy(() -> log.scan(-1, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFeedGoesBySequenceAndThenByArrival() {
    LogEntry third = log.append(Samples.envelope(1, 0, 300, 0, 100), 1);
    LogEntry first = log.append(Samples.envelope(2, 0, 1, 0, 100), 2);
    LogEntry equivocal = log.append(Samples.envelope(3, 0, 300, 0, 100), 3);
    LogEntry other = log.append(Samples.envelope(4, 1, 500, 0, 100), 4);
    log.commit();
    LogEntry second = log.append(Samples.envelope(5, 0, 255, 0, 100), 5);
    assertThat(log.feed(Samples.key(0), 0, 10)).containsExactly(first, second, third, equivocal);
    assertThat(log.feed(Samples.key(0), 2, 2)).containsExactly(second, third);
    assertThat(log.feed(Samples.key(0), 301, 2)).isEmpty();
    assertThat(log.feed(Samples.key(0), -5, 1)).containsExactly(first);
    assertThat(log.feed(Samples.key(0), 0, 0)).isEmpty();
    assertThat(log.latestOf(Samples.key(0))).contains(third);
    assertThat(log.latestOf(Samples.key(1))).contains(other);
    assertThat(log.latestOf(Samples.key(2))).isEmpty();
  }

  @Test
  void alertsAreFoundByTheVeryNameOnly() {
    List<List<LogEntry>> expected = new ArrayList<>();
    for (int name = 0; name < 5; name++) {
      expected.add(List.of(log.append(Samples.envelope(name, 0, 1, 1 << name, 100), 0)));
    }
    log.commit();
    for (int name = 0; name < 5; name++) {
      assertThat(log.alertsFor(Samples.name(name), 10)).isEqualTo(expected.get(name));
    }
    LogEntry both = log.append(Samples.envelope(9, 0, 1, 0b11, 100), 0);
    assertThat(log.alertsFor(Samples.name(0), 10)).containsExactly(expected.get(0).get(0), both);
    assertThat(log.alertsFor(Samples.name(1), 10)).endsWith(both);
    assertThat(log.alertsFor(Samples.name(0), 1)).isEqualTo(expected.get(0));
    assertThat(log.alertsFor(Samples.name(0), 0)).isEmpty();
  }

  @Test
  void aCrashForgetsWhatWasNotCommittedAndNothingElse() {
    List<LogEntry> kept = append(1, 2);
    log.remember("serial", Samples.bytes("1"));
    log.remember("task", Samples.bytes("flush"));
    log.refuse(Samples.refused(50, "unknown"));
    log.commit();
    Sha256 root = log.root();
    LogId id = log.id();
    append(3, 4);
    log.remember("serial", Samples.bytes("2"));
    log.forget("task");
    log.unrefuse(Samples.envelope(50).id());
    log.refuse(Samples.refused(51, "late"));

    crash();

    assertThat(log.id()).isEqualTo(id);
    assertThat(log.size()).isEqualTo(2);
    assertThat(log.root()).isEqualTo(root);
    assertThat(log.scan(0, 10)).isEqualTo(kept);
    assertThat(log.contains(Samples.envelope(3).id())).isFalse();
    assertThat(log.feed(Samples.key(0), 0, 10)).isEmpty();
    assertThat(log.alertsFor(Samples.name(0), 10)).containsExactly(kept.get(0));
    assertThat(log.recallAll(""))
        .containsExactly(
            Map.entry("serial", Samples.bytes("1")), Map.entry("task", Samples.bytes("flush")));
    assertThat(log.refused(10)).containsExactly(Samples.refused(50, "unknown"));
    assertThat(log.verify().ok()).isTrue();
    assertThat(append(3).getFirst().index()).isEqualTo(2);
  }

  @Test
  void refusedStatementsAreShownNewestFirst() {
    for (int number = 0; number < 5; number++) {
      log.refuse(Samples.refused(number, "reason " + number));
    }
    log.commit();
    assertThat(log.refused(2))
        .containsExactly(Samples.refused(4, "reason 4"), Samples.refused(3, "reason 3"));
    assertThat(log.refused(100)).hasSize(5);
    assertThat(log.refusedCount()).isEqualTo(5);
    assertThat(log.refused(0)).isEmpty();
    assertThat(log.refused(Samples.envelope(1).id())).contains(Samples.refused(1, "reason 1"));
    assertThat(log.refused(Samples.envelope(9).id())).isEmpty();
    assertThat(log.contains(Samples.envelope(1).id())).isFalse();
    assertThat(log.size()).isZero();
  }

  @Test
  void aSecondRefusalReplacesTheReasonAndKeepsPlaceAndTime() {
    log.refuse(Samples.refused(0, "first"));
    log.refuse(Samples.refused(1, "other"));
    RefusedStatement later = new RefusedStatement(Samples.envelope(0), 999_999, "second", false);
    log.refuse(later);
    assertThat(log.refused(10))
        .containsExactly(
            Samples.refused(1, "other"),
            new RefusedStatement(Samples.envelope(0), 1_000, "second", false));
  }

  @Test
  void anUnrefusedStatementIsForgotten() {
    log.refuse(Samples.refused(0, "first"));
    log.refuse(Samples.refused(1, "other"));
    log.commit();
    log.unrefuse(Samples.envelope(0).id());
    log.unrefuse(Samples.envelope(77).id());
    assertThat(log.refused(10)).containsExactly(Samples.refused(1, "other"));
    assertThat(log.refused(Samples.envelope(0).id())).isEmpty();
    log.commit();
    assertThat(log.refused(10)).containsExactly(Samples.refused(1, "other"));
  }

  @Test
  void keepsNoMoreRefusedStatementsThanItsLimit() {
    for (int number = 0; number < StatementLog.MAX_REFUSED + 3; number++) {
      log.refuse(Samples.refused(number, "flood"));
      if (number % 1_000 == 0) {
        log.commit();
      }
    }
    List<RefusedStatement> kept = log.refused(Integer.MAX_VALUE);
    assertThat(kept).hasSize(StatementLog.MAX_REFUSED);
    assertThat(log.refusedCount()).isEqualTo(StatementLog.MAX_REFUSED);
    assertThat(kept.getLast()).isEqualTo(Samples.refused(3, "flood"));
    assertThat(log.refused(Samples.envelope(2).id())).isEmpty();
  }

  @Test
  void aReasonIsCut() {
    log.refuse(Samples.refused(0, "x".repeat(5_000)));
    assertThat(log.refused(1).getFirst().reason()).hasSize(1_000);
  }

  @Test
  void factsAreRememberedAndForgotten() {
    log.remember("flush/1", Samples.bytes("a"));
    log.remember("flush/2", Samples.bytes("b"));
    log.remember("flush", Samples.bytes("c"));
    log.remember("flusi", ByteString.EMPTY);
    log.commit();
    log.remember("flush/2", Samples.bytes("B"));
    log.forget("flush");
    log.forget("never");
    assertThat(log.recall("flush/1")).contains(Samples.bytes("a"));
    assertThat(log.recall("flush/2")).contains(Samples.bytes("B"));
    assertThat(log.recall("flush")).isEmpty();
    assertThat(log.recall("flusi")).contains(ByteString.EMPTY);
    assertThat(log.recallAll("flush/").keySet()).containsExactly("flush/1", "flush/2");
    assertThat(log.recallAll("").keySet()).containsExactly("flush/1", "flush/2", "flusi");
    assertThat(log.recallAll("z")).isEmpty();
    assertThat(log.size()).isZero();
    assertThat(log.root()).isEqualTo(Sha256.of());
  }

  @Test
  void factsHaveLimits() {
    assertThatThrownBy(() -> log.remember("", ByteString.EMPTY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> log.remember("a b", ByteString.EMPTY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> log.remember("\u00e4", ByteString.EMPTY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> log.remember("k".repeat(257), ByteString.EMPTY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> log.remember("k", ByteString.copyFrom(new byte[Limits.FACT_BYTES + 1])))
        .isInstanceOf(IllegalArgumentException.class);
    log.remember("k".repeat(256), ByteString.copyFrom(new byte[Limits.FACT_BYTES]));
    assertThat(log.recallAll("")).hasSize(1);
  }

  @Test
  void aCommitOfNothingIsNothing() {
    log.commit();
    append(1);
    log.commit();
    log.commit();
    assertThat(log.size()).isEqualTo(1);
  }

  @Test
  void verifyCoversWhatIsCommitted() {
    append(1, 2, 3);
    log.commit();
    Sha256 root = log.root();
    append(4);
    LogCheck check = log.verify();
    assertThat(check).isEqualTo(new LogCheck(3, root, Optional.empty()));
  }

  @Test
  void anEnvelopeOfTheLargestSizeFits() {
    Envelope largest = Samples.envelope(1, 0, 1, 1, Envelope.MAX_WIRE_BYTES);
    StatementId id = log.append(largest, 1).envelope().id();
    log.commit();
    assertThat(log.get(id).orElseThrow().envelope()).isEqualTo(largest);
  }

  @Test
  void provesEveryStatementAndEveryEarlierSize() {
    List<Sha256> roots = new ArrayList<>();
    roots.add(MerkleTree.EMPTY);
    for (int number = 0; number < 700; number++) {
      LogEntry _ = log().append(Samples.envelope(number), number);
      roots.add(log().root());
      if (number % 50 == 3) {
        log().commit();
      }
    }
    provesAll(roots);
    log().commit();
    provesAll(roots);
    crash();
    provesAll(roots);
    assertThatThrownBy(() -> log().inclusionProof(700, 700))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> log().consistencyProof(3, 701))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> log().rootAt(701)).isInstanceOf(IllegalArgumentException.class);
  }

  private void provesAll(List<Sha256> roots) {
    for (int size : new int[] {1, 2, 255, 256, 257, 300, 511, 512, 513, 699, 700}) {
      assertThat(log().rootAt(size)).isEqualTo(roots.get(size));
      for (int index = 0; index < size; index += 1 + size / 7) {
        Sha256 leaf = MerkleTree.leafHash(log().get(index).orElseThrow().leaf());
        assertThat(
                Proofs.includes(
                    leaf, index, size, log().inclusionProof(index, size), roots.get(size)))
            .isTrue();
        assertThat(
                Proofs.extend(
                    index,
                    roots.get(index),
                    size,
                    roots.get(size),
                    log().consistencyProof(index, size)))
            .isTrue();
      }
    }
  }

  @Test
  void onlyWhatIsCommittedMayBeSigned() {
    assertThat(log().anchored()).isEqualTo(LogHead.EMPTY);
    LogEntry _ = log().append(Samples.envelope(0), 0);
    assertThat(log().anchored()).isEqualTo(LogHead.EMPTY);
    log().commit();
    assertThat(log().verify().ok()).isTrue();
    assertThat(log().anchored()).isEqualTo(new LogHead(1, log().root()));
  }
}
