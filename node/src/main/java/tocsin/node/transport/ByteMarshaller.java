package tocsin.node.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Lets serialized frames through gRPC as they are.
final class ByteMarshaller implements MethodDescriptor.Marshaller<ByteString> {
  static final ByteMarshaller INSTANCE = new ByteMarshaller();

  @Override
  public InputStream stream(ByteString value) {
    return new FrameStream(value);
  }

  /// gRPC has bounded the stream by `maxInboundMessageSize` before.
  @Override
  public ByteString parse(InputStream stream) {
    try {
      return UnsafeByteOperations.unsafeWrap(stream.readAllBytes());
    } catch (IOException e) {
      throw Status.INTERNAL
          .withDescription("a frame ended early")
          .withCause(e)
          .asRuntimeException();
    }
  }

  /// A frame on its way out, in one piece where gRPC allows.
  private static final class FrameStream extends InputStream implements KnownLength, Drainable {
    private final InputStream bytes;
    private ByteString rest;

    FrameStream(ByteString frame) {
      this.bytes = frame.newInput();
      this.rest = frame;
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int size = rest.size();
      rest.writeTo(target);
      rest = ByteString.EMPTY;
      return size;
    }

    @Override
    public int read() throws IOException {
      int next = bytes.read();
      rest = next < 0 ? rest : rest.substring(1);
      return next;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = bytes.read(target, offset, length);
      rest = count < 0 ? rest : rest.substring(count);
      return count;
    }

    @Override
    public int available() {
      return rest.size();
    }
  }
}
