package tocsin.cli;

import static java.util.regex.Matcher.quoteReplacement;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A command cannot do what was asked. Told in up to three lines: what, why, and what to try.
final class Failure extends Exception {
  private static final long serialVersionUID = 1;

  /// Where a line proposes a command of ours.
  private static final Pattern COMMAND = Pattern.compile("(?m)^( *try: )tocsin ");

  private final ExitCode code;

  /// What stands below the first line, in lines of its own; empty: nothing.
  private final String list;

  private final String why;
  private final String attempt;

  private Failure(
      ExitCode code,
      String what,
      String list,
      String why,
      String attempt,
      @Nullable Throwable cause) {
    super(what, cause);
    this.code = code;
    this.list = list;
    this.why = why;
    this.attempt = attempt;
  }

  Failure(ExitCode code, String what) {
    this(code, what, "", "", "", null);
  }

  /// @param lines which say the same of one thing after the other
  Failure listing(String lines) {
    return new Failure(code, what(), lines, why, attempt, getCause());
  }

  static Failure usage(String what) {
    return new Failure(ExitCode.USAGE, what);
  }

  /// @param flag of a number that has limits
  /// @throws Failure of usage, outside of them
  static void requireWithin(String flag, int value, int min, int max) throws Failure {
    if (value < min || value > max) {
      throw usage(flag + " is " + min + " to " + max + ", not " + value);
    }
  }

  Failure because(String reason) {
    return new Failure(code, what(), list, reason, attempt, getCause());
  }

  /// @param command something that runs, or works, as it stands here
  Failure tryThis(String command) {
    return new Failure(code, what(), list, why, command, getCause());
  }

  Failure causedBy(Throwable cause) {
    return new Failure(code, what(), list, why, attempt, cause);
  }

  ExitCode code() {
    return code;
  }

  String what() {
    return String.valueOf(getMessage());
  }

  /// What is wrong, and below it the lines of its list.
  String whole() {
    String what = Printable.oneLine(what());
    return list.isEmpty() ? what : what + "\n" + Printable.lines(list);
  }

  /// One to three lines, without a newline at the end, whatever words of others they repeat.
  ///
  /// @param program as it was called: a command to try begins with it
  String told(String program) {
    StringBuilder text = new StringBuilder("error: ").append(whole());
    if (!why.isEmpty()) {
      text.append("\n  why: ").append(Printable.oneLine(why));
    }
    if (!attempt.isEmpty()) {
      text.append("\n  try: ").append(Printable.oneLine(attempt));
    }
    return COMMAND.matcher(text).replaceAll("$1" + quoteReplacement(program) + " ");
  }
}
