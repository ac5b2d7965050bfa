package tocsin.storage;

import tocsin.trust.Sha256;

/// How far a log has come.
///
/// @param size how many statements
/// @param root Merkle tree hash over them
public record LogHead(long size, Sha256 root) {
  /// Of a log that holds nothing.
  public static final LogHead EMPTY = new LogHead(0, MerkleTree.EMPTY);

  public LogHead {
    if (size < 0) {
      throw new IllegalArgumentException("a log has no negative size");
    }
  }
}
