package tocsin.trust;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;

/// The 14 encodings, canonical and not, of the eight points of edwards25519 whose order divides 8
/// ("Taming the many EdDSAs", Chalkias et al. 2020, table 1; checked from first principles by the
/// tests).
final class LowOrder {
  private LowOrder() {}

  static List<ByteString> encodings() {
    List<ByteString> all = new ArrayList<>();
    for (String y :
        List.of(
            "01" + "00".repeat(31),
            "ec" + "ff".repeat(30) + "7f",
            "00".repeat(32),
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "ed" + "ff".repeat(30) + "7f",
            "ee" + "ff".repeat(30) + "7f")) {
      ByteString even = ByteString.fromHex(y);
      byte[] odd = even.toByteArray();
      odd[31] |= (byte) 0x80;
      all.add(even);
      all.add(ByteString.copyFrom(odd));
    }
    return List.copyOf(all);
  }
}
