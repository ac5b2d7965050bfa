package tocsin.cli;

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
