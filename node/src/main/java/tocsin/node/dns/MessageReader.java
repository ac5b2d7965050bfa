package tocsin.node.dns;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Type;

/// Reads an answer to a message of ours as far as we care: its numbers and its signature. Never an
/// exception after the header was checked to be there.
final class MessageReader {
  private static final int QUESTION_FIXED_BYTES = 4;
  private static final int RECORD_FIXED_BYTES = 10;

  private final byte[] message;

  /// @param message at least a header
  MessageReader(byte[] message) {
    this.message = message;
  }

  int u16At(int at) {
    return ((message[at] & 0xff) << 8) | (message[at + 1] & 0xff);
  }

  /// The TSIG record at the end; null if there is none or anything before it is not well formed.
  @Nullable TsigRecord signature() {
    int at = Request.HEADER_BYTES;
    for (int i = u16At(4); i > 0; i--) {
      at = skipName(at);
      at += QUESTION_FIXED_BYTES;
      if (at > message.length) {
        return null;
      }
    }
    for (int i = u16At(6) + u16At(8) + u16At(10); i > 0; i--) {
      int start = at;
      at = skipName(at);
      if (at + RECORD_FIXED_BYTES > message.length) {
        return null;
      }
      int type = u16At(at);
      at += RECORD_FIXED_BYTES + u16At(at + RECORD_FIXED_BYTES - 2);
      if (at > message.length) {
        return null;
      }
      if (i == 1 && type == Type.TSIG) {
        return TsigRecord.parse(message, start, at);
      }
    }
    return null;
  }

  /// End of the name, or beyond the message.
  private int skipName(int start) {
    int at = start;
    while (at < message.length) {
      int label = message[at] & 0xff;
      if (label >= 0xc0) {
        return at + 2;
      }
      at += 1 + label;
      if (label == 0) {
        return at;
      }
    }
    return message.length + 1;
  }
}
