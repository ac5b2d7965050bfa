package tocsin.node.core;

import java.util.List;
import tocsin.trust.KeyId;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.graph.TrustPolicy;

/// What the administrator decided, as far as the core must know it.
///
/// @param self the organization that runs this node
/// @param nodeKey key of this node's TLS certificate
/// @param address where this node can be dialled, "host:port"; empty if nowhere
/// @param bootstrap addresses dialled from the start
/// @param flushJitterMillis stand-alone and closing flushes are spread over this time, so that the
///   world's caches are not emptied in the same second
/// @param resolvers names of the resolvers beside this node
/// @param rogueTriggers whether the rogue name servers and addresses of active overrides are
///   blocked for every name
public record CoreConfig(
    NetworkId network,
    OrganizationId self,
    KeyId nodeKey,
    String software,
    String address,
    List<String> bootstrap,
    Mode mode,
    TrustPolicy policy,
    long flushJitterMillis,
    List<String> resolvers,
    boolean rogueTriggers) {
  /// How far a node goes.
  public enum Mode {
    /// Judges and acts.
    ENFORCE,
    /// Judges and shows what it would do; touches no resolver and serves an empty overlay.
    SHADOW,
    /// A receive-only guest: as SHADOW, and never says that it belongs to an organization.
    OBSERVE
  }

  public CoreConfig {
    bootstrap = List.copyOf(bootstrap);
    resolvers = List.copyOf(resolvers);
  }

  /// One that blocks nothing for every name: the default.
  public CoreConfig(
      NetworkId network,
      OrganizationId self,
      KeyId nodeKey,
      String software,
      String address,
      List<String> bootstrap,
      Mode mode,
      TrustPolicy policy,
      long flushJitterMillis,
      List<String> resolvers) {
    this(
        network,
        self,
        nodeKey,
        software,
        address,
        bootstrap,
        mode,
        policy,
        flushJitterMillis,
        resolvers,
        false);
  }

  boolean acts() {
    return mode == Mode.ENFORCE;
  }
}
