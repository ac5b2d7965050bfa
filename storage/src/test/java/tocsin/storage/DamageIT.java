package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tocsin.trust.Sha256;

/// Damages each file of a log's folder in many ways. Whatever was done, opening it must give the
/// very same log, or a `LogFailure` now and at every later attempt: never another log.
class DamageIT {
  /// Files that RocksDB or we can do without, where no damage may stop a node: the lock, RocksDB's
  /// own lock and diary.
  private static final List<String> IMMATERIAL = List.of("lock", "LOCK", "LOG");

  @TempDir(factory = FastFolders.class)
  private static Path base;

  private static Path whole;
  private static Contents contents;

  private final Random random = new Random(7);
  private final AtomicInteger same = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  /// All that a log remembers.
  private record Contents(
      LogId id,
      long size,
      Sha256 root,
      List<LogEntry> entries,
      List<LogEntry> feed,
      List<LogEntry> alerts,
      List<RefusedStatement> refused,
      Map<String, ByteString> facts) {
    static Contents of(StatementLog log) {
      return new Contents(
          log.id(),
          log.size(),
          log.root(),
          log.scan(0, 10_000),
          log.feed(Samples.key(0), 0, 10_000),
          log.alertsFor(Samples.name(0), 10_000),
          log.refused(10_000),
          new TreeMap<>(log.recallAll("")));
    }
  }

  /// Some of it in tables (RocksDB writes them when it opens), some in the write-ahead log.
  @BeforeAll
  static void fill() throws IOException {
    whole = base.resolve("whole");
    for (int part = 0; part < 2; part++) {
      try (StatementLog log = RocksStatementLog.open(whole, Samples::read)) {
        for (int i = 0; i < 60; i++) {
          LogEntry _ = log.append(Samples.envelope(log.size()), 77 + i);
          if (i % 4 == 0) {
            log.refuse(Samples.refused(1_000 + log.size(), "reason " + i));
            log.remember("task/" + log.size(), Samples.bytes("flush " + i));
          }
          if (i % 3 == 0) {
            log.commit();
          }
        }
        log.commit();
        log.remember("last", Samples.bytes("part " + part));
        log.commit();
      }
    }
    try (StatementLog log = RocksStatementLog.openReadOnly(whole, Samples::read)) {
      contents = Contents.of(log);
      assertThat(contents.size()).isEqualTo(120);
    }
  }

  /// What can happen to a file's bytes.
  private interface Damage {
    byte[] apply(byte[] bytes, Random random);
  }

  private static final Map<String, Damage> DAMAGES = damages();

  private static Map<String, Damage> damages() {
    Map<String, Damage> damages = new TreeMap<>();
    damages.put(
        "one bit flipped",
        (bytes, random) -> {
          byte[] flipped = bytes.clone();
          flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
          return flipped;
        });
    damages.put(
        "one bit flipped near the end",
        (bytes, random) -> {
          byte[] flipped = bytes.clone();
          int back = 1 + random.nextInt(Math.min(60, bytes.length));
          flipped[bytes.length - back] ^= (byte) (1 << random.nextInt(8));
          return flipped;
        });
    damages.put(
        "64 bytes zeroed",
        (bytes, random) -> {
          byte[] zeroed = bytes.clone();
          int at = random.nextInt(bytes.length);
          Arrays.fill(zeroed, at, Math.min(bytes.length, at + 64), (byte) 0);
          return zeroed;
        });
    damages.put(
        "a page zeroed",
        (bytes, random) -> {
          byte[] zeroed = bytes.clone();
          int at = random.nextInt(bytes.length) / 4096 * 4096;
          Arrays.fill(zeroed, at, Math.min(bytes.length, at + 4096), (byte) 0);
          return zeroed;
        });
    damages.put(
        "cut anywhere", (bytes, random) -> Arrays.copyOf(bytes, random.nextInt(bytes.length)));
    damages.put(
        "cut near the end",
        (bytes, random) ->
            Arrays.copyOf(bytes, bytes.length - 1 - random.nextInt(Math.min(40, bytes.length))));
    damages.put(
        "cut at a page's edge",
        (bytes, random) -> Arrays.copyOf(bytes, random.nextInt(bytes.length) / 4096 * 4096));
    damages.put(
        "a page of noise at the end",
        (bytes, random) -> {
          byte[] longer = Arrays.copyOf(bytes, bytes.length + 4096);
          byte[] noise = new byte[4096];
          random.nextBytes(noise);
          System.arraycopy(noise, 0, longer, bytes.length, 4096);
          return longer;
        });
    damages.put(
        "one byte set to zero",
        (bytes, random) -> {
          byte[] changed = bytes.clone();
          changed[random.nextInt(bytes.length)] = 0;
          return changed;
        });
    damages.put(
        "one byte lost",
        (bytes, random) -> {
          int at = random.nextInt(bytes.length);
          byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
          System.arraycopy(bytes, at + 1, shorter, at, bytes.length - at - 1);
          return shorter;
        });
    damages.put(
        "one byte too many",
        (bytes, random) -> {
          int at = random.nextInt(bytes.length);
          byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
          System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
          return longer;
        });
    damages.put(
        "a sector of noise",
        (bytes, random) -> {
          byte[] changed = bytes.clone();
          int at = random.nextInt(bytes.length) / 512 * 512;
          for (int i = at; i < Math.min(bytes.length, at + 512); i++) {
            changed[i] = (byte) random.nextInt();
          }
          return changed;
        });
    damages.put(
        "two sectors swapped",
        (bytes, random) -> {
          byte[] changed = bytes.clone();
          int sectors = bytes.length / 512;
          if (sectors > 1) {
            int one = random.nextInt(sectors) * 512;
            int other = random.nextInt(sectors) * 512;
            System.arraycopy(bytes, one, changed, other, 512);
            System.arraycopy(bytes, other, changed, one, 512);
          }
          return changed;
        });
    damages.put(
        "a page written twice",
        (bytes, random) -> {
          byte[] changed = bytes.clone();
          int from = random.nextInt(bytes.length) / 4096 * 4096;
          int to = random.nextInt(bytes.length) / 4096 * 4096;
          int count = Math.min(4096, bytes.length - Math.max(from, to));
          System.arraycopy(bytes, from, changed, to, count);
          return changed;
        });
    damages.put(
        "zeros to its end",
        (bytes, random) -> {
          byte[] zeroed = bytes.clone();
          Arrays.fill(zeroed, random.nextInt(bytes.length), bytes.length, (byte) 0);
          return zeroed;
        });
    damages.put(
        "its beginning lost",
        (bytes, random) ->
            Arrays.copyOfRange(bytes, 1 + random.nextInt(bytes.length), bytes.length));
    damages.put(
        "a page of zeros at the end", (bytes, _) -> Arrays.copyOf(bytes, bytes.length + 4096));
    return damages;
  }

  @Test
  void damageToBytesIsNeverSilent() throws Exception {
    damageBytes(20);
  }

  @Tag("long")
  @Test
  void damageToBytesIsNeverSilentAtManyPlaces() throws Exception {
    damageBytes(100);
  }

  /// Every kind of damage to every file, at so many places each. Cases share nothing but the whole
  /// log, which they only read: several are looked at at once, each thread in a folder of its own.
  private void damageBytes(int times) throws Exception {
    List<Callable<Boolean>> cases = new ArrayList<>();
    for (Path file : files()) {
      byte[] bytes = Files.readAllBytes(whole.resolve(file));
      for (Map.Entry<String, Damage> damage : DAMAGES.entrySet()) {
        for (int time = 0; bytes.length > 0 && time < times; time++) {
          String what = "%s: %s, time %d".formatted(file, damage.getKey(), time);
          cases.add(() -> {
            byte[] damaged = damage.getValue().apply(bytes, new Random(what.hashCode()));
            checkedWith(what, file, folder -> Files.write(folder.resolve(file), damaged));
            return true;
          });
        }
      }
    }
    long begin = System.nanoTime();
    try (ExecutorService workers =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      for (Future<Boolean> one : workers.invokeAll(cases)) {
        assertThat(one.get()).isTrue();
      }
    }
    System.out.printf(
        "%d cases of %d kinds of damage in %d s: %d the same log, %d refused%n",
        cases.size(),
        DAMAGES.size(),
        (System.nanoTime() - begin) / 1_000_000_000,
        same.get(),
        refused.get());
    assertThat(DAMAGES).hasSizeGreaterThanOrEqualTo(17);
    assertThat(refused.get()).isPositive();
    assertThat(same.get()).isPositive();
  }

  /// RocksDB 10 would read for ever: a type that it may pass over, a length beyond the end.
  @Test
  void aRecordThatRocksDbWouldFollowForEver() throws IOException {
    byte[] tail = {
      0x18, (byte) 0xc3, (byte) 0xd4, (byte) 0xac, (byte) 0xff, 0x22, (byte) 0x83, 0x28
    };
    for (Path file : files()) {
      String name = file.getFileName().toString();
      if (name.startsWith("MANIFEST") || name.endsWith(".log")) {
        byte[] bytes = Files.readAllBytes(whole.resolve(file));
        byte[] longer = Arrays.copyOf(bytes, bytes.length + tail.length);
        System.arraycopy(tail, 0, longer, bytes.length, tail.length);
        checkedWith(
            file + " followed by nonsense",
            file,
            folder -> Files.write(folder.resolve(file), longer));
      }
    }
    assertThat(refused.get()).isPositive();
  }

  @Test
  void aFileThatIsEmptiedOrGoneIsNeverSilent() throws IOException {
    for (Path file : files()) {
      checkedWith(
          file + " emptied", file, folder -> Files.write(folder.resolve(file), new byte[0]));
      checkedWith(file + " deleted", file, folder -> Files.delete(folder.resolve(file)));
    }
    assertThat(refused.get()).isPositive();
  }

  @Test
  void filesThatAreSwappedAreNeverSilent() throws IOException {
    List<Path> files = files();
    for (Path file : files) {
      Path other = files.get(random.nextInt(files.size()));
      byte[] bytes = Files.readAllBytes(whole.resolve(other));
      checkedWith(
          file + " replaced by " + other, file, folder -> Files.write(folder.resolve(file), bytes));
    }
    assertThat(refused.get()).isPositive();
  }

  /// Files of the same log as it was some commits before, each alone.
  @Test
  void olderFilesAreNeverSilent() throws IOException {
    Path newer = base.resolve("newer");
    copy(whole, newer);
    try (StatementLog log = RocksStatementLog.open(newer, Samples::read)) {
      for (int i = 0; i < 20; i++) {
        LogEntry _ = log.append(Samples.envelope(log.size()), 77 + i);
        log.remember("last", Samples.bytes("newer " + i));
        log.commit();
      }
    }
    Contents before = contents;
    Path wholeBefore = whole;
    try (StatementLog log = RocksStatementLog.openReadOnly(newer, Samples::read)) {
      contents = Contents.of(log);
    }
    whole = newer;
    try {
      for (Path file : files()) {
        if (Files.exists(wholeBefore.resolve(file))) {
          byte[] older = Files.readAllBytes(wholeBefore.resolve(file));
          checkedWith(file + " of before", file, at -> Files.write(at.resolve(file), older));
        }
      }
      checkedWith(
          "all of RocksDB of before",
          Path.of(LogFolder.DATABASE),
          folder -> {
            delete(folder.resolve(LogFolder.DATABASE));
            copy(wholeBefore.resolve(LogFolder.DATABASE), folder.resolve(LogFolder.DATABASE));
          });
    } finally {
      contents = before;
      whole = wholeBefore;
    }
    assertThat(refused.get()).isPositive();
  }

  private interface Change {
    void apply(Path folder) throws IOException;
  }

  private void checkedWith(String what, Path file, Change change) throws IOException {
    Path folder = base.resolve("damaged-" + Thread.currentThread().threadId());
    delete(folder);
    copy(whole, folder);
    change.apply(folder);
    Map<Path, Sha256> found = bytes(folder);
    boolean first = isSame(what, folder);
    boolean immaterial = IMMATERIAL.contains(file.getFileName().toString());
    if (first) {
      assertThat(immaterial || isSame(what + ", opened again", folder))
          .as(what + ", opened again")
          .isTrue();
    } else {
      // Nothing was changed, so it will be refused again, and a repair finds all there is.
      assertThat(bytes(folder)).as(what).isEqualTo(found);
    }
    if (immaterial) {
      assertThat(first).as(what).isTrue();
    }
    if (first) {
      same.incrementAndGet();
    } else {
      refused.incrementAndGet();
    }
  }

  /// Opened as a node does, which reads each statement. False if it is refused; fails if it is
  /// another log.
  private static boolean isSame(String what, Path folder) {
    try (StatementLog log = RocksStatementLog.open(folder, Samples::read, _ -> {})) {
      assertThat(Contents.of(log)).as(what).isEqualTo(contents);
      return true;
    } catch (LogFailure e) {
      assertThat(e.getMessage()).as(what).contains(folder.toString()).doesNotContain("\n");
      return false;
    }
  }

  /// What stands in a folder, but for the lock that each attempt takes.
  private static Map<Path, Sha256> bytes(Path folder) throws IOException {
    Map<Path, Sha256> bytes = new TreeMap<>();
    for (Path file : files(folder)) {
      if (!file.endsWith(FolderLock.FILE)) {
        byte[] content = Files.readAllBytes(folder.resolve(file));
        bytes.put(file, Sha256.of(ByteString.copyFrom(content)));
      }
    }
    return bytes;
  }

  private static List<Path> files() throws IOException {
    return files(whole);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths
          .filter(Files::isRegularFile)
          .map(folder::relativize)
          .sorted()
          .filter(path -> !path.getFileName().toString().startsWith("LOG.old"))
          .toList();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    List<Path> paths;
    try (Stream<Path> found = Files.walk(from)) {
      paths = new ArrayList<>(found.toList());
    }
    for (Path path : paths) {
      Files.copy(path, to.resolve(from.relativize(path)));
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      List<Path> paths;
      try (Stream<Path> found = Files.walk(folder)) {
        paths = found.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path path : paths) {
        Files.delete(path);
      }
    }
  }
}
