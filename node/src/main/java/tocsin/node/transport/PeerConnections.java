package tocsin.node.transport;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import tocsin.node.core.Effect;
import tocsin.node.core.Frame;
import tocsin.node.core.PeerId;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.KeyId;
import tocsin.trust.StatementId;

/// All streams to other nodes: it listens, dials, and carries frames both ways. What happens comes
/// out as events: PeerConnected, then FrameReceived, PeerFaulted and PeerOverflowed as they come,
/// and PeerDisconnected once, whoever ended the stream; or DialFailed.
///
/// Methods may be called by any thread; none of them blocks, but for `open` and `close`.
public final class PeerConnections implements AutoCloseable {
  /// gRPC warns by java.util.logging, with stack traces, about what a peer does wrong; all of that
  /// comes out as events. Kept here, because the JDK forgets loggers that nobody holds.
  private static final Logger GRPC_LOG = Logger.getLogger("io.grpc");

  static {
    GRPC_LOG.setLevel(Level.SEVERE);
  }

  private final EventLoopGroup eventLoops;
  private final FrameWorkers workers;
  private final PeerTable peers;
  private final Dialler dialler;
  private final ConnectionGate gate;
  private final Server server;

  /// The last frame written: an alert goes to many peers as one and the same frame.
  private volatile @Nullable Written lastWritten;

  private record Written(Frame frame, List<ByteString> messages) {}

  private PeerConnections(
      InetSocketAddress listen,
      TransportSecurity security,
      FrameCodec codec,
      EventSink sink,
      TransportLimits limits) {
    this.workers =
        new FrameWorkers(
            TransportLimits.WORKER_THREADS, new DefaultThreadFactory("tocsin-frames", true));
    this.eventLoops =
        new MultiThreadIoEventLoopGroup(
            TransportLimits.EVENT_LOOP_THREADS,
            new DefaultThreadFactory("tocsin-gossip", true),
            NioIoHandler.newFactory());
    this.gate = new ConnectionGate(limits);
    this.peers = new PeerTable(security.nodeKey(), codec, sink, workers);
    this.dialler = new Dialler(security, limits, eventLoops, peers, workers, sink);
    this.server = listening(listen, security, limits);
  }

  /// Listens, and is ready to dial. Events may come at once.
  ///
  /// @param listen port 0 for any free one
  /// @param known true for statements that the log holds; asked by worker threads
  /// @throws TransportFailure if it cannot listen there
  public static PeerConnections open(
      InetSocketAddress listen,
      TransportSecurity security,
      Envelopes envelopes,
      Predicate<StatementId> known,
      EventSink sink,
      TransportLimits limits) {
    PeerConnections connections =
        new PeerConnections(listen, security, new FrameCodec(envelopes, known), sink, limits);
    try {
      connections.server.start();
      return connections;
    } catch (IOException e) {
      connections.close();
      throw cannotListen(listen, e);
    }
  }

  private Server listening(
      InetSocketAddress listen, TransportSecurity security, TransportLimits limits) {
    GossipService service = new GossipService(peers, gate);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(listen)
            .sslContext(security.forListening())
            .channelFactory(gate::newServerChannel)
            .bossEventLoopGroup(eventLoops)
            .workerEventLoopGroup(eventLoops)
            .withChildOption(ChannelOption.TCP_NODELAY, true)
            .maxConcurrentCallsPerConnection(TransportLimits.CALLS_PER_CONNECTION)
            .flowControlWindow(TransportLimits.FLOW_CONTROL_WINDOW_BYTES)
            .maxInboundMessageSize(TransportLimits.FRAME_BYTES)
            .maxInboundMetadataSize(TransportLimits.METADATA_BYTES)
            .maxRstFramesPerWindow(
                TransportLimits.RESETS_PER_WINDOW, TransportLimits.RESET_WINDOW_SECONDS)
            .keepAliveTime(limits.keepAlive().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(limits.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveTime(
                TransportLimits.PERMITTED_KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveWithoutCalls(false)
            .maxConnectionIdle(TransportLimits.CONNECTION_IDLE.toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionAge(TransportLimits.CONNECTION_AGE.toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionAgeGrace(
                TransportLimits.CONNECTION_AGE_GRACE.toMillis(), TimeUnit.MILLISECONDS);
    return builder
        .directExecutor()
        .handshakeTimeout(TransportLimits.HANDSHAKE.toMillis(), TimeUnit.MILLISECONDS)
        .compressorRegistry(Encodings.outbound())
        .decompressorRegistry(Encodings.inbound())
        .addTransportFilter(GossipService.COUNT_CALLS)
        .addStreamTracerFactory(StreamEnd.FACTORY)
        .addService(service)
        .fallbackHandlerRegistry(service.others())
        .build();
  }

  private static TransportFailure cannotListen(InetSocketAddress listen, IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return new TransportFailure(
            "cannot listen for gossip on "
                + Addresses.text(listen)
                + ": "
                + (String.valueOf(cause.getMessage()).contains("in use")
                    ? "another program listens there; stop it, or choose another address at"
                        + " [gossip] listen"
                    : "this machine has no such address, or the port is not allowed ("
                        + cause.getMessage()
                        + ")"),
            e);
      }
    }
    return new TransportFailure(
        "cannot listen for gossip on " + Addresses.text(listen) + ": " + e.getMessage(), e);
  }

  /// Where it listens, with the real port.
  public InetSocketAddress address() {
    return (InetSocketAddress) server.getListenSockets().getFirst();
  }

  /// Dials `host:port` or, for IPv6, `[host]:port`; ends in PeerConnected or DialFailed with this
  /// very text. While a dial to that text is under way, another does nothing.
  public void dial(String address) {
    dialler.dial(address, Optional.empty());
  }

  /// As `dial`, and refuses whoever has not this node key.
  public void dial(String address, KeyId expected) {
    dialler.dial(address, Optional.of(expected));
  }

  /// Sends, or queues by priority; a peer that reads slowly is told the ids of new statements
  /// instead. To a peer that is gone it does nothing. Announce, Pull, Want and Push are cut into as
  /// many messages as they need.
  ///
  /// @throws IllegalArgumentException if another frame is over `TransportLimits.FRAME_BYTES`
  public void send(PeerId peer, Frame frame, Effect.Priority priority) {
    PeerStream stream = peers.find(peer);
    if (stream == null) {
      return;
    }
    Frame told = isBehind(stream, priority) ? shortened(frame) : frame;
    Written last = lastWritten;
    if (last == null || !last.frame.equals(told)) {
      last = new Written(told, FrameCodec.encode(told));
      lastWritten = last;
    }
    last.messages.forEach(message -> stream.send(message, priority));
  }

  /// What was asked for goes whole all the same; and a peer that catches up is not behind with what
  /// is new, which goes first.
  private static boolean isBehind(PeerStream stream, Effect.Priority priority) {
    return priority != Effect.Priority.SYNC
        && stream.urgentBytes() > TransportLimits.ANNOUNCE_ABOVE_BYTES;
  }

  private static Frame shortened(Frame frame) {
    return frame instanceof Frame.Push push
        ? new Frame.Announce(push.envelopes().stream().map(Envelope::id).toList())
        : frame;
  }

  /// Ends a stream; PeerDisconnected follows, and no more of its frames.
  public void disconnect(PeerId peer, String reason) {
    PeerStream stream = peers.find(peer);
    if (stream != null) {
      stream.disconnect(reason);
    }
  }

  /// Bytes that wait for a peer; 0 if it is gone.
  public int queuedBytes(PeerId peer) {
    PeerStream stream = peers.find(peer);
    return stream == null ? 0 : stream.queuedBytes();
  }

  /// Connections that others have made to us, with a stream or not yet.
  public int acceptedConnections() {
    return gate.open();
  }

  /// Ends all streams and frees the port. No event comes after it returns.
  @Override
  public void close() {
    workers.close();
    dialler.close();
    server.shutdown();
    peers.all().forEach(stream -> stream.disconnect("this node stops"));
    server.shutdownNow();
    try {
      server.awaitTermination(TransportLimits.CLOSING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    eventLoops
        .shutdownGracefully(0, TransportLimits.CLOSING.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(TransportLimits.CLOSING.toMillis());
  }
}
