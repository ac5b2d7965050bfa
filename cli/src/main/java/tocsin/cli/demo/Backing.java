package tocsin.cli.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tocsin.node.lab.BindProcess;
import tocsin.node.lab.DaemonSettings;
import tocsin.node.lab.EmbeddedResolver;
import tocsin.node.lab.KnotProcess;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.LabResolver;
import tocsin.node.lab.PowerDnsProcess;
import tocsin.node.lab.UnboundProcess;

/// The resolvers that the story is played with, given to the nodes in turn.
///
/// @param kinds at least one
record Backing(List<Kind> kinds) {
  static final String OVERLAY = "alert.rpz.";

  enum Kind {
    UNBOUND("unbound"),
    BIND("bind9"),
    POWERDNS("pdns-recursor"),
    KNOT("knot-resolver"),
    EMBEDDED("");

    private final String debian;

    Kind(String debian) {
      this.debian = debian;
    }

    /// Whether it is on this machine.
    boolean isInstalled() {
      return switch (this) {
        case UNBOUND -> UnboundProcess.find().isPresent();
        case BIND -> BindProcess.find().isPresent();
        case POWERDNS -> PowerDnsProcess.find().isPresent();
        case KNOT -> KnotProcess.find().isPresent();
        case EMBEDDED -> true;
      };
    }

    /// What to install for it on Debian; empty: nothing.
    String debian() {
      return debian;
    }

    /// As on the command line: "unbound".
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    LabResolver start(LabInternet lab, InetSocketAddress primary) throws IOException {
      return switch (this) {
        case UNBOUND -> UnboundProcess.start(UnboundProcess.Settings.of(lab, OVERLAY, primary));
        case BIND -> BindProcess.start(settings(lab, primary));
        case POWERDNS -> PowerDnsProcess.start(settings(lab, primary));
        case KNOT -> KnotProcess.start(settings(lab, primary));
        case EMBEDDED -> EmbeddedResolver.start(lab, OVERLAY, Optional.of(primary));
      };
    }

    private static DaemonSettings settings(LabInternet lab, InetSocketAddress primary) {
      return DaemonSettings.of(lab, OVERLAY, primary);
    }
  }

  Backing {
    kinds = List.copyOf(kinds);
    if (kinds.isEmpty()) {
      throw new IllegalArgumentException("the story needs resolvers");
    }
  }

  static Backing of(Kind... kinds) {
    return new Backing(List.of(kinds));
  }

  /// Whether all of them are small embedded ones, which can live on any port.
  boolean isEmbedded() {
    return kinds.stream().allMatch(Kind.EMBEDDED::equals);
  }

  /// A lab in which they can live.
  LabInternet lab() throws IOException {
    return isEmbedded()
        ? LabInternet.startOnAnyPort()
        : LabInternet.startOnPort53()
            .orElseThrow(() -> new IOException("port 53 of 127.0.53.1 may not be bound"));
  }

  /// Starts the one for a node that is the n-th with a resolver; it takes the overlay from the node
  /// whose DNS is at this address.
  LabResolver start(int n, LabInternet lab, InetSocketAddress primary) throws IOException {
    return kinds.get(n % kinds.size()).start(lab, primary);
  }

  /// "unbound,bind"
  String word() {
    return kinds.stream().map(Kind::word).collect(Collectors.joining(","));
  }
}
