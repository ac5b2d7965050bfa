package tocsin.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.xbill.DNS.Name;
import tocsin.node.dns.DnsServer;
import tocsin.node.dns.NotifySender;
import tocsin.node.dns.OverlayPublisher;

/// How the tests of this package make a publisher.
final class Publishing {
  private Publishing() {}

  static OverlayPublisher publisher(DnsServer dns, NotifySender notifications, Name rpz) {
    return new OverlayPublisher(dns, notifications, rpz, Optional.empty(), journal());
  }

  private static Path journal() {
    try {
      Path folder = Files.createTempDirectory("tocsin-overlay");
      folder.toFile().deleteOnExit();
      Path journal = folder.resolve("overlay.journal");
      journal.toFile().deleteOnExit();
      return journal;
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary folder", e);
    }
  }
}
