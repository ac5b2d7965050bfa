package tocsin.node;

import java.util.Optional;
import org.xbill.DNS.Name;
import tocsin.node.dns.DnsServer;
import tocsin.node.dns.NotifySender;
import tocsin.node.dns.OverlayPublisher;

/// How the tests of this package make a publisher.
final class Publishing {
  private Publishing() {}

  static OverlayPublisher publisher(DnsServer dns, NotifySender notifications, Name rpz) {
    return new OverlayPublisher(dns, notifications, rpz, Optional.empty());
  }
}
