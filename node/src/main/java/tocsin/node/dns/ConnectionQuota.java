package tocsin.node.dns;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/// Counts open TCP connections, in all and per address.
final class ConnectionQuota {
  private final Map<InetAddress, Integer> open = new HashMap<>();
  private int sum;

  /// Takes a place for a connection from the address; false if there is none left.
  synchronized boolean enter(InetAddress client) {
    int here = open.getOrDefault(client, 0);
    if (sum >= Limits.CONNECTIONS || here >= Limits.CONNECTIONS_PER_ADDRESS) {
      return false;
    }
    open.put(client, here + 1);
    sum++;
    return true;
  }

  synchronized int open() {
    return sum;
  }

  /// Gives the place back.
  synchronized void leave(InetAddress client) {
    if (open.computeIfPresent(client, (address, here) -> here == 1 ? null : here - 1) == null) {
      open.remove(client);
    }
    sum--;
  }
}
