package tocsin.node.transport;

import com.google.protobuf.ByteString;
import tocsin.node.core.Frame;

/// Serialized frames for peers without a codec.
final class Frames {
  private Frames() {}

  static ByteString ping(long nonce) {
    return FrameCodec.encode(new Frame.Ping(nonce)).getFirst();
  }
}
