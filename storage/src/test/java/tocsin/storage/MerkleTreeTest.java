package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tocsin.trust.Sha256;

class MerkleTreeTest {
  /// The leaves and roots that Certificate Transparency's implementations share as test vectors
  /// (google/certificate-transparency, `merkle_tree_test.cc`); RFC 9162 section 2.1.1 keeps the
  /// hash of RFC 6962.
  private static final List<String> LEAVES =
      List.of(
          "",
          "00",
          "10",
          "2021",
          "3031",
          "40414243",
          "5051525354555657",
          "606162636465666768696a6b6c6d6e6f");

  private static final List<String> ROOTS =
      List.of(
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

  @Test
  void agreesWithThePublishedVectors() {
    MerkleTree tree = new MerkleTree();
    List<String> roots = new ArrayList<>(List.of(tree.root().toString()));
    for (String leaf : LEAVES) {
      assertThat(tree.append(ByteString.copyFrom(HexFormat.of().parseHex(leaf)))).isNotEmpty();
      roots.add(tree.root().toString());
    }
    assertThat(roots).isEqualTo(ROOTS);
  }

  @Test
  void agreesWithTheRecursiveDefinitionAtEverySize() {
    Random random = new Random(1);
    MerkleTree tree = new MerkleTree();
    List<ByteString> leaves = new ArrayList<>();
    for (int size = 1; size <= 300; size++) {
      byte[] leaf = new byte[random.nextInt(50)];
      random.nextBytes(leaf);
      leaves.add(ByteString.copyFrom(leaf));
      for (MerkleTree.Node node : tree.append(leaves.getLast())) {
        int width = 1 << node.position().level();
        int first = (int) node.position().index() * width;
        assertThat(node.hash()).isEqualTo(naive(leaves.subList(first, first + width)));
        assertThat(first + width).isEqualTo(size);
      }
      assertThat(tree.size()).isEqualTo(size);
      assertThat(tree.root()).isEqualTo(naive(leaves));
    }
  }

  @Test
  void everyCompleteSubtreeIsReportedOnce() {
    MerkleTree tree = new MerkleTree();
    List<MerkleTree.Position> reported = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      tree.append(ByteString.EMPTY).forEach(node -> reported.add(node.position()));
    }
    List<MerkleTree.Position> complete = new ArrayList<>();
    for (int level = 0; level < 7; level++) {
      for (long index = 0; index < 100 >> level; index++) {
        complete.add(new MerkleTree.Position(level, index));
      }
    }
    assertThat(reported).containsExactlyInAnyOrderElementsOf(complete);
  }

  @Test
  void aCopyGrowsByItself() {
    MerkleTree tree = new MerkleTree();
    tree.append(Samples.bytes("a"));
    Sha256 before = tree.root();
    MerkleTree copy = tree.copy();
    copy.append(Samples.bytes("b"));
    assertThat(tree.root()).isEqualTo(before);
    tree.append(Samples.bytes("b"));
    assertThat(tree.root()).isEqualTo(copy.root());
  }

  /// RFC 9162 section 2.1.1, word for word.
  private static Sha256 naive(List<ByteString> leaves) {
    if (leaves.isEmpty()) {
      return Sha256.of();
    }
    if (leaves.size() == 1) {
      return Sha256.of(ByteString.copyFrom(new byte[] {0}), leaves.getFirst());
    }
    int split = Integer.highestOneBit(leaves.size() - 1);
    return Sha256.of(
        ByteString.copyFrom(new byte[] {1}),
        naive(leaves.subList(0, split)).toByteString(),
        naive(leaves.subList(split, leaves.size())).toByteString());
  }
}
