package tocsin.node.resolver;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// Where the node's own iteration starts: addresses of root servers, and the port that all name
/// servers listen on (53 in the world).
///
/// @param addresses at least one
/// @param port 1 to 65535
public record RootHints(List<InetAddress> addresses, int port) {
  public static final int DNS_PORT = 53;

  public RootHints {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("root hints need at least one address");
    }
    if (port < 1 || port > 0xffff) {
      throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
    }
  }

  /// Reads `ADDRESS` or, for labs, `ADDRESS:PORT` (`[ADDRESS]:PORT` for IPv6): that port is then
  /// used throughout, for all servers of that world.
  ///
  /// @throws IllegalArgumentException saying in one sentence what is wrong
  public static RootHints parse(List<String> hints) {
    List<InetAddress> addresses = new ArrayList<>();
    OptionalInt port = OptionalInt.empty();
    for (String hint : hints) {
      HostAndPort parts;
      try {
        parts = HostAndPort.fromString(hint);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "a root hint is ADDRESS or ADDRESS:PORT, not \"" + hint + "\"", e);
      }
      if (!InetAddresses.isInetAddress(parts.getHost())) {
        throw new IllegalArgumentException(
            "a root hint is an address, not a name: \"" + hint + "\"");
      }
      int own = parts.getPortOrDefault(DNS_PORT);
      if (port.isPresent() && port.getAsInt() != own) {
        throw new IllegalArgumentException(
            "all root hints have one port, but these have " + port.getAsInt() + " and " + own);
      }
      port = OptionalInt.of(own);
      addresses.add(InetAddresses.forString(parts.getHost()));
    }
    return new RootHints(addresses, port.orElse(DNS_PORT));
  }

  /// Whether this address may be asked. A hijacker's delegation may point into our own machine or
  /// network segment; only a world that starts on loopback lives there.
  boolean mayAsk(InetAddress address) {
    boolean special =
        address.isLoopbackAddress()
            || address.isAnyLocalAddress()
            || address.isLinkLocalAddress()
            || address.isMulticastAddress();
    return !special || addresses.stream().allMatch(InetAddress::isLoopbackAddress);
  }
}
