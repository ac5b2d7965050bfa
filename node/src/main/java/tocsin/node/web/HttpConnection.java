package tocsin.node.web;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tocsin.proto.AlertView;
import tocsin.trust.DnsName;

/// One HTTP connection. Requests are answered one after the other; a client that pipelines is read
/// no further until its answer is out.
final class HttpConnection extends SimpleChannelInboundHandler<HttpObject> {
  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);
  private static final String ALERTS = "/v1/alerts";
  private static final String LOOKUP = "/v1/lookup/";
  private static final String STREAM = "/v1/stream";
  private static final int ID_DIGITS = 64;

  private final AlertFeed feed;
  private final Executor lookups;
  private @Nullable Consumer<AlertView> subscription;

  /// Whether an answer is on its way or a stream runs: nothing else is answered then.
  private boolean busy;

  /// @param lookups where an answer that may block is sought
  HttpConnection(AlertFeed feed, Executor lookups) {
    this.feed = feed;
    this.lookups = lookups;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
    if (part.decoderResult().isFailure()) {
      close(context, HttpResponseStatus.BAD_REQUEST, "the request is not HTTP/1.1, or too long");
      return;
    }
    if (part instanceof HttpRequest request) {
      if (busy) {
        // Another request before the answer to the last: pipelining is not offered.
        var _ = context.close();
        return;
      }
      answer(context, request);
    } else if (part instanceof HttpContent content && content.content().isReadable()) {
      // A body that nobody asked for.
      var _ = context.close();
    }
  }

  private void answer(ChannelHandlerContext context, HttpRequest request) {
    boolean keep = HttpUtil.isKeepAlive(request);
    boolean head = request.method().equals(HttpMethod.HEAD);
    if (!head && !request.method().equals(HttpMethod.GET)) {
      close(context, HttpResponseStatus.METHOD_NOT_ALLOWED, "this interface only answers GET");
      return;
    }
    String path;
    try {
      path = new QueryStringDecoder(request.uri()).path();
    } catch (IllegalArgumentException e) {
      close(context, HttpResponseStatus.BAD_REQUEST, "the path cannot be read");
      return;
    }
    if (path.equals(ALERTS)) {
      send(context, HttpResponseStatus.OK, AlertJson.alerts(feed.live()), keep, head);
    } else if (path.startsWith(ALERTS + "/")) {
      one(context, path.substring(ALERTS.length() + 1), keep, head);
    } else if (path.startsWith(LOOKUP)) {
      lookup(context, path.substring(LOOKUP.length()), keep, head);
    } else if (path.equals(STREAM) && !head) {
      stream(context);
    } else {
      send(
          context,
          HttpResponseStatus.NOT_FOUND,
          AlertJson.error(
              "there are /v1/alerts, /v1/alerts/ID, /v1/lookup/NAME and /v1/stream here"),
          keep,
          head);
    }
  }

  private void lookup(ChannelHandlerContext context, String text, boolean keep, boolean head) {
    DnsName name;
    try {
      if (text.isEmpty()) {
        throw new IllegalArgumentException("which name? ask for /v1/lookup/NAME");
      }
      name = DnsName.of(text);
    } catch (IllegalArgumentException e) {
      String sentence = String.valueOf(e.getMessage());
      send(context, HttpResponseStatus.BAD_REQUEST, AlertJson.error(sentence), keep, head);
      return;
    }
    String found = AlertJson.lookup(name.toString(), feed.affecting(name));
    send(context, HttpResponseStatus.OK, found, keep, head);
  }

  private void one(ChannelHandlerContext context, String id, boolean keep, boolean head) {
    boolean wellFormed =
        id.length() == ID_DIGITS
            && id.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    if (!wellFormed) {
      String sentence = "an alert's id has 64 hexadecimal digits, in lower case";
      send(context, HttpResponseStatus.BAD_REQUEST, AlertJson.error(sentence), keep, head);
      return;
    }
    busy = true;
    try {
      lookups.execute(() -> {
        HttpResponseStatus status = HttpResponseStatus.OK;
        String body;
        try {
          Optional<AlertView> found = feed.find(id);
          if (found.isPresent()) {
            body = AlertJson.alert(found.get());
          } else {
            status = HttpResponseStatus.NOT_FOUND;
            body = AlertJson.error("no alert is known here as " + id);
          }
        } catch (RuntimeException e) {
          LOG.debug("alert {}: {}", id, e.toString());
          status = HttpResponseStatus.SERVICE_UNAVAILABLE;
          body = AlertJson.error("the node does not answer");
        }
        HttpResponseStatus said = status;
        String text = body;
        context
            .executor()
            .execute(() -> {
              busy = false;
              send(context, said, text, keep, head);
            });
      });
    } catch (RejectedExecutionException e) {
      var _ = context.close();
    }
  }

  private void stream(ChannelHandlerContext context) {
    busy = true;
    var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    common(response.headers(), "text/event-stream");
    HttpUtil.setTransferEncodingChunked(response, true);
    Consumer<AlertView> mine =
        alert -> context.executor().execute(() -> event(context, "alert", AlertJson.alert(alert)));
    var _ = context.write(response);
    subscription = mine;
    if (!feed.subscribe(mine)) {
      subscription = null;
      event(context, "refused", AlertJson.error("too many watch already; come again later"));
      var _ = context.close();
      return;
    }
    // Behind what the subscription has put into the queue of this thread.
    context.executor().execute(() -> event(context, "live", "{}"));
  }

  private static void event(ChannelHandlerContext context, String kind, String json) {
    if (!context.channel().isActive()) {
      return;
    }
    if (!context.channel().isWritable()) {
      LOG.info("a subscriber at {} is too slow and is cut off", context.channel().remoteAddress());
      var _ = context.close();
      return;
    }
    // JSON has no line breaks of its own.
    write(context, "event: " + kind + "\ndata: " + json + "\n\n");
  }

  private static void write(ChannelHandlerContext context, String text) {
    ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    context
        .writeAndFlush(new DefaultHttpContent(bytes))
        .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }

  private static void close(
      ChannelHandlerContext context, HttpResponseStatus status, String sentence) {
    send(context, status, AlertJson.error(sentence), false, false);
  }

  private static void send(
      ChannelHandlerContext context,
      HttpResponseStatus status,
      String json,
      boolean keep,
      boolean head) {
    ByteBuf bytes = Unpooled.copiedBuffer(json + "\n", StandardCharsets.UTF_8);
    int length = bytes.readableBytes();
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, status, head ? Unpooled.EMPTY_BUFFER : bytes);
    common(response.headers(), "application/json");
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
    if (!keep) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
      response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
    }
    ChannelFuture written = context.writeAndFlush(response);
    if (!keep) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private static void common(HttpHeaders headers, String type) {
    headers.set(HttpHeaderNames.CONTENT_TYPE, type);
    headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (!(event instanceof IdleStateEvent idle)) {
      return;
    }
    if (subscription == null) {
      var _ = context.close();
    } else if (idle.state() == IdleState.WRITER_IDLE) {
      write(context, ": still here\n\n");
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Consumer<AlertView> mine = subscription;
    if (mine != null) {
      feed.unsubscribe(mine);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug("HTTP: {}", cause.toString());
    } else {
      LOG.error("an HTTP request could not be answered", cause);
    }
    var _ = context.close();
  }
}
