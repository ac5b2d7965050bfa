package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tocsin.trust.Envelope;

/// The log on disk and the log in memory share no code below the port: the same calls, chosen by
/// chance, must get the same answers from both.
class LogsAgreeTest {
  @TempDir(factory = FastFolders.class)
  private Path folder;

  @Test
  void onThousandRandomCalls() {
    Random random = new Random(3);
    StatementLog disk = RocksStatementLog.open(folder, Samples::read);
    MemoryStatementLog memory = new MemoryStatementLog(disk.id());
    try {
      for (int call = 0; call < 1_000; call++) {
        int what = random.nextInt(100);
        int number = random.nextInt(200);
        if (what < 45) {
          append(disk, memory, random, number);
        } else if (what < 60) {
          RefusedStatement refused = Samples.refused(number, "reason " + call);
          disk.refuse(refused);
          memory.refuse(refused);
        } else if (what < 68) {
          disk.unrefuse(Samples.envelope(number).id());
          memory.unrefuse(Samples.envelope(number).id());
        } else if (what < 80) {
          disk.remember("fact/" + number % 20, Samples.bytes("value " + call));
          memory.remember("fact/" + number % 20, Samples.bytes("value " + call));
        } else if (what < 86) {
          disk.forget("fact/" + number % 20);
          memory.forget("fact/" + number % 20);
        } else if (what < 98) {
          disk.commit();
          memory.commit();
        } else {
          disk.close();
          disk = RocksStatementLog.open(folder, Samples::read);
          memory.crash();
        }
        if (call % 20 == 0) {
          compare(disk, memory, random);
        }
      }
    } finally {
      disk.close();
    }
  }

  private static void append(StatementLog disk, StatementLog memory, Random random, int number) {
    Envelope plain = Samples.envelope(number);
    if (!memory.contains(plain.id())) {
      long time = random.nextInt(1_000_000);
      assertThat(disk.append(plain, time)).isEqualTo(memory.append(plain, time));
    }
    assertThat(disk.contains(plain.id())).isTrue();
  }

  private static void compare(StatementLog disk, StatementLog memory, Random random) {
    assertThat(disk.size()).isEqualTo(memory.size());
    assertThat(disk.root()).isEqualTo(memory.root());
    int from = random.nextInt(60);
    int limit = random.nextInt(60);
    assertThat(disk.scan(from, limit)).isEqualTo(memory.scan(from, limit));
    assertThat(disk.get(from)).isEqualTo(memory.get(from));
    assertThat(disk.get(Samples.envelope(from).id()))
        .isEqualTo(memory.get(Samples.envelope(from).id()));
    assertThat(disk.refused(Samples.envelope(from).id()))
        .isEqualTo(memory.refused(Samples.envelope(from).id()));
    assertThat(disk.refused(limit)).isEqualTo(memory.refused(limit));
    assertThat(disk.refusedCount()).isEqualTo(memory.refusedCount());
    for (int i = 0; i < 4; i++) {
      assertThat(disk.latestOf(Samples.key(i))).isEqualTo(memory.latestOf(Samples.key(i)));
      assertThat(disk.feed(Samples.key(i), from, limit))
          .isEqualTo(memory.feed(Samples.key(i), from, limit));
      assertThat(disk.alertsFor(Samples.name(i), limit))
          .isEqualTo(memory.alertsFor(Samples.name(i), limit));
      assertThat(disk.recallAll("fact/" + i)).isEqualTo(memory.recallAll("fact/" + i));
    }
    assertThat(disk.recallAll("")).isEqualTo(memory.recallAll(""));
  }
}
