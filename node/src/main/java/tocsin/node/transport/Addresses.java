package tocsin.node.transport;

import java.net.InetSocketAddress;
import java.util.Optional;

/// "host:port" as the configuration and Hello spell it.
final class Addresses {
  private static final int MAX_HOST_CHARACTERS = 253;

  private Addresses() {}

  /// @param host without brackets
  record HostPort(String host, int port) {
    /// As gRPC wants it in a target.
    String authority() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /// Empty unless the text is `host:port` or, for IPv6, `[host]:port`, with a port that can be
  /// dialled.
  static Optional<HostPort> parse(String address) {
    int colon = address.lastIndexOf(':');
    if (colon < 1) {
      return Optional.empty();
    }
    String host = address.substring(0, colon);
    String port = address.substring(colon + 1);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    }
    String allowed = bracketed ? "[0-9A-Fa-f:.]+(%[0-9A-Za-z]+)?" : "[0-9A-Za-z._-]+";
    if (host.length() > MAX_HOST_CHARACTERS
        || !host.matches(allowed)
        || !port.matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    int number = Integer.parseInt(port);
    return number >= 1 && number <= 65_535
        ? Optional.of(new HostPort(host, number))
        : Optional.empty();
  }

  /// In numbers, where there are any.
  static String text(InetSocketAddress address) {
    String host =
        address.isUnresolved() ? address.getHostString() : address.getAddress().getHostAddress();
    return new HostPort(host, address.getPort()).authority();
  }
}
