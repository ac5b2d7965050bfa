package tocsin.node.transport;

/// Bytes from a peer that are no frame. The message is one sentence without the peer's own words.
public final class MalformedFrame extends Exception {
  private static final long serialVersionUID = 1;

  MalformedFrame(String message) {
    // No stack trace: a peer can cause as many of these as it likes.
    super(message, null, false, false);
  }
}
