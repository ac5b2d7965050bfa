package tocsin.storage;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tocsin.storage.Scrub.EntryReader;
import tocsin.storage.ValueEncoding.StoredEntry;
import tocsin.storage.ValueEncoding.StoredRefusal;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.KeyId;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// The log of a node, in a folder of its own ([LogFolder]).
///
/// Opening reads and re-hashes all of it; what is served is what was appended, or there is a
/// `LogFailure`. After a failed commit nothing can be written any more: it is not known what the
/// medium holds.
///
/// The thread that writes sees its own writes; every other thread sees what is committed.
public final class RocksStatementLog implements StatementLog {
  private static final Logger LOG = LoggerFactory.getLogger(RocksStatementLog.class);
  private static final byte[] NO_PREFIX = {};

  private final EntryReader entries;

  /// Opened anew, all three, after the file system was full.
  private volatile LogFolder folder;

  private volatile RocksColumns columns;
  private volatile Indices indices;

  /// The newest head that is durable and anchored.
  private volatile Head committed;

  /// Uncommitted leaves included; the writer's.
  private final MerkleTree tree;

  /// Statements that are not committed; the writer's, as all below.
  private final List<LogEntry> pending = new ArrayList<>();

  private @Nullable LogFailure failure;

  /// [Head#sum()], uncommitted rows included.
  private long sum;

  private long nextRefusal;

  /// None of the refusals that are kept has a lower place. What was dropped before is passed over
  /// slowly until it is compacted away.
  private long firstRefusal;

  private int refusals;
  private volatile int committedRefusals;

  private final AtomicReference<@Nullable Ahead> ahead = new AtomicReference<>();
  private volatile boolean closed;

  private RocksStatementLog(LogFolder folder, EntryReader entries) {
    this.folder = folder;
    this.columns = folder.columns();
    this.indices = folder.indices();
    this.entries = entries;
    this.committed = folder.head();
    this.tree = folder.tree();
    this.sum = committed.sum();
  }

  /// Opens the log in this folder, or makes an empty one where there is none.
  ///
  /// @param decoder [EnvelopeDecoder#SIGNED]; tests have envelopes of their own
  /// @throws LogFailure if the folder is in use, the log is damaged, or the medium fails
  public static RocksStatementLog open(Path folder, EnvelopeDecoder decoder) {
    return open(folder, decoder, Optional.empty());
  }

  /// The same for a node, which has to read the whole log anyway: the check shows each statement
  /// that there is to the reader, in order and by the calling thread. What the reader made of them
  /// counts only if this returns.
  public static RocksStatementLog open(
      Path folder, EnvelopeDecoder decoder, Consumer<LogEntry> reader) {
    return open(folder, decoder, Optional.of(reader));
  }

  private static RocksStatementLog open(
      Path folder, EnvelopeDecoder decoder, Optional<Consumer<LogEntry>> reader) {
    long start = System.nanoTime();
    EntryReader entries = new EntryReader(folder, decoder);
    RocksStatementLog log = new RocksStatementLog(LogFolder.open(folder, entries, reader), entries);
    boolean ready = false;
    try {
      log.countRefusals();
      ready = true;
    } finally {
      if (!ready) {
        log.close();
      }
    }
    LOG.info(
        "log {}: {} statements, root {}, checked in {} ms",
        log.id(),
        log.size(),
        log.root(),
        (System.nanoTime() - start) / 1_000_000);
    return log;
  }

  /// Opens the log of a stopped node to look at it. Nothing is checked yet but its form: ask
  /// [#verify()]. Writing is an `IllegalStateException`.
  ///
  /// @throws LogFailure if there is no log, a node is using it, or it cannot be read at all
  public static RocksStatementLog openReadOnly(Path folder, EnvelopeDecoder decoder) {
    EntryReader entries = new EntryReader(folder, decoder);
    RocksStatementLog log = new RocksStatementLog(LogFolder.openReadOnly(folder, entries), entries);
    boolean ready = false;
    try {
      log.countRefusals();
      ready = true;
    } finally {
      if (!ready) {
        log.close();
      }
    }
    return log;
  }

  private void countRefusals() {
    columns.descending(
        Column.REFUSED,
        NO_PREFIX,
        (place, _) -> {
          nextRefusal = place + 1;
          return false;
        });
    columns.ascending(
        Column.REFUSED_IDS,
        NO_PREFIX,
        NO_PREFIX,
        (_, _) -> {
          refusals++;
          return true;
        });
    committedRefusals = refusals;
  }

  @Override
  public LogId id() {
    return folder.id();
  }

  @Override
  public long size() {
    return columns.isWriter() ? tree.size() : committed.size();
  }

  @Override
  public Sha256 root() {
    return columns.isWriter() ? tree.root() : committed.root();
  }

  @Override
  public boolean contains(StatementId statement) {
    requireOpen();
    long size = size();
    return indices.indexOf(statement).filter(index -> index < size).isPresent();
  }

  @Override
  public Optional<LogEntry> get(StatementId statement) {
    requireOpen();
    return indices.indexOf(statement).flatMap(this::get);
  }

  @Override
  public Optional<LogEntry> get(long index) {
    requireOpen();
    if (index < 0 || index >= size()) {
      return Optional.empty();
    }
    return Optional.of(entry(index));
  }

  private LogEntry entry(long index) {
    Optional<LogEntry> recent = indices.recent(index);
    if (recent.isPresent()) {
      return recent.get();
    }
    StoredEntry stored =
        columns
            .get(Column.ENTRIES, index)
            .orElseThrow(
                () -> LogFailure.damaged(folder.path(), "statement " + index + " is missing"));
    return entries.entry(index, stored);
  }

  @Override
  public LogEntry append(Envelope envelope, long firstSeenMillis) {
    requireWritable();
    if (indices.indexOf(envelope.id()).isPresent()) {
      throw new IllegalArgumentException("the log holds statement " + envelope.id() + " already");
    }
    LogEntry entry = new LogEntry(tree.size(), firstSeenMillis, envelope);
    byte[] key = Column.ENTRIES.keys().write(entry.index());
    byte[] value = Column.ENTRIES.values().write(new StoredEntry(firstSeenMillis, envelope.wire()));
    // First the columns: they refuse a second thread.
    columns.putUnindexed(Column.ENTRIES, key, value);
    sum += RowSum.of(Column.ENTRIES, key, value);
    List<MerkleTree.Node> _ = tree.append(entry.leaf());
    indices.appended(entry);
    pending.add(entry);
    return entry;
  }

  @Override
  public List<LogEntry> scan(long fromIndex, int limit) {
    requireOpen();
    if (fromIndex < 0) {
      throw new IllegalArgumentException("a log has no index " + fromIndex);
    }
    List<LogEntry> found = new ArrayList<>();
    long size = size();
    long stored = Math.min(size, committed.size());
    if (limit > 0 && fromIndex < stored) {
      found.addAll(committed(fromIndex, (int) Math.min(limit, stored - fromIndex)));
    }
    for (long index = Math.max(fromIndex, stored); index < size && found.size() < limit; index++) {
      found.add(entry(index));
    }
    return found;
  }

  /// The portion that will be asked for next by whoever scans everything, read meanwhile.
  ///
  /// @param entries committed ones, which never change again
  private record Ahead(long fromIndex, int limit, CompletableFuture<List<LogEntry>> entries) {}

  private List<LogEntry> committed(long fromIndex, int limit) {
    Ahead read = ahead.getAndSet(null);
    boolean goesOn = read != null && read.fromIndex() == fromIndex && read.limit() == limit;
    List<LogEntry> found = goesOn ? awaited(read) : parsed(raw(fromIndex, limit));
    long next = fromIndex + limit;
    if ((goesOn || fromIndex == 0)
        && limit >= Limits.PARALLEL_SCAN
        && next + limit <= committed.size()) {
      ahead.set(
          new Ahead(next, limit, CompletableFuture.supplyAsync(() -> parsed(raw(next, limit)))));
    }
    return found;
  }

  private static List<LogEntry> awaited(Ahead read) {
    try {
      return read.entries().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private record Raw(long index, StoredEntry stored) {}

  private List<Raw> raw(long fromIndex, int limit) {
    List<Raw> rows = new ArrayList<>(limit);
    columns.ascending(
        Column.ENTRIES,
        NO_PREFIX,
        KeyEncoding.NUMBER.write(fromIndex),
        (index, stored) -> {
          if (index - fromIndex < limit) {
            rows.add(new Raw(index, stored));
          }
          return index - fromIndex < limit - 1;
        });
    return rows;
  }

  /// Parsing is what a scan takes its time for, and an export scans everything.
  private List<LogEntry> parsed(List<Raw> rows) {
    IntStream all = IntStream.range(0, rows.size());
    return (rows.size() < Limits.PARALLEL_SCAN ? all : all.parallel())
        .mapToObj(at -> entries.entry(rows.get(at).index(), rows.get(at).stored()))
        .toList();
  }

  @Override
  public Optional<LogEntry> latestOf(KeyId key) {
    requireOpen();
    return indices.latestOf(key, size()).map(this::entry);
  }

  @Override
  public List<LogEntry> feed(KeyId key, long fromSequence, int limit) {
    requireOpen();
    return limit <= 0
        ? List.of()
        : indices.feed(key, fromSequence, limit, size()).stream().map(this::entry).toList();
  }

  @Override
  public List<LogEntry> alertsFor(DnsName name, int limit) {
    requireOpen();
    return limit <= 0
        ? List.of()
        : indices.alertsFor(name, limit, size()).stream().map(this::entry).toList();
  }

  @Override
  public List<Sha256> inclusionProof(long index, long size) {
    requireOpen();
    requireSize(size);
    return Proofs.inclusion(index, size, indices.nodes(this::entry));
  }

  @Override
  public List<Sha256> consistencyProof(long oldSize, long newSize) {
    requireOpen();
    requireSize(newSize);
    return Proofs.consistency(oldSize, newSize, indices.nodes(this::entry));
  }

  @Override
  public Sha256 rootAt(long size) {
    requireOpen();
    requireSize(size);
    return Proofs.root(0, size, indices.nodes(this::entry));
  }

  private void requireSize(long size) {
    if (size < 0 || size > size()) {
      throw new IllegalArgumentException("a log of " + size() + " statements had never " + size);
    }
  }

  @Override
  public void refuse(RefusedStatement refused) {
    requireWritable();
    StatementId statement = refused.envelope().id();
    Optional<Long> known = columns.get(Column.REFUSED_IDS, statement);
    long place = known.orElse(nextRefusal);
    long firstSeenMillis =
        known
            .flatMap(at -> columns.get(Column.REFUSED, at))
            .map(StoredRefusal::firstSeenMillis)
            .orElse(refused.firstSeenMillis());
    putSummed(
        Column.REFUSED,
        place,
        new StoredRefusal(
            firstSeenMillis, refused.revisit(), refused.reason(), refused.envelope().wire()));
    if (known.isEmpty()) {
      putSummed(Column.REFUSED_IDS, statement, place);
      nextRefusal++;
      refusals++;
      dropOldestRefusal();
    }
  }

  private void dropOldestRefusal() {
    if (refusals > MAX_REFUSED) {
      List<StatementId> oldest = new ArrayList<>();
      columns.ascending(
          Column.REFUSED,
          NO_PREFIX,
          Column.REFUSED.keys().write(firstRefusal),
          (place, stored) -> {
            firstRefusal = place;
            oldest.add(refused(stored).envelope().id());
            return false;
          });
      oldest.forEach(this::unrefuse);
    }
  }

  @Override
  public void unrefuse(StatementId statement) {
    requireWritable();
    Optional<Long> place = columns.get(Column.REFUSED_IDS, statement);
    if (place.isPresent()) {
      deleteSummed(Column.REFUSED_IDS, statement);
      deleteSummed(Column.REFUSED, place.get());
      refusals--;
    }
  }

  @Override
  public Optional<RefusedStatement> refused(StatementId statement) {
    return columns
        .get(Column.REFUSED_IDS, statement)
        .flatMap(place -> columns.get(Column.REFUSED, place))
        .map(this::refused);
  }

  @Override
  public List<RefusedStatement> refused(int limit) {
    List<RefusedStatement> found = new ArrayList<>();
    if (limit > 0) {
      columns.descending(
          Column.REFUSED,
          NO_PREFIX,
          (_, stored) -> {
            found.add(refused(stored));
            return found.size() < limit;
          });
    }
    return found;
  }

  @Override
  public int refusedCount() {
    return columns.isWriter() ? refusals : committedRefusals;
  }

  private RefusedStatement refused(StoredRefusal stored) {
    return new RefusedStatement(
        entries.envelope("a refused statement", stored.wire()),
        stored.firstSeenMillis(),
        stored.reason(),
        stored.revisit());
  }

  private <K, V> void putSummed(Column<K, V> column, K key, V value) {
    deleteSummed(column, key);
    columns.put(column, key, value);
    sum += column.sumOf(key, value);
  }

  private <K, V> void deleteSummed(Column<K, V> column, K key) {
    Optional<V> before = columns.get(column, key);
    if (before.isPresent()) {
      columns.delete(column, key);
      sum -= column.sumOf(key, before.get());
    }
  }

  @Override
  public void remember(String key, ByteString value) {
    requireWritable();
    Limits.requireFact(value);
    putSummed(Column.FACTS, key, value);
  }

  @Override
  public void forget(String key) {
    requireWritable();
    deleteSummed(Column.FACTS, key);
  }

  @Override
  public Optional<ByteString> recall(String key) {
    return columns.get(Column.FACTS, key);
  }

  @Override
  public SortedMap<String, ByteString> recallAll(String prefix) {
    byte[] bytes = prefix.isEmpty() ? NO_PREFIX : KeyEncoding.TEXT.write(prefix);
    SortedMap<String, ByteString> found = new TreeMap<>();
    columns.ascending(
        Column.FACTS,
        bytes,
        bytes,
        (key, value) -> {
          found.put(key, value);
          return true;
        });
    return Collections.unmodifiableSortedMap(found);
  }

  /// Two synced writes: the batch, then the anchor. A crash before the first is over finds nothing
  /// of this commit, or all of it; before the second is over, all of it, and the anchor one behind.
  /// Nobody has been told of it then.
  @Override
  public void commit() {
    requireWritable();
    if (!columns.isPending()) {
      return;
    }
    Head next = new Head(committed.commits() + 1, tree.size(), tree.root(), sum);
    boolean written = false;
    try {
      columns.put(Column.META, LogFolder.META_HEAD, next.toBytes());
      columns.commit();
      written = true;
      folder.anchor(next);
    } catch (LogFailure e) {
      afterFailure(e, next, written);
    }
    committed = next;
    committedRefusals = refusals;
    pending.clear();
    try {
      indices.committed(next.size());
    } catch (LogFailure e) {
      afterFailure(e, next, true);
    }
  }

  /// After any other failure it is not known what the medium holds, and nothing is written any
  /// more. Where only the room was missing, it is: the log is opened again, as after a crash, and
  /// what was being committed is committed then, once there is room. RocksDB itself writes nothing
  /// any more after such an error, even when there is.
  ///
  /// @param written whether the batch of `next` had been synced
  private void afterFailure(LogFailure cause, Head next, boolean written) {
    LogFailure last = cause;
    if (!cause.isOutOfSpace()) {
      failure = cause;
      throw cause;
    }
    Optional<byte[]> rows = written ? Optional.empty() : Optional.of(columns.pending());
    long deadline = System.nanoTime() + Limits.ROOM_PATIENCE_MILLIS * 1_000_000;
    folder.close();
    while (last.isOutOfSpace() && !closed && System.nanoTime() < deadline) {
      LOG.error(
          "the file system of {} is full: nothing is committed, acknowledged or relayed until there is room ({})",
          folder.path(),
          LogFailure.reason(last));
      try {
        if (new Ballast(folder.path()).release()) {
          LOG.warn("the ballast of {} is thrown overboard: it gives some room", folder.path());
        } else {
          Thread.sleep(Limits.ROOM_LOOK_MILLIS);
        }
        openAgain(next, rows);
        if (closed) {
          folder.close();
        }
        LOG.warn("the log in {} has room again and goes on", folder.path());
        return;
      } catch (LogFailure e) {
        last = e;
      } catch (IOException e) {
        last = LogFailure.inputOutput(folder.path(), "write", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    failure = last;
    throw last;
  }

  /// @param rows of the commit `next`, if it may not be there
  /// @throws LogFailure if it cannot be opened, or still has no room; then it is closed
  private void openAgain(Head next, Optional<byte[]> rows) {
    LogFolder opened = LogFolder.open(folder.path(), entries, Optional.empty());
    boolean ready = false;
    try {
      Head found = opened.head();
      if (!found.equals(next)) {
        if (rows.isEmpty() || !found.equals(committed) || !opened.id().equals(folder.id())) {
          throw LogFailure.damaged(
              folder.path(),
              "it ends with commit %,d, and commits %,d and %,d were the last"
                  .formatted(found.commits(), committed.commits(), next.commits()));
        }
        opened.columns().takeUp(rows.get());
        opened.anchor(next);
        pending.forEach(opened.indices()::appended);
        opened.indices().committed(next.size());
      }
      ready = true;
    } finally {
      if (!ready) {
        opened.close();
      }
    }
    folder = opened;
    columns = opened.columns();
    indices = opened.indices();
  }

  @Override
  public LogHead anchored() {
    Head head = committed;
    return new LogHead(head.size(), head.root());
  }

  @Override
  public LogCheck verify(LongConsumer progress) {
    Head head = committed;
    Path path = folder.path();
    try {
      Head anchored = HeadAnchor.read(path).head();
      // Before the statements are frozen: the indices are never ahead of them.
      Scrub.Beside beside =
          new Scrub.Beside(
              Scrub.Depth.CONTENTS,
              Optional.of(indices.sumUp()),
              () -> Indices.storedLeaves(path),
              progress,
              Optional.empty());
      return columns.frozen(rows -> {
        Head stored =
            LogFolder.head(
                path, rows.get(Column.META, LogFolder.META_HEAD).orElse(ByteString.EMPTY));
        Scrub.Result result = Scrub.run(path, rows, entries, stored, anchored, beside);
        return new LogCheck(
            stored.size(),
            stored.root(),
            result.indices().map(wrong -> LogFailure.damageMessage(path, wrong)));
      });
    } catch (LogFailure e) {
      return new LogCheck(head.size(), head.root(), Optional.of(LogFailure.reason(e)));
    } catch (IOException e) {
      String message = LogFailure.reason(LogFailure.inputOutput(path, "read", e));
      return new LogCheck(head.size(), head.root(), Optional.of(message));
    }
  }

  /// Copies the log, as of its newest commit, into a folder that is missing or empty, and reads the
  /// copy back: statements, facts and refused statements, no key. The writer's thread calls,
  /// between two commits; it takes as long as copying the newest write-ahead log does. The caller
  /// verifies the copy ([#openReadOnly], [#verify]).
  ///
  /// @throws LogFailure if it cannot be written
  public void backup(Path target) {
    requireWritable();
    try {
      Files.createDirectories(target);
      folder.backup(target, committed);
    } catch (IOException e) {
      throw LogFailure.inputOutput(target, "write", e);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the log in " + folder.path() + " is closed");
    }
  }

  private void requireWritable() {
    requireOpen();
    if (folder.isReadOnly()) {
      throw new IllegalStateException(
          "the log in " + folder.path() + " was opened to be read only");
    }
    LogFailure earlier = failure;
    if (earlier != null) {
      throw new LogFailure(LogFailure.reason(earlier), earlier);
    }
  }

  /// What was not committed is forgotten.
  @Override
  public void close() {
    closed = true;
    folder.close();
  }
}
