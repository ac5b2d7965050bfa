package tocsin.trust;

import com.google.protobuf.ByteString;

/// Names a public key: SHA-256 over one byte of algorithm and the key's bytes.
public record KeyId(Sha256 hash) implements Comparable<KeyId> {
  /// Exactly 32 bytes.
  ///
  /// @throws IllegalArgumentException if there are more or fewer
  public static KeyId fromBytes(ByteString bytes) {
    return new KeyId(Sha256.fromBytes(bytes));
  }

  /// 64 hexadecimal digits.
  ///
  /// @throws IllegalArgumentException if it is anything else
  public static KeyId fromHex(String hex) {
    return new KeyId(Sha256.fromHex(hex));
  }

  public ByteString toByteString() {
    return hash.toByteString();
  }

  @Override
  public int compareTo(KeyId other) {
    return hash.compareTo(other.hash);
  }

  /// 64 lower-case hexadecimal digits.
  @Override
  public String toString() {
    return hash.toString();
  }
}
