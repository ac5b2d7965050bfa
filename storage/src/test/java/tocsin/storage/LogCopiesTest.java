package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tocsin.trust.Sha256;

/// Backup, restore, and a new beginning.
class LogCopiesTest {
  @TempDir(factory = FastFolders.class)
  private Path base;

  private Path folder;
  private Path backup;
  private LogId id;
  private Sha256 root;

  @BeforeEach
  void fill() {
    folder = base.resolve("log");
    backup = base.resolve("backup");
    try (RocksStatementLog log = RocksStatementLog.open(folder, Samples::read)) {
      append(log, 300);
      log.remember("anchor/a", Samples.bytes("A"));
      log.remember("cursor/b", Samples.bytes("B"));
      log.commit();
      id = log.id();
      root = log.root();
      log.backup(backup);
      append(log, 10);
      log.commit();
    }
  }

  private static void append(StatementLog log, int count) {
    for (int i = 0; i < count; i++) {
      LogEntry _ = log.append(Samples.envelope(log.size()), log.size());
    }
  }

  @Test
  void aBackupIsTheLogAsItWas() {
    try (StatementLog copy = RocksStatementLog.openReadOnly(backup, Samples::read)) {
      assertThat(copy.id()).isEqualTo(id);
      assertThat(copy.root()).isEqualTo(root);
      assertThat(copy.verify().damage()).isEmpty();
    }
  }

  @Test
  void whatIsRestoredIsANewLog() throws Exception {
    assertThatThrownBy(() -> LogCopies.restore(backup, folder, Samples::read))
        .isInstanceOf(LogFailure.class)
        .hasMessageContaining("there is a log in " + folder + " already");
    Files.move(folder, base.resolve("away"));
    assertThat(LogCopies.restore(backup, folder, Samples::read)).isEqualTo(300);
    try (StatementLog log = RocksStatementLog.open(folder, Samples::read)) {
      assertThat(log.root()).isEqualTo(root);
      assertThat(log.id()).isNotEqualTo(id);
      assertThat(log.recall("anchor/a")).contains(Samples.bytes("A"));
      append(log, 5);
      log.commit();
      assertThat(log.verify().damage()).isEmpty();
    }
  }

  @Test
  void aDamagedBackupIsNotRestored() throws Exception {
    Files.move(folder, base.resolve("away"));
    byte[] anchor = Files.readAllBytes(backup.resolve(HeadAnchor.FILE));
    anchor[40] ^= 1;
    anchor[HeadAnchor.PAGE_BYTES + 40] ^= 1;
    Files.write(backup.resolve(HeadAnchor.FILE), anchor);
    assertThatThrownBy(() -> LogCopies.restore(backup, folder, Samples::read))
        .isInstanceOf(LogFailure.class);
    assertThat(folder).doesNotExist();
  }

  /// Both pages of the anchor are lost: nothing shows what the log must hold, and it does not open.
  @Test
  void aLogWithoutAnchorIsBegunAnewWithItsFacts() throws Exception {
    Files.write(folder.resolve(HeadAnchor.FILE), new byte[2 * HeadAnchor.PAGE_BYTES]);
    assertThatThrownBy(() -> RocksStatementLog.open(folder, Samples::read))
        .isInstanceOf(LogFailure.class)
        .hasMessageContaining("log repair --from-peers");
    LogCopies.Begun begun = LogCopies.beginAnew(folder, List.of("cursor/"), Samples::read);
    assertThat(begun.lost()).isEmpty();
    assertThat(begun.aside().resolve(LogFolder.DATABASE)).isDirectory();
    try (StatementLog log = RocksStatementLog.open(folder, Samples::read)) {
      assertThat(log.size()).isZero();
      assertThat(log.id()).isNotEqualTo(id);
      assertThat(log.recall("anchor/a")).contains(Samples.bytes("A"));
      assertThat(log.recall("cursor/b")).isEmpty();
    }
  }
}
