package tocsin.node.dns;

/// A message being written: a byte array and a position in it. The caller checks [#room] before it
/// writes.
final class MessageWriter {
  private final byte[] bytes;
  private int position;

  MessageWriter(int capacityBytes) {
    this.bytes = new byte[capacityBytes];
  }

  byte[] array() {
    return bytes;
  }

  int position() {
    return position;
  }

  /// Goes back, or to the start of a new message.
  void rewind(int to) {
    position = to;
  }

  /// Bytes that may still be written in a message of `limitBytes`.
  int room(int limitBytes) {
    return limitBytes - position;
  }

  void u8(int value) {
    bytes[position++] = (byte) value;
  }

  void u16(int value) {
    bytes[position++] = (byte) (value >> 8);
    bytes[position++] = (byte) value;
  }

  void u16At(int at, int value) {
    bytes[at] = (byte) (value >> 8);
    bytes[at + 1] = (byte) value;
  }

  int u16At(int at) {
    return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
  }

  void u32(long value) {
    u16((int) (value >> 16));
    u16((int) value);
  }

  void u48(long value) {
    u16((int) (value >> 32));
    u32(value);
  }

  void bytes(byte[] from, int offset, int length) {
    System.arraycopy(from, offset, bytes, position, length);
    position += length;
  }

  void bytes(byte[] from) {
    bytes(from, 0, from.length);
  }

  byte[] toByteArray() {
    return java.util.Arrays.copyOf(bytes, position);
  }
}
