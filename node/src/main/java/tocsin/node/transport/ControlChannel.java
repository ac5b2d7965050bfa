package tocsin.node.transport;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/// How a command reaches the node on this machine.
public final class ControlChannel {
  /// One daemon thread for all channels of a process; a command has one of them.
  private static final EventLoopGroup EVENT_LOOP =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("tocsin-control-channel", true), NioIoHandler.newFactory());

  private ControlChannel() {}

  /// A channel to the node that listens there. Callbacks run on the channel's one thread: whoever
  /// blocks in them blocks all calls. The caller shuts it down.
  ///
  /// @throws TransportFailure if no node listens there, or the socket may not be opened
  public static ManagedChannel open(Path socket) {
    Path path = socket.toAbsolutePath().normalize();
    switch (ControlSocket.state(path)) {
      case ALIVE -> {}
      case ABSENT, DEAD ->
          throw new TransportFailure(
              "no node runs here (nobody answers on " + path + "); start it with \"tocsin run\"");
      case OTHER -> throw new TransportFailure(path + " is no control socket of a node");
      case CLOSED_TO_US ->
          throw new TransportFailure(
              "you may not open the control socket "
                  + path
                  + ": run the command as the user that runs the node");
    }
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(path))
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(EVENT_LOOP)
            .withOption(ChannelOption.SO_KEEPALIVE, null) // not for these sockets
            .usePlaintext()
            .maxInboundMessageSize(TransportLimits.CONTROL_MESSAGE_BYTES);
    return builder
        .directExecutor()
        .overrideAuthority("tocsin")
        .proxyDetector(_ -> null)
        .disableRetry()
        .build();
  }
}
