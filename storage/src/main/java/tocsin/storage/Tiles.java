package tocsin.storage;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tocsin.trust.Sha256;

/// The Merkle tree in tiles of 256 hashes, after https://c2sp.org/tlog-tiles: tile `n` of level 0
/// holds the leaf hashes from `256 n` on, tile `n` of level 1 the roots of the tiles `256 n` and so
/// on of level 0. A complete tile never changes and is stored; the last, growing one of each level
/// is held here: at most 8 KiB for each level, three levels for sixteen million statements.
///
/// Safe for several threads.
final class Tiles {
  /// Hashes in a tile, as a power of two.
  static final int HEIGHT = 8;

  static final int WIDTH = 1 << HEIGHT;

  private final List<List<Sha256>> growing = new ArrayList<>();
  private long size;

  /// Takes a tile that is complete.
  interface Sink {
    /// @param tile level and number of the tile
    /// @param hashes 256 times 32 bytes
    void put(MerkleTree.Position tile, ByteString hashes);
  }

  /// Adds the next leaf.
  synchronized void add(Sha256 leafHash, Sink sink) {
    add(0, size++, leafHash, sink);
  }

  /// Adds 256 leaves that fill a tile, given the root over them.
  synchronized void addTile(List<Sha256> leafHashes, Sha256 root, Sink sink) {
    if (size % WIDTH != 0 || leafHashes.size() != WIDTH) {
      throw new AssertionError(leafHashes.size() + " leaves are no tile after " + size);
    }
    long number = size >> HEIGHT;
    sink.put(new MerkleTree.Position(0, number), bytes(leafHashes));
    size += WIDTH;
    add(1, number, root, sink);
  }

  /// @param number of this hash among those of its level
  private void add(int lowest, long number, Sha256 added, Sink sink) {
    Sha256 hash = added;
    long index = number;
    for (int level = lowest; ; level++) {
      while (growing.size() <= level) {
        growing.add(new ArrayList<>(WIDTH));
      }
      List<Sha256> tile = growing.get(level);
      tile.add(hash);
      if (tile.size() < WIDTH) {
        return;
      }
      index >>= HEIGHT;
      sink.put(new MerkleTree.Position(level, index), bytes(tile));
      hash = root(tile);
      tile.clear();
    }
  }

  /// Takes up complete tiles that are stored already: the leaves given to [#add] follow them.
  ///
  /// @param leaves a multiple of 256
  /// @param stored reads a tile
  synchronized void resume(long leaves, Source stored) {
    size = leaves;
    growing.clear();
    long tiles = leaves >> HEIGHT;
    for (int level = 1; tiles > 0; level++) {
      List<Sha256> last = new ArrayList<>(WIDTH);
      for (long tile = tiles / WIDTH * WIDTH; tile < tiles; tile++) {
        last.add(root(hashes(stored.tile(new MerkleTree.Position(level - 1, tile)))));
      }
      while (growing.size() <= level) {
        growing.add(new ArrayList<>(WIDTH));
      }
      growing.set(level, last);
      tiles >>= HEIGHT;
    }
  }

  /// Reads a tile that is complete.
  interface Source {
    ByteString tile(MerkleTree.Position tile);
  }

  /// How many leaves there are.
  synchronized long size() {
    return size;
  }

  /// A hash of a tile that still grows; empty if the tile is complete, or has not come so far.
  ///
  /// @param level of tiles
  /// @param index among all hashes of that level
  synchronized Optional<Sha256> growing(int level, long index) {
    if (level >= growing.size()) {
      return Optional.empty();
    }
    long first = size >> (HEIGHT * (level + 1)) << HEIGHT;
    List<Sha256> tile = growing.get(level);
    return index >= first && index - first < tile.size()
        ? Optional.of(tile.get((int) (index - first)))
        : Optional.empty();
  }

  static List<Sha256> hashes(ByteString tile) {
    List<Sha256> hashes = new ArrayList<>(WIDTH);
    for (int at = 0; at < tile.size(); at += Sha256.SIZE_BYTES) {
      hashes.add(Sha256.fromBytes(tile.substring(at, at + Sha256.SIZE_BYTES)));
    }
    return hashes;
  }

  /// Root of the complete subtree over these hashes, whose number is a power of two.
  static Sha256 root(List<Sha256> hashes) {
    List<Sha256> level = hashes;
    while (level.size() > 1) {
      List<Sha256> above = new ArrayList<>(level.size() / 2);
      for (int i = 0; i < level.size(); i += 2) {
        above.add(MerkleTree.nodeHash(level.get(i), level.get(i + 1)));
      }
      level = above;
    }
    return level.getFirst();
  }

  private static ByteString bytes(List<Sha256> hashes) {
    byte[] bytes = new byte[hashes.size() * Sha256.SIZE_BYTES];
    for (int i = 0; i < hashes.size(); i++) {
      byte[] hash = hashes.get(i).toByteArray();
      System.arraycopy(hash, 0, bytes, i * Sha256.SIZE_BYTES, hash.length);
    }
    return ByteString.copyFrom(bytes);
  }
}
