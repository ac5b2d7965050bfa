package tocsin.storage;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import tocsin.trust.Sha256;

/// How far the log has come, as of one commit.
///
/// @param commits how many commits there were, those included that added no statement but a fact or
///   a refusal: a lost one is noticed by it
/// @param size how many statements
/// @param root Merkle tree hash over them
record Head(long commits, long size, Sha256 root) {
  static final int SIZE_BYTES = 8 + 8 + Sha256.SIZE_BYTES;
  static final Head START = new Head(0, 0, MerkleTree.EMPTY);

  Head {
    if (commits < 0 || size < 0) {
      throw new IllegalArgumentException("a head cannot be negative");
    }
  }

  /// 48 bytes: commits and size big-endian, root.
  ByteString toBytes() {
    ByteBuffer buffer = ByteBuffer.allocate(SIZE_BYTES);
    buffer.putLong(commits).putLong(size).put(root.toByteArray()).flip();
    return ByteString.copyFrom(buffer);
  }

  /// @throws IllegalArgumentException if it is not what `toBytes` writes
  static Head fromBytes(ByteString bytes) {
    if (bytes.size() != SIZE_BYTES) {
      throw new IllegalArgumentException("a head has 48 bytes, not " + bytes.size());
    }
    ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
    return new Head(buffer.getLong(), buffer.getLong(), Sha256.fromBytes(bytes.substring(16)));
  }
}
