package tocsin.trust;

import com.google.protobuf.ByteString;

/// Names an organization: the statement id of its genesis profile, so that nobody else can take it.
public record OrganizationId(Sha256 hash) implements Comparable<OrganizationId> {
  /// Exactly 32 bytes.
  ///
  /// @throws IllegalArgumentException if there are more or fewer
  public static OrganizationId fromBytes(ByteString bytes) {
    return new OrganizationId(Sha256.fromBytes(bytes));
  }

  /// 64 hexadecimal digits.
  ///
  /// @throws IllegalArgumentException if it is anything else
  public static OrganizationId fromHex(String hex) {
    return new OrganizationId(Sha256.fromHex(hex));
  }

  public ByteString toByteString() {
    return hash.toByteString();
  }

  @Override
  public int compareTo(OrganizationId other) {
    return hash.compareTo(other.hash);
  }

  /// 64 lower-case hexadecimal digits.
  @Override
  public String toString() {
    return hash.toString();
  }
}
