package tocsin.simulations;

import com.google.errorprone.annotations.FormatMethod;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/// Text for pages: numbers as they are written in SVG, and what people read.
final class Svg {
  private Svg() {}

  /// A number with one digit after the point, whatever the machine's language.
  static String n(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  /// `pattern` with the arguments put in, as in [String#format(Locale, String, Object...)].
  @FormatMethod
  static String f(String pattern, Object... arguments) {
    return String.format(Locale.ROOT, pattern, arguments);
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /// Horizontal lines for a quarter, half and so on, with their labels.
  ///
  /// @param y of a share from 0 to 1
  static void shares(int left, int right, DoubleUnaryOperator y, StringBuilder out) {
    for (int percent = 0; percent <= 100; percent += 25) {
      double at = y.applyAsDouble(percent / 100.0);
      out.append(
          f(
              "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%s\" y2=\"%s\"/>"
                  + "<text class=\"axis\" x=\"%d\" y=\"%s\" text-anchor=\"end\">%d %%</text>\n",
              left, right, n(at), n(at), left - 10, n(at + 4), percent));
    }
  }

  /// "95 ms", "1.8 s".
  static String time(double millis) {
    return millis < 1_000
        ? String.format(Locale.ROOT, "%.0f ms", millis)
        : String.format(Locale.ROOT, millis < 10_000 ? "%.1f s" : "%.0f s", millis / 1_000);
  }

  /// "10,000".
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /// "1.33".
  static String times(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
