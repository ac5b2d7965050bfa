package tocsin.node.web;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tocsin.proto.AlertView;
import tocsin.proto.AlertsGrpc;
import tocsin.proto.LookupReply;
import tocsin.proto.LookupRequest;
import tocsin.proto.WatchRequest;
import tocsin.trust.DnsName;

/// `tocsin.v1.Alerts` by gRPC, in the clear, with the health service of grpc.health.v1.
public final class GrpcApi implements AutoCloseable {
  private final Server server;
  private final HealthStatusManager health = new HealthStatusManager();

  /// Listens and answers.
  ///
  /// @throws IOException with a sentence, if the address cannot be had
  public GrpcApi(InetSocketAddress listen, AlertFeed feed) throws IOException {
    health.setStatus(AlertsGrpc.SERVICE_NAME, ServingStatus.SERVING);
    this.server =
        NettyServerBuilder.forAddress(listen)
            .addService(new Service(feed))
            .addService(health.getHealthService())
            .maxConcurrentCallsPerConnection(WebLimits.CALLS_PER_CONNECTION)
            .maxInboundMessageSize(WebLimits.GRPC_REQUEST_BYTES)
            .maxInboundMetadataSize(WebLimits.GRPC_HEADER_BYTES)
            .maxRstFramesPerWindow(100, 10)
            .handshakeTimeout(WebLimits.IDLE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTime(WebLimits.HEARTBEAT_SECONDS, TimeUnit.SECONDS)
            .maxConnectionIdle(5, TimeUnit.MINUTES)
            .build();
    try {
      server.start();
    } catch (IOException e) {
      throw new IOException(
          "cannot serve gRPC on "
              + listen.getAddress().getHostAddress()
              + " port "
              + listen.getPort()
              + ": "
              + (e.getCause() == null ? e.getMessage() : e.getCause().getMessage()),
          e);
    }
  }

  public int port() {
    return server.getPort();
  }

  private static final class Service extends AlertsGrpc.AlertsImplBase {
    private final AlertFeed feed;

    Service(AlertFeed feed) {
      this.feed = feed;
    }

    @Override
    public void lookup(LookupRequest request, StreamObserver<LookupReply> observer) {
      DnsName name;
      try {
        if (request.getName().isEmpty()) {
          throw new IllegalArgumentException("which name? \".\" is the root");
        }
        name = DnsName.of(request.getName());
      } catch (IllegalArgumentException e) {
        observer.onError(
            Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
        return;
      }
      observer.onNext(LookupReply.newBuilder().addAllAlerts(feed.affecting(name)).build());
      observer.onCompleted();
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<AlertView> observer) {
      new Watcher(feed, (ServerCallStreamObserver<AlertView>) observer).start();
    }
  }

  /// One call of Watch. What its client does not take waits here, up to a limit.
  private static final class Watcher implements Consumer<AlertView> {
    private final AlertFeed feed;
    private final ServerCallStreamObserver<AlertView> call;
    private final Queue<AlertView> waiting = new ArrayDeque<>();
    private boolean ended;

    Watcher(AlertFeed feed, ServerCallStreamObserver<AlertView> call) {
      this.feed = feed;
      this.call = call;
    }

    void start() {
      call.setOnCancelHandler(this::cancelled);
      call.setOnReadyHandler(this::send);
      if (!feed.subscribe(this)) {
        end(Status.RESOURCE_EXHAUSTED.withDescription("too many watch already; ask again later"));
      }
    }

    private void cancelled() {
      synchronized (this) {
        ended = true;
        waiting.clear();
      }
      feed.unsubscribe(this);
    }

    @Override
    public void accept(AlertView alert) {
      synchronized (this) {
        if (ended) {
          return;
        }
        if (waiting.size() < WebLimits.LISTED + WebLimits.QUEUE) {
          waiting.add(alert);
          send();
          return;
        }
      }
      feed.unsubscribe(this);
      end(Status.RESOURCE_EXHAUSTED.withDescription("too slow; watch again for all of it"));
    }

    private synchronized void send() {
      while (!ended && call.isReady() && !waiting.isEmpty()) {
        call.onNext(waiting.remove());
      }
    }

    private synchronized void end(Status status) {
      if (!ended) {
        ended = true;
        waiting.clear();
        call.onError(status.asRuntimeException());
      }
    }
  }

  /// Breaks off what is under way.
  @Override
  public void close() {
    health.enterTerminalState();
    server.shutdownNow();
    try {
      server.awaitTermination(WebLimits.CLOSING_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
