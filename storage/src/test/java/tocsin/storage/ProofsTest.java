package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tocsin.trust.Sha256;

/// The proofs of 10,000 random trees before a second verifier, written from the definitions of RFC
/// 9162 section 2.1 and not from our code: recursive where ours loops, over arrays where ours has
/// values.
class ProofsTest {
  /// The second verifier. It computes, from a proof, the root that the proof leads to.
  private static final class Second {
    static byte[] sha256(byte[]... parts) {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        Arrays.stream(parts).forEach(digest::update);
        return digest.digest();
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError(e);
      }
    }

    /// MTH of section 2.1.1.
    static byte[] root(List<byte[]> leaves) {
      if (leaves.isEmpty()) {
        return sha256();
      }
      if (leaves.size() == 1) {
        return sha256(new byte[] {0}, leaves.getFirst());
      }
      int k = k(leaves.size());
      return sha256(
          new byte[] {1}, root(leaves.subList(0, k)), root(leaves.subList(k, leaves.size())));
    }

    /// The largest power of two smaller than n.
    static int k(int n) {
      int k = 1;
      while (2 * k < n) {
        k *= 2;
      }
      return k;
    }

    /// Undoes PATH of section 2.1.3.1; the last hash of the path joins the two halves of the tree.
    static byte[] rootOfPath(byte[] leaf, int m, int n, List<byte[]> path) {
      if (n == 1) {
        return path.isEmpty() ? sha256(new byte[] {0}, leaf) : new byte[0];
      }
      if (path.isEmpty()) {
        return new byte[0];
      }
      int k = k(n);
      List<byte[]> rest = path.subList(0, path.size() - 1);
      return m < k
          ? sha256(new byte[] {1}, rootOfPath(leaf, m, k, rest), path.getLast())
          : sha256(new byte[] {1}, path.getLast(), rootOfPath(leaf, m - k, n - k, rest));
    }

    /// Undoes SUBPROOF of section 2.1.4.1: the roots of the old and of the new tree.
    static byte[][] roots(int m, int n, List<byte[]> proof, boolean whole, byte[] old) {
      if (m == n) {
        byte[] root = whole ? old : proof.getLast();
        return new byte[][] {root, root};
      }
      int k = k(n);
      List<byte[]> rest = proof.subList(0, proof.size() - 1);
      byte[] joint = proof.getLast();
      if (m <= k) {
        byte[][] left = roots(m, k, rest, whole, old);
        return new byte[][] {left[0], sha256(new byte[] {1}, left[1], joint)};
      }
      byte[][] right = roots(m - k, n - k, rest, false, old);
      return new byte[][] {
        sha256(new byte[] {1}, joint, right[0]), sha256(new byte[] {1}, joint, right[1])
      };
    }
  }

  private static Sha256 hash(byte[] bytes) {
    return Sha256.fromBytes(ByteString.copyFrom(bytes));
  }

  private static List<byte[]> bytes(List<Sha256> hashes) {
    return hashes.stream().map(Sha256::toByteArray).toList();
  }

  /// Subtrees by the second verifier's definition, so that our proofs are made over its tree.
  private static Proofs.Nodes nodes(List<byte[]> leaves) {
    return (level, index) ->
        hash(Second.root(leaves.subList((int) (index << level), (int) ((index + 1) << level))));
  }

  private static List<byte[]> leaves(Random random, int size) {
    List<byte[]> leaves = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      byte[] leaf = new byte[random.nextInt(9)];
      random.nextBytes(leaf);
      leaves.add(leaf);
    }
    return leaves;
  }

  @Test
  void aSecondVerifierAgreesWithEveryProofOf10000RandomTrees() {
    Random random = new Random(9162);
    for (int tree = 0; tree < 10_000; tree++) {
      int size = 1 + random.nextInt(1 << (1 + random.nextInt(6)));
      List<byte[]> leaves = leaves(random, size);
      byte[] root = Second.root(leaves);
      Proofs.Nodes nodes = nodes(leaves);
      int index = random.nextInt(size);
      List<Sha256> path = Proofs.inclusion(index, size, nodes);
      assertThat(Second.rootOfPath(leaves.get(index), index, size, bytes(path))).isEqualTo(root);
      Sha256 leaf = MerkleTree.leafHash(ByteString.copyFrom(leaves.get(index)));
      assertThat(Proofs.includes(leaf, index, size, path, hash(root))).isTrue();

      int old = random.nextInt(size + 1);
      byte[] oldRoot = Second.root(leaves.subList(0, old));
      List<Sha256> proof = Proofs.consistency(old, size, nodes);
      if (old > 0) {
        assertThat(Second.roots(old, size, bytes(proof), true, oldRoot))
            .isEqualTo(new byte[][] {oldRoot, root});
      }
      assertThat(Proofs.extend(old, hash(oldRoot), size, hash(root), proof)).isTrue();
      spoil(random, leaf, index, size, path, hash(root), old, hash(oldRoot), proof);
    }
  }

  /// A proof of which anything is changed is none.
  private static void spoil(
      Random random,
      Sha256 leaf,
      int index,
      int size,
      List<Sha256> path,
      Sha256 root,
      int old,
      Sha256 oldRoot,
      List<Sha256> proof) {
    Sha256 other = new Sha256(random.nextLong(), 1, 2, 3);
    assertThat(Proofs.includes(other, index, size, path, root)).isFalse();
    assertThat(Proofs.includes(leaf, index, size, path, other)).isFalse();
    assertThat(Proofs.includes(leaf, size, size, path, root)).isFalse();
    assertThat(Proofs.includes(leaf, -1, size, path, root)).isFalse();
    assertThat(Proofs.includes(leaf, index, size, plus(path, other), root)).isFalse();
    assertThat(Proofs.extend(old, oldRoot, size, root, plus(proof, other))).isFalse();
    assertThat(Proofs.extend(size + 1, oldRoot, size, root, proof)).isFalse();
    if (old > 0) {
      assertThat(Proofs.extend(old, oldRoot, size, other, proof)).isFalse();
      assertThat(Proofs.extend(old, other, size, root, proof)).isFalse();
    }
    if (!path.isEmpty()) {
      List<Sha256> less = path.subList(0, path.size() - 1);
      assertThat(Proofs.includes(leaf, index, size, less, root)).isFalse();
      List<Sha256> changed = new ArrayList<>(path);
      changed.set(random.nextInt(path.size()), other);
      assertThat(Proofs.includes(leaf, index, size, changed, root)).isFalse();
    }
    if (!proof.isEmpty()) {
      List<Sha256> less = proof.subList(0, proof.size() - 1);
      assertThat(Proofs.extend(old, oldRoot, size, root, less)).isFalse();
      List<Sha256> changed = new ArrayList<>(proof);
      changed.set(random.nextInt(proof.size()), other);
      assertThat(Proofs.extend(old, oldRoot, size, root, changed)).isFalse();
    }
  }

  private static List<Sha256> plus(List<Sha256> hashes, Sha256 one) {
    List<Sha256> more = new ArrayList<>(hashes);
    more.add(one);
    return more;
  }

  /// Section 2.1.5: the tree of seven leaves, with its proofs as the text gives them.
  @Test
  void theExampleOfTheRfc() {
    List<byte[]> d = leaves(new Random(7), 7);
    Proofs.Nodes nodes = nodes(d);
    Sha256 a = MerkleTree.leafHash(ByteString.copyFrom(d.get(0)));
    Sha256 b = MerkleTree.leafHash(ByteString.copyFrom(d.get(1)));
    Sha256 c = MerkleTree.leafHash(ByteString.copyFrom(d.get(2)));
    Sha256 dd = MerkleTree.leafHash(ByteString.copyFrom(d.get(3)));
    Sha256 e = MerkleTree.leafHash(ByteString.copyFrom(d.get(4)));
    Sha256 f = MerkleTree.leafHash(ByteString.copyFrom(d.get(5)));
    Sha256 j = MerkleTree.leafHash(ByteString.copyFrom(d.get(6)));
    Sha256 g = MerkleTree.nodeHash(a, b);
    Sha256 h = MerkleTree.nodeHash(c, dd);
    Sha256 i = MerkleTree.nodeHash(e, f);
    Sha256 k = MerkleTree.nodeHash(g, h);
    Sha256 l = MerkleTree.nodeHash(i, j);
    assertThat(Proofs.inclusion(0, 7, nodes)).containsExactly(b, h, l);
    assertThat(Proofs.inclusion(3, 7, nodes)).containsExactly(c, g, l);
    assertThat(Proofs.inclusion(4, 7, nodes)).containsExactly(f, j, k);
    assertThat(Proofs.inclusion(6, 7, nodes)).containsExactly(i, k);
    assertThat(Proofs.consistency(3, 7, nodes)).containsExactly(c, dd, g, l);
    assertThat(Proofs.consistency(4, 7, nodes)).containsExactly(l);
    assertThat(Proofs.consistency(6, 7, nodes)).containsExactly(i, j, k);
  }
}
