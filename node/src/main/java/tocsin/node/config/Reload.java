package tocsin.node.config;

import java.util.ArrayList;
import java.util.List;

/// What follows from a configuration that was read again while the node runs: what it runs with
/// from now on, and what it can only take up when it starts anew. A function of three
/// configurations; nothing is done here.
///
/// @param running complete; all at once takes the place of what the node ran with before
/// @param needRestart keys whose new values wait for a restart, in the order of the file
/// @param added resolvers that were not there before
/// @param changed resolvers that were there before, with other settings
public record Reload(
    NodeConfig running,
    List<String> needRestart,
    List<ResolverConfig> added,
    List<ResolverConfig> changed) {
  public Reload {
    needRestart = List.copyOf(needRestart);
    added = List.copyOf(added);
    changed = List.copyOf(changed);
  }

  /// @param atStart what the node was started with
  /// @param before what it runs with now
  /// @param next what was read
  public static Reload of(NodeConfig atStart, NodeConfig before, NodeConfig next) {
    List<ResolverConfig> added = new ArrayList<>();
    List<ResolverConfig> changed = new ArrayList<>();
    for (ResolverConfig resolver : next.resolvers()) {
      if (before.resolvers().stream().noneMatch(it -> it.name().equals(resolver.name()))) {
        added.add(resolver);
      } else if (!before.resolvers().contains(resolver)) {
        changed.add(resolver);
      }
    }
    return new Reload(running(atStart, next), needRestart(atStart, next), added, changed);
  }

  private static NodeConfig running(NodeConfig atStart, NodeConfig next) {
    NodeConfig.Gossip gossip = atStart.gossip();
    NodeConfig.Dns dns = atStart.dns();
    return new NodeConfig(
        atStart.folder(),
        atStart.node(),
        new NodeConfig.Gossip(gossip.listen(), gossip.advertise(), next.gossip().bootstrap()),
        atStart.control(),
        new NodeConfig.Dns(
            dns.listen(),
            dns.rpz(),
            dns.lookup(),
            dns.allowTransfer(),
            // Whom to tell may name a key: it stays with the keys that it was checked against.
            sameKeys(atStart, next) ? next.dns().alsoNotify() : dns.alsoNotify(),
            dns.keys(),
            dns.tls(),
            dns.signLookup()),
        next.resolvers(),
        atStart.verification(),
        next.policy(),
        next.log(),
        atStart.web());
  }

  private static boolean sameKeys(NodeConfig atStart, NodeConfig next) {
    return atStart.dns().keys().equals(next.dns().keys());
  }

  private static List<String> needRestart(NodeConfig atStart, NodeConfig next) {
    List<String> keys = new ArrayList<>();
    compare("node.name", atStart.node().name(), next.node().name(), keys);
    compare("node.network", atStart.node().networkName(), next.node().networkName(), keys);
    compare("node.mode", atStart.node().mode(), next.node().mode(), keys);
    compare("gossip.listen", atStart.gossip().listen(), next.gossip().listen(), keys);
    compare("gossip.advertise", atStart.gossip().advertise(), next.gossip().advertise(), keys);
    compare("control.socket", atStart.control(), next.control(), keys);
    compare("dns.listen", atStart.dns().listen(), next.dns().listen(), keys);
    compare("dns.rpz", atStart.dns().rpz(), next.dns().rpz(), keys);
    compare("dns.lookup", atStart.dns().lookup(), next.dns().lookup(), keys);
    compare("dns.allow-transfer", atStart.dns().allowTransfer(), next.dns().allowTransfer(), keys);
    compare("dns.tls-listen", atStart.dns().tls(), next.dns().tls(), keys);
    compare("dns.sign-lookup", atStart.dns().signLookup(), next.dns().signLookup(), keys);
    compare("web.listen", atStart.web(), next.web(), keys);
    if (!sameKeys(atStart, next)) {
      compare("dns.also-notify", atStart.dns().alsoNotify(), next.dns().alsoNotify(), keys);
      keys.add("dns.tsig");
    }
    compare("dns.tls", atStart.dns().tls(), next.dns().tls(), keys);
    compare("dns.sign-lookup", atStart.dns().signLookup(), next.dns().signLookup(), keys);
    compare("log.min-free-mib", atStart.log().minFreeMib(), next.log().minFreeMib(), keys);
    compare("log.scrub", atStart.log().scrub(), next.log().scrub(), keys);
    compare("log.keep-refused", atStart.log().keepRefused(), next.log().keepRefused(), keys);
    compare("web", atStart.web(), next.web(), keys);
    compare("verification.root-hints", atStart.verification(), next.verification(), keys);
    compare("policy.witnesses", atStart.policy().witnesses(), next.policy().witnesses(), keys);
    compare(
        "policy.slot-quota",
        atStart.policy().trust().slotQuota(),
        next.policy().trust().slotQuota(),
        keys);
    return keys;
  }

  private static void compare(String key, Object before, Object after, List<String> keys) {
    if (!before.equals(after)) {
      keys.add(key);
    }
  }
}
