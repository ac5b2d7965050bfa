package tocsin.node.transport;

import tocsin.node.core.Frame;

/// What frames take on the wire, for tests outside of the transport.
public final class FrameSizes {
  private static final int GRPC_PREFIX_BYTES = 5;

  private FrameSizes() {}

  /// In bytes of HTTP/2 payload: what gRPC puts before each message is counted.
  public static long of(Frame frame) {
    return FrameCodec.encode(frame).stream().mapToLong(it -> it.size() + GRPC_PREFIX_BYTES).sum();
  }
}
