package tocsin.storage;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.KeyId;
import tocsin.trust.Sha256;
import tocsin.trust.Statement.Alert;
import tocsin.trust.StatementId;

/// A log that lives as long as its process, for simulations and tests. It keeps the contract of
/// `RocksStatementLog` and can [#crash()]. Same calls, same answers: nothing in it depends on
/// chance, time or hashing.
///
/// For one thread.
public final class MemoryStatementLog implements StatementLog {
  private final LogId id;
  private final List<LogEntry> entries = new ArrayList<>();
  private final TreeMap<StatementId, Long> ids = new TreeMap<>();
  private final TreeMap<KeyId, TreeMap<Long, List<Long>>> feeds = new TreeMap<>();
  private final TreeMap<DnsName, List<Long>> names = new TreeMap<>();
  private final TreeMap<Long, RefusedStatement> refused = new TreeMap<>();
  private final TreeMap<StatementId, Long> refusedIds = new TreeMap<>();
  private final TreeMap<String, ByteString> facts = new TreeMap<>();
  private MerkleTree tree = new MerkleTree();
  private MerkleTree committedTree = new MerkleTree();
  private long nextRefusal;

  /// Of what is committed and of what is not: a crash forgets all of them.
  private final TreeMap<MerkleTree.Position, Sha256> subtrees =
      new TreeMap<>(
          Comparator.comparingInt(MerkleTree.Position::level)
              .thenComparingLong(MerkleTree.Position::index));

  /// How to undo what was written since the last commit, newest first.
  private final Deque<Runnable> undo = new ArrayDeque<>();

  /// What this log begins with and shares with others; none if it is a log of its own.
  private final Optional<MemoryStatementLog> base;

  /// Entries of the base.
  private final int baseSize;

  /// Others begin with this one: nothing is written any more.
  private boolean shared;

  /// @param id whose bytes the caller draws: a simulation has one source of chance
  public MemoryStatementLog(LogId id) {
    this.id = id;
    this.base = Optional.empty();
    this.baseSize = 0;
  }

  private MemoryStatementLog(LogId id, MemoryStatementLog base) {
    this.id = id;
    this.base = Optional.of(base);
    this.baseSize = base.entries.size();
    this.tree = base.tree.copy();
    this.committedTree = base.tree.copy();
    this.facts.putAll(base.facts);
  }

  /// A log of another node that begins with all that is committed here. The beginning is shared,
  /// not copied, so ten thousand of them fit into a simulation; this one takes no more from now on.
  ///
  /// @param forkId of the new log
  /// @throws IllegalStateException if something here is not committed or refused, or this one is a
  ///   fork itself
  public MemoryStatementLog fork(LogId forkId) {
    if (!undo.isEmpty() || !refused.isEmpty() || base.isPresent()) {
      throw new IllegalStateException(
          "only a committed log without refusals that is no fork itself is shared");
    }
    shared = true;
    return new MemoryStatementLog(forkId, this);
  }

  private void requireOwn() {
    if (shared) {
      throw new IllegalStateException("others share this log: it takes no more");
    }
  }

  @Override
  public LogId id() {
    return id;
  }

  @Override
  public long size() {
    return (long) baseSize + entries.size();
  }

  @Override
  public Sha256 root() {
    return tree.root();
  }

  @Override
  public Sha256 rootAt(long size) {
    return size == size() ? tree.root() : Proofs.root(0, requireSize(size), nodes());
  }

  @Override
  public List<Sha256> inclusionProof(long index, long size) {
    return Proofs.inclusion(index, requireSize(size), nodes());
  }

  @Override
  public List<Sha256> consistencyProof(long oldSize, long newSize) {
    return Proofs.consistency(oldSize, requireSize(newSize), nodes());
  }

  private long requireSize(long size) {
    if (size < 0 || size > size()) {
      throw new IllegalArgumentException("a log of " + size() + " statements had never " + size);
    }
    return size;
  }

  /// Complete subtrees do not change: each is hashed once, if it is asked for.
  private Proofs.Nodes nodes() {
    return new Proofs.Nodes() {
      @Override
      public Sha256 hash(int level, long index) {
        if (level == 0) {
          return MerkleTree.leafHash(at(index).leaf());
        }
        MerkleTree.Position position = new MerkleTree.Position(level, index);
        Sha256 known = subtrees.get(position);
        if (known == null) {
          known = MerkleTree.nodeHash(hash(level - 1, 2 * index), hash(level - 1, 2 * index + 1));
          subtrees.put(position, known);
        }
        return known;
      }
    };
  }

  @Override
  public LogHead anchored() {
    return new LogHead(committedTree.size(), committedTree.root());
  }

  @Override
  public boolean contains(StatementId statement) {
    return ids.containsKey(statement) || base.filter(it -> it.contains(statement)).isPresent();
  }

  @Override
  public Optional<LogEntry> get(StatementId statement) {
    Long index = ids.get(statement);
    return index == null ? base.flatMap(it -> it.get(statement)) : get(index);
  }

  @Override
  public Optional<LogEntry> get(long index) {
    return index < 0 || index >= size() ? Optional.empty() : Optional.of(at(index));
  }

  private LogEntry at(long index) {
    return index < baseSize
        ? base.orElseThrow().entries.get((int) index)
        : entries.get((int) index - baseSize);
  }

  @Override
  public LogEntry append(Envelope envelope, long firstSeenMillis) {
    requireOwn();
    if (contains(envelope.id())) {
      throw new IllegalArgumentException("the log holds statement " + envelope.id() + " already");
    }
    long index = size();
    LogEntry entry = new LogEntry(index, firstSeenMillis, envelope);
    entries.add(entry);
    undo.push(entries::removeLast);
    put(ids, envelope.id(), index);
    KeyId key = envelope.statement().header().key();
    index(
        feeds.computeIfAbsent(key, _ -> new TreeMap<>()),
        envelope.statement().header().sequence(),
        index);
    if (envelope.statement() instanceof Alert alert) {
      for (DnsName name : new LinkedHashSet<>(alert.names())) {
        index(names, name, index);
      }
    }
    var _ = tree.append(entry.leaf());
    return entry;
  }

  @Override
  public List<LogEntry> scan(long fromIndex, int limit) {
    if (fromIndex < 0) {
      throw new IllegalArgumentException("a log has no index " + fromIndex);
    }
    long from = Math.min(fromIndex, size());
    long to = Math.min(from + Math.max(0, limit), size());
    List<LogEntry> found = new ArrayList<>((int) (to - from));
    for (long index = from; index < to; index++) {
      found.add(at(index));
    }
    return List.copyOf(found);
  }

  @Override
  public Optional<LogEntry> latestOf(KeyId key) {
    NavigableMap<Long, List<Long>> feed = feedOf(key);
    return feed.isEmpty() ? Optional.empty() : get(feed.lastEntry().getValue().getFirst());
  }

  @Override
  public List<LogEntry> feed(KeyId key, long fromSequence, int limit) {
    return feedOf(key).tailMap(fromSequence, true).values().stream()
        .flatMap(List::stream)
        .limit(Math.max(0, limit))
        .map(this::at)
        .toList();
  }

  private NavigableMap<Long, List<Long>> feedOf(KeyId key) {
    TreeMap<Long, List<Long>> own = feeds.getOrDefault(key, new TreeMap<>());
    TreeMap<Long, List<Long>> before =
        base.map(it -> it.feeds.getOrDefault(key, new TreeMap<>())).orElseGet(TreeMap::new);
    if (before.isEmpty() || own.isEmpty()) {
      return before.isEmpty() ? own : before;
    }
    TreeMap<Long, List<Long>> both = new TreeMap<>(before);
    own.forEach((sequence, indices) -> both.merge(sequence, indices, MemoryStatementLog::joined));
    return both;
  }

  private static List<Long> joined(List<Long> first, List<Long> then) {
    List<Long> all = new ArrayList<>(first);
    all.addAll(then);
    return all;
  }

  @Override
  public List<LogEntry> alertsFor(DnsName name, int limit) {
    List<Long> before = base.map(it -> it.names.getOrDefault(name, List.of())).orElse(List.of());
    return joined(before, names.getOrDefault(name, List.of())).stream()
        .limit(Math.max(0, limit))
        .map(this::at)
        .toList();
  }

  @Override
  public void refuse(RefusedStatement statement) {
    requireOwn();
    StatementId which = statement.envelope().id();
    Long known = refusedIds.get(which);
    RefusedStatement before = known == null ? null : refused.get(known);
    if (known != null && before != null) {
      put(refused, known, statement.firstSeenAt(before.firstSeenMillis()));
      return;
    }
    put(refusedIds, which, nextRefusal);
    put(refused, nextRefusal, statement);
    nextRefusal++;
    if (refused.size() > MAX_REFUSED) {
      unrefuse(refused.firstEntry().getValue().envelope().id());
    }
  }

  @Override
  public void unrefuse(StatementId statement) {
    Long place = refusedIds.get(statement);
    if (place != null) {
      remove(refusedIds, statement);
      remove(refused, place);
    }
  }

  @Override
  public Optional<RefusedStatement> refused(StatementId statement) {
    return Optional.ofNullable(refusedIds.get(statement)).map(refused::get);
  }

  @Override
  public List<RefusedStatement> refused(int limit) {
    return refused.descendingMap().values().stream().limit(Math.max(0, limit)).toList();
  }

  @Override
  public int refusedCount() {
    return refused.size();
  }

  @Override
  public void remember(String key, ByteString value) {
    requireOwn();
    Limits.requireFactKey(key);
    Limits.requireFact(value);
    put(facts, key, value);
  }

  @Override
  public void forget(String key) {
    Limits.requireFactKey(key);
    remove(facts, key);
  }

  @Override
  public Optional<ByteString> recall(String key) {
    Limits.requireFactKey(key);
    return Optional.ofNullable(facts.get(key));
  }

  @Override
  public SortedMap<String, ByteString> recallAll(String prefix) {
    SortedMap<String, ByteString> found = new TreeMap<>();
    for (var fact : facts.tailMap(prefix, true).entrySet()) {
      if (!fact.getKey().startsWith(prefix)) {
        break;
      }
      found.put(fact.getKey(), fact.getValue());
    }
    return Collections.unmodifiableSortedMap(found);
  }

  @Override
  public void commit() {
    undo.clear();
    committedTree = tree.copy();
  }

  /// The process dies and starts again: what was not committed never was.
  public void crash() {
    while (!undo.isEmpty()) {
      undo.pop().run();
    }
    tree = committedTree.copy();
    subtrees.clear();
  }

  @Override
  public LogCheck verify(LongConsumer progress) {
    MerkleTree anew = new MerkleTree();
    for (LogEntry entry : scan(0, (int) committedTree.size())) {
      var _ = anew.append(entry.leaf());
    }
    progress.accept(anew.size());
    boolean same = anew.root().equals(committedTree.root());
    return new LogCheck(
        committedTree.size(),
        committedTree.root(),
        same ? Optional.empty() : Optional.of("an entry was changed in memory"));
  }

  /// Nothing to let go. What was committed stays readable, so that a test may open its "disk"
  /// again.
  @Override
  public void close() {
    crash();
  }

  private <K, V> void put(Map<K, V> map, K key, V value) {
    V before = map.put(key, value);
    undo.push(() -> {
      if (before == null) {
        map.remove(key);
      } else {
        map.put(key, before);
      }
    });
  }

  private <K, V> void remove(Map<K, V> map, K key) {
    V before = map.remove(key);
    if (before != null) {
      undo.push(() -> map.put(key, before));
    }
  }

  private <K> void index(Map<K, List<Long>> map, K key, long index) {
    List<Long> indices = map.computeIfAbsent(key, _ -> new ArrayList<>());
    indices.add(index);
    undo.push(() -> {
      indices.removeLast();
      if (indices.isEmpty()) {
        map.remove(key);
      }
    });
  }
}
