package tocsin.simulations;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.LongConsumer;
import tocsin.storage.LogCheck;
import tocsin.storage.LogEntry;
import tocsin.storage.LogHead;
import tocsin.storage.LogId;
import tocsin.storage.MemoryStatementLog;
import tocsin.storage.RefusedStatement;
import tocsin.storage.StatementLog;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.KeyId;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// A disk that outlives its node: what was committed is there after a crash, what was not is gone.
/// It notes whether there is something to commit; all else is `MemoryStatementLog`.
class SimulatedDisk implements StatementLog {
  private final MemoryStatementLog log;
  private boolean dirty;

  SimulatedDisk(LogId id) {
    this(new MemoryStatementLog(id));
  }

  SimulatedDisk(MemoryStatementLog log) {
    this.log = log;
  }

  /// Something was written since the last commit.
  final boolean isDirty() {
    return dirty;
  }

  /// The machine loses power.
  final void crash() {
    log.crash();
    dirty = false;
  }

  @Override
  public void commit() {
    log.commit();
    dirty = false;
  }

  @Override
  public LogEntry append(Envelope envelope, long firstSeenMillis) {
    dirty = true;
    return log.append(envelope, firstSeenMillis);
  }

  @Override
  public void refuse(RefusedStatement refused) {
    dirty = true;
    log.refuse(refused);
  }

  @Override
  public void unrefuse(StatementId id) {
    dirty = true;
    log.unrefuse(id);
  }

  @Override
  public void remember(String key, ByteString value) {
    dirty = true;
    log.remember(key, value);
  }

  @Override
  public void forget(String key) {
    dirty = true;
    log.forget(key);
  }

  @Override
  public LogId id() {
    return log.id();
  }

  @Override
  public long size() {
    return log.size();
  }

  @Override
  public Sha256 root() {
    return log.root();
  }

  @Override
  public Sha256 rootAt(long size) {
    return log.rootAt(size);
  }

  @Override
  public List<Sha256> inclusionProof(long index, long size) {
    return log.inclusionProof(index, size);
  }

  @Override
  public List<Sha256> consistencyProof(long oldSize, long newSize) {
    return log.consistencyProof(oldSize, newSize);
  }

  @Override
  public LogHead anchored() {
    return log.anchored();
  }

  @Override
  public boolean contains(StatementId id) {
    return log.contains(id);
  }

  @Override
  public Optional<LogEntry> get(StatementId id) {
    return log.get(id);
  }

  @Override
  public Optional<LogEntry> get(long index) {
    return log.get(index);
  }

  @Override
  public List<LogEntry> scan(long fromIndex, int limit) {
    return log.scan(fromIndex, limit);
  }

  @Override
  public Optional<LogEntry> latestOf(KeyId key) {
    return log.latestOf(key);
  }

  @Override
  public List<LogEntry> feed(KeyId key, long fromSequence, int limit) {
    return log.feed(key, fromSequence, limit);
  }

  @Override
  public List<LogEntry> alertsFor(DnsName name, int limit) {
    return log.alertsFor(name, limit);
  }

  @Override
  public Optional<RefusedStatement> refused(StatementId id) {
    return log.refused(id);
  }

  @Override
  public int refusedCount() {
    return log.refusedCount();
  }

  @Override
  public List<RefusedStatement> refused(int limit) {
    return log.refused(limit);
  }

  @Override
  public Optional<ByteString> recall(String key) {
    return log.recall(key);
  }

  @Override
  public SortedMap<String, ByteString> recallAll(String prefix) {
    return log.recallAll(prefix);
  }

  @Override
  public LogCheck verify(LongConsumer progress) {
    return log.verify(progress);
  }

  @Override
  public void close() {
    log.close();
  }
}
