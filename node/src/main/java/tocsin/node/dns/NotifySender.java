package tocsin.node.dns;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Type;

/// Tells resolvers by UDP that a zone has a new serial (RFC 1996), again after 1, 2 and 4 seconds
/// until they answer or a newer serial takes over. Best effort: whether a resolver holds the serial
/// is read back elsewhere.
///
/// One thread and one socket for all targets; what is pending is at most one message per target and
/// zone.
public final class NotifySender implements AutoCloseable {
  /// How a notification ended. One that a newer serial took over is not told of.
  ///
  /// @param rcode of the answer; -1 if there was none
  /// @param millis from the first message to the end
  public record Outcome(NotifyTarget target, Serial serial, int rcode, long millis) {
    public boolean answered() {
      return rcode >= 0;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(NotifySender.class);
  private static final int AUTHORITATIVE = 0x0400;
  private static final int SHUTDOWN_MILLIS = 1_000;

  private volatile List<NotifyTarget> targets;
  private final List<TsigKey> keys;
  private final Tsig tsig;
  private final Consumer<Outcome> listener;
  private final SecureRandom random = new SecureRandom();
  private final EventLoopGroup loop;
  private final Channel channel;
  private final AtomicBoolean closed = new AtomicBoolean();

  /// The last version of each zone that was announced. Of the event loop.
  private final Map<Name, Zone> announced = new HashMap<>();

  /// What waits for an answer, by message id. Of the event loop.
  private final Map<Integer, Attempt> attempts = new HashMap<>();

  /// A sender at the address.
  ///
  /// @param source where messages come from: resolvers take them from their primary's address only,
  ///   so it is the DNS server's; a wildcard leaves the choice to the system
  /// @param listener told of each end, on the sender's own thread
  /// @throws IOException with a sentence, if the address cannot be had
  /// @throws IllegalArgumentException with a sentence, if a target's key is not among the keys
  public NotifySender(
      InetAddress source,
      List<NotifyTarget> targets,
      List<TsigKey> keys,
      Consumer<Outcome> listener)
      throws IOException {
    this.keys = List.copyOf(keys);
    this.targets = checked(targets);
    this.tsig = new Tsig(keys, InstantSource.system());
    this.listener = listener;
    this.loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("dns-notify", true), NioIoHandler.newFactory());
    ChannelFuture bound =
        new Bootstrap()
            .group(loop)
            .channel(NioDatagramChannel.class)
            .handler(new Answers())
            .bind(source, 0)
            .awaitUninterruptibly();
    Throwable cause = bound.cause();
    if (cause != null) {
      var _ = loop.shutdownGracefully(0, SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS);
      throw new IOException(
          "cannot send NOTIFY from " + source.getHostAddress() + ": " + cause.getMessage(), cause);
    }
    this.channel = bound.channel();
  }

  private List<NotifyTarget> checked(List<NotifyTarget> wanted) {
    if (wanted.size() > Limits.NOTIFY_TARGETS) {
      throw new IllegalArgumentException(
          "also-notify has at most " + Limits.NOTIFY_TARGETS + " targets");
    }
    wanted.forEach(this::key);
    return List.copyOf(wanted);
  }

  /// Tells these from now on, and those of them that are new of what is served already.
  ///
  /// @throws IllegalArgumentException with a sentence, if there are too many, or a target's key is
  ///   not among the keys; then nothing has changed
  public void retarget(List<NotifyTarget> wanted) {
    List<NotifyTarget> before = targets;
    List<NotifyTarget> next = checked(wanted);
    targets = next;
    try {
      channel
          .eventLoop()
          .execute(() ->
              announced
                  .values()
                  .forEach(zone ->
                      next.stream()
                          .filter(target -> !before.contains(target))
                          .forEach(target -> begin(target, zone))));
    } catch (RejectedExecutionException e) {
      LOG.debug("closed: nobody new is told");
    }
  }

  private @Nullable TsigKey key(NotifyTarget target) {
    if (target.key().isEmpty()) {
      return null;
    }
    return keys.stream()
        .filter(key -> key.name().equals(target.key().get()))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "also-notify names the TSIG key "
                    + target.key().get()
                    + ", which is not configured"));
  }

  /// Tells all targets of this version, which is served already. Returns at once.
  public void notify(Zone zone) {
    try {
      channel
          .eventLoop()
          .execute(() -> {
            announced.put(zone.origin(), zone);
            targets.forEach(target -> begin(target, zone));
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("closed: {} is not announced", zone);
    }
  }

  private void begin(NotifyTarget target, Zone zone) {
    attempts
        .values()
        .removeIf(earlier -> {
          boolean superseded =
              earlier.target.equals(target) && earlier.zone.origin().equals(zone.origin());
          if (superseded) {
            earlier.timer.cancel(false);
          }
          return superseded;
        });
    int id = random.nextInt(1 << 16);
    while (attempts.containsKey(id)) {
      id = id + 1 & 0xffff;
    }
    Attempt attempt = new Attempt(id, target, zone);
    attempts.put(id, attempt);
    attempt.send();
  }

  /// One notification of one target. Of the event loop.
  private final class Attempt {
    private final int id;
    private final NotifyTarget target;
    private final Zone zone;
    private final long startNanos = System.nanoTime();
    private int sent;
    private byte[] mac = {};
    private Future<?> timer = CompletableFuture.completedFuture(null);

    private Attempt(int id, NotifyTarget target, Zone zone) {
      this.id = id;
      this.target = target;
      this.zone = zone;
    }

    private void send() {
      MessageWriter out = new MessageWriter(Limits.PLAIN_UDP_ANSWER_BYTES + Limits.REQUEST_BYTES);
      out.u16(id);
      out.u16(Opcode.NOTIFY << 11 | AUTHORITATIVE);
      out.u16(1);
      out.u16(1);
      out.u32(0);
      out.bytes(zone.originWire());
      out.u16(Type.SOA);
      out.u16(DClass.IN);
      zone.soa().write(out);
      TsigKey key = key(target);
      if (key != null) {
        Tsig.Signer signer = tsig.signer(key, new byte[0]);
        signer.sign(out);
        mac = signer.mac();
      }
      channel
          .writeAndFlush(
              new DatagramPacket(Unpooled.wrappedBuffer(out.toByteArray()), target.address()))
          .addListener(written -> {
            if (!written.isSuccess()) {
              LOG.debug("NOTIFY to {}: {}", target, written.cause().toString());
            }
          });
      List<Integer> retries = Limits.NOTIFY_RETRY_SECONDS;
      int wait = sent < retries.size() ? retries.get(sent) : Limits.NOTIFY_LAST_WAIT_SECONDS;
      sent++;
      timer = channel.eventLoop().schedule(this::expired, wait, TimeUnit.SECONDS);
    }

    private void expired() {
      if (sent <= Limits.NOTIFY_RETRY_SECONDS.size()) {
        send();
      } else {
        end(-1);
      }
    }

    private void end(int rcode) {
      timer.cancel(false);
      attempts.remove(id);
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
      Outcome outcome = new Outcome(target, zone.serial(), rcode, millis);
      LOG.debug("NOTIFY {}", outcome);
      listener.accept(outcome);
    }
  }

  /// Answers to our messages; anything else is ignored.
  private final class Answers extends SimpleChannelInboundHandler<DatagramPacket> {
    private static final int ANSWER = 0x8000;

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
      byte[] message = ByteBufUtil.getBytes(packet.content());
      if (message.length < Request.HEADER_BYTES) {
        return;
      }
      MessageReader in = new MessageReader(message);
      Attempt attempt = attempts.get(in.u16At(0));
      int flags = in.u16At(2);
      boolean ours =
          attempt != null
              && attempt.target.address().equals(packet.sender())
              && (flags & ANSWER) != 0
              && (flags >> 11 & 0xf) == Opcode.NOTIFY;
      if (attempt == null || !ours) {
        return;
      }
      if (attempt.mac.length > 0) {
        TsigRecord signature = in.signature();
        if (signature == null || !tsig.verify(signature, attempt.mac).good()) {
          LOG.debug("NOTIFY to {}: answered without a good signature", attempt.target);
          return;
        }
      }
      attempt.end(flags & 0xf);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      LOG.debug("NOTIFY: {}", cause.toString());
    }
  }

  /// Ends at once; what is pending is forgotten. A second time it does nothing.
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    channel.close().syncUninterruptibly();
    loop.shutdownGracefully(0, SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(SHUTDOWN_MILLIS);
  }
}
