package tocsin.node;

/// The node cannot start or go on. The message is one plain sentence that says what is wrong and
/// what to do about it.
public final class NodeFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  public NodeFailure(String message, Throwable cause) {
    super(message, cause);
  }

  public NodeFailure(String message) {
    super(message);
  }
}
