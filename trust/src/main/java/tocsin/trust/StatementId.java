package tocsin.trust;

import com.google.protobuf.ByteString;

/// Names a statement: SHA-256 of the pre-authentication encoding of its type and body.
///
/// A node keeps one for each statement there is: it holds the hash's words itself, which is one
/// object to be kept, moved and looked at where there were two.
public final class StatementId implements Comparable<StatementId> {
  private final long a;
  private final long b;
  private final long c;
  private final long d;

  public StatementId(Sha256 hash) {
    a = hash.a();
    b = hash.b();
    c = hash.c();
    d = hash.d();
  }

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

  public Sha256 hash() {
    return new Sha256(a, b, c, d);
  }

  public ByteString toByteString() {
    return hash().toByteString();
  }

  @Override
  public int compareTo(StatementId other) {
    int order = Long.compareUnsigned(a, other.a);
    return order == 0 ? hash().compareTo(other.hash()) : order;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StatementId id && a == id.a && b == id.b && c == id.c && d == id.d;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(a ^ b ^ c ^ d);
  }

  /// 64 lower-case hexadecimal digits.
  @Override
  public String toString() {
    return hash().toString();
  }
}
