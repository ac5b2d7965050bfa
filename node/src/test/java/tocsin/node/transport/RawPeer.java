package tocsin.node.transport;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A peer with a good certificate and no manners: says any bytes, reads only when told to.
final class RawPeer implements AutoCloseable {
  final ManagedChannel channel;

  RawPeer(String name, Witness node) {
    channel =
        NettyChannelBuilder.forAddress(node.connections.address())
            .sslContext(Witness.security(SampleStatements.key(name)).forDialling(Optional.empty()))
            .overrideAuthority("tocsin")
            .build();
  }

  Call converse() {
    return new Call(GossipService.CONVERSE, CallOptions.DEFAULT);
  }

  Call call(MethodDescriptor<ByteString, ByteString> method, CallOptions options) {
    return new Call(method, options);
  }

  final class Call {
    final CompletableFuture<Status> end = new CompletableFuture<>();
    final CompletableFuture<Boolean> accepted = new CompletableFuture<>();
    private final List<ByteString> heard = new ArrayList<>();
    private final ClientCall<ByteString, ByteString> call;

    private Call(MethodDescriptor<ByteString, ByteString> method, CallOptions options) {
      call = channel.newCall(method, options);
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onHeaders(Metadata headers) {
              accepted.complete(true);
            }

            @Override
            public void onMessage(ByteString message) {
              synchronized (heard) {
                heard.add(message);
              }
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
              end.complete(status);
              accepted.complete(false);
            }
          },
          new Metadata());
    }

    boolean isAccepted() throws Exception {
      return accepted.get(10, TimeUnit.SECONDS);
    }

    Status end() throws Exception {
      return end.get(10, TimeUnit.SECONDS);
    }

    void say(ByteString bytes) {
      call.sendMessage(bytes);
    }

    List<ByteString> heard() {
      synchronized (heard) {
        return List.copyOf(heard);
      }
    }

    boolean isReady() {
      return call.isReady();
    }

    void listen(int messages) {
      call.request(messages);
    }

    void reset() {
      call.cancel("reset", null);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
