package tocsin.node.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Addresses as configurations have them: literals, never looked up.
final class Addresses {
  private static final int MAX_PORT = 65_535;

  private Addresses() {}

  /// "192.0.2.1" or "2001:db8::1".
  ///
  /// @throws IllegalArgumentException with a sentence, if it is neither
  static InetAddress parse(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("\"" + text + "\" is not an IP address", e);
    }
  }

  /// "192.0.2.1:53" or "[2001:db8::1]:53".
  ///
  /// @throws IllegalArgumentException with a sentence, if it is neither
  static InetSocketAddress parseWithPort(String text) {
    int colon = text.lastIndexOf(':');
    String address = text.substring(0, Math.max(colon, 0));
    boolean bracketed = address.startsWith("[") && address.endsWith("]");
    if (colon < 0 || (!bracketed && address.indexOf(':') >= 0)) {
      throw new IllegalArgumentException("\"" + text + "\" is not ADDRESS:PORT");
    }
    int port;
    try {
      port = Integer.parseInt(text.substring(colon + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + text + "\" has no port after the colon", e);
    }
    if (port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException("\"" + text + "\" has no port between 1 and " + MAX_PORT);
    }
    return new InetSocketAddress(
        parse(bracketed ? address.substring(1, address.length() - 1) : address), port);
  }
}
