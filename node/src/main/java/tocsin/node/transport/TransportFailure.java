package tocsin.node.transport;

/// The transport cannot start. The message is one plain sentence that says what is in the way and
/// what to do.
public final class TransportFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  public TransportFailure(String message) {
    super(message);
  }

  public TransportFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
