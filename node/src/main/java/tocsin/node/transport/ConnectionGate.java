package tocsin.node.transport;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Counts accepted connections, before TLS costs anything: one too many, of an address or of all,
/// is closed at once, and so is one too soon, because a handshake costs milliseconds on an event
/// loop that others wait for. It also lets go of connections whose stream has ended; gRPC has no
/// word for that.
final class ConnectionGate {
  private final TransportLimits limits;
  private final Map<SocketAddress, Channel> connections = new HashMap<>();
  private final Map<Origin, Integer> byOrigin = new HashMap<>();
  private final Allowance everybody;

  /// Least recently used first: who comes back after so many others starts afresh, and pays from
  /// everybody's allowance all the same.
  private final Map<Origin, Allowance> allowances =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Origin, Allowance> eldest) {
          return size() > TransportLimits.REMEMBERED_ORIGINS;
        }
      };

  ConnectionGate(TransportLimits limits) {
    this.limits = limits;
    this.everybody =
        new Allowance(
            TransportLimits.ACCEPTS_AT_ONCE, TransportLimits.ACCEPTS_PER_SECOND, System.nanoTime());
  }

  /// A listening socket that this gate stands before.
  NioServerSocketChannel newServerChannel() {
    return new GatedServerChannel(this);
  }

  /// Closes an accepted connection, after a delay in which what was written can still leave.
  void closeSoon(@Nullable SocketAddress remote) {
    Channel channel;
    synchronized (this) {
      channel = connections.get(remote);
    }
    if (channel != null) {
      var closing =
          channel
              .eventLoop()
              .schedule(
                  () -> {
                    // Past the HTTP/2 handler, which would wait for streams to end.
                    var _ = channel.pipeline().firstContext().close();
                  },
                  TransportLimits.LAST_WORDS.toMillis(),
                  TimeUnit.MILLISECONDS);
      channel.closeFuture().addListener(_ -> closing.cancel(false));
    }
  }

  synchronized int open() {
    return connections.size();
  }

  private synchronized boolean enter(Channel channel, InetSocketAddress remote) {
    InetAddress address = remote.getAddress();
    Origin origin = Origin.of(address);
    boolean local = address.isLoopbackAddress();
    int limit = local ? limits.connectionsPerLoopbackAddress() : limits.connectionsPerAddress();
    if (connections.size() >= limits.connections() || byOrigin.getOrDefault(origin, 0) >= limit) {
      return false;
    }
    // Loopback is this machine's own business: it has no rate, only numbers.
    if (!local && !mayHandshake(origin, System.nanoTime())) {
      return false;
    }
    connections.put(remote, channel);
    byOrigin.merge(origin, 1, Integer::sum);
    return true;
  }

  private boolean mayHandshake(Origin origin, long now) {
    Allowance own =
        allowances.computeIfAbsent(
            origin,
            _ ->
                new Allowance(
                    TransportLimits.ACCEPTS_AT_ONCE_PER_ADDRESS,
                    TransportLimits.ACCEPTS_PER_SECOND_PER_ADDRESS,
                    now));
    return own.take(now) && everybody.take(now);
  }

  private synchronized void leave(Channel channel, InetSocketAddress remote) {
    if (connections.remove(remote, channel)) {
      byOrigin.computeIfPresent(
          Origin.of(remote.getAddress()), (_, count) -> count == 1 ? null : count - 1);
    }
  }

  /// Who is counted as one: an IPv4 address, or an IPv6 /64, which one customer has to himself.
  private record Origin(boolean six, int high, int low) {
    static Origin of(InetAddress address) {
      byte[] bytes = Arrays.copyOf(address.getAddress(), 8);
      boolean six = address instanceof Inet6Address;
      return new Origin(six, word(bytes, 0), six ? word(bytes, 4) : 0);
    }

    private static int word(byte[] bytes, int at) {
      return (bytes[at] & 0xff) << 24
          | (bytes[at + 1] & 0xff) << 16
          | (bytes[at + 2] & 0xff) << 8
          | (bytes[at + 3] & 0xff);
    }
  }

  private static final class GatedServerChannel extends NioServerSocketChannel {
    private final ConnectionGate gate;

    GatedServerChannel(ConnectionGate gate) {
      this.gate = gate;
    }

    /// Called on the accepting event loop; what is not in the list is never registered.
    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
      int count = super.doReadMessages(accepted);
      if (count == 0) {
        return 0;
      }
      Channel channel = (Channel) accepted.getLast();
      // Null if the other side is gone already.
      InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
      if (remote == null || !gate.enter(channel, remote)) {
        accepted.removeLast();
        channel.unsafe().closeForcibly();
      } else {
        channel.closeFuture().addListener(_ -> gate.leave(channel, Objects.requireNonNull(remote)));
      }
      return count;
    }
  }
}
