package tocsin.storage;

import java.nio.file.Path;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

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

  /// Whether the medium had no room left; then it is whole, and what was written before is there.
  public boolean isOutOfSpace() {
    for (Throwable cause = this; cause != null; cause = cause.getCause()) {
      if (cause instanceof RocksDBException rocks
          && rocks.getStatus() != null
          && rocks.getStatus().getSubCode() == Status.SubCode.NoSpace) {
        return true;
      }
      String message = String.valueOf(cause.getMessage());
      if (NO_SPACE.stream().anyMatch(message::contains)) {
        return true;
      }
    }
    return false;
  }

  /// ENOSPC and EDQUOT in the words of the C library.
  private static final List<String> NO_SPACE =
      List.of("No space left on device", "Disk quota exceeded");

  /// An exception's message on one line, or its name if it has none.
  static String reason(Throwable cause) {
    String message = cause.getMessage();
    return message == null || message.isBlank()
        ? cause.getClass().getSimpleName()
        : message.strip().replaceAll("\\s+", " ");
  }
}
