package tocsin.simulations;

import tocsin.node.core.Frame;
import tocsin.trust.Envelope;

/// How many bytes a frame takes on its way, to within a few: the lengths of its parts, what
/// protobuf adds, and what carries it.
final class FrameSize {
  /// TCP and IP (52), TLS 1.3 (22), HTTP/2 data frame (9), gRPC (5).
  static final int ENVELOPE = 88;

  private static final int ID = 34;
  private static final int SHORT_ID = 9;
  private static final int ANCHOR_DIGEST = 78;
  private static final int SMALL = 16;
  private static final int HELLO = 140;
  private static final int CHECKPOINT = 700;

  private FrameSize() {}

  static int of(Frame frame) {
    return ENVELOPE
        + switch (frame) {
          case Frame.Hello it -> HELLO + it.anchors().size() * ID;
          case Frame.Push it -> whole(it.envelopes());
          case Frame.Announce it -> it.ids().size() * ID;
          case Frame.Pull it -> it.ids().size() * ID;
          case Frame.Digests it -> it.anchors().size() * ANCHOR_DIGEST;
          case Frame.Resume _ -> SMALL + ID;
          case Frame.Appended it -> SMALL + whole(it.envelopes());
          case Frame.Compare it -> SMALL + ID + it.sketch().size();
          case Frame.Symbols it -> ANCHOR_DIGEST + it.symbols().size();
          case Frame.Want it -> it.cuts().size() * SHORT_ID;
          case Frame.Refused it -> ID + it.reason().length();
          case Frame.Checkpoint it -> CHECKPOINT + it.proof().size() * ID;
          case Frame.Witnessed _ -> SMALL + 3 * ID;
          case Frame.Wish _, Frame.Ping _, Frame.Pong _ -> SMALL;
        };
  }

  private static int whole(Iterable<Envelope> envelopes) {
    int bytes = 0;
    for (Envelope envelope : envelopes) {
      bytes += envelope.wire().size() + 3;
    }
    return bytes;
  }
}
