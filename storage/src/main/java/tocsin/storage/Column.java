package tocsin.storage;

import com.google.protobuf.ByteString;
import java.util.List;
import tocsin.storage.KeyEncoding.FeedKey;
import tocsin.storage.KeyEncoding.NameKey;
import tocsin.storage.ValueEncoding.Nothing;
import tocsin.storage.ValueEncoding.StoredEntry;
import tocsin.storage.ValueEncoding.StoredRefusal;
import tocsin.trust.StatementId;

/// The table of what stands on disk: every column, its name there, how its keys and its values are
/// written. Whoever changes a line raises [#FORMAT].
///
/// `ENTRIES` is the log. `IDS`, `FEEDS`, `NAMES` and `TILES` follow from it ([IndexRows]), stand in
/// a database of their own and are compared with it by a scrub. The others are the node's own.
final class Column<K, V> {
  /// Version of this table; written into the log and into its head anchor.
  static final int FORMAT = 2;

  /// The RocksDB in which a column stands.
  enum Database {
    /// What was said and what the node must not forget: synced with each commit.
    STATEMENTS,
    /// What follows from the statements: written after them, and built again when it is lost.
    INDICES
  }

  /// "format", "log-id", "head".
  static final Column<String, ByteString> META =
      new Column<>(0, "meta", KeyEncoding.TEXT, ValueEncoding.BYTES);

  /// Index to statement.
  static final Column<Long, StoredEntry> ENTRIES =
      new Column<>(1, "entries", KeyEncoding.NUMBER, ValueEncoding.ENTRY);

  /// Statement id to index.
  static final Column<StatementId, Long> IDS =
      new Column<>(2, "ids", KeyEncoding.STATEMENT_ID, ValueEncoding.NUMBER);

  /// Statements of a key, by sequence number, then by index.
  static final Column<FeedKey, Nothing> FEEDS =
      new Column<>(3, "feeds", KeyEncoding.FEED, ValueEncoding.NOTHING);

  /// Alerts that list a name, by index.
  static final Column<NameKey, Nothing> NAMES =
      new Column<>(4, "names", KeyEncoding.NAME, ValueEncoding.NOTHING);

  /// Complete tiles of the Merkle tree, 256 hashes of one level each: what proofs are made of.
  static final Column<MerkleTree.Position, ByteString> TILES =
      new Column<>(5, "tiles", KeyEncoding.NODE, ValueEncoding.BYTES);

  /// Refused statements by order of arrival, which is not dense.
  static final Column<Long, StoredRefusal> REFUSED =
      new Column<>(6, "refused", KeyEncoding.NUMBER, ValueEncoding.REFUSAL);

  /// Statement id to place in `REFUSED`.
  static final Column<StatementId, Long> REFUSED_IDS =
      new Column<>(7, "refused-ids", KeyEncoding.STATEMENT_ID, ValueEncoding.NUMBER);

  /// The node's own durable facts.
  static final Column<String, ByteString> FACTS =
      new Column<>(8, "facts", KeyEncoding.TEXT, ValueEncoding.BYTES);

  /// How far the indices go: [Indices.State].
  static final Column<String, ByteString> PROGRESS =
      new Column<>(9, "progress", KeyEncoding.TEXT, ValueEncoding.BYTES);

  static final List<Column<?, ?>> ALL =
      List.of(META, ENTRIES, IDS, FEEDS, NAMES, TILES, REFUSED, REFUSED_IDS, FACTS, PROGRESS);

  /// Those that follow from `ENTRIES`.
  static final List<Column<?, ?>> INDICES = List.of(IDS, FEEDS, NAMES, TILES);

  /// The rest: the head keeps a sum over their rows. `ENTRIES` too, since an id, and so the Merkle
  /// tree, does not cover the signatures.
  static final List<Column<?, ?>> SUMMED = List.of(ENTRIES, REFUSED, REFUSED_IDS, FACTS);

  private final int number;
  private final String name;
  private final Encoding<K> keys;
  private final Encoding<V> values;

  private Column(int number, String name, Encoding<K> keys, Encoding<V> values) {
    this.number = number;
    this.name = name;
    this.keys = keys;
    this.values = values;
  }

  static List<Column<?, ?>> of(Database database) {
    return ALL.stream().filter(column -> column.database() == database).toList();
  }

  Database database() {
    return this == PROGRESS || INDICES.contains(this) ? Database.INDICES : Database.STATEMENTS;
  }

  /// Place in [#ALL].
  int number() {
    return number;
  }

  /// Name of the column family.
  String diskName() {
    return name;
  }

  Encoding<K> keys() {
    return keys;
  }

  Encoding<V> values() {
    return values;
  }

  /// What this row adds to a [RowSum].
  long sumOf(K key, V value) {
    return RowSum.of(this, keys.write(key), values.write(value));
  }

  @Override
  public String toString() {
    return name;
  }
}
