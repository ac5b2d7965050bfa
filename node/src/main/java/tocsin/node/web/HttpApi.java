package tocsin.node.web;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The consumer interface by HTTP/1.1, in the clear, GET only:
///
/// - `/v1/alerts`: all that are pending or active, `tocsin.alerts/v1`
/// - `/v1/alerts/ID`: one, whatever became of it, `tocsin.alert/v1`; ID has 64 hexadecimal digits
/// - `/v1/lookup/NAME`: the active ones that affect a name, `tocsin.lookup/v1`
/// - `/v1/stream`: server-sent events; each `alert` is one `tocsin.alert/v1`: first all that are
///   live, then an event `live`, then each change
///
/// Errors are `tocsin.error/v1` with one sentence.
public final class HttpApi implements AutoCloseable {
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("tocsin-http", true), NioIoHandler.newFactory());
  private final ExecutorService lookups =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("tocsin-http-", 0).factory());
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel listener;

  /// Listens and answers.
  ///
  /// @throws IOException with a sentence, if the address cannot be had
  public HttpApi(InetSocketAddress listen, AlertFeed feed) throws IOException {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(WebLimits.UNSENT_BYTES / 2, WebLimits.UNSENT_BYTES))
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accept(channel, feed);
                  }
                })
            .bind(listen)
            .awaitUninterruptibly();
    Throwable cause = bound.cause();
    if (cause != null) {
      stop();
      throw new IOException(
          "cannot serve HTTP on "
              + listen.getAddress().getHostAddress()
              + " port "
              + listen.getPort()
              + ": "
              + cause.getMessage(),
          cause);
    }
    this.listener = bound.channel();
  }

  private void accept(SocketChannel channel, AlertFeed feed) {
    if (open.size() >= WebLimits.CONNECTIONS) {
      var _ = channel.close();
      return;
    }
    open.add(channel);
    // The idle handler stands behind the codec: only what is understood counts as life.
    channel
        .pipeline()
        .addLast(
            new HttpServerCodec(
                new HttpDecoderConfig()
                    .setMaxInitialLineLength(WebLimits.REQUEST_LINE_BYTES)
                    .setMaxHeaderSize(WebLimits.HEADER_BYTES)
                    .setMaxChunkSize(WebLimits.HEADER_BYTES)))
        .addLast(
            new IdleStateHandler(
                WebLimits.IDLE_SECONDS, WebLimits.HEARTBEAT_SECONDS, 0, TimeUnit.SECONDS))
        .addLast(new HttpConnection(feed, lookups));
  }

  /// With the port that was chosen.
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /// Closes the listener and all connections.
  @Override
  public void close() {
    listener.close().awaitUninterruptibly(WebLimits.CLOSING_MILLIS);
    open.close().awaitUninterruptibly(WebLimits.CLOSING_MILLIS);
    stop();
  }

  private void stop() {
    lookups.shutdownNow();
    loops
        .shutdownGracefully(0, WebLimits.CLOSING_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(WebLimits.CLOSING_MILLIS);
  }
}
