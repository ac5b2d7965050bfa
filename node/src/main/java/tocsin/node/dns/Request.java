package tocsin.node.dns;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Type;

/// A request as read from the wire (RFC 1035 section 4), strictly and within bounds: never an
/// exception, whatever the bytes are. One object is used again for each message of its channel, so
/// that reading allocates nothing.
final class Request {
  /// What became of the bytes.
  enum Reading {
    /// All fields are set. For another opcode than QUERY only the header is.
    GOOD,
    /// No answer: not even a header, or an answer itself.
    SILENT,
    /// To be answered FORMERR.
    MALFORMED
  }

  static final int HEADER_BYTES = 12;

  private static final int EXPIRE_OPTION = 9;
  private static final int COOKIE_OPTION = 10;
  private static final byte[] NO_COOKIE = {};
  private static final int DNSSEC_OK = 0x8000;
  private static final int SOA_TIMES_BYTES = 20;
  private static final int MAX_LABEL = 63;

  private byte[] bytes = {};
  private int length;
  private int id;
  private int flags;
  private int questionEnd;
  private int type;
  private int rrClass;
  private final byte[] key = new byte[Limits.KEY_BYTES];
  private final int[] labels = new int[Limits.NAME_LABELS];
  private int keyLength;
  private boolean edns;
  private int ednsVersion;
  private int payloadBytes;
  private boolean dnssecOk;
  private boolean expireAsked;
  private byte[] cookie = NO_COOKIE;
  private @Nullable Serial clientSerial;
  private @Nullable TsigRecord tsig;

  /// Position while reading.
  private int at;

  /// Reads the first `size` bytes, which stay in use until the next call.
  Reading read(byte[] message, int size) {
    bytes = message;
    length = size;
    questionEnd = HEADER_BYTES;
    edns = false;
    ednsVersion = 0;
    payloadBytes = Limits.PLAIN_UDP_ANSWER_BYTES;
    dnssecOk = false;
    expireAsked = false;
    cookie = NO_COOKIE;
    clientSerial = null;
    tsig = null;
    if (size < HEADER_BYTES) {
      return Reading.SILENT;
    }
    id = u16(0);
    flags = u16(2);
    if ((flags & 0x8000) != 0) {
      return Reading.SILENT;
    }
    if (opcode() != Opcode.QUERY) {
      return Reading.GOOD;
    }
    int authority = u16(8);
    int additional = u16(10);
    if (u16(4) != 1 || u16(6) != 0 || authority + additional > Limits.REQUEST_RECORDS) {
      return Reading.MALFORMED;
    }
    return question() && records(authority, additional) && at == length
        ? Reading.GOOD
        : Reading.MALFORMED;
  }

  private boolean question() {
    at = HEADER_BYTES;
    if (!plainName() || at + 4 > length) {
      return false;
    }
    type = u16(at);
    rrClass = u16(at + 2);
    at += 4;
    questionEnd = at;
    keyLength = NameKey.write(bytes, HEADER_BYTES, key, labels);
    return true;
  }

  private boolean records(int authority, int additional) {
    for (int i = 0; i < authority + additional; i++) {
      int start = at;
      if (!anyName() || at + 10 > length) {
        return false;
      }
      int recordType = u16(at);
      int recordClass = u16(at + 2);
      int ttl = u16(at + 4) << 16 | u16(at + 6);
      int dataStart = at + 10;
      int dataEnd = dataStart + u16(at + 8);
      if (dataEnd > length) {
        return false;
      }
      boolean good = true;
      if (i < authority) {
        if (recordType == Type.SOA && type == Type.IXFR) {
          good = clientSoa(dataStart, dataEnd);
        }
      } else if (recordType == Type.OPT) {
        good = !edns && dataStart == start + 11 && opt(recordClass, ttl, dataStart, dataEnd);
      } else if (recordType == Type.TSIG) {
        tsig = TsigRecord.parse(bytes, start, dataEnd);
        good = tsig != null && i == authority + additional - 1;
      }
      if (!good) {
        return false;
      }
      at = dataEnd;
    }
    return true;
  }

  private boolean clientSoa(int start, int end) {
    at = start;
    boolean primary = anyName();
    boolean contact = anyName();
    if (!primary || !contact || at + SOA_TIMES_BYTES != end) {
      return false;
    }
    clientSerial = new Serial((long) u16(at) << 16 | u16(at + 2));
    return true;
  }

  private boolean opt(int recordClass, int ttl, int start, int end) {
    edns = true;
    payloadBytes = Math.max(Limits.PLAIN_UDP_ANSWER_BYTES, recordClass);
    ednsVersion = ttl >> 16 & 0xff;
    dnssecOk = (ttl & DNSSEC_OK) != 0;
    int option = start;
    while (option < end) {
      if (option + 4 > end || option + 4 + u16(option + 2) > end) {
        return false;
      }
      int code = u16(option);
      int dataStart = option + 4;
      option = dataStart + u16(option + 2);
      expireAsked |= code == EXPIRE_OPTION;
      // RFC 7873 section 5.2: the first one counts.
      if (code == COOKIE_OPTION && cookie.length == 0) {
        int size = option - dataStart;
        if (size != Cookies.CLIENT_BYTES
            && (size < Cookies.MIN_WITH_SERVER_BYTES || size > Cookies.MAX_BYTES)) {
          return false;
        }
        cookie = Arrays.copyOfRange(bytes, dataStart, option);
      }
    }
    return true;
  }

  /// Moves past a name without compression.
  private boolean plainName() {
    int start = at;
    while (at < length) {
      int label = bytes[at] & 0xff;
      at += 1 + label;
      if (label == 0) {
        return at - start <= Limits.NAME_BYTES;
      }
      if (label > MAX_LABEL || at - start >= Limits.NAME_BYTES) {
        return false;
      }
    }
    return false;
  }

  /// Moves past a name that may end in a pointer, which is not followed.
  private boolean anyName() {
    int start = at;
    while (at < length) {
      int label = bytes[at] & 0xff;
      if (label >= 0xc0) {
        at += 2;
        return at <= length;
      }
      at += 1 + label;
      if (label == 0) {
        return true;
      }
      if (label > MAX_LABEL || at - start >= Limits.NAME_BYTES) {
        return false;
      }
    }
    return false;
  }

  private int u16(int offset) {
    return ((bytes[offset] & 0xff) << 8) | (bytes[offset + 1] & 0xff);
  }

  byte[] bytes() {
    return bytes;
  }

  int id() {
    return id;
  }

  int opcode() {
    return flags >> 11 & 0xf;
  }

  /// Opcode and "recursion desired" as an answer repeats them.
  int repeatedFlags() {
    return flags & 0x7900;
  }

  /// End of the question, which starts after the header; the header's end if it was not read.
  int questionEnd() {
    return questionEnd;
  }

  /// Bytes of the question's name.
  int nameBytes() {
    return questionEnd - HEADER_BYTES - 4;
  }

  int type() {
    return type;
  }

  int rrClass() {
    return rrClass;
  }

  /// Holds the [NameKey] of the question's name in its first [#keyLength] bytes.
  byte[] key() {
    return key;
  }

  int keyLength() {
    return keyLength;
  }

  /// Whether there is an OPT record (RFC 6891).
  boolean edns() {
    return edns;
  }

  int ednsVersion() {
    return ednsVersion;
  }

  /// The largest UDP answer that the client takes.
  int payloadBytes() {
    return payloadBytes;
  }

  boolean dnssecOk() {
    return dnssecOk;
  }

  /// Whether it has the EXPIRE option (RFC 7314).
  boolean expireAsked() {
    return expireAsked;
  }

  /// The cookie (RFC 7873): 8 bytes of the client, or those and 8 to 32 of a server; empty if there
  /// is none. Not to be changed.
  byte[] cookie() {
    return cookie;
  }

  /// The version that an IXFR client has; null if it did not say.
  @Nullable Serial clientSerial() {
    return clientSerial;
  }

  /// The signature, not yet verified.
  @Nullable TsigRecord tsig() {
    return tsig;
  }
}
