package tocsin.storage.bench;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.rocksdb.CompressionType;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import tocsin.storage.EnvelopeDecoder;
import tocsin.storage.LogCheck;
import tocsin.storage.LogEntry;
import tocsin.storage.RocksStatementLog;
import tocsin.trust.Envelope;
import tocsin.trust.Sha256;

/// Measures the log on this machine, beside a plain loop of synced RocksDB writes of the same bytes
/// in the same run: rates swing with whatever else the disk does, their ratio less. Plain and log
/// take turns, and the median of the rounds counts.
public final class LogBench {
  private static final int[] BATCHES = {64, 256, 1_024};
  private static final int ROUNDS = 3;
  private static final int SINGLES = 1_000;
  private static final int SINGLE_ROUNDS = 12;
  private static final int PROOFS = 2_000;
  private static final long FIRST_SEEN = 1_795_456_800_000L;

  private final Path folder;
  private final Consumer<String> progress;
  private final BenchStatements statements = new BenchStatements();
  private final Map<String, Object> figures = new LinkedHashMap<>();

  private LogBench(Path folder, Consumer<String> progress) {
    this.folder = folder;
    this.progress = progress;
  }

  /// @param folder on the disk that is to be measured; a folder inside it is made and deleted
  /// @param count statements for the large log, and for each round of appends at most 40,000
  /// @throws IOException if the disk cannot be used
  public static Map<String, Object> run(Path folder, int count, Consumer<String> progress)
      throws IOException {
    Path inside = Files.createTempDirectory(folder, "tocsin-bench-");
    try {
      LogBench bench = new LogBench(inside, progress);
      bench.conditions(count);
      bench.appends(Math.min(count, 40_000));
      bench.large(count);
      return bench.figures;
    } catch (RocksDBException e) {
      throw new IOException("RocksDB: " + e.getMessage(), e);
    } finally {
      delete(inside);
    }
  }

  private void conditions(int count) throws IOException {
    figures.put("processors", Runtime.getRuntime().availableProcessors());
    figures.put("java", System.getProperty("java.vm.version"));
    figures.put("file_system", Files.getFileStore(folder).type());
    figures.put(
        "load_average",
        rounded(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
    figures.put("statement_bytes", BenchStatements.WIRE_BYTES);
    figures.put("statements", count);
  }

  private void appends(int count) throws IOException, RocksDBException {
    progress.accept("signing " + count + " statements");
    List<Envelope> envelopes = statements.make(0, count);
    // The first of each warms up the virtual machine and does not count.
    long[] _ = plain(envelopes.subList(0, Math.min(count, 4_096)), 64);
    long[] _ = log(envelopes.subList(0, Math.min(count, 4_096)), 64);
    single(envelopes.subList(0, Math.min(count, SINGLES)));
    for (int batch : BATCHES) {
      double[] plain = new double[ROUNDS];
      double[] ours = new double[ROUNDS];
      double[] ratios = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        progress.accept("appending in batches of " + batch + ", round " + (round + 1));
        plain[round] = rate(plain(envelopes, batch), batch);
        ours[round] = rate(log(envelopes, batch), batch);
        ratios[round] = 100 * ours[round] / plain[round];
      }
      figures.put("batch_" + batch + "_appends_per_second", rounded(median(ours)));
      figures.put("batch_" + batch + "_plain_per_second", rounded(median(plain)));
      figures.put("batch_" + batch + "_percent_of_plain", rounded(median(ratios)));
    }
  }

  /// Turn and turn about, and all rounds together: a worst hundredth of one round is ten writes.
  private void single(List<Envelope> envelopes) throws IOException, RocksDBException {
    long[] plain = new long[SINGLE_ROUNDS * envelopes.size()];
    long[] ours = new long[plain.length];
    for (int round = 0; round < SINGLE_ROUNDS; round++) {
      progress.accept("appending one by one, round " + (round + 1));
      int at = round * envelopes.size();
      System.arraycopy(plain(envelopes, 1), 0, plain, at, envelopes.size());
      System.arraycopy(log(envelopes, 1), 0, ours, at, envelopes.size());
    }
    figures.put("single_append_p50_micros", percentile(ours, 50) / 1_000);
    figures.put("single_append_p99_micros", percentile(ours, 99) / 1_000);
    figures.put("single_plain_p50_micros", percentile(plain, 50) / 1_000);
    figures.put("single_plain_p99_micros", percentile(plain, 99) / 1_000);
    figures.put(
        "single_append_p99_times_plain",
        rounded((double) percentile(ours, 99) / percentile(plain, 99)));
  }

  /// Writes these envelopes in batches; nanoseconds per batch.
  private long[] plain(List<Envelope> envelopes, int batch) throws IOException, RocksDBException {
    Path at = folder.resolve("plain");
    long[] nanos = new long[envelopes.size() / batch];
    try (Options options =
            new Options()
                .setCreateIfMissing(true)
                .setCompressionType(CompressionType.NO_COMPRESSION);
        RocksDB db = RocksDB.open(options, at.toString());
        WriteOptions synced = new WriteOptions().setSync(true);
        WriteBatch rows = new WriteBatch()) {
      for (int i = 0; i < nanos.length; i++) {
        long start = System.nanoTime();
        rows.clear();
        for (int j = 0; j < batch; j++) {
          int index = i * batch + j;
          byte[] key = ByteBuffer.allocate(Long.BYTES).putLong(index).array();
          rows.put(key, envelopes.get(index).wire().toByteArray());
        }
        db.write(synced, rows);
        nanos[i] = System.nanoTime() - start;
      }
    }
    delete(at);
    return nanos;
  }

  /// The same with the log.
  private long[] log(List<Envelope> envelopes, int batch) throws IOException {
    Path at = folder.resolve("log");
    long[] nanos = new long[envelopes.size() / batch];
    try (RocksStatementLog log = RocksStatementLog.open(at, EnvelopeDecoder.SIGNED)) {
      for (int i = 0; i < nanos.length; i++) {
        long start = System.nanoTime();
        for (int j = 0; j < batch; j++) {
          LogEntry _ = log.append(envelopes.get(i * batch + j), FIRST_SEEN + i);
        }
        log.commit();
        nanos[i] = System.nanoTime() - start;
      }
    }
    delete(at);
    return nanos;
  }

  /// A log of many statements: loaded, proved from, verified, opened, replayed.
  private void large(int count) throws IOException {
    Path at = folder.resolve("large");
    Sha256 root;
    int tenth = Math.max(1, count / 100_000) * 10_000;
    try (RocksStatementLog log = RocksStatementLog.open(at, EnvelopeDecoder.SIGNED)) {
      for (int from = 0; from < count; from += 10_000) {
        for (Envelope envelope : statements.make(from, Math.min(10_000, count - from))) {
          LogEntry _ = log.append(envelope, FIRST_SEEN + log.size());
          if (log.size() % 256 == 0) {
            log.commit();
          }
        }
        log.commit();
        progress.accept("loading: " + log.size() + " of " + count);
        if (log.size() == tenth) {
          // The first tenth fills caches and memtables; nothing may grow from there on.
          memory("after_a_tenth");
        }
      }
      memory("at_the_end");
      root = log.root();
      proofs(log);
      progress.accept("verifying");
      long start = System.nanoTime();
      LogCheck check = log.verify();
      double seconds = (System.nanoTime() - start) / 1e9;
      figures.put("verified", check.ok());
      figures.put("verified_per_10_seconds", rounded(10 * count / seconds));
    }
    figures.put("disk_bytes_per_statement", size(at) / count);
    reopen(at, count, root);
  }

  private void proofs(RocksStatementLog log) {
    progress.accept("proving");
    Random random = new Random(1);
    long[] nanos = new long[PROOFS];
    for (int i = 0; i < PROOFS; i++) {
      long index = random.nextLong(log.size());
      long start = System.nanoTime();
      List<Sha256> _ = log.inclusionProof(index, log.size());
      nanos[i] = System.nanoTime() - start;
    }
    figures.put("inclusion_proof_p50_micros", percentile(nanos, 50) / 1_000);
    figures.put("inclusion_proof_p99_micros", percentile(nanos, 99) / 1_000);
  }

  private void reopen(Path at, int count, Sha256 root) throws IOException {
    progress.accept("opening");
    long start = System.nanoTime();
    try (RocksStatementLog log = RocksStatementLog.open(at, EnvelopeDecoder.SIGNED)) {
      figures.put("open_millis", (System.nanoTime() - start) / 1_000_000);
      figures.put("opened_as_it_was", log.root().equals(root) && log.size() == count);
      Path again = folder.resolve("replayed");
      try (RocksStatementLog replayed = RocksStatementLog.open(again, EnvelopeDecoder.SIGNED)) {
        boolean same = true;
        for (long next = 0; next < log.size(); ) {
          for (LogEntry entry : log.scan(next, 1_024)) {
            LogEntry copy = replayed.append(entry.envelope(), entry.firstSeenMillis());
            ByteString wire = replayed.get(copy.index()).orElseThrow().envelope().wire();
            same &= wire.equals(entry.envelope().wire());
            next = entry.index() + 1;
          }
          replayed.commit();
          progress.accept("replaying: " + next + " of " + count);
        }
        figures.put("replay_identical", same && replayed.root().equals(root));
      }
    }
  }

  /// What is in use: the resident size alone says little, because a heap grows to what it may have
  /// before anything is collected.
  private void memory(String when) throws IOException {
    System.gc();
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    long resident = residentBytes();
    figures.put("heap_used_mb_" + when, heap.getUsed() >> 20);
    figures.put("outside_heap_mb_" + when, (resident - heap.getCommitted()) >> 20);
    figures.put("resident_mb_" + when, resident >> 20);
  }

  /// As Linux counts it; elsewhere the heap alone is known.
  private static long residentBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return Runtime.getRuntime().totalMemory();
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
        .sum();
  }

  private static double rate(long[] nanos, int batch) {
    return (double) nanos.length * batch / (Arrays.stream(nanos).sum() / 1e9);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static long percentile(long[] values, int percent) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }

  private static Number rounded(double value) {
    return value >= 1_000 ? (Number) Math.round(value) : (Number) (Math.round(value * 10) / 10.0);
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
