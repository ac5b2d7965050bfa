package tocsin.node.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Requests by TCP (RFC 7766), each without its length field. They may be pipelined and are
/// answered in order; while the client does not take its answers, nothing more is read of it.
final class TcpConnection extends SimpleChannelInboundHandler<ByteBuf> {
  private static final Logger LOG = LoggerFactory.getLogger(TcpConnection.class);
  private static final int LENGTH_BYTES = 2;

  private final InetAddress client;
  private final Supplier<Responder> responder;
  private final DnsCounters counters;

  /// Requests that were read before reading could be stopped.
  private final Queue<byte[]> waiting = new ArrayDeque<>();

  private @Nullable ZoneTransfer transfer;

  /// @param responder of the calling thread
  TcpConnection(InetAddress client, Supplier<Responder> responder, DnsCounters counters) {
    this.client = client;
    this.responder = responder;
    this.counters = counters;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
    if (waiting.size() == Limits.PIPELINE) {
      LOG.info("{}: closed, {} requests wait behind its transfer", client, waiting.size());
      var _ = context.close();
      return;
    }
    waiting.add(ByteBufUtil.getBytes(frame));
    proceed(context);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    proceed(context);
    context.flush();
  }

  /// Answers as much as the client takes.
  private void proceed(ChannelHandlerContext context) {
    while (context.channel().isActive() && writable(context)) {
      if (transfer != null) {
        continueTransfer(context, transfer);
        continue;
      }
      byte[] request = waiting.poll();
      if (request == null) {
        break;
      }
      answer(context, request);
    }
    context.channel().config().setAutoRead(transfer == null && waiting.isEmpty());
  }

  private static boolean writable(ChannelHandlerContext context) {
    if (!context.channel().isWritable()) {
      context.flush();
    }
    return context.channel().isWritable();
  }

  private void answer(ChannelHandlerContext context, byte[] request) {
    Responder here = responder.get();
    switch (here.respond(request, request.length, client)) {
      case ANSWER -> write(context, here.out());
      case TRANSFER -> transfer = here.transfer();
      case SILENCE -> {
        // Only a stranger to the protocol sends what deserves no answer.
        var _ = context.close();
      }
    }
  }

  private void continueTransfer(ChannelHandlerContext context, ZoneTransfer current) {
    MessageWriter out = responder.get().out();
    current.write(out, Limits.TRANSFER_MESSAGE_BYTES);
    write(context, out);
    if (current.done()) {
      transfer = null;
    }
  }

  private static void write(ChannelHandlerContext context, MessageWriter out) {
    ByteBuf answer = context.alloc().ioBuffer(LENGTH_BYTES + out.position());
    answer.writeShort(out.position());
    answer.writeBytes(out.array(), 0, out.position());
    context.write(answer).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent) {
      var _ = context.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    transfer = null;
    waiting.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException || cause instanceof TooLongFrameException) {
      LOG.debug("{}: {}", client, cause.toString());
    } else {
      counters.failed().increment();
      LOG.error("a request of {} could not be answered", client, cause);
    }
    var _ = context.close();
  }
}
