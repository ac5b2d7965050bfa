package tocsin.node.dns;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/// The node's authoritative DNS server: UDP and TCP on one address and port.
///
/// It answers for the zones it was given and refuses everything else. Anyone who reaches the
/// address may ask; transfers are for those whom the [TransferAcl] names. With a wildcard address
/// and several interfaces, UDP answers leave with the address that the system prefers: listen on
/// one address instead.
public final class DnsServer implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int BIND_TRIES = 16;
  private static final int BACKLOG = 128;
  private static final int LENGTH_BYTES = 2;
  private static final int QUIET_MILLIS = 0;
  private static final int SHUTDOWN_MILLIS = 2_000;

  private final InetSocketAddress listen;
  private final Tsig tsig;
  private final Cookies cookies;
  private final TransferAcl acl;
  private final Optional<EncryptedListener> encrypted;
  private @Nullable InetSocketAddress encryptedAddress;
  private final int idleSeconds;
  private final DnsCounters counters = new DnsCounters();
  private final Refusals refusals = new Refusals(System::nanoTime);
  private final ConnectionQuota quota = new ConnectionQuota();
  private final AtomicReference<ServedZones> zones = new AtomicReference<>(ServedZones.NONE);
  private final List<Channel> channels = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          THREADS, new DefaultThreadFactory("dns", true), NioIoHandler.newFactory());
  private final FastThreadLocal<Responder> responders =
      new FastThreadLocal<>() {
        @Override
        protected Responder initialValue() {
          return new Responder(zones::get, tsig, acl, cookies, counters, refusals);
        }
      };

  /// A server that is not started yet.
  ///
  /// @param listen port 0: any free one, see [#address]
  /// @throws IllegalArgumentException with a sentence, if the list of keys names one twice or the
  ///   ACL an unknown one
  public DnsServer(InetSocketAddress listen, List<TsigKey> keys, TransferAcl acl) {
    this(listen, keys, acl, Optional.empty());
  }

  /// The same, and DNS over TLS where it is wanted.
  public DnsServer(
      InetSocketAddress listen,
      List<TsigKey> keys,
      TransferAcl acl,
      Optional<EncryptedListener> encrypted) {
    this(listen, keys, acl, encrypted, InstantSource.system(), Limits.IDLE_SECONDS);
  }

  DnsServer(
      InetSocketAddress listen,
      List<TsigKey> keys,
      TransferAcl acl,
      Optional<EncryptedListener> encrypted,
      InstantSource clock,
      int idleSeconds) {
    List<Name> names = keys.stream().map(TsigKey::name).toList();
    if (names.size() > Limits.TSIG_KEYS || names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException(
          "there are at most " + Limits.TSIG_KEYS + " TSIG keys, each with its own name: " + names);
    }
    acl.entries().stream()
        .flatMap(entry -> entry.key().stream())
        .filter(name -> !names.contains(name))
        .findFirst()
        .ifPresent(name -> {
          throw new IllegalArgumentException(
              "allow-transfer names the TSIG key " + name + ", which is not configured");
        });
    this.listen = listen;
    this.tsig = new Tsig(keys, clock);
    this.cookies = Cookies.random(clock);
    this.acl = acl;
    this.encrypted = encrypted;
    this.idleSeconds = idleSeconds;
  }

  /// Binds and answers.
  ///
  /// @throws IOException with a sentence, if the address cannot be had; the server is closed then
  public void start() throws IOException {
    for (int i = 1; ; i++) {
      try {
        bind();
        return;
      } catch (IOException e) {
        channels.forEach(channel -> channel.close().syncUninterruptibly());
        channels.clear();
        // A port that is free for TCP may be taken for UDP; where any port will do, try another.
        if (listen.getPort() != 0 || i == BIND_TRIES) {
          close();
          throw e;
        }
      }
    }
  }

  private void bind() throws IOException {
    // TCP first: its port cannot be shared, so two servers never divide the datagrams of one.
    Channel tcp = bound(tcp(null).bind(listen), listen, "TCP");
    InetSocketAddress address = (InetSocketAddress) tcp.localAddress();
    for (int i = 0; i < THREADS; i++) {
      bound(udp().bind(address), listen, "UDP");
    }
    if (encrypted.isPresent()) {
      EncryptedListener tls = encrypted.get();
      Channel secured = bound(tcp(tls.context()).bind(tls.listen()), tls.listen(), "TLS");
      encryptedAddress = (InetSocketAddress) secured.localAddress();
      // unbound asks the port it transfers from by TLS for the SOA by UDP first.
      bound(udp().bind(encryptedAddress), tls.listen(), "UDP");
    }
  }

  private Channel bound(ChannelFuture future, InetSocketAddress wanted, String protocol)
      throws IOException {
    future.awaitUninterruptibly();
    Throwable cause = future.cause();
    if (cause != null) {
      throw new IOException(
          "cannot serve DNS on "
              + wanted.getAddress().getHostAddress()
              + " port "
              + wanted.getPort()
              + " by "
              + protocol
              + ": "
              + cause.getMessage(),
          cause);
    }
    channels.add(future.channel());
    return future.channel();
  }

  private Bootstrap udp() {
    // One socket per thread on one port: the kernel deals the clients out.
    return new Bootstrap()
        .group(loops)
        .channel(NioDatagramChannel.class)
        .option(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true)
        .option(ChannelOption.SO_RCVBUF, Limits.UDP_RECEIVE_BYTES)
        .option(
            ChannelOption.RECVBUF_ALLOCATOR,
            new FixedRecvByteBufAllocator(Limits.REQUEST_BYTES).maxMessagesPerRead(64))
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new UdpSocket(responders.get(), counters));
              }
            });
  }

  /// @param tls null: in the clear
  private ServerBootstrap tcp(@Nullable SslContext tls) {
    return new ServerBootstrap()
        .group(loops)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_SNDBUF, Limits.SOCKET_SEND_BYTES)
        .childOption(
            ChannelOption.WRITE_BUFFER_WATER_MARK,
            new WriteBufferWaterMark(Limits.UNSENT_BYTES / 2, Limits.UNSENT_BYTES))
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                accept(channel, tls);
              }
            });
  }

  private void accept(SocketChannel channel, @Nullable SslContext tls) {
    counters.connections().increment();
    InetAddress client = channel.remoteAddress().getAddress();
    if (!quota.enter(client)) {
      counters.turnedAway().increment();
      var _ = channel.close();
      return;
    }
    channel.closeFuture().addListener(closed -> quota.leave(client));
    if (tls != null) {
      SslHandler handler = tls.newHandler(channel.alloc());
      handler.setHandshakeTimeout(Limits.HANDSHAKE_SECONDS, TimeUnit.SECONDS);
      channel.pipeline().addLast(handler);
    }
    // The idle handler stands behind the decoder, so that only whole requests count as life.
    channel
        .pipeline()
        .addLast(
            new LengthFieldBasedFrameDecoder(
                LENGTH_BYTES + Limits.REQUEST_BYTES, 0, LENGTH_BYTES, 0, LENGTH_BYTES))
        .addLast(new IdleStateHandler(0, 0, idleSeconds, TimeUnit.SECONDS))
        .addLast(new TcpConnection(client, responders::get, counters));
  }

  /// Where it listens, with the port that was chosen.
  ///
  /// @throws IllegalStateException before [#start]
  public InetSocketAddress address() {
    return (InetSocketAddress) started().getFirst().localAddress();
  }

  /// Where it listens for TLS; empty if it does not.
  ///
  /// @throws IllegalStateException before [#start]
  public Optional<InetSocketAddress> encryptedAddress() {
    var _ = started();
    return Optional.ofNullable(encryptedAddress);
  }

  private List<Channel> started() {
    if (channels.isEmpty()) {
      throw new IllegalStateException("the DNS server is not started");
    }
    return channels;
  }

  /// Serves this version of a zone from now on. Its serial must be durable by now, so that it never
  /// goes back.
  ///
  /// @param journal how one comes to this version from earlier ones
  public void serve(Zone zone, ZoneJournal journal) {
    ServedZones.Served served = new ServedZones.Served(zone, journal);
    zones.updateAndGet(before -> before.with(served));
  }

  /// Serves this version of the lookup zone from now on. It cannot be transferred.
  public void serve(LookupZone zone) {
    ServedZones.Served served = new ServedZones.Served(zone, ZoneJournal.EMPTY);
    zones.updateAndGet(before -> before.with(served));
  }

  /// Serves the zone no longer.
  public void withdraw(Name origin) {
    zones.updateAndGet(before -> before.without(origin));
  }

  /// TCP connections that are open now.
  public int openConnections() {
    return quota.open();
  }

  public DnsCounters counters() {
    return counters;
  }

  /// Closes the sockets and all connections. A second time it does nothing.
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    channels.forEach(channel -> channel.close().syncUninterruptibly());
    loops
        .shutdownGracefully(QUIET_MILLIS, SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(SHUTDOWN_MILLIS);
  }
}
