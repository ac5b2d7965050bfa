package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiskSpaceTest {
  private static final long GIB = 1L << 30;

  @ParameterizedTest
  @CsvSource({
    // usable MiB, total MiB, room
    "1024, 2048, true",
    "1023, 2048, false",
    "1024, 20480, true",
    "1024, 21000, false",
    "51200, 1000000, true",
    "49000, 1000000, false",
    "0, 0, false",
  })
  void needsOneGibibyteAndFivePercent(long usable, long total, boolean room) {
    long mib = GIB / 1024;
    assertThat(DiskSpace.hasRoom(usable * mib, total * mib, 1024 * mib)).isEqualTo(room);
  }

  @Test
  void asksTheFileSystem(@TempDir Path folder) {
    assertThat(new DiskSpace(folder).usableBytes()).isPositive();
  }

  @Test
  void aFileSystemThatIsGoneHasNoRoom(@TempDir Path folder) {
    DiskSpace gone = new DiskSpace(folder.resolve("gone"));
    assertThat(gone.hasRoom()).isFalse();
    assertThat(gone.usableBytes()).isZero();
  }
}
