package tocsin.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tocsin.node.lab.BindProcess;
import tocsin.node.lab.DaemonSettings;
import tocsin.node.lab.KnotProcess;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.LabResolver;
import tocsin.node.lab.PowerDnsProcess;
import tocsin.node.lab.UnboundProcess;
import tocsin.node.resolver.Needs;

/// The four real resolvers in one lab, by name.
final class FourResolvers implements AutoCloseable {
  static final List<String> NAMES = List.of("u1", "b1", "p1", "k1");

  private final Map<String, LabResolver> all = new LinkedHashMap<>();

  /// A lab where they can live; skips the test, with a sentence, where one of them cannot.
  static LabInternet lab(boolean signed) throws IOException {
    Needs.need("unbound", UnboundProcess.find().isPresent(), "unbound is not installed");
    Needs.need("named", BindProcess.find().isPresent(), "bind9 is not installed");
    Needs.need(
        "pdns_recursor", PowerDnsProcess.find().isPresent(), "pdns-recursor is not installed");
    Needs.need("kresd", KnotProcess.find().isPresent(), "knot-resolver is not installed");
    Optional<LabInternet> lab = LabInternet.startOnPort53();
    Needs.need("unbound", lab.isPresent(), "port 53 of 127.0.53.1 may not be bound");
    if (signed) {
      lab.orElseThrow().sign();
    }
    return lab.orElseThrow();
  }

  /// How the caches of all four are to be.
  enum Caches {
    PLAIN,
    /// Expired answers are given while better ones cannot be had, or are being fetched.
    SERVE_EXPIRED,
    /// Packet caches as large and long as may be.
    PACKET_CACHE,
    /// Answers that are asked for often are fetched before their end.
    PREFETCH;

    List<String> unbound() {
      return switch (this) {
        case PLAIN -> List.of();
        case SERVE_EXPIRED -> List.of("serve-expired: yes", "serve-expired-client-timeout: 1800");
        case PACKET_CACHE -> List.of("msg-cache-size: 32m");
        case PREFETCH -> List.of("prefetch: yes", "prefetch-key: yes");
      };
    }

    String[] bind() {
      return switch (this) {
        case PLAIN, PACKET_CACHE -> new String[0];
        case SERVE_EXPIRED -> new String[] {"stale-answer-enable yes;", "stale-cache-enable yes;"};
        case PREFETCH -> new String[] {"prefetch 10 60;"};
      };
    }

    String[] powerDns() {
      return switch (this) {
        case PLAIN -> new String[0];
        case SERVE_EXPIRED -> new String[] {"serve-stale-extensions=100"};
        case PACKET_CACHE ->
            new String[] {"packetcache-ttl=86400", "max-packetcache-entries=500000"};
        case PREFETCH -> new String[] {"refresh-on-ttl-perc=50"};
      };
    }

    String[] knot() {
      return switch (this) {
        case PLAIN, PACKET_CACHE -> new String[0];
        case SERVE_EXPIRED -> new String[] {"modules.load('serve_stale < cache')"};
        case PREFETCH -> new String[] {"modules.load('predict')"};
      };
    }
  }

  /// Starts all four with their overlay from a primary at this address.
  FourResolvers(LabInternet lab, InetSocketAddress primary, Caches caches) throws IOException {
    DaemonSettings settings =
        DaemonSettings.of(lab, "alert.rpz.", primary).withAnchors(lab.trustAnchors());
    try {
      List<String> extra = new ArrayList<>(caches.unbound());
      lab.trustAnchors().forEach(anchor -> extra.add("trust-anchor: \"" + anchor + "\""));
      all.put(
          "u1",
          UnboundProcess.start(
              new UnboundProcess.Settings(
                  lab,
                  "alert.rpz.",
                  Optional.of(primary),
                  UnboundProcess.Control.UNIX,
                  lab.isSigned(),
                  extra)));
      all.put("b1", BindProcess.start(settings.withExtra(caches.bind())));
      all.put("p1", PowerDnsProcess.start(settings.withExtra(caches.powerDns())));
      all.put("k1", KnotProcess.start(settings.withExtra(caches.knot())));
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  Map<String, LabResolver> all() {
    return all;
  }

  LabResolver get(String name) {
    LabResolver resolver = all.get(name);
    if (resolver == null) {
      throw new IllegalArgumentException("no resolver " + name);
    }
    return resolver;
  }

  /// Their `[[resolver]]` sections.
  String sections() {
    StringBuilder text = new StringBuilder();
    all.forEach((name, resolver) -> {
      text.append("[[resolver]]\nname = \"").append(name).append("\"\n");
      text.append("address = \"127.0.0.1:").append(resolver.address().getPort()).append("\"\n");
      resolver.section().forEach(line -> text.append(line).append('\n'));
    });
    return text.toString();
  }

  @Override
  public void close() {
    all.values().forEach(LabResolver::close);
  }
}
