package tocsin.storage;

/// The log cannot be trusted or written any more: the node halts. The message is one plain sentence
/// that says what was found, where, and what to do.
public final class LogFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  public LogFailure(String message) {
    super(message);
  }

  public LogFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
