package tocsin.node;

import tocsin.node.config.ResolverConfig;
import tocsin.node.resolver.Resolver;

/// The resolvers beside a node for those who drive them without it: `tocsin resolver clear` after
/// the node's end, the demo, tests.
public final class Resolvers {
  private Resolvers() {}

  /// Nothing is opened or asked before the first operation.
  public static Resolver of(ResolverConfig config) {
    return NodeParts.resolver(config);
  }
}
