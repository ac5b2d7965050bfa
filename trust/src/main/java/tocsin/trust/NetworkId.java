package tocsin.trust;

import com.google.protobuf.ByteString;
import java.util.HexFormat;

/// Names a network of nodes: 16 bytes. A statement made for one network is void in every other.
public record NetworkId(ByteString bytes) {
  public static final int SIZE_BYTES = 16;

  public NetworkId {
    if (bytes.size() != SIZE_BYTES) {
      throw new IllegalArgumentException("a network id has 16 bytes, not " + bytes.size());
    }
  }

  /// The id of the network that people call `name`: the first half of SHA-256 of "tocsin network "
  /// and the name in UTF-8.
  public static NetworkId named(String name) {
    Sha256 hash = Sha256.of(ByteString.copyFromUtf8("tocsin network " + name));
    return new NetworkId(hash.toByteString().substring(0, SIZE_BYTES));
  }

  /// 32 lower-case hexadecimal digits.
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
