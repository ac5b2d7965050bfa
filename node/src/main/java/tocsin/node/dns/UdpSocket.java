package tocsin.node.dns;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Requests by UDP, one datagram each.
final class UdpSocket extends SimpleChannelInboundHandler<DatagramPacket> {
  private static final Logger LOG = LoggerFactory.getLogger(UdpSocket.class);

  private final Responder responder;
  private final DnsCounters counters;
  private final RateLimit limit = new RateLimit(System.nanoTime());
  private final byte[] request = new byte[Limits.REQUEST_BYTES];

  UdpSocket(Responder responder, DnsCounters counters) {
    this.responder = responder;
    this.counters = counters;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
    InetSocketAddress client = packet.sender();
    ByteBuf content = packet.content();
    int length = content.readableBytes();
    // Port 0 cannot be answered. A full socket buffer must not become a queue in the heap.
    if (client.getPort() == 0 || length > request.length || !context.channel().isWritable()) {
      counters.silent().increment();
      return;
    }
    content.readBytes(request, 0, length);
    InetAddress address = client.getAddress();
    int bucket = limit.bucket(address);
    int credit = limit.credit(bucket, length);
    RateLimit.Ruling ruling = limit.rule(address, bucket, System.nanoTime());
    Responder.Outcome outcome =
        ruling == RateLimit.Ruling.ANSWER
            ? responder.respond(request, length, address, credit)
            : responder.limited(request, length, address, ruling == RateLimit.Ruling.SLIP);
    if (outcome == Responder.Outcome.ANSWER) {
      MessageWriter out = responder.out();
      // A proven client's questions earn nothing for its neighbours.
      limit.spend(bucket, responder.proven() ? Limits.AMPLIFICATION * length : out.position());
      ByteBuf answer = context.alloc().ioBuffer(out.position());
      answer.writeBytes(out.array(), 0, out.position());
      var _ = context.write(new DatagramPacket(answer, client), context.voidPromise());
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException) {
      // A single datagram that could not be received or sent: the socket lives on.
      LOG.debug("UDP: {}", cause.toString());
      return;
    }
    counters.failed().increment();
    LOG.error("a datagram could not be answered", cause);
  }
}
