package tocsin.node.transport;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;

/// Ids cut to their first six bytes, one after the other, each as a big-endian number.
final class ShortIds {
  static final int SIZE_BYTES = 6;

  private ShortIds() {}

  static ByteString write(List<Long> ids) {
    byte[] bytes = new byte[ids.size() * SIZE_BYTES];
    int at = 0;
    for (long id : ids) {
      for (int shift = 8 * (SIZE_BYTES - 1); shift >= 0; shift -= 8) {
        bytes[at++] = (byte) (id >>> shift);
      }
    }
    return ByteString.copyFrom(bytes);
  }

  /// @param bytes a whole number of ids
  static List<Long> read(ByteString bytes) {
    List<Long> ids = new ArrayList<>(bytes.size() / SIZE_BYTES);
    for (int at = 0; at < bytes.size(); at += SIZE_BYTES) {
      long id = 0;
      for (int i = 0; i < SIZE_BYTES; i++) {
        id = id << 8 | Byte.toUnsignedInt(bytes.byteAt(at + i));
      }
      ids.add(id);
    }
    return ids;
  }
}
