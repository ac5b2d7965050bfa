package tocsin.storage;

import java.nio.file.Path;

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

  /// The bytes on the medium are not those that were written.
  static LogFailure damaged(Path folder, String found) {
    return new LogFailure(damageMessage(folder, found));
  }

  static LogFailure damaged(Path folder, String found, Throwable cause) {
    return new LogFailure(damageMessage(folder, found), cause);
  }

  /// The medium does not do what is asked of it.
  static LogFailure inputOutput(Path folder, String attempt, Throwable cause) {
    return new LogFailure(
        "cannot %s the log in %s (%s): see that the disk is whole, has room and may be written, then start again"
            .formatted(attempt, folder, reason(cause)),
        cause);
  }

  static String damageMessage(Path folder, String found) {
    return "the log in %s is damaged: %s; nothing was changed; try `tocsin log repair --from-peers`"
        .formatted(folder, found);
  }

  /// An exception's message on one line, or its name if it has none.
  static String reason(Throwable cause) {
    String message = cause.getMessage();
    return message == null || message.isBlank()
        ? cause.getClass().getSimpleName()
        : message.strip().replaceAll("\\s+", " ");
  }
}
