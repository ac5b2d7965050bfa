package tocsin.node.transport;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A gRPC server on a Unix domain socket, for the commands of this machine's operator. Whoever may
/// open the socket file, which has mode 0600, may do everything: that is the authentication.
///
/// Handlers run on virtual threads and may block.
public final class ControlServer implements AutoCloseable {
  private final Path socket;
  private final Object fileKey;
  private final Server server;
  private final EventLoopGroup eventLoops;
  private final ExecutorService handlers;

  private ControlServer(
      Path socket,
      Object fileKey,
      Server server,
      EventLoopGroup eventLoops,
      ExecutorService handlers) {
    this.socket = socket;
    this.fileKey = fileKey;
    this.server = server;
    this.eventLoops = eventLoops;
    this.handlers = handlers;
  }

  /// Listens. A socket file that a dead node left behind is replaced; that of a living one is not.
  ///
  /// @param socket in a folder that exists and is ours
  /// @throws TransportFailure if a node answers there already, if something else is there, if the
  ///   path is too long for a socket, or if the folder cannot be written
  public static ControlServer open(Path socket, BindableService... services) {
    Path path = socket.toAbsolutePath().normalize();
    ControlSocket.requireUsable(path);
    // Nobody can connect before the mode is set: the socket comes to be in a folder of mode 0700
    // and
    // is moved from there.
    Path born = ControlSocket.birthplace(path);
    EventLoopGroup eventLoops =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("tocsin-control", true), NioIoHandler.newFactory());
    // As many threads as calls under way, and these are limited per connection.
    ExecutorService handlers =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("tocsin-control-call-", 0).factory());
    Server server = null;
    try {
      server = serving(born, services, eventLoops, handlers);
      server.start();
      Files.setPosixFilePermissions(born, PosixFilePermissions.fromString("rw-------"));
      Object fileKey = fileKey(born);
      Files.move(born, path, StandardCopyOption.ATOMIC_MOVE);
      return new ControlServer(path, fileKey, server, eventLoops, handlers);
    } catch (IOException e) {
      stop(server, eventLoops, handlers);
      throw new TransportFailure(
          "cannot listen for commands on " + path + ": " + Reasons.words(e), e);
    } finally {
      removeBirthplace(born);
    }
  }

  private static Server serving(
      Path path, BindableService[] services, EventLoopGroup eventLoops, ExecutorService handlers) {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(path))
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(eventLoops)
            .workerEventLoopGroup(eventLoops)
            .withChildOption(ChannelOption.SO_KEEPALIVE, null) // not for these sockets
            .maxConcurrentCallsPerConnection(TransportLimits.CONTROL_CALLS_PER_CONNECTION)
            .maxInboundMessageSize(TransportLimits.CONTROL_MESSAGE_BYTES)
            .maxInboundMetadataSize(TransportLimits.METADATA_BYTES);
    builder
        .executor(handlers)
        .handshakeTimeout(TransportLimits.HANDSHAKE.toMillis(), TimeUnit.MILLISECONDS);
    for (BindableService service : services) {
      builder.addService(service);
    }
    return builder.build();
  }

  private static void removeBirthplace(Path born) {
    try {
      Files.deleteIfExists(born);
      Files.deleteIfExists(Objects.requireNonNull(born.getParent()));
    } catch (IOException e) {
      // An empty folder of ours stays; it does no harm.
    }
  }

  private static Object fileKey(Path path) throws IOException {
    return Objects.requireNonNull(
        Files.readAttributes(path, java.nio.file.attribute.BasicFileAttributes.class).fileKey());
  }

  public Path socket() {
    return socket;
  }

  /// Breaks off what is under way and removes the socket file, if it is still ours.
  @Override
  public void close() {
    try {
      if (Files.exists(socket) && fileKey(socket).equals(fileKey)) {
        Files.delete(socket);
      }
    } catch (IOException e) {
      // The next start replaces it.
    }
    stop(server, eventLoops, handlers);
  }

  private static void stop(
      @Nullable Server server, EventLoopGroup eventLoops, ExecutorService handlers) {
    if (server != null) {
      server.shutdownNow();
      try {
        server.awaitTermination(TransportLimits.CLOSING.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    handlers.shutdownNow();
    eventLoops
        .shutdownGracefully(0, TransportLimits.CLOSING.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(TransportLimits.CLOSING.toMillis());
  }
}
