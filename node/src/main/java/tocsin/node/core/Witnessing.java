package tocsin.node.core;

import tocsin.trust.Signatures;
import tocsin.trust.SigningKey;

/// How a node takes part in witnessing.
///
/// @param key the node's own; its certificate carries it, and its checkpoints and cosignatures are
///   made with it. What TLS signs begins otherwise than any note, so one is never the other
/// @param organizations fresh checkpoints must come from so many organizations, its own not
///   counted, or from all that ever showed one, if they are fewer: a new or small network works,
///   and one from which the others were cut off does not. 0: from none
/// @param rule checks what others signed, on the loop's own thread: the fastest engine there is
public record Witnessing(SigningKey key, int organizations, Signatures rule) {
  public Witnessing {
    if (organizations < 0) {
      throw new IllegalArgumentException("a number of organizations is not negative");
    }
  }
}
