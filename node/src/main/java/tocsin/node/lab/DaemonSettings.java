package tocsin.node.lab;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/// How a real resolver is to live in the lab.
///
/// @param lab on port 53
/// @param rpzZone the overlay zone, "alert.rpz."
/// @param primary where the node serves the overlay zone; empty for a resolver without overlay, or
///   one that takes it from a file
/// @param tsig the key that signs transfers; empty: unsigned
/// @param anchors trust anchors as DS records, "test. IN DS 1234 13 2 ABCD..."; empty: it does not
///   validate
/// @param extra further lines of its configuration, in its own language, where its general options
///   stand
public record DaemonSettings(
    LabInternet lab,
    String rpzZone,
    Optional<InetSocketAddress> primary,
    Optional<Tsig> tsig,
    List<String> anchors,
    List<String> extra) {
  /// @param name without trailing dot
  /// @param secret in base64; the algorithm is HMAC-SHA256
  public record Tsig(String name, String secret) {}

  public DaemonSettings {
    anchors = List.copyOf(anchors);
    extra = List.copyOf(extra);
    if (!lab.onPort53()) {
      throw new IllegalArgumentException(
          "real resolvers follow referrals to port 53 only, but this lab is on port " + lab.port());
    }
  }

  /// A resolver that takes its overlay from this primary, does not validate, and is otherwise as
  /// its makers deliver it.
  public static DaemonSettings of(LabInternet lab, String rpzZone, InetSocketAddress primary) {
    return new DaemonSettings(
        lab, rpzZone, Optional.of(primary), Optional.empty(), List.of(), List.of());
  }

  public DaemonSettings with(Tsig key) {
    return new DaemonSettings(lab, rpzZone, primary, Optional.of(key), anchors, extra);
  }

  public DaemonSettings withExtra(String... lines) {
    return new DaemonSettings(lab, rpzZone, primary, tsig, anchors, List.of(lines));
  }

  public DaemonSettings withAnchors(List<String> trusted) {
    return new DaemonSettings(lab, rpzZone, primary, tsig, trusted, extra);
  }

  /// The overlay zone without its trailing dot, as most configurations have it.
  String rpzName() {
    return rpzZone.endsWith(".") ? rpzZone.substring(0, rpzZone.length() - 1) : rpzZone;
  }
}
