package tocsin.node.config;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/// A host and a port as configurations have them: "127.0.0.1:7401", "[2001:db8::1]:7401", or with a
/// host name "node.example.net:7353". Names are kept as text and looked up only by whoever dials.
///
/// @param host an IP address without brackets, or a host name
/// @param port 1 to 65,535
public record HostPort(String host, int port) {
  private static final int MAX_PORT = 65_535;
  private static final int MAX_HOST_CHARACTERS = 253;

  public HostPort {
    if (port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
    }
    if (literal(host).isEmpty() && !isHostName(host)) {
      throw new IllegalArgumentException(
          "\"" + host + "\" is neither an IP address nor a host name");
    }
  }

  /// Reads "HOST:PORT"; an IPv6 address stands in brackets.
  ///
  /// @throws IllegalArgumentException with a sentence, if it is anything else
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("\"" + text + "\" has no port");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not HOST:PORT; an IPv6 address stands in brackets");
    }
    if (host.isEmpty()) {
      throw new IllegalArgumentException("\"" + text + "\" has no host before the colon");
    }
    return new HostPort(host, port(text, text.substring(colon + 1)));
  }

  /// Reads "ADDRESS:PORT", where the address is numeric: nothing is ever looked up.
  ///
  /// @throws IllegalArgumentException with a sentence, if it is anything else
  public static HostPort parseNumeric(String text) {
    HostPort parsed = parse(text);
    if (literal(parsed.host).isEmpty()) {
      throw new IllegalArgumentException(
          "\"" + parsed.host + "\" is a name, and here an IP address is needed");
    }
    return parsed;
  }

  private static int port(String whole, String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + whole + "\" has no number after the colon", e);
    }
  }

  /// An IP address from its text: four numbers, or IPv6 (RFC 4291 section 2.2) without a scope;
  /// empty if it is none. Java's own reading takes "192.0.2" for 192.0.0.2, which is a trap.
  public static Optional<InetAddress> literal(String host) {
    return host.indexOf('%') < 0 && InetAddresses.isInetAddress(host)
        ? Optional.of(InetAddresses.forString(host))
        : Optional.empty();
  }

  private static boolean isHostName(String host) {
    return host.length() <= MAX_HOST_CHARACTERS
        && host.matches("[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?(\\.[A-Za-z0-9_-]+)*\\.?")
        && !host.matches("[0-9.]+");
  }

  /// The numeric address, resolved; a host name stays unresolved.
  public InetSocketAddress toSocketAddress() {
    return literal(host)
        .map(address -> new InetSocketAddress(address, port))
        .orElseGet(() -> InetSocketAddress.createUnresolved(host, port));
  }

  /// An address in its short form: "::1".
  static String shown(InetAddress address) {
    return InetAddresses.toAddrString(address);
  }

  /// True for "0.0.0.0" and "::": listen everywhere, which nobody can dial.
  public boolean isWildcard() {
    return literal(host).map(InetAddress::isAnyLocalAddress).orElse(false);
  }

  /// As [#parse(String)] reads it.
  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
