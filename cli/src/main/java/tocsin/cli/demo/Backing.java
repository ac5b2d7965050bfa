package tocsin.cli.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import tocsin.node.lab.EmbeddedResolver;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.LabResolver;
import tocsin.node.lab.UnboundProcess;

/// The resolvers that the story is played with.
enum Backing {
  UNBOUND,
  EMBEDDED;

  static final String OVERLAY = "alert.rpz.";

  /// A lab in which they can live.
  LabInternet lab() throws IOException {
    return switch (this) {
      case UNBOUND ->
          LabInternet.startOnPort53()
              .orElseThrow(() -> new IOException("port 53 of 127.0.53.1 may not be bound"));
      case EMBEDDED -> LabInternet.startOnAnyPort();
    };
  }

  /// Starts one that takes the overlay from the node whose DNS is at this address.
  LabResolver start(LabInternet lab, InetSocketAddress primary) throws IOException {
    return switch (this) {
      case UNBOUND -> UnboundProcess.start(UnboundProcess.Settings.of(lab, OVERLAY, primary));
      case EMBEDDED -> EmbeddedResolver.start(lab, OVERLAY, Optional.of(primary));
    };
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
