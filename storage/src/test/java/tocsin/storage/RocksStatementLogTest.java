package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tocsin.trust.Sha256;

class RocksStatementLogTest extends StatementLogContract {
  private static final String OTHER_ROWS =
      "its facts, its refused statements or a signature are not those of its last commit";

  @TempDir(factory = FastFolders.class)
  private Path folder;

  @Override
  StatementLog create() {
    return RocksStatementLog.open(folder, Samples::read);
  }

  /// Closing writes no statement, so what it leaves is what a crash leaves; `KillIT` does it for
  /// real.
  @Override
  StatementLog crash(StatementLog log) {
    log.close();
    return create();
  }

  private static <T> T inAnotherThread(Callable<T> question) throws Exception {
    FutureTask<T> task = new FutureTask<>(question);
    Thread.ofPlatform().start(task);
    return task.get();
  }

  @Test
  void growsOverManyRestarts() {
    MerkleTree tree = new MerkleTree();
    for (int number = 0; number < 60; number++) {
      tree.append(log().append(Samples.envelope(number), number).leaf());
      log().commit();
      if (number % 7 == 0) {
        crash();
      }
      assertThat(log().size()).isEqualTo(number + 1);
      assertThat(log().root()).isEqualTo(tree.root());
    }
    assertThat(log().verify().ok()).isTrue();
  }

  @Test
  void theCheckShowsEveryStatementInOrder() {
    int count = 3 * Limits.SCRUB_PORTION + 5;
    for (int number = 0; number < count; number++) {
      LogEntry _ = log().append(Samples.envelope(number), number);
    }
    log().commit();
    List<LogEntry> all = log().scan(0, count);
    log().close();
    List<LogEntry> shown = new ArrayList<>();
    try (RocksStatementLog again = RocksStatementLog.open(folder, Samples::read, shown::add)) {
      assertThat(again.size()).isEqualTo(count);
    }
    assertThat(shown).isEqualTo(all);
  }

  @Test
  void otherThreadsSeeWhatIsCommittedOnly() throws Exception {
    LogEntry first = log().append(Samples.envelope(0, 0, 1, 1, 100), 0);
    log().remember("fact", Samples.bytes("old"));
    log().commit();
    Sha256 root = log().root();
    LogEntry second = log().append(Samples.envelope(1, 0, 2, 1, 100), 0);
    log().remember("fact", Samples.bytes("new"));

    assertThat(inAnotherThread(log()::size)).isEqualTo(1);
    assertThat(inAnotherThread(log()::root)).isEqualTo(root);
    assertThat(inAnotherThread(() -> log().scan(0, 10))).containsExactly(first);
    assertThat(inAnotherThread(() -> log().contains(second.envelope().id()))).isFalse();
    assertThat(inAnotherThread(() -> log().get(second.envelope().id()))).isEmpty();
    assertThat(inAnotherThread(() -> log().get(1))).isEmpty();
    assertThat(inAnotherThread(() -> log().latestOf(Samples.key(0)))).contains(first);
    assertThat(inAnotherThread(() -> log().feed(Samples.key(0), 0, 9))).containsExactly(first);
    assertThat(inAnotherThread(() -> log().alertsFor(Samples.name(0), 9))).containsExactly(first);
    assertThat(inAnotherThread(() -> log().recall("fact"))).contains(Samples.bytes("old"));
    assertThat(inAnotherThread(() -> log().verify().size())).isEqualTo(1);
    log().commit();
    assertThat(inAnotherThread(() -> log().scan(0, 10))).containsExactly(first, second);
  }

  @Test
  void aSecondWriterIsAnErrorOfOurs() {
    log().append(Samples.envelope(0), 0);
    assertThatThrownBy(() -> inAnotherThread(() -> log().append(Samples.envelope(1), 0)))
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() ->
            inAnotherThread(() -> {
              log().commit();
              return 0;
            }))
        .hasCauseInstanceOf(IllegalStateException.class);
    log().commit();
    assertThat(log().size()).isEqualTo(1);
  }

  @Test
  void anotherThreadMayWriteOnceTheFirstHasCommitted() throws Exception {
    log().append(Samples.envelope(0), 0);
    log().commit();
    inAnotherThread(() -> {
      log().append(Samples.envelope(1), 0);
      log().commit();
      return 0;
    });
    assertThat(log().size()).isEqualTo(2);
  }

  @Test
  void twoNodesCannotUseOneFolder() {
    assertThatThrownBy(this::create)
        .isInstanceOf(LogFailure.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("in use by this very process");
    assertThatThrownBy(() -> RocksStatementLog.openReadOnly(folder, Samples::read))
        .isInstanceOf(LogFailure.class);
    log().append(Samples.envelope(0), 0);
    log().commit();
  }

  @Test
  void aClosedLogSaysSo() {
    log().close();
    assertThatThrownBy(() -> log().contains(Samples.envelope(0).id()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    log().close();
    assertThatThrownBy(() -> log().commit()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aStoppedNodesLogCanBeLookedAt() {
    List<LogEntry> entries =
        List.of(log().append(Samples.envelope(0), 0), log().append(Samples.envelope(1), 1));
    log().refuse(Samples.refused(2, "why"));
    log().commit();
    Sha256 root = log().root();
    log().close();
    try (StatementLog reading = RocksStatementLog.openReadOnly(folder, Samples::read)) {
      assertThat(reading.size()).isEqualTo(2);
      assertThat(reading.root()).isEqualTo(root);
      assertThat(reading.scan(0, 10)).isEqualTo(entries);
      assertThat(reading.refused(1)).containsExactly(Samples.refused(2, "why"));
      assertThat(reading.verify().ok()).isTrue();
      assertThatThrownBy(() -> reading.append(Samples.envelope(3), 0))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(crash().size()).isEqualTo(2);
  }

  @Test
  void whereThereIsNoLogThereIsNothingToLookAt() {
    Path nowhere = folder.resolve("nowhere");
    assertThatThrownBy(() -> RocksStatementLog.openReadOnly(nowhere, Samples::read))
        .isInstanceOf(LogFailure.class)
        .hasMessageContaining("there is no log in " + nowhere);
    assertThat(nowhere).doesNotExist();
  }

  @Test
  void aStatementThatCannotBeReadAnyMoreIsDamage() {
    log().append(Samples.envelope(0), 0);
    log().commit();
    log().close();
    assertThatThrownBy(() ->
            RocksStatementLog.open(
                folder,
                _ -> {
                  throw new IllegalArgumentException("no envelope");
                }))
        .isInstanceOf(LogFailure.class)
        .hasMessageContaining("statement 0 cannot be read (no envelope)")
        .hasMessageContaining("tocsin log repair --from-peers");
  }

  @Test
  void aStatementWithAnotherIdThanItsOwnIsDamage() {
    for (int number = 0; number < 10; number++) {
      log().append(Samples.envelope(number), number);
    }
    log().commit();
    log().close();
    try (StatementLog reading =
        RocksStatementLog.openReadOnly(
            folder,
            wire ->
                Samples.read(wire).equals(Samples.envelope(6))
                    ? Samples.envelope(66)
                    : Samples.read(wire))) {
      LogCheck check = reading.verify();
      assertThat(check.ok()).isFalse();
      assertThat(check.damage().orElseThrow())
          .contains("the Merkle root over its first 10 statements is");
    }
  }

  @Test
  void aFirstSeenTimeThatChangedIsDamage() {
    alter(columns -> columns.put(Column.ENTRIES, 3L, stored(3, 999)));
    refusesWith("the Merkle root over its first 10 statements is");
  }

  /// Where the leaf stands in a tile that is complete.
  @Test
  void ofAStatementThatChangedTheIndexIsTold() {
    alter(300, columns -> columns.put(Column.ENTRIES, 3L, stored(3, 999)));
    refusesWith("statement 3 is not the one that was appended");
  }

  @Test
  void anEndThatIsMissingIsDamage() {
    alter(columns -> columns.delete(Column.ENTRIES, 9L));
    refusesWith("it holds 9 statements, but its head says 10");
  }

  @Test
  void aGapIsDamage() {
    alter(columns -> columns.delete(Column.ENTRIES, 4L));
    refusesWith("statement 4 is missing");
  }

  @Test
  void anIndexRowTooFewIsFoundAndTheIndicesAreBuiltAgain() {
    alterIndices(columns -> columns.delete(Column.IDS, Samples.envelope(4).id()));
    mendsWith("its index 'ids' has 9 rows");
  }

  @Test
  void anIndexRowThatPointsElsewhereIsFoundAndTheIndicesAreBuiltAgain() {
    alterIndices(columns -> columns.put(Column.IDS, Samples.envelope(4).id(), 5L));
    mendsWith("its index 'ids' has 10 rows");
  }

  @Test
  void indicesThatAreGoneAreBuiltAgain() throws Exception {
    alter(_ -> {});
    Indices.delete(folder.resolve(Indices.DATABASE));
    try (StatementLog again = create()) {
      assertThat(again.get(Samples.envelope(4).id()).orElseThrow().index()).isEqualTo(4);
      assertThat(again.verify().damage()).isEmpty();
    }
  }

  /// The statements are of an older copy than their indices: something was lost.
  @Test
  void indicesThatKnowMoreThanThereIsAreDamage() {
    alterIndices(columns ->
        columns.put(
            Column.PROGRESS,
            "state",
            new Indices.State(12, Indices.State.none().sums()).toBytes()));
    refusesWith("its indices cover 12 statements, but it holds 10");
  }

  private void mendsWith(String sentence) {
    try (StatementLog reading = RocksStatementLog.openReadOnly(folder, Samples::read)) {
      assertThat(reading.verify().damage().orElseThrow()).contains(sentence);
    }
    try (StatementLog again = create()) {
      assertThat(again.size()).isEqualTo(10);
      assertThat(again.get(Samples.envelope(4).id()).orElseThrow().index()).isEqualTo(4);
      assertThat(again.verify().damage()).isEmpty();
    }
  }

  private void alterIndices(Consumer<RocksColumns> change) {
    alter(_ -> {});
    alterHere(Indices.DATABASE, Column.Database.INDICES, change);
  }

  @Test
  void aHeadThatWentBackIsDamage() {
    alter(columns -> {
      for (long index = 0; index < 10; index++) {
        columns.delete(Column.ENTRIES, index);
      }
      columns.put(Column.META, "head", Head.START.toBytes());
    });
    refusesWith(
        "it ends with commit 0 and 0 statements, but commit 1 and 10 statements had been made");
  }

  @Test
  void aNewerFormatIsNotTouched() {
    alter(columns -> columns.put(Column.META, "format", Samples.bytes("3")));
    refusesWith("has format 3 and this version of tocsin knows formats 1 to 2");
  }

  @Test
  void anAnchorThatIsMissingIsDamage() throws Exception {
    alter(_ -> {});
    Files.delete(folder.resolve(HeadAnchor.FILE));
    refusesWith("its head-anchor is missing");
  }

  @Test
  void aDatabaseThatIsMissingIsDamage() throws Exception {
    alter(_ -> {});
    Files.move(folder.resolve(LogFolder.DATABASE), folder.resolve("elsewhere"));
    refusesWith("its folder statements is missing or empty, but 10 statements had been made");
    assertThat(folder.resolve(LogFolder.DATABASE)).doesNotExist();
  }

  @Test
  void anAnchorOfAnotherLogIsDamage(@TempDir(factory = FastFolders.class) Path other)
      throws Exception {
    alter(_ -> {});
    RocksStatementLog.open(other, Samples::read).close();
    Files.copy(
        other.resolve(HeadAnchor.FILE),
        folder.resolve(HeadAnchor.FILE),
        StandardCopyOption.REPLACE_EXISTING);
    refusesWith("its head anchor belongs to another log");
  }

  /// A crash after the batch was synced and before it was anchored.
  @Test
  void aLogThatIsAheadOfItsAnchorIsAnchoredAgain() throws Exception {
    Path anchor = folder.resolve(HeadAnchor.FILE);
    log().append(Samples.envelope(0), 0);
    log().commit();
    assertThat(log().verify().ok()).isTrue();
    byte[] behind = Files.readAllBytes(anchor);
    log().append(Samples.envelope(1), 1);
    log().commit();
    log().close();
    Files.write(anchor, behind);
    assertThat(HeadAnchor.read(folder).head().size()).isEqualTo(1);
    try (StatementLog again = create()) {
      assertThat(again.size()).isEqualTo(2);
      assertThat(HeadAnchor.read(folder).head().size()).isEqualTo(2);
    }
  }

  /// A crash while the log was created: the anchor is there, RocksDB is not or not yet complete.
  @Test
  void aCreationThatWasInterruptedIsTakenUpAgain(@TempDir(factory = FastFolders.class) Path fresh)
      throws Exception {
    LogId id = new LogId(Samples.bytes("0123456789abcdef"));
    HeadAnchor.create(fresh, id);
    for (int i = 0; i < 2; i++) {
      try (StatementLog log = RocksStatementLog.open(fresh, Samples::read)) {
        assertThat(log.id()).isEqualTo(id);
        assertThat(log.size()).isZero();
      }
    }
  }

  @Test
  void aCommitOfFactsThatIsMissingIsDamage() throws Exception {
    log().append(Samples.envelope(0), 0);
    log().commit();
    assertThat(log().verify().ok()).isTrue();
    Head before = HeadAnchor.read(folder).head();
    log().remember("task", Samples.bytes("flush"));
    log().commit();
    log().close();
    alterHere(columns -> {
      columns.delete(Column.FACTS, "task");
      columns.put(Column.META, "head", before.toBytes());
    });
    refusesWith("it ends with commit 1 and 1 statements, but commit 2 and 1 statements");
  }

  @Test
  void aFactThatIsMissingIsDamage() {
    ownRows();
    alterHere(columns -> columns.delete(Column.FACTS, "task"));
    refusesWith(OTHER_ROWS);
  }

  @Test
  void aFactThatChangedIsDamage() {
    ownRows();
    alterHere(columns -> columns.put(Column.FACTS, "task", Samples.bytes("flusi")));
    refusesWith(OTHER_ROWS);
  }

  @Test
  void aRefusalThatIsMissingIsDamage() {
    ownRows();
    alterHere(columns -> columns.delete(Column.REFUSED, 1L));
    refusesWith(OTHER_ROWS);
  }

  /// With a reader that, like the real one, takes an id over a part of the envelope only.
  @Test
  void aSignatureThatChangedIsDamage() {
    alter(columns -> {
      byte[] wire = Samples.envelope(4).wire().toByteArray();
      wire[wire.length - 1] ^= 1;
      columns.put(Column.ENTRIES, 4L, new ValueEncoding.StoredEntry(4, ByteString.copyFrom(wire)));
    });
    assertThatThrownBy(() ->
            RocksStatementLog.open(
                folder, wire -> Samples.envelope(wire.asReadOnlyByteBuffer().getLong())))
        .isInstanceOf(LogFailure.class)
        .hasMessageContaining(OTHER_ROWS);
  }

  /// Two facts and a refusal, each the result of several writes.
  private void ownRows() {
    log().remember("task", Samples.bytes("other"));
    log().remember("gone", Samples.bytes("x"));
    log().refuse(Samples.refused(1, "gone"));
    log().refuse(Samples.refused(2, "first"));
    log().commit();
    log().remember("task", Samples.bytes("flush"));
    log().remember("serial", Samples.bytes("1"));
    log().forget("gone");
    log().unrefuse(Samples.envelope(1).id());
    log().refuse(Samples.refused(2, "second"));
    log().commit();
    log().close();
  }

  private static ValueEncoding.StoredEntry stored(long number, long firstSeenMillis) {
    return new ValueEncoding.StoredEntry(firstSeenMillis, Samples.envelope(number).wire());
  }

  /// Ten statements; then somebody writes into the columns past the log.
  private void alter(Consumer<RocksColumns> change) {
    alter(10, change);
  }

  private void alter(int statements, Consumer<RocksColumns> change) {
    for (int number = 0; number < statements; number++) {
      log().append(Samples.envelope(number), number);
    }
    log().commit();
    log().close();
    alterHere(change);
  }

  private void alterHere(Consumer<RocksColumns> change) {
    alterHere(LogFolder.DATABASE, Column.Database.STATEMENTS, change);
  }

  private void alterHere(String name, Column.Database database, Consumer<RocksColumns> change) {
    try (RocksColumns columns =
        RocksColumns.open(folder.resolve(name), RocksColumns.Mode.OPEN, folder, database)) {
      change.accept(columns);
      columns.commit();
    }
  }

  /// Twice, since the first attempt must not have mended or changed anything.
  private void refusesWith(String sentence) {
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(this::create)
          .isInstanceOf(LogFailure.class)
          .hasMessageContaining(sentence)
          .hasMessageContaining(folder.toString());
    }
  }
}
