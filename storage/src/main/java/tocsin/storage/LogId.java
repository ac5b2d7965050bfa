package tocsin.storage;

import com.google.protobuf.ByteString;
import java.util.HexFormat;

/// Names one node's log: 16 random bytes, drawn when the log is created. A peer resumes by it.
public record LogId(ByteString bytes) implements Comparable<LogId> {
  public static final int SIZE_BYTES = 16;

  public LogId {
    if (bytes.size() != SIZE_BYTES) {
      throw new IllegalArgumentException("a log id has 16 bytes, not " + bytes.size());
    }
  }

  @Override
  public int compareTo(LogId other) {
    return ByteString.unsignedLexicographicalComparator().compare(bytes, other.bytes);
  }

  /// 32 lower-case hexadecimal digits.
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
