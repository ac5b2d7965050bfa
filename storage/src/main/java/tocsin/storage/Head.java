package tocsin.storage;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import tocsin.trust.Sha256;

/// How far the log has come, as of one commit.
///
/// @param commits how many commits there were, those included that added no statement but a fact or
///   a refusal
/// @param size how many statements
/// @param root Merkle tree hash over them
/// @param sum [RowSum] over what neither size nor root covers ([Column#SUMMED]): a lost fact, a
///   signature that changed
record Head(long commits, long size, Sha256 root, long sum) {
  static final int SIZE_BYTES = 3 * Long.BYTES + Sha256.SIZE_BYTES;
  static final Head START = new Head(0, 0, MerkleTree.EMPTY, 0);

  Head {
    if (commits < 0 || size < 0) {
      throw new IllegalArgumentException("a head cannot be negative");
    }
  }

  /// 56 bytes: commits, size and sum big-endian, root.
  ByteString toBytes() {
    ByteBuffer buffer = ByteBuffer.allocate(SIZE_BYTES);
    buffer.putLong(commits).putLong(size).putLong(sum).put(root.toByteArray()).flip();
    return ByteString.copyFrom(buffer);
  }

  /// @throws IllegalArgumentException if it is not what `toBytes` writes
  static Head fromBytes(ByteString bytes) {
    if (bytes.size() != SIZE_BYTES) {
      throw new IllegalArgumentException(
          "a head has " + SIZE_BYTES + " bytes, not " + bytes.size());
    }
    ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
    long commits = buffer.getLong();
    long size = buffer.getLong();
    long sum = buffer.getLong();
    return new Head(commits, size, Sha256.fromBytes(ByteString.copyFrom(buffer)), sum);
  }
}
