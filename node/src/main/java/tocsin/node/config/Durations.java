package tocsin.node.config;

import java.time.Duration;

/// Times as people write them: a whole number and `s`, `m`, `h` or `d`: "30s", "10m", "24h",
/// "365d".
public final class Durations {
  /// A century: no sum of this and a clock overflows.
  private static final long MAX_SECONDS = 100L * 365 * 24 * 3600;

  private Durations() {}

  /// @throws IllegalArgumentException with a sentence, if it is anything else
  public static Duration parse(String text) {
    if (!text.matches("[0-9]{1,10}[smhd]")) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a time such as 30s, 10m, 24h or 365d");
    }
    long count = Long.parseLong(text.substring(0, text.length() - 1));
    long seconds =
        switch (text.charAt(text.length() - 1)) {
          case 's' -> count;
          case 'm' -> count * 60;
          case 'h' -> count * 3_600;
          default -> count * 86_400;
        };
    if (seconds > MAX_SECONDS) {
      throw new IllegalArgumentException("\"" + text + "\" is longer than a hundred years");
    }
    return Duration.ofSeconds(seconds);
  }

  /// In the largest unit that says it exactly; parts of a second are dropped.
  public static String show(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds != 0 && seconds % 86_400 == 0 && seconds > 86_400) {
      return seconds / 86_400 + "d";
    }
    if (seconds != 0 && seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    if (seconds != 0 && seconds % 60 == 0) {
      return seconds / 60 + "m";
    }
    return seconds + "s";
  }
}
