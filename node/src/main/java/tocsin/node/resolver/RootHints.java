package tocsin.node.resolver;

import java.net.InetAddress;
import java.util.List;

/// Where the node's own iteration starts: addresses of root servers, and the port that all name
/// servers listen on (53 in the world).
///
/// @param addresses at least one
/// @param port 1 to 65535
public record RootHints(List<InetAddress> addresses, int port) {
  public RootHints {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("root hints need at least one address");
    }
    if (port < 1 || port > 0xffff) {
      throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
    }
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
