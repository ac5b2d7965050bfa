package tocsin.cli;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;

/// Small things in text.
final class Words {
  /// Digits of an id in a table: enough to tell apart by eye and to use as a prefix.
  private static final int SHORT_DIGITS = 12;

  private Words() {}

  static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  static String brief(ByteString id) {
    String hex = hex(id);
    return hex.substring(0, Math.min(SHORT_DIGITS, hex.length()));
  }

  /// ISO 8601 in UTC, to the second; empty for 0.
  static String time(long millis) {
    return millis == 0
        ? ""
        : Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /// ISO 8601 in UTC, to the millisecond; empty for 0.
  static String exactTime(long millis) {
    return millis == 0 ? "" : Instant.ofEpochMilli(millis).toString();
  }

  /// As a shell takes it for one word.
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:@=,+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
