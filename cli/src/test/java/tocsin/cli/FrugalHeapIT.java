package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What was old and is garbage is collected before the heap grows; what is needed has room.
final class FrugalHeapIT {
  @Test
  void garbageDoesNotMakeTheHeapGrow() throws Exception {
    // Each piece lives long enough to become old, and 40 MB of them live at a time.
    assertThat(committedMegabytes("frugal", 40)).isLessThan(220);
    assertThat(committedMegabytes("as it is", 40)).isGreaterThan(300);
  }

  @Test
  void whatIsNeededHasRoom() throws Exception {
    assertThat(committedMegabytes("frugal", 300)).isGreaterThan(300);
  }

  /// Of a process that has made a gigabyte of pieces, of which so many megabytes live at a time.
  private static long committedMegabytes(String how, int liveMegabytes) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xms32m",
                "-Xmx512m",
                "-XX:-ShrinkHeapInSteps",
                "-XX:MinHeapFreeRatio=20",
                "-XX:MaxHeapFreeRatio=40",
                "-cp",
                System.getProperty("java.class.path"),
                Pieces.class.getName(),
                how,
                "" + liveMegabytes)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return Long.parseLong(said.strip());
  }

  /// A process of its own.
  static final class Pieces {
    private static final int PIECE_BYTES = 8 * 1024;
    private static final int PIECES_PER_MEGABYTE = (1 << 20) / PIECE_BYTES;
    private static final int MADE_MEGABYTES = 1_024;

    public static void main(String[] args) {
      if (args[0].equals("frugal")) {
        FrugalHeap.begin();
      }
      int live = Integer.parseInt(args[1]) * PIECES_PER_MEGABYTE;
      ArrayDeque<byte[]> pieces = new ArrayDeque<>();
      List<Long> committed = new ArrayList<>();
      for (int made = 0; made < MADE_MEGABYTES * PIECES_PER_MEGABYTE; made++) {
        pieces.add(new byte[PIECE_BYTES]);
        if (pieces.size() > live) {
          pieces.remove();
        }
        if (made % PIECES_PER_MEGABYTE == 0) {
          committed.add(
              ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted() >> 20);
        }
      }
      System.out.println(committed.stream().mapToLong(it -> it).max().orElseThrow());
    }

    private Pieces() {}
  }
}
