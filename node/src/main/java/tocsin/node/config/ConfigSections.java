package tocsin.node.config;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tocsin.node.config.NodeConfig.Dns;
import tocsin.node.config.NodeConfig.Gossip;
import tocsin.node.config.NodeConfig.NotifyTarget;
import tocsin.node.config.NodeConfig.TransferRule;
import tocsin.node.config.NodeConfig.TsigKeyFile;
import tocsin.trust.DnsName;
import tocsin.trust.OrganizationId;
import tocsin.trust.graph.NameRules;
import tocsin.trust.graph.TrustPolicy;

/// The sections of a configuration, one method each: their keys, defaults and the checks across
/// several values.
final class ConfigSections {
  static final List<String> NAMES =
      List.of(
          "node", "gossip", "control", "dns", "resolver", "verification", "policy", "log", "web");

  private static final int DNS_PORT = 53;

  private static final Duration LEAST_KEPT = Duration.ofDays(30);

  /// `sun_path` of unix(7), with its ending zero.
  private static final int MAX_SOCKET_PATH_BYTES = 107;

  private static final InetSocketAddress GOSSIP_DEFAULT =
      HostPort.parse("0.0.0.0:7353").toSocketAddress();
  private static final InetSocketAddress DNS_DEFAULT =
      HostPort.parse("127.0.0.1:7354").toSocketAddress();
  private static final List<TransferRule> LOOPBACK =
      List.of(
          new TransferRule(HostPort.literal("127.0.0.1"), Optional.empty()),
          new TransferRule(HostPort.literal("::1"), Optional.empty()));

  private final ConfigReader reader;
  private final NodeFolder folder;

  ConfigSections(ConfigReader reader, NodeFolder folder) {
    this.reader = reader;
    this.folder = folder;
  }

  /// Empty only if there are problems.
  Optional<NodeConfig> read() {
    NodeConfig.Identity node = node();
    Gossip gossip = gossip();
    NodeConfig.Control control = control();
    Dns dns = dns();
    refuseSharedAddress(gossip, dns);
    List<ResolverConfig> resolvers = resolvers();
    NodeConfig.Verification verification = verification();
    Optional<NodeConfig.Policy> policy = policy();
    NodeConfig.Logging log = log();
    NodeConfig.Web web = web();
    return policy.map(rules ->
        new NodeConfig(
            folder, node, gossip, control, dns, resolvers, verification, rules, log, web));
  }

  private NodeConfig.Identity node() {
    Section section = reader.section("node");
    String name =
        section.get(
            "name", Kind.text("a name", "\"isp-1\"", ConfigSections::name, n -> n), "tocsin");
    String network =
        section.get(
            "network",
            Kind.text("a network's name", "\"test\"", ConfigSections::name, n -> n),
            "main");
    NodeConfig.Mode mode =
        section.get("mode", Kind.choice(NodeConfig.Mode.class), NodeConfig.Mode.ENFORCE);
    section.end();
    return new NodeConfig.Identity(name, network, mode);
  }

  private static String name(String text) {
    if (text.isBlank()
        || text.length() > 64
        || !text.chars().allMatch(c -> c > 0x1f && c != 0x7f)) {
      throw new IllegalArgumentException("must be 1 to 64 printable characters");
    }
    return text;
  }

  private Gossip gossip() {
    Section section = reader.section("gossip");
    InetSocketAddress listen = section.get("listen", Kind.ADDRESS_PORT, GOSSIP_DEFAULT);
    Optional<HostPort> advertise = section.optional("advertise", Kind.HOST_PORT);
    if (advertise.filter(HostPort::isWildcard).isPresent()) {
      section.problem(
          "advertise",
          "nobody can dial " + advertise.get(),
          "it is told to other nodes, which connect to it",
          "the address of this machine as others reach it");
    }
    if (advertise.isEmpty() && !listen.getAddress().isAnyLocalAddress()) {
      advertise = Optional.of(new HostPort(HostPort.shown(listen.getAddress()), listen.getPort()));
    }
    List<HostPort> bootstrap = section.get("bootstrap", Kind.listOf(Kind.HOST_PORT), List.of());
    section.end();
    return new Gossip(listen, advertise, bootstrap);
  }

  private NodeConfig.Control control() {
    Section section = reader.section("control");
    Path socket =
        folder.resolve(section.get("socket", path(), "control.sock")).toAbsolutePath().normalize();
    int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_SOCKET_PATH_BYTES) {
      String what =
          "the path " + socket + " has " + length + " bytes, and a Unix socket's at most ";
      section.problem(
          "socket", what + MAX_SOCKET_PATH_BYTES, "", "a path such as /run/tocsin.sock");
    }
    section.end();
    return new NodeConfig.Control(socket);
  }

  private static Kind<String> path() {
    return Kind.text(
        "the path of a file",
        "\"keys/secret\"",
        text -> {
          if (text.isBlank() || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("must be the path of a file");
          }
          return text;
        },
        text -> text);
  }

  private Dns dns() {
    Section section = reader.section("dns");
    InetSocketAddress listen = section.get("listen", Kind.ADDRESS_PORT, DNS_DEFAULT);
    DnsName rpz = section.get("rpz", Kind.ZONE, DnsName.parse("alert.rpz."));
    DnsName lookup = section.get("lookup", Kind.ZONE, DnsName.parse("alerts.test."));
    if (lookup.isAtOrBelow(rpz) || rpz.isAtOrBelow(lookup)) {
      section.problem(
          section.isGiven("lookup") ? "lookup" : "rpz",
          "the zones " + rpz + " and " + lookup + " overlap",
          "each is served as a zone of its own",
          "two names of which neither is below the other");
    }
    List<TransferRule> allow =
        section.get("allow-transfer", Kind.listOf(Kind.TRANSFER_RULE), LOOPBACK);
    List<NotifyTarget> also =
        section.get("also-notify", Kind.listOf(Kind.NOTIFY_TARGET), List.of());
    List<TsigKeyFile> keys = tsigKeys(section);
    Set<DnsName> names = new HashSet<>();
    keys.forEach(key -> names.add(key.name()));
    for (TransferRule rule : allow) {
      rule.key().ifPresent(key -> requireKey(section, "allow-transfer", key, names));
    }
    for (NotifyTarget target : also) {
      target.key().ifPresent(key -> requireKey(section, "also-notify", key, names));
    }
    Optional<NodeConfig.DnsTls> tls = tls(section);
    boolean signLookup = section.get("sign-lookup", Kind.BOOLEAN, false);
    section.end();
    return new Dns(listen, rpz, Optional.of(lookup), allow, also, keys, tls, signLookup);
  }

  private Optional<NodeConfig.DnsTls> tls(Section dns) {
    Optional<InetSocketAddress> listen = dns.optional("tls-listen", Kind.ADDRESS_PORT);
    Optional<Path> certificate = dns.optional("tls-certificate", path()).map(folder::resolve);
    Optional<Path> key = dns.optional("tls-key", path()).map(folder::resolve);
    boolean none = listen.isEmpty() && certificate.isEmpty() && key.isEmpty();
    if (listen.isPresent() && certificate.isPresent() && key.isPresent()) {
      return Optional.of(new NodeConfig.DnsTls(listen.get(), certificate.get(), key.get()));
    }
    if (!none && !dns.failed()) {
      String given =
          listen.isPresent() ? "tls-listen" : key.isPresent() ? "tls-key" : "tls-certificate";
      dns.problem(
          given,
          "DNS over TLS needs tls-listen, tls-certificate and tls-key",
          "",
          "all three, or none of them");
    }
    return Optional.empty();
  }

  private NodeConfig.Web web() {
    Section section = reader.section("web");
    Optional<InetSocketAddress> listen = section.optional("listen", Kind.ADDRESS_PORT);
    Optional<InetSocketAddress> grpc = section.optional("grpc-listen", Kind.ADDRESS_PORT);
    if (listen.isPresent() && listen.equals(grpc)) {
      String taken = "HTTP listens on " + Kind.shown(grpc.get()) + " already";
      section.problem("grpc-listen", taken, "", "another port");
    }
    section.end();
    return new NodeConfig.Web(listen, grpc);
  }

  private static void requireKey(Section section, String where, DnsName key, Set<DnsName> names) {
    if (!names.contains(key) && !section.failed()) {
      section.problem(
          where,
          "there is no TSIG key \"" + key + "\"",
          "",
          "a section [[dns.tsig]] with this name and its secret-file");
    }
  }

  private List<TsigKeyFile> tsigKeys(Section dns) {
    List<TsigKeyFile> keys = new ArrayList<>();
    Set<DnsName> names = new HashSet<>();
    for (Section section : dns.tables("tsig")) {
      Optional<DnsName> name = section.require("name", Kind.ZONE);
      String algorithm =
          section
              .get("algorithm", Kind.choice(TsigAlgorithm.class), TsigAlgorithm.HMAC_SHA256)
              .toString();
      Optional<Path> secret = section.require("secret-file", path()).map(folder::resolve);
      if (name.isPresent() && !names.add(name.get())) {
        section.problem("name", "two TSIG keys are called " + name.get(), "", "another name");
      }
      if (secret.isPresent() && !Files.isReadable(secret.get())) {
        section.problem(
            "secret-file",
            "there is no readable file " + secret.get(),
            "the zones could not be served to whom the key belongs to",
            "(umask 077; head -c 32 /dev/urandom | base64 > " + secret.get() + ")");
      }
      section.end();
      if (name.isPresent() && secret.isPresent()) {
        keys.add(new TsigKeyFile(name.get(), algorithm, secret.get()));
      }
    }
    return keys;
  }

  /// RFC 8945 section 6, without those that are obsolete.
  private enum TsigAlgorithm {
    HMAC_SHA224,
    HMAC_SHA256,
    HMAC_SHA384,
    HMAC_SHA512;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private void refuseSharedAddress(Gossip gossip, Dns dns) {
    if (gossip.listen().equals(dns.listen())) {
      reader
          .section("dns")
          .problem(
              "listen",
              "gossip listens on " + Kind.shown(dns.listen()) + " already",
              "",
              "another port");
    }
  }

  private List<ResolverConfig> resolvers() {
    Section root = new Section(reader, "", reader.toml(), null);
    List<ResolverConfig> resolvers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Section section : root.tables("resolver")) {
      Optional<ResolverConfig> resolver = new ResolverSection(section, folder).read();
      if (resolver.isPresent() && !names.add(resolver.get().name())) {
        String taken = "two resolvers are called \"" + resolver.get().name() + "\"";
        section.problem("name", taken, "commands name a resolver by it", "another name");
      }
      resolver.ifPresent(resolvers::add);
    }
    return resolvers;
  }

  private NodeConfig.Verification verification() {
    Section section = reader.section("verification");
    Kind<InetSocketAddress> hint =
        Kind.text(
            "an IP address, in a lab with a port",
            "\"198.41.0.4\"",
            ConfigSections::rootHint,
            address ->
                address.getPort() == DNS_PORT
                    ? HostPort.shown(address.getAddress())
                    : Kind.shown(address));
    List<InetSocketAddress> hints =
        section.get("root-hints", Kind.listOf(hint), ConfigFile.ROOT_SERVERS);
    if (hints.isEmpty()) {
      section.problem(
          "root-hints", "is empty", "an iteration has to start somewhere", "leave it out");
    }
    if (hints.stream().map(InetSocketAddress::getPort).distinct().count() > 1) {
      section.problem(
          "root-hints",
          "has several ports",
          "the port is used for all servers on the way",
          "one port for all");
    }
    section.end();
    return new NodeConfig.Verification(
        hints.stream().map(InetSocketAddress::getAddress).toList(),
        hints.isEmpty() ? DNS_PORT : hints.getFirst().getPort());
  }

  private static InetSocketAddress rootHint(String text) {
    return HostPort.literal(text)
        .map(address -> new InetSocketAddress(address, DNS_PORT))
        .orElseGet(() -> HostPort.parseNumeric(text).toSocketAddress());
  }

  private Optional<NodeConfig.Policy> policy() {
    Section section = reader.section("policy");
    TrustPolicy defaults = TrustPolicy.DEFAULT;
    Kind<Integer> paths = Kind.integer(1, TrustPolicy.MAX_PATHS);
    int flushPaths = section.get("flush-paths", paths, defaults.flushPaths());
    int overridePaths = section.get("override-paths", paths, defaults.overridePaths());
    int depth = section.get("depth", Kind.integer(1, TrustPolicy.MAX_DEPTH), defaults.depth());
    PolicySection.Approval approval =
        section.get(
            "override-approval",
            Kind.choice(PolicySection.Approval.class),
            PolicySection.Approval.AUTOMATIC);
    Duration overrideMax = time(section, "override-max", defaults.overrideMaxMillis());
    boolean special = section.get("allow-special-purpose-addresses", Kind.BOOLEAN, false);
    boolean suffixes = section.get("allow-public-suffixes", Kind.BOOLEAN, false);
    boolean rogueTriggers = section.get("rogue-triggers", Kind.BOOLEAN, false);
    Duration jitter =
        time(section, "flush-jitter", NodeConfig.Policy.DEFAULT_FLUSH_JITTER.toMillis());
    int witnesses =
        section.get(
            "witnesses",
            Kind.integer(0, NodeConfig.Policy.MAX_WITNESSES),
            NodeConfig.Policy.DEFAULT_WITNESSES);
    int quota = section.get("slot-quota", Kind.integer(1, 100_000), defaults.slotQuota());
    NameRules names = PolicySection.names(section);
    List<List<OrganizationId>> groups = PolicySection.groups(section);
    int budget =
        section.get(
            "acting-budget",
            Kind.integer(1, TrustPolicy.MAX_ACTING_BUDGET),
            TrustPolicy.usualBudget(quota));
    section.end();
    if (overrideMax.isZero() || overrideMax.toMillis() > defaults.overrideMaxMillis()) {
      section.problem(
          "override-max", "must be more than 0s and at most 24h", "", "override-max = \"24h\"");
    }
    if (jitter.compareTo(NodeConfig.Policy.MAX_FLUSH_JITTER) > 0) {
      section.problem("flush-jitter", "must be at most 10m", "", "flush-jitter = \"10s\"");
    }
    if (section.failed()) {
      return Optional.empty();
    }
    TrustPolicy trust =
        new TrustPolicy(
            flushPaths,
            overridePaths,
            depth,
            special,
            overrideMax.toMillis(),
            quota,
            approval.policy(),
            suffixes,
            defaults.publicSuffixPaths(),
            names,
            groups,
            budget);
    return Optional.of(new NodeConfig.Policy(trust, jitter, rogueTriggers, witnesses));
  }

  private static Duration time(Section section, String key, long fallbackMillis) {
    return section.get(key, Kind.DURATION, Duration.ofMillis(fallbackMillis));
  }

  private NodeConfig.Logging log() {
    Section section = reader.section("log");
    NodeConfig.Level level =
        section.get("level", Kind.choice(NodeConfig.Level.class), NodeConfig.Level.INFO);
    int minFreeMib = section.get("min-free-mib", Kind.integer(1, 1 << 20), 1_024);
    Duration scrub = section.get("scrub", Kind.DURATION, Duration.ofDays(1));
    if (!scrub.isZero() && scrub.compareTo(Duration.ofMinutes(1)) < 0) {
      section.problem("scrub", "a scrub reads the whole log", "", "scrub = \"24h\"");
    }
    Duration keepRefused = section.get("keep-refused", Kind.DURATION, Duration.ZERO);
    if (!keepRefused.isZero() && keepRefused.compareTo(LEAST_KEPT) < 0) {
      section.problem(
          "keep-refused",
          "what was refused is kept for 30 days at least, or it is gone before anybody looks",
          "",
          "keep-refused = \"365d\"");
    }
    section.end();
    return new NodeConfig.Logging(level, minFreeMib, scrub, keepRefused);
  }
}
