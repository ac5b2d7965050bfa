package tocsin.node.transport;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;

/// Remembers how a server's stream ended: gRPC tells its tracers, but not its listeners.
final class StreamEnd extends ServerStreamTracer {
  private static final Context.Key<StreamEnd> KEY = Context.key("tocsin-stream-end");

  static final Factory FACTORY =
      new Factory() {
        @Override
        public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
          return new StreamEnd();
        }
      };

  private volatile Status status = Status.CANCELLED;

  /// That of the call which is being started on this thread.
  static StreamEnd ofThisCall() {
    return KEY.get();
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(KEY, this);
  }

  @Override
  public void streamClosed(Status how) {
    status = how;
  }

  Status status() {
    return status;
  }
}
