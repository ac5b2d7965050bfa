package tocsin.node.config;

/// A key file cannot be read or written; the message is one plain sentence that names the file.
public final class KeyFileException extends Exception {
  private static final long serialVersionUID = 1;

  public KeyFileException(String message) {
    super(message);
  }

  public KeyFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
