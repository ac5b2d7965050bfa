package tocsin.trust;

import com.google.protobuf.ByteString;

/// Names a statement: SHA-256 of the pre-authentication encoding of its type and body.
public record StatementId(Sha256 hash) implements Comparable<StatementId> {
  /// Exactly 32 bytes.
  ///
  /// @throws IllegalArgumentException if there are more or fewer
  public static StatementId fromBytes(ByteString bytes) {
    return new StatementId(Sha256.fromBytes(bytes));
  }

  /// 64 hexadecimal digits.
  ///
  /// @throws IllegalArgumentException if it is anything else
  public static StatementId fromHex(String hex) {
    return new StatementId(Sha256.fromHex(hex));
  }

  public ByteString toByteString() {
    return hash.toByteString();
  }

  @Override
  public int compareTo(StatementId other) {
    return hash.compareTo(other.hash);
  }

  /// 64 lower-case hexadecimal digits.
  @Override
  public String toString() {
    return hash.toString();
  }
}
