package tocsin.node.config;

/// One thing that is wrong with a configuration: what, where, why it matters, and what to try.
///
/// @param where "FILE:LINE:COLUMN", or the variable or flag
/// @param line from 1; 0 if it is not in the file
/// @param column from 1
/// @param source the line's text; empty if it is not in the file
/// @param why empty if the first sentence says all
/// @param attempt what to write instead, or to run; may be empty
public record ConfigProblem(
    String where, int line, int column, String source, String what, String why, String attempt) {
  private static final int SHOWN_CHARACTERS = 160;

  /// Several lines, with a caret under the place; no newline at the end.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(where).append(": ").append(what);
    if (line > 0 && !source.isEmpty() && source.length() <= SHOWN_CHARACTERS) {
      String number = Integer.toString(line);
      text.append("\n  ").append(number).append(" | ").append(source);
      text.append("\n  ").repeat(" ", number.length()).append(" | ");
      for (int i = 0; i < Math.min(column - 1, source.length()); i++) {
        text.append(source.charAt(i) == '\t' ? '\t' : ' ');
      }
      text.append('^');
    }
    if (!why.isEmpty()) {
      text.append("\n  why: ").append(why);
    }
    if (!attempt.isEmpty()) {
      text.append("\n  try: ").append(attempt);
    }
    return text.toString();
  }
}
