package tocsin.node.dns;

import java.util.Arrays;
import org.xbill.DNS.Name;

/// Names as bytes whose unsigned order is the canonical order of RFC 4034 section 6.1: lower-case
/// labels from the root down, each ended by a zero. Zeros and ones inside a label are escaped (`01
/// 01` and `01 02`), which keeps the order.
///
/// So an ancestor's key is a prefix of its descendants' keys, and stands directly before them.
final class NameKey {
  private static final byte END = 0;
  private static final byte ESCAPE = 1;

  private NameKey() {}

  /// The key of a name.
  static byte[] of(Name name) {
    byte[] wire = name.toWire();
    byte[] key = new byte[2 * wire.length];
    int length = write(wire, 0, key, new int[name.labels()]);
    return Arrays.copyOf(key, length);
  }

  /// Writes the key of the uncompressed name at `offset`, known to be well formed, to the start of
  /// `key`, which holds [Limits#KEY_BYTES]; `labels` is room for [Limits#NAME_LABELS] offsets. Both
  /// belong to the caller, so that asking allocates nothing.
  ///
  /// @return the key's length in bytes
  static int write(byte[] wire, int offset, byte[] key, int[] labels) {
    int count = 0;
    for (int at = offset; wire[at] != 0; at += 1 + (wire[at] & 0xff)) {
      labels[count++] = at;
    }
    int length = 0;
    for (int i = count - 1; i >= 0; i--) {
      int at = labels[i];
      int end = at + (wire[at] & 0xff);
      while (++at <= end) {
        byte octet = wire[at];
        if (octet >= 'A' && octet <= 'Z') {
          octet = (byte) (octet + 'a' - 'A');
        } else if (octet == END || octet == ESCAPE) {
          key[length++] = ESCAPE;
          octet++;
        }
        key[length++] = octet;
      }
      key[length++] = END;
    }
    return length;
  }

  /// Whether the name of the first key is the other one or above it.
  static boolean encloses(byte[] ancestor, byte[] key, int length) {
    return length >= ancestor.length
        && Arrays.equals(ancestor, 0, ancestor.length, key, 0, ancestor.length);
  }
}
