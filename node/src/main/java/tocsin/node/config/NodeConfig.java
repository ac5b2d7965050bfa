package tocsin.node.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tocsin.trust.DnsName;
import tocsin.trust.NetworkId;
import tocsin.trust.graph.TrustPolicy;

/// One node's configuration, complete and valid: one record for each section of `tocsin.toml`. Made
/// by [ConfigFile].
public record NodeConfig(
    NodeFolder folder,
    Identity node,
    Gossip gossip,
    Control control,
    Dns dns,
    List<ResolverConfig> resolvers,
    Verification verification,
    Policy policy,
    Logging log,
    Web web) {
  public NodeConfig {
    resolvers = List.copyOf(resolvers);
  }

  /// The same with these resolvers.
  public NodeConfig with(List<ResolverConfig> others) {
    return new NodeConfig(
        folder, node, gossip, control, dns, others, verification, policy, log, web);
  }

  /// `[node]`
  ///
  /// @param name shown to people
  /// @param networkName statements of another network are void here
  public record Identity(String name, String networkName, Mode mode) {
    public NetworkId network() {
      return NetworkId.named(networkName);
    }
  }

  public enum Mode {
    /// Acts on its resolvers.
    ENFORCE,
    /// Computes and shows all that it would do, and touches no resolver.
    SHADOW,
    /// A receive-only guest.
    OBSERVE;

    /// As in the configuration: "enforce".
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// `[gossip]`
  ///
  /// @param advertise where others reach this node; empty: they do not, it only dials
  /// @param bootstrap nodes to dial first
  public record Gossip(
      InetSocketAddress listen, Optional<HostPort> advertise, List<HostPort> bootstrap) {
    public Gossip {
      bootstrap = List.copyOf(bootstrap);
    }
  }

  /// `[control]`
  ///
  /// @param socket absolute path of the Unix domain socket
  public record Control(Path socket) {}

  /// `[dns]`
  ///
  /// @param listen UDP and TCP
  /// @param rpz name of the overlay zone
  /// @param lookup name of the lookup zone; empty: there is none
  /// @param tls DNS over TLS, for transfers and questions; empty: there is none
  /// @param signLookup whether the lookup zone's answers are signed (DNSSEC)
  public record Dns(
      InetSocketAddress listen,
      DnsName rpz,
      Optional<DnsName> lookup,
      List<TransferRule> allowTransfer,
      List<NotifyTarget> alsoNotify,
      List<TsigKeyFile> keys,
      Optional<DnsTls> tls,
      boolean signLookup) {
    public Dns {
      allowTransfer = List.copyOf(allowTransfer);
      alsoNotify = List.copyOf(alsoNotify);
      keys = List.copyOf(keys);
    }
  }

  /// `dns.tls-listen`, with the server's certificate and its key, both PEM.
  public record DnsTls(InetSocketAddress listen, Path certificate, Path key) {}

  /// `[web]`: the consumer interface, read-only. Each is off where it has no address.
  ///
  /// @param listen HTTP
  /// @param grpcListen gRPC
  public record Web(Optional<InetSocketAddress> listen, Optional<InetSocketAddress> grpcListen) {}

  /// Who may transfer a zone: the address, the key, or where both are given both.
  ///
  /// @param key name of a TSIG key, in canonical form
  public record TransferRule(Optional<InetAddress> address, Optional<DnsName> key) {
    public TransferRule {
      if (address.isEmpty() && key.isEmpty()) {
        throw new IllegalArgumentException("a transfer rule has an address, a key, or both");
      }
    }

    /// As in the configuration: "192.0.2.7 key:node-key."
    @Override
    public String toString() {
      String shownKey = key.map(name -> "key:" + name).orElse("");
      return address.map(each -> (HostPort.shown(each) + " " + shownKey).strip()).orElse(shownKey);
    }
  }

  /// Whom to tell of a new serial, beside the resolvers.
  ///
  /// @param key the NOTIFY is signed with it
  public record NotifyTarget(InetSocketAddress address, Optional<DnsName> key) {}

  /// `[[dns.tsig]]`
  ///
  /// @param algorithm "hmac-sha224", "hmac-sha256", "hmac-sha384" or "hmac-sha512"
  /// @param secretFile its secret in base64, one line; see [SecretFiles#readBase64]
  public record TsigKeyFile(DnsName name, String algorithm, Path secretFile) {}

  /// `[verification]`
  ///
  /// @param rootHints where the node's own iteration starts
  /// @param port of all servers on the way: 53, or a lab's
  public record Verification(List<InetAddress> rootHints, int port) {
    public Verification {
      rootHints = List.copyOf(rootHints);
    }
  }

  /// `[policy]`
  ///
  /// @param flushJitter stand-alone and closing flushes are spread over this time
  /// @param rogueTriggers whether rogue name servers and addresses are blocked for every name; an
  ///   address may be shared with honest names, so this is for the node's administrator to decide
  /// @param witnesses organizations whose fresh checkpoints a node must see to take new overrides
  public record Policy(
      TrustPolicy trust, Duration flushJitter, boolean rogueTriggers, int witnesses) {
    /// Two, so that no single organization can keep the network's news from a node and be believed.
    public static final int DEFAULT_WITNESSES = 2;

    public static final int MAX_WITNESSES = 16;

    public static final Duration DEFAULT_FLUSH_JITTER = Duration.ofSeconds(10);

    /// A flush that comes later than this helps nobody.
    public static final Duration MAX_FLUSH_JITTER = Duration.ofMinutes(10);
  }

  /// `[log]`: what the node writes to stderr, and how it cares for its log of statements.
  ///
  /// @param minFreeMib below so much room on its file system nothing new is taken in
  /// @param scrub how often all of it is read and hashed again; zero: never
  /// @param keepRefused how long statements that were refused are kept; zero: for ever
  public record Logging(Level level, int minFreeMib, Duration scrub, Duration keepRefused) {}

  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG;

    /// As in the configuration: "info".
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
