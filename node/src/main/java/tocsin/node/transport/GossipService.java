package tocsin.node.transport;

import com.google.protobuf.ByteString;
import io.grpc.Attributes;
import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSession;
import tocsin.proto.GossipGrpc;
import tocsin.trust.KeyId;

/// The listening side of `Gossip.Converse`. Everything in here runs on Netty's event loops.
final class GossipService implements BindableService {
  static final MethodDescriptor<ByteString, ByteString> CONVERSE =
      GossipGrpc.getConverseMethod().toBuilder(ByteMarshaller.INSTANCE, ByteMarshaller.INSTANCE)
          .build();

  /// Calls begun on a connection.
  private static final Attributes.Key<AtomicInteger> CALLS = Attributes.Key.create("tocsin-calls");

  /// Gives each connection its count of calls.
  static final ServerTransportFilter COUNT_CALLS =
      new ServerTransportFilter() {
        @Override
        public Attributes transportReady(Attributes attributes) {
          return attributes.toBuilder().set(CALLS, new AtomicInteger()).build();
        }
      };

  private final PeerTable peers;
  private final ConnectionGate gate;

  GossipService(PeerTable peers, ConnectionGate gate) {
    this.peers = peers;
    this.gate = gate;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(GossipGrpc.SERVICE_NAME)
        .addMethod(CONVERSE, (call, _) -> converse(call))
        .build();
  }

  /// Refuses what we do not speak; a connection that goes on asking is closed.
  HandlerRegistry others() {
    return new HandlerRegistry() {
      @Override
      public ServerMethodDefinition<?, ?> lookupMethod(
          String name, @org.jspecify.annotations.Nullable String authority) {
        return ServerMethodDefinition.create(
            CONVERSE,
            (call, _) -> {
              count(call).incrementAndGet();
              return refuse(call, Status.UNIMPLEMENTED, "this node speaks tocsin.v1.Gossip only");
            });
      }
    };
  }

  private ServerCall.Listener<ByteString> converse(ServerCall<ByteString, ByteString> call) {
    if (count(call).getAndIncrement() > 0) {
      return refuse(call, Status.RESOURCE_EXHAUSTED, "one stream per connection");
    }
    SSLSession session =
        Objects.requireNonNull(
            call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION), "there is always TLS");
    KeyId nodeKey = TransportSecurity.peerOf(session);
    Optional<String> objection = peers.objection(nodeKey);
    if (objection.isPresent()) {
      closeConnection(call);
      return refuse(call, Status.FAILED_PRECONDITION, objection.get());
    }
    // The dialling side takes these as our answer: from here on there is a stream.
    call.sendHeaders(new Metadata());
    PeerStream stream =
        peers.open(nodeKey, new Listening(call), Optional.empty(), () -> closeConnection(call));
    return new Listener(stream, StreamEnd.ofThisCall());
  }

  private ServerCall.Listener<ByteString> refuse(
      ServerCall<ByteString, ByteString> call, Status status, String reason) {
    if (count(call).get() > TransportLimits.REFUSED_CALLS_PER_CONNECTION) {
      closeConnection(call);
    }
    call.close(status.withDescription(reason), new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private static AtomicInteger count(ServerCall<?, ?> call) {
    return Objects.requireNonNull(call.getAttributes().get(CALLS), "the filter counts them all");
  }

  private void closeConnection(ServerCall<?, ?> call) {
    gate.closeSoon(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
  }

  private record Listening(ServerCall<ByteString, ByteString> call) implements PeerStream.Call {
    @Override
    public boolean isReady() {
      return call.isReady();
    }

    @Override
    public void sendMessage(ByteString frame) {
      call.sendMessage(frame);
    }

    @Override
    public void request(int frames) {
      call.request(frames);
    }

    @Override
    public void close(Status status) {
      call.close(status, new Metadata());
    }
  }

  private static final class Listener extends ServerCall.Listener<ByteString> {
    private final PeerStream stream;
    private final StreamEnd end;

    Listener(PeerStream stream, StreamEnd end) {
      this.stream = stream;
      this.end = end;
    }

    @Override
    public void onMessage(ByteString frame) {
      stream.received(frame);
    }

    @Override
    public void onReady() {
      stream.writable();
    }

    /// The peer has no more to say, which a node never says.
    @Override
    public void onHalfClose() {
      stream.disconnect("the peer closed the stream");
    }

    @Override
    public void onCancel() {
      Status status = end.status();
      if (Reasons.isOversized(status)) {
        stream.fault("a frame over the limit");
      } else {
        stream.ended(Reasons.of(status));
      }
    }

    @Override
    public void onComplete() {
      stream.ended("the stream is over");
    }
  }
}
