package tocsin.storage;

import com.google.protobuf.ByteString;

/// Every bound of this package, with its reason. What a statement may weigh is `tocsin.trust`'s.
final class Limits {
  /// Key of a fact, in characters: a kind and one or two ids in hexadecimal fit.
  static final int FACT_KEY_CHARACTERS = 256;

  /// A fact is a small value (a serial, a task); four times the largest statement body.
  static final int FACT_BYTES = 64 * 1024;

  /// Why a statement was refused, for people: one sentence. Longer ones are cut.
  static final int REASON_CHARACTERS = 1_000;

  /// RocksDB's cache of blocks, their indices and filters in it: a node stays below 250 MB.
  static final long BLOCK_CACHE_BYTES = 16L << 20;

  /// All memtables of a database together. Atomic flush writes all columns when they are full.
  static final long MEMTABLES_BYTES = 48L << 20;

  /// One column's memtable: 16,000 statements of 1 KiB between two flushes.
  static final long MEMTABLE_BYTES = 16L << 20;

  /// Of one column: one is filled while others are written to disk.
  static final int MEMTABLE_COUNT = 3;

  /// All memtables of the indices: what a crash takes of them, some 20,000 statements, is indexed
  /// again at the next start, within a second.
  static final long INDEX_MEMTABLES_BYTES = 6L << 20;

  /// Unit in which a memtable takes memory; the default of 1 MB for each of ten columns is more
  /// than most of them ever hold.
  static final long MEMTABLE_BLOCK_BYTES = 64L << 10;

  /// What a start has to replay at most; some tenths of a second.
  static final long WAL_BYTES = 64L << 20;

  /// Open table files; a log of 100,000,000 statements has more, and then opens and closes them.
  static final int OPEN_FILES = 128;

  /// Threads that open tables. RocksDB starts its usual sixteen for each column at every opening,
  /// however few tables there are: ninety threads took most of the time of opening a small log.
  static final int OPENING_THREADS = 1;

  /// One flush and one compaction: a node is a neighbour of a resolver, not the machine's owner.
  static final int BACKGROUND_JOBS = 2;

  /// RocksDB's own diary, for a post-mortem: four files of one megabyte.
  static final long DIARY_BYTES = 1L << 20;

  static final int DIARY_FILES = 4;

  /// How much a scan of the whole log reads ahead: about what one of its threads takes at a time.
  static final long READ_AHEAD_BYTES = 256L << 10;

  /// Threads that hash a log: a start has the machine, a scrub shares it with a resolver.
  static final int SCRUB_THREADS = 4;

  /// Statements that one of them takes at a time, a quarter of a megabyte; a multiple of a tile.
  /// More would wait in memory, parsed, for those before them.
  static final int SCRUB_PORTION = 2 * Tiles.WIDTH;

  /// Statements from which on a scan has several threads parse.
  static final int PARALLEL_SCAN = 128;

  /// How often a start that takes long says how far it is.
  static final long PROGRESS_NANOS = 2_000_000_000;

  /// Statements indexed in one write: some milliseconds of work.
  static final int INDEX_PORTION = 512;

  /// Statements that may be durable and not yet indexed; then the writer waits. They are held in
  /// memory, at some 4 KiB each.
  static final long INDEX_BACKLOG = 8_192;

  /// Free space below which nothing is accepted any more: a compaction must still have room.
  static final long FREE_BYTES = 1L << 30;

  /// The same as a part of the whole file system, in percent: a full one is slow and fragmented.
  static final int FREE_PERCENT = 5;

  /// Room kept for the case that there is none: what RocksDB writes when it is opened with a full
  /// write-ahead log.
  static final long BALLAST_BYTES = WAL_BYTES;

  /// How often a log that has no room looks whether there is some: writes return within seconds.
  static final long ROOM_LOOK_MILLIS = 1_000;

  /// How long a commit waits for room. A node that can write nothing cannot withdraw what it serves
  /// either; after the hour in which one that is cut off withdraws its overrides it halts, and its
  /// stop withdraws them.
  static final long ROOM_PATIENCE_MILLIS = 3_600_000;

  private Limits() {}

  static void requireFactKey(String key) {
    if (key.isEmpty() || key.length() > FACT_KEY_CHARACTERS) {
      throw new IllegalArgumentException(
          "a key has 1 to " + FACT_KEY_CHARACTERS + " characters, not " + key.length());
    }
    if (!key.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw new IllegalArgumentException("a key is printable ASCII without spaces");
    }
  }

  static String cut(String reason) {
    return reason.length() <= REASON_CHARACTERS ? reason : reason.substring(0, REASON_CHARACTERS);
  }

  static void requireFact(ByteString value) {
    if (value.size() > FACT_BYTES) {
      throw new IllegalArgumentException(
          "a fact has at most " + FACT_BYTES + " bytes, not " + value.size());
    }
  }
}
