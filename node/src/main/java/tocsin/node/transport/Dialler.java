package tocsin.node.transport;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import tocsin.node.core.Event;
import tocsin.trust.KeyId;

/// The dialling side: each dial has a gRPC channel of its own, which lives as long as its stream.
final class Dialler implements AutoCloseable {
  private final TransportSecurity security;
  private final TransportLimits limits;
  private final EventLoopGroup eventLoops;
  private final PeerTable peers;
  private final FrameWorkers workers;
  private final EventSink sink;

  /// Sets up dials and looks up names, which blocks. A thread or two per dial under way.
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("tocsin-dial-", 0).factory());

  /// Dials under way by address, and afterwards nothing.
  private final Map<String, Dial> underWay = new ConcurrentHashMap<>();

  /// Channels that are not shut down yet.
  private final Map<ManagedChannel, Boolean> channels = new ConcurrentHashMap<>();

  /// Held while a dial begins: gRPC takes it badly (a "panic" in its log) when our threads end
  /// under it.
  private final ReentrantReadWriteLock beginnings = new ReentrantReadWriteLock();

  private volatile boolean closed;

  Dialler(
      TransportSecurity security,
      TransportLimits limits,
      EventLoopGroup eventLoops,
      PeerTable peers,
      FrameWorkers workers,
      EventSink sink) {
    this.security = security;
    this.limits = limits;
    this.eventLoops = eventLoops;
    this.peers = peers;
    this.workers = workers;
    this.sink = sink;
  }

  void dial(String address, Optional<KeyId> expected) {
    Optional<Addresses.HostPort> target = Addresses.parse(address);
    if (target.isEmpty()) {
      failed(address, "that is no \"host:port\"");
    } else if (closed) {
      failed(address, "this node stops");
    } else if (underWay.size() >= TransportLimits.DIALS) {
      failed(address, "there are " + TransportLimits.DIALS + " dials under way already");
    } else {
      Dial dial = new Dial(address);
      if (underWay.putIfAbsent(address, dial) == null) {
        // Setting up TLS takes milliseconds, and the caller is the loop.
        try {
          threads.execute(() -> begin(dial, target.get(), expected));
        } catch (RejectedExecutionException e) {
          // Closed in this very moment: nobody waits for an event any more.
          underWay.remove(address, dial);
        }
      }
    }
  }

  private void begin(Dial dial, Addresses.HostPort target, Optional<KeyId> expected) {
    beginnings.readLock().lock();
    try {
      if (closed) {
        return;
      }
      dial.start(channel(target, expected));
    } catch (RejectedExecutionException e) {
      // Closed meanwhile: gRPC's and Netty's threads are gone, and so is whoever waited.
      if (!closed) {
        throw e;
      }
    } finally {
      beginnings.readLock().unlock();
    }
  }

  private ManagedChannel channel(Addresses.HostPort target, Optional<KeyId> expected) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forTarget("dns:///" + target.authority())
            .sslContext(security.forDialling(expected))
            .channelType(NioSocketChannel.class)
            .eventLoopGroup(eventLoops)
            .withOption(ChannelOption.TCP_NODELAY, true)
            .withOption(
                ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) TransportLimits.CONNECT.toMillis())
            .flowControlWindow(TransportLimits.FLOW_CONTROL_WINDOW_BYTES)
            .maxInboundMessageSize(TransportLimits.FRAME_BYTES)
            .maxInboundMetadataSize(TransportLimits.METADATA_BYTES)
            .keepAliveTime(limits.keepAlive().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(limits.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveWithoutCalls(false);
    ManagedChannel channel =
        builder
            .directExecutor()
            .offloadExecutor(threads)
            // The name in the address is a hint where to look, not who is there.
            .overrideAuthority("tocsin")
            .proxyDetector(_ -> null)
            .disableRetry()
            .disableServiceConfigLookUp()
            .compressorRegistry(Encodings.outbound())
            .decompressorRegistry(Encodings.inbound())
            .build();
    channels.put(channel, true);
    return channel;
  }

  private void letGo(ManagedChannel channel) {
    channels.remove(channel);
    channel.shutdownNow();
  }

  private void failed(String address, String reason) {
    workers.newLane().add(() -> sink.put(new Event.DialFailed(address, reason), () -> {}));
  }

  @Override
  public void close() {
    beginnings.writeLock().lock();
    try {
      closed = true;
    } finally {
      beginnings.writeLock().unlock();
    }
    channels.keySet().forEach(this::letGo);
    threads.shutdownNow();
  }

  /// One dial and, if it succeeds, its stream. All but `start` runs on Netty's event loops.
  private final class Dial extends ClientCall.Listener<ByteString> {
    private final String address;
    private @Nullable PeerStream stream;
    private @Nullable ManagedChannel channel;
    private @Nullable ClientCall<ByteString, ByteString> call;
    private @Nullable Future<?> deadline;

    /// Why we broke off ourselves; it goes before what gRPC says.
    private volatile @Nullable String objection;

    Dial(String address) {
      this.address = address;
    }

    void start(ManagedChannel over) {
      ClientCall<ByteString, ByteString> converse =
          over.newCall(GossipService.CONVERSE, CallOptions.DEFAULT);
      channel = over;
      call = converse;
      deadline =
          eventLoops.schedule(
              () -> giveUp(converse, "it does not answer"),
              TransportLimits.DIAL.toMillis(),
              TimeUnit.MILLISECONDS);
      converse.start(this, new Metadata());
    }

    private void giveUp(ClientCall<?, ?> converse, String reason) {
      objection = reason;
      converse.cancel(reason, null);
    }

    /// The listener's first word: TLS is done on both sides and it took the stream.
    @Override
    public void onHeaders(Metadata headers) {
      ClientCall<ByteString, ByteString> converse = Objects.requireNonNull(call);
      ManagedChannel over = Objects.requireNonNull(channel);
      KeyId nodeKey =
          TransportSecurity.peerOf(
              Objects.requireNonNull(
                  converse.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION),
                  "there is always TLS"));
      Optional<String> against = peers.objection(nodeKey);
      if (against.isPresent()) {
        giveUp(converse, against.get());
        return;
      }
      settled();
      stream = peers.open(nodeKey, new Dialled(converse), Optional.of(address), () -> letGo(over));
    }

    @Override
    public void onMessage(ByteString frame) {
      if (stream != null) {
        stream.received(frame);
      }
    }

    @Override
    public void onReady() {
      if (stream != null) {
        stream.writable();
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (stream == null) {
        settled();
        String ours = objection;
        letGo(Objects.requireNonNull(channel));
        failed(address, ours != null ? ours : Reasons.of(status));
      } else if (Reasons.isOversized(status)) {
        stream.fault("a frame over the limit");
      } else {
        stream.ended(Reasons.of(status));
      }
    }

    private void settled() {
      underWay.remove(address, this);
      if (deadline != null) {
        deadline.cancel(false);
      }
    }
  }

  private record Dialled(ClientCall<ByteString, ByteString> call) implements PeerStream.Call {
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
      call.cancel(status.getDescription(), null);
    }
  }
}
