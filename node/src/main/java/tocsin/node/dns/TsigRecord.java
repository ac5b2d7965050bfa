package tocsin.node.dns;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;

/// The TSIG record at the end of a message (RFC 8945 section 4.2), and where it stands there. It
/// refers to the message's bytes, so it is good only as long as they are.
final class TsigRecord {
  private static final int FIXED_BYTES = 10;
  private static final int MAX_LABEL = 63;

  private final byte[] message;
  private final int start;
  private final int algorithmStart;
  private final int timeStart;
  private final int macBytes;

  private TsigRecord(byte[] message, int start, int algorithmStart, int timeStart, int macBytes) {
    this.message = message;
    this.start = start;
    this.algorithmStart = algorithmStart;
    this.timeStart = timeStart;
    this.macBytes = macBytes;
  }

  /// Reads the record from `start`, its owner's name, to `end`, known to be within the message;
  /// null if it is not well formed. Names in it must not be compressed.
  static @Nullable TsigRecord parse(byte[] message, int start, int end) {
    int nameEnd = nameEnd(message, start, end);
    if (nameEnd < 0 || nameEnd + FIXED_BYTES > end) {
      return null;
    }
    long ttl = (long) u16(message, nameEnd + 4) << 16 | u16(message, nameEnd + 6);
    if (u16(message, nameEnd + 2) != DClass.ANY || ttl != 0) {
      return null;
    }
    int algorithmStart = nameEnd + FIXED_BYTES;
    int timeStart = nameEnd(message, algorithmStart, end);
    if (timeStart < 0 || timeStart + 10 > end) {
      return null;
    }
    int macBytes = u16(message, timeStart + 8);
    int macEnd = timeStart + 10 + macBytes;
    if (macEnd + 6 > end || macEnd + 6 + u16(message, macEnd + 4) != end) {
      return null;
    }
    return new TsigRecord(message, start, algorithmStart, timeStart, macBytes);
  }

  private static int nameEnd(byte[] message, int start, int end) {
    int at = start;
    while (at < end) {
      int label = message[at] & 0xff;
      at += 1 + label;
      if (label == 0) {
        return at - start <= Limits.NAME_BYTES ? at : -1;
      }
      if (label > MAX_LABEL) {
        return -1;
      }
    }
    return -1;
  }

  private static int u16(byte[] message, int at) {
    return ((message[at] & 0xff) << 8) | (message[at + 1] & 0xff);
  }

  byte[] message() {
    return message;
  }

  /// Where the record begins, and the signed part of the message ends.
  int start() {
    return start;
  }

  Name keyName() {
    return Names.fromWire(Arrays.copyOfRange(message, start, algorithmStart - FIXED_BYTES));
  }

  Name algorithm() {
    return Names.fromWire(Arrays.copyOfRange(message, algorithmStart, timeStart));
  }

  /// Seconds since 1970.
  long timeSigned() {
    return (long) u16(message, timeStart) << 32
        | (long) u16(message, timeStart + 2) << 16
        | u16(message, timeStart + 4);
  }

  int fudgeSeconds() {
    return u16(message, timeStart + 6);
  }

  byte[] mac() {
    return Arrays.copyOfRange(message, timeStart + 10, timeStart + 10 + macBytes);
  }

  int macBytes() {
    return macBytes;
  }

  int originalId() {
    return u16(message, timeStart + 10 + macBytes);
  }

  int error() {
    return u16(message, timeStart + 12 + macBytes);
  }

  /// Length and bytes of the "other data".
  byte[] other() {
    int otherStart = timeStart + 14 + macBytes;
    return Arrays.copyOfRange(message, otherStart, otherStart + 2 + u16(message, otherStart));
  }
}
