package tocsin.cli.demo;

/// The demonstration cannot begin; the message is one sentence.
public final class CannotPlay extends Exception {
  private static final long serialVersionUID = 1;

  private final boolean usage;
  private final String attempt;

  private CannotPlay(boolean usage, String what, String attempt) {
    super(what);
    this.usage = usage;
    this.attempt = attempt;
  }

  /// What was asked makes no sense, or is not there yet.
  static CannotPlay usage(String what, String attempt) {
    return new CannotPlay(true, what, attempt);
  }

  /// This machine lacks something.
  static CannotPlay here(String what, String attempt) {
    return new CannotPlay(false, what, attempt);
  }

  public boolean isUsage() {
    return usage;
  }

  /// What to do about it; may be empty.
  public String attempt() {
    return attempt;
  }
}
