package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tocsin.trust.Sha256;

/// A log that the program wrote when its format was 1: 600 statements, 16 of them refused ones,
/// facts; a part in tables, a part in the write-ahead log of a process that was not closed.
class FormatUpgradeTest {
  private static final Sha256 ROOT =
      Sha256.fromHex("c79093df0a2aacda46189f73d572f897236bccb740ccbea13c4a33d5b0615dd8");

  @TempDir(factory = FastFolders.class)
  private Path folder;

  @BeforeEach
  void unpack() throws IOException {
    try (InputStream stream = FormatUpgradeTest.class.getResourceAsStream("/log-format-1.zip");
        ZipInputStream zip = new ZipInputStream(stream)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = folder.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.copy(zip, file, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  @Test
  void canBeLookedAtAsItIs() {
    try (StatementLog log = RocksStatementLog.openReadOnly(folder, Samples::read)) {
      holdsAll(log);
      assertThat(log.verify().ok()).isTrue();
    }
    try (StatementLog log = RocksStatementLog.openReadOnly(folder, Samples::read)) {
      holdsAll(log);
    }
  }

  @Test
  void isBroughtUpWhenItIsOpened() {
    for (int time = 0; time < 3; time++) {
      try (StatementLog log = RocksStatementLog.open(folder, Samples::read)) {
        holdsAll(log);
        assertThat(log.verify().damage()).isEmpty();
        assertThat(
                Proofs.includes(
                    MerkleTree.leafHash(log.get(5).orElseThrow().leaf()),
                    5,
                    600,
                    log.inclusionProof(5, 600),
                    ROOT))
            .isTrue();
      }
    }
  }

  @Test
  void goesOnGrowing() throws IOException {
    try (StatementLog log = RocksStatementLog.open(folder, Samples::read)) {
      for (int i = 0; i < 3; i++) {
        LogEntry _ = log.append(Samples.envelope(log.size()), 77 + log.size());
        log.commit();
      }
    }
    byte[] anchor = Files.readAllBytes(folder.resolve(HeadAnchor.FILE));
    assertThat(anchor[11]).isEqualTo((byte) 2);
    assertThat(anchor[HeadAnchor.PAGE_BYTES + 11]).isEqualTo((byte) 2);
    try (StatementLog log = RocksStatementLog.open(folder, Samples::read)) {
      assertThat(log.size()).isEqualTo(603);
    }
  }

  private static void holdsAll(StatementLog log) {
    assertThat(log.size()).isEqualTo(600);
    assertThat(log.root()).isEqualTo(ROOT);
    for (int index = 0; index < 600; index++) {
      LogEntry entry = new LogEntry(index, 77 + index, Samples.envelope(index));
      assertThat(log.get(index)).contains(entry);
      assertThat(log.get(entry.envelope().id())).contains(entry);
    }
    assertThat(log.refusedCount()).isEqualTo(16);
    assertThat(log.recall("last")).contains(Samples.bytes("part 1"));
    assertThat(log.recallAll("task/")).hasSize(16);
    assertThat(log.latestOf(Samples.key(1)).orElseThrow().index()).isEqualTo(598);
  }
}
