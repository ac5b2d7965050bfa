package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tocsin.trust.Sha256;

class HeadAnchorTest {
  private static final LogId LOG = new LogId(Samples.bytes("0123456789abcdef"));

  /// Magic, format, log id, head, hash.
  private static final int WRITTEN = 8 + 4 + 16 + Head.SIZE_BYTES + 32;

  @TempDir(factory = FastFolders.class)
  private Path folder;

  private static Head head(int commits) {
    return new Head(commits, commits * 10L, Sha256.of(Samples.bytes("root " + commits)), -commits);
  }

  @BeforeEach
  void create() throws IOException {
    HeadAnchor.create(folder, LOG);
  }

  private void write(int... commits) throws IOException {
    try (HeadAnchor anchor = HeadAnchor.open(folder, LOG)) {
      for (int commit : commits) {
        anchor.write(head(commit));
      }
    }
  }

  private Head read() throws IOException {
    return HeadAnchor.read(folder).head();
  }

  private Path file() {
    return folder.resolve(HeadAnchor.FILE);
  }

  @Test
  void beginsWithNoCommit() throws IOException {
    assertThat(HeadAnchor.read(folder)).isEqualTo(new HeadAnchor.Anchored(LOG, Head.START));
  }

  @Test
  void theNewestHeadCounts() throws IOException {
    for (int commit = 1; commit < 20; commit++) {
      write(commit);
      assertThat(read()).isEqualTo(head(commit));
      assertThat(Files.size(file())).isEqualTo(2L * HeadAnchor.PAGE_BYTES);
    }
  }

  /// Whatever a crash leaves in the page that was being written, the other one stands.
  @Test
  void aTornPageLeavesTheHeadBefore() throws IOException {
    write(1, 2);
    byte[] before = Files.readAllBytes(file());
    write(3);
    byte[] after = Files.readAllBytes(file());
    for (int cut = 0; cut <= WRITTEN; cut++) {
      byte[] torn = after.clone();
      int page = HeadAnchor.PAGE_BYTES;
      System.arraycopy(before, page + cut, torn, page + cut, page - cut);
      Files.write(file(), torn);
      assertThat(read()).isIn(head(2), head(3));
      assertThat(read()).isEqualTo(cut == WRITTEN ? head(3) : read());
    }
  }

  @Test
  void noFlippedBitMakesAnotherHead() throws IOException {
    write(1, 2, 3);
    byte[] whole = Files.readAllBytes(file());
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      byte[] flipped = whole.clone();
      int page = random.nextInt(2) * HeadAnchor.PAGE_BYTES;
      flipped[page + random.nextInt(WRITTEN)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file(), flipped);
      assertThat(read()).isEqualTo(page == 0 ? head(3) : head(2));
    }
  }

  @Test
  void withNeitherPageWholeThereIsNoHead() throws IOException {
    write(1, 2);
    for (int size : new int[] {0, 50, HeadAnchor.PAGE_BYTES}) {
      byte[] cut = new byte[size];
      Files.write(file(), cut);
      assertThatThrownBy(this::read)
          .isInstanceOf(LogFailure.class)
          .hasMessageContaining("neither page of its head-anchor is whole");
    }
  }

  @Test
  void halfAFileStillHasAHead() throws IOException {
    write(1, 2);
    byte[] half = new byte[HeadAnchor.PAGE_BYTES];
    System.arraycopy(Files.readAllBytes(file()), 0, half, 0, half.length);
    Files.write(file(), half);
    assertThat(read()).isEqualTo(head(2));
    write(3);
    assertThat(read()).isEqualTo(head(3));
  }
}
