package tocsin.node.config;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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
  /// @param recControl the command and its options; empty: `rec_control`, with the folder that the
  ///   recursor itself names
  record PowerDns(
      String name, InetSocketAddress address, URI api, Path apiKeyFile, List<String> recControl)
      implements ResolverConfig {
    public PowerDns {
      recControl = List.copyOf(recControl);
    }
  }

  /// @param control its Unix domain socket, or the folder with those of all its processes
  /// @param rpzFile where the overlay is written for it
  record Knot(String name, InetSocketAddress address, Path control, Path rpzFile)
      implements ResolverConfig {}

  /// Anything else: commands and their arguments, never through a shell; empty where there is none.
  ///
  /// @param flush `{name}` stands for the name
  /// @param overlayFile where the overlay is written for it
  record Command(
      String name,
      InetSocketAddress address,
      List<String> flush,
      Optional<Path> overlayFile,
      List<String> overlay,
      List<String> serial,
      List<String> nameServers,
      List<String> clearNameServers,
      List<String> insecure,
      List<String> secure)
      implements ResolverConfig {
    public Command {
      flush = List.copyOf(flush);
      overlay = List.copyOf(overlay);
      serial = List.copyOf(serial);
      nameServers = List.copyOf(nameServers);
      clearNameServers = List.copyOf(clearNameServers);
      insecure = List.copyOf(insecure);
      secure = List.copyOf(secure);
    }
  }
}
