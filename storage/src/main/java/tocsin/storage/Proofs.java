package tocsin.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tocsin.trust.Sha256;

/// Inclusion and consistency proofs of RFC 9162 section 2.1: how they are made, and how they are
/// checked. What makes them reads a few hashes of complete subtrees; what checks them needs nothing
/// but the hashes given.
public final class Proofs {
  private Proofs() {}

  /// The tree, by its complete subtrees.
  interface Nodes {
    /// Root of the subtree over the leaves from `index * 2^level` up to, but not with, `(index + 1)
    /// * 2^level`, all of which exist.
    Sha256 hash(int level, long index);
  }

  /// The proof that leaf `index` is in the tree over the first `size` leaves (section 2.1.3.1): at
  /// most 63 hashes, from the leaf upwards.
  ///
  /// @throws IllegalArgumentException unless `0 <= index < size`
  static List<Sha256> inclusion(long index, long size, Nodes nodes) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("a tree of " + size + " leaves has no leaf " + index);
    }
    List<Sha256> path = new ArrayList<>();
    inclusion(index, 0, size, nodes, path);
    return path;
  }

  private static void inclusion(long index, long from, long to, Nodes nodes, List<Sha256> path) {
    if (to - from == 1) {
      return;
    }
    long middle = from + split(to - from);
    if (index < middle) {
      inclusion(index, from, middle, nodes, path);
      path.add(root(middle, to, nodes));
    } else {
      inclusion(index, middle, to, nodes, path);
      path.add(root(from, middle, nodes));
    }
  }

  /// The proof that the tree over the first `newSize` leaves extends the one over the first
  /// `oldSize` (section 2.1.4.1); empty if they are the same tree or the old one is empty.
  ///
  /// @throws IllegalArgumentException unless `0 <= oldSize <= newSize`
  static List<Sha256> consistency(long oldSize, long newSize, Nodes nodes) {
    if (oldSize < 0 || oldSize > newSize) {
      throw new IllegalArgumentException(
          "no tree of " + newSize + " leaves extends one of " + oldSize);
    }
    List<Sha256> proof = new ArrayList<>();
    if (oldSize > 0) {
      consistency(oldSize, 0, newSize, true, nodes, proof);
    }
    return proof;
  }

  private static void consistency(
      long old, long from, long to, boolean known, Nodes nodes, List<Sha256> proof) {
    if (old == to) {
      if (!known) {
        proof.add(root(from, to, nodes));
      }
      return;
    }
    long middle = from + split(to - from);
    if (old <= middle) {
      consistency(old, from, middle, known, nodes, proof);
      proof.add(root(middle, to, nodes));
    } else {
      consistency(old, middle, to, false, nodes, proof);
      proof.add(root(from, middle, nodes));
    }
  }

  /// Merkle tree hash over the leaves from `from` up to, but not with, `to`, as one finds them
  /// while a tree is split: `from` is a multiple of every power of two that fits.
  static Sha256 root(long from, long to, Nodes nodes) {
    long count = to - from;
    if (count == 0) {
      return MerkleTree.EMPTY;
    }
    if (Long.bitCount(count) == 1) {
      int level = Long.numberOfTrailingZeros(count);
      return nodes.hash(level, from >> level);
    }
    long middle = from + split(count);
    return MerkleTree.nodeHash(root(from, middle, nodes), root(middle, to, nodes));
  }

  /// The largest power of two that is smaller than `count`, which is at least 2.
  private static long split(long count) {
    return Long.highestOneBit(count - 1);
  }

  /// True iff the path leads from this leaf, at `index`, to the root over `size` leaves (section
  /// 2.1.3.2). Never throws.
  public static boolean includes(
      Sha256 leafHash, long index, long size, List<Sha256> path, Sha256 root) {
    if (index < 0 || index >= size) {
      return false;
    }
    long node = index;
    long last = size - 1;
    Sha256 hash = leafHash;
    for (Sha256 sibling : path) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        hash = MerkleTree.nodeHash(sibling, hash);
        while ((node & 1) == 0 && node != 0) {
          node >>= 1;
          last >>= 1;
        }
      } else {
        hash = MerkleTree.nodeHash(hash, sibling);
      }
      node >>= 1;
      last >>= 1;
    }
    return last == 0 && hash.equals(root);
  }

  /// True iff the tree with `newRoot` over `newSize` leaves extends the one with `oldRoot` over
  /// `oldSize` (section 2.1.4.2). Every tree extends the empty one. Never throws.
  public static boolean extend(
      long oldSize, Sha256 oldRoot, long newSize, Sha256 newRoot, List<Sha256> proof) {
    if (oldSize < 0 || oldSize > newSize) {
      return false;
    }
    if (oldSize == 0) {
      return proof.isEmpty()
          && oldRoot.equals(MerkleTree.EMPTY)
          && (newSize > 0 || newRoot.equals(MerkleTree.EMPTY));
    }
    if (oldSize == newSize) {
      return proof.isEmpty() && oldRoot.equals(newRoot);
    }
    if (proof.isEmpty()) {
      return false;
    }
    // If the old tree is complete, its root is the first hash, and the proof leaves it out.
    boolean complete = Long.bitCount(oldSize) == 1;
    int at = complete ? 0 : 1;
    long node = oldSize - 1;
    long last = newSize - 1;
    while ((node & 1) == 1) {
      node >>= 1;
      last >>= 1;
    }
    Sha256 oldHash = complete ? oldRoot : proof.getFirst();
    Sha256 newHash = oldHash;
    for (Sha256 hash : proof.subList(at, proof.size())) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        oldHash = MerkleTree.nodeHash(hash, oldHash);
        newHash = MerkleTree.nodeHash(hash, newHash);
        while ((node & 1) == 0 && node != 0) {
          node >>= 1;
          last >>= 1;
        }
      } else {
        newHash = MerkleTree.nodeHash(newHash, hash);
      }
      node >>= 1;
      last >>= 1;
    }
    return last == 0 && oldHash.equals(oldRoot) && newHash.equals(newRoot);
  }

  /// The root over the first `oldSize` leaves that a consistency proof implies, if it leads to
  /// `newRoot`: whoever is shown it knows that the larger tree begins so. Empty if it leads
  /// elsewhere, or where the old tree is complete, since such a proof does not contain the old
  /// root.
  public static Optional<Sha256> rootBefore(
      long oldSize, long newSize, Sha256 newRoot, List<Sha256> proof) {
    if (oldSize <= 0 || oldSize >= newSize || Long.bitCount(oldSize) == 1 || proof.isEmpty()) {
      return Optional.empty();
    }
    long node = oldSize - 1;
    long last = newSize - 1;
    while ((node & 1) == 1) {
      node >>= 1;
      last >>= 1;
    }
    Sha256 oldHash = proof.getFirst();
    for (Sha256 hash : proof.subList(1, proof.size())) {
      if ((node & 1) == 1 || node == last) {
        oldHash = MerkleTree.nodeHash(hash, oldHash);
        while ((node & 1) == 0 && node != 0) {
          node >>= 1;
          last >>= 1;
        }
      }
      node >>= 1;
      last >>= 1;
    }
    return extend(oldSize, oldHash, newSize, newRoot, proof)
        ? Optional.of(oldHash)
        : Optional.empty();
  }
}
