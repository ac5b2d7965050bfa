package tocsin.cli.demo;

import java.util.Locale;

/// Numbers and ids for the screen.
final class Words {
  private Words() {}

  static String millis(long millis) {
    return millis < 10_000
        ? String.format(Locale.ROOT, "%,d ms", millis)
        : String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
  }

  /// The beginning of an id: enough to tell a few apart.
  static String shortened(Object id) {
    String text = id.toString();
    return text.length() <= 12 ? text : text.substring(0, 12);
  }

  static String padded(String text, int width) {
    return text + " ".repeat(Math.max(width - text.length(), 0));
  }
}
