package tocsin.storage;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.LongConsumer;
import tocsin.trust.DnsName;
import tocsin.trust.KeyId;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// The append-only log of statements, and beside it what this node must not forget. The port
/// through which the core remembers: synchronous, small, and it reads its own uncommitted writes.
///
/// Everything written since the last [#commit()] becomes durable together with it, or not at all.
/// One thread writes; reads of committed data are allowed from other threads.
///
/// A failure of the medium is a `LogFailure`, unchecked: the caller cannot mend it, the node halts.
public interface StatementLog extends AutoCloseable {
  LogId id();

  /// How many statements, uncommitted ones included.
  long size();

  /// Merkle tree hash (RFC 9162 section 2.1.1) over all entries, uncommitted ones included.
  Sha256 root();

  /// Merkle tree hash over the first `size` entries.
  ///
  /// @throws IllegalArgumentException if the log never had that size
  Sha256 rootAt(long size);

  /// The proof that entry `index` is in the log over the first `size` entries (RFC 9162 section
  /// 2.1.3); [Proofs#includes] checks it.
  ///
  /// @throws IllegalArgumentException unless `0 <= index < size` and the log has that size
  List<Sha256> inclusionProof(long index, long size);

  /// The proof that the first `newSize` entries begin with the first `oldSize` (RFC 9162 section
  /// 2.1.4); [Proofs#extend] checks it.
  ///
  /// @throws IllegalArgumentException unless `0 <= oldSize <= newSize` and the log has that size
  List<Sha256> consistencyProof(long oldSize, long newSize);

  /// The head of the newest commit, which no crash and no damage can take back unnoticed: it may be
  /// signed.
  LogHead anchored();

  boolean contains(StatementId id);

  Optional<LogEntry> get(StatementId id);

  Optional<LogEntry> get(long index);

  /// Appends a statement that the log does not hold yet and returns its entry.
  ///
  /// @throws IllegalArgumentException if it is there already: asking first is the caller's duty
  LogEntry append(tocsin.trust.Envelope envelope, long firstSeenMillis);

  /// Up to `limit` entries from this index on, in order.
  List<LogEntry> scan(long fromIndex, int limit);

  /// The entry of this key with the highest sequence number; of several with that number, the one
  /// that came first.
  Optional<LogEntry> latestOf(KeyId key);

  /// Entries of this key, ascending by sequence number from `fromSequence` on, at most `limit`.
  List<LogEntry> feed(KeyId key, long fromSequence, int limit);

  /// Alerts that list this very name, ascending by index, at most `limit`.
  List<LogEntry> alertsFor(DnsName name, int limit);

  /// Keeps a refused statement for audit. At most [#MAX_REFUSED] are kept: the oldest makes room. A
  /// second refusal of the same statement replaces the reason; place and first-seen time stay.
  void refuse(RefusedStatement refused);

  /// Forgets that a statement was refused, because it has been accepted after all.
  void unrefuse(StatementId id);

  Optional<RefusedStatement> refused(StatementId id);

  /// The refused statements, newest first, at most `limit`.
  List<RefusedStatement> refused(int limit);

  /// How many refused statements are kept; costs nothing.
  int refusedCount();

  /// The node's own durable facts (a flush still to be done, a serial served): small values under
  /// text keys. They are not statements and never in the Merkle tree.
  ///
  /// @param key 1 to 256 characters of printable ASCII without spaces, else
  ///   `IllegalArgumentException`
  /// @param value at most 64 KiB, else `IllegalArgumentException`
  void remember(String key, ByteString value);

  void forget(String key);

  Optional<ByteString> recall(String key);

  /// All facts whose key begins with `prefix`, ascending.
  SortedMap<String, ByteString> recallAll(String prefix);

  /// Makes all writes since the last commit durable. When it returns, no crash can undo them.
  void commit();

  /// Reads and re-hashes everything that is committed. Damage is in the answer, not thrown. Takes
  /// as long as the log is large; other threads may ask, and the writer goes on meanwhile.
  ///
  /// @param progress is told now and then how many statements are done, by the calling thread
  LogCheck verify(LongConsumer progress);

  default LogCheck verify() {
    return verify(_ -> {});
  }

  @Override
  void close();

  /// Refused statements kept for audit: enough to see an attack, little beside a log.
  int MAX_REFUSED = 10_000;
}
