package tocsin.storage;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// The Merkle tree of RFC 9162 section 2.1 with SHA-256, growing at its right edge. It keeps the
/// roots of the complete subtrees that the leaves so far split into, one for each bit of the size:
/// at most 63 hashes however large the log.
///
/// Not safe for several threads.
final class MerkleTree {
  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  /// Hash of the tree without leaves.
  static final Sha256 EMPTY = Sha256.of();

  private long size;

  /// `edge[level]` is the root of the complete subtree of 2^level leaves, where that bit is set in
  /// `size`; other places hold what is no longer needed.
  private final @Nullable Sha256[] edge;

  MerkleTree() {
    this(0, new @Nullable Sha256[Long.SIZE - 1]);
  }

  private MerkleTree(long size, @Nullable Sha256[] edge) {
    this.size = size;
    this.edge = edge;
  }

  /// Where a complete subtree stands: it covers the leaves from `index * 2^level` up to, but not
  /// with, `(index + 1) * 2^level`.
  record Position(int level, long index) {
    Position {
      if (level < 0 || level >= Long.SIZE - 1 || index < 0) {
        throw new IllegalArgumentException("no such node: level " + level + ", index " + index);
      }
    }
  }

  /// The root of a complete subtree; it never changes again.
  record Node(Position position, Sha256 hash) {}

  static Sha256 leafHash(ByteString leaf) {
    Hasher hasher = HASHER.get();
    hasher.digest.update(LEAF);
    hasher.digest.update(leaf.toByteArray());
    return hasher.hash();
  }

  /// Of [LogEntry#leaf(StatementId, long)].
  static Sha256 leafHash(StatementId id, long firstSeenMillis) {
    Hasher hasher = HASHER.get();
    hasher.begin(LEAF).put(id.hash()).node.putLong(firstSeenMillis);
    return hasher.hashOfNode();
  }

  static Sha256 nodeHash(Sha256 left, Sha256 right) {
    return HASHER.get().begin(NODE).put(left).put(right).hashOfNode();
  }

  /// One for each thread: looking a digest up takes longer than these few bytes do, and a log of a
  /// million statements has two million of them.
  private static final ThreadLocal<Hasher> HASHER = ThreadLocal.withInitial(Hasher::new);

  private static final class Hasher {
    final MessageDigest digest;
    final ByteBuffer node = ByteBuffer.allocate(1 + 2 * Sha256.SIZE_BYTES);
    final ByteBuffer result = ByteBuffer.allocate(Sha256.SIZE_BYTES);

    Hasher() {
      try {
        digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError("every Java platform has SHA-256", e);
      }
    }

    Hasher begin(byte domain) {
      node.clear().put(domain);
      return this;
    }

    Hasher put(Sha256 hash) {
      node.putLong(hash.a()).putLong(hash.b()).putLong(hash.c()).putLong(hash.d());
      return this;
    }

    Sha256 hashOfNode() {
      digest.update(node.array(), 0, node.position());
      return hash();
    }

    Sha256 hash() {
      try {
        int _ = digest.digest(result.array(), 0, Sha256.SIZE_BYTES);
      } catch (DigestException e) {
        throw new AssertionError("a hash has 32 bytes", e);
      }
      return new Sha256(
          result.getLong(0),
          result.getLong(Long.BYTES),
          result.getLong(2 * Long.BYTES),
          result.getLong(3 * Long.BYTES));
    }
  }

  long size() {
    return size;
  }

  /// Adds a leaf (the bytes themselves, not their hash). Returns the nodes that it completes, from
  /// the leaf upwards: at least one, two on average.
  List<Node> append(ByteString leaf) {
    return appendHash(leafHash(leaf));
  }

  /// Adds a leaf whose hash is known; otherwise as [#append].
  List<Node> appendHash(Sha256 leafHash) {
    List<Node> completed = new ArrayList<>(2);
    Sha256 hash = leafHash;
    long index = size;
    int level = 0;
    completed.add(new Node(new Position(level, index), hash));
    while ((index & 1) == 1) {
      hash = nodeHash(at(level), hash);
      index >>= 1;
      level++;
      completed.add(new Node(new Position(level, index), hash));
    }
    edge[level] = hash;
    size++;
    return completed;
  }

  /// Adds 2^level leaves at once, by the root over them. The size must be a multiple of that.
  void appendComplete(int level, Sha256 root) {
    if ((size & ((1L << level) - 1)) != 0) {
      throw new AssertionError("a tree of " + size + " cannot take a subtree of level " + level);
    }
    Sha256 hash = root;
    long index = size >> level;
    int at = level;
    while ((index & 1) == 1) {
      hash = nodeHash(at(at), hash);
      index >>= 1;
      at++;
    }
    edge[at] = hash;
    size += 1L << level;
  }

  /// Merkle tree hash over all leaves so far.
  Sha256 root() {
    if (size == 0) {
      return EMPTY;
    }
    int level = Long.numberOfTrailingZeros(size);
    Sha256 hash = at(level);
    for (long rest = size >> (level + 1); rest != 0; rest >>= 1) {
      level++;
      if ((rest & 1) == 1) {
        hash = nodeHash(at(level), hash);
      }
    }
    return hash;
  }

  /// A tree of its own with the same leaves.
  MerkleTree copy() {
    return new MerkleTree(size, Arrays.copyOf(edge, edge.length));
  }

  private Sha256 at(int level) {
    Sha256 hash = edge[level];
    if (hash == null) {
      throw new AssertionError("no subtree of level " + level + " in a tree of " + size);
    }
    return hash;
  }
}
