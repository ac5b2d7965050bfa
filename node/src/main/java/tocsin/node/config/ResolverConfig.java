package tocsin.node.config;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/// One `[[resolver]]` beside the node. Whether its files are there is found out when it is used: a
/// resolver that is not there is down, the node is not.
public sealed interface ResolverConfig {
  /// As the operator calls it; unique.
  String name();

  /// Where it answers DNS questions.
  InetSocketAddress address();

  /// The word in the configuration: "unbound".
  default String kind() {
    return switch (this) {
      case Unbound _ -> "unbound";
      case Bind _ -> "bind";
      case PowerDns _ -> "powerdns";
      case Knot _ -> "knot";
      case Command _ -> "command";
    };
  }

  record Unbound(String name, InetSocketAddress address, UnboundControl control)
      implements ResolverConfig {}

  /// How unbound is controlled (unbound-control(8)).
  sealed interface UnboundControl {
    record Socket(Path path) implements UnboundControl {}

    /// With the certificates of unbound-control-setup(8).
    record Tls(
        InetSocketAddress address, Path serverCertificate, Path clientCertificate, Path clientKey)
        implements UnboundControl {}
  }

  /// @param rndc the command and its options, never through a shell
  record Bind(String name, InetSocketAddress address, List<String> rndc) implements ResolverConfig {
    public Bind {
      rndc = List.copyOf(rndc);
    }
  }

  /// @param api base address of the web server
  record PowerDns(String name, InetSocketAddress address, URI api, Path apiKeyFile)
      implements ResolverConfig {}

  /// @param control its Unix domain socket
  /// @param rpzFile where the overlay is written for it
  record Knot(String name, InetSocketAddress address, Path control, Path rpzFile)
      implements ResolverConfig {}

  /// Anything else.
  ///
  /// @param flush the command that flushes, never through a shell; `{name}` stands for the name
  record Command(String name, InetSocketAddress address, List<String> flush)
      implements ResolverConfig {
    public Command {
      flush = List.copyOf(flush);
    }
  }
}
