package tocsin.cli;

import java.util.HexFormat;
import java.util.function.IntFunction;
import tocsin.node.transport.Words;

/// Text from elsewhere, made safe for a terminal: no control characters, nothing that turns the
/// direction of writing, no second line.
final class Printable {
  private static final int MAX_CHARACTERS = 400;

  private Printable() {}

  static String line(String text) {
    boolean fits = text.codePointCount(0, text.length()) <= MAX_CHARACTERS;
    return oneLine(fits ? text : text.substring(0, text.offsetByCodePoints(0, MAX_CHARACTERS)));
  }

  /// The same without a limit.
  static String oneLine(String text) {
    return replaced(text, c -> c == '\n' || c == '\t' ? " " : "?");
  }

  /// Lines of ours with texts from elsewhere in them: all but their ends is made safe.
  static String lines(String text) {
    return replaced(text, c -> c == '\n' ? "\n" : "?");
  }

  /// JSON, in which what is unsafe stands within strings only: as escapes, so that a program reads
  /// the same.
  static String json(String text) {
    return replaced(
        text,
        c -> {
          if (c == '\n' || c == '\t') {
            return Character.toString(c);
          }
          StringBuilder escapes = new StringBuilder();
          for (char unit : Character.toChars(c)) {
            escapes.append("\\u").append(HexFormat.of().toHexDigits(unit));
          }
          return escapes.toString();
        });
  }

  private static String replaced(String text, IntFunction<String> instead) {
    if (Words.isPrintable(text)) {
      return text;
    }
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .forEach(c -> safe.append(Words.isPrintable(c) ? Character.toString(c) : instead.apply(c)));
    return safe.toString();
  }
}
