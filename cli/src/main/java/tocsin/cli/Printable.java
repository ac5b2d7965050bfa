package tocsin.cli;

import java.util.HexFormat;
import java.util.function.IntFunction;

/// Text from elsewhere, made safe for a terminal: no control characters, nothing that turns the
/// direction of writing, no second line.
final class Printable {
  private static final int MAX_CHARACTERS = 400;

  private Printable() {}

  static String line(String text) {
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .limit(MAX_CHARACTERS)
        .forEach(c -> safe.appendCodePoint(isPlain(c) ? c : c == '\n' || c == '\t' ? ' ' : '?'));
    return safe.toString();
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
    if (text.codePoints().allMatch(Printable::isPlain)) {
      return text;
    }
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          if (isPlain(c)) {
            safe.appendCodePoint(c);
          } else {
            safe.append(instead.apply(c));
          }
        });
    return safe.toString();
  }

  private static boolean isPlain(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
