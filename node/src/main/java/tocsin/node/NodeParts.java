package tocsin.node;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;
import tocsin.node.config.HostPort;
import tocsin.node.config.KeyFileException;
import tocsin.node.config.NodeConfig;
import tocsin.node.config.Reload;
import tocsin.node.config.ResolverConfig;
import tocsin.node.config.SecretFiles;
import tocsin.node.control.AlertAnswers;
import tocsin.node.control.ResolverAnswers;
import tocsin.node.core.CoreConfig;
import tocsin.node.core.Effect;
import tocsin.node.core.Event;
import tocsin.node.dns.EncryptedListener;
import tocsin.node.dns.NotifyTarget;
import tocsin.node.dns.TransferAcl;
import tocsin.node.dns.TsigKey;
import tocsin.node.dns.ZoneSigner;
import tocsin.node.resolver.BindResolver;
import tocsin.node.resolver.CommandResolver;
import tocsin.node.resolver.ControlCredentials;
import tocsin.node.resolver.KnotResolver;
import tocsin.node.resolver.PowerDnsResolver;
import tocsin.node.resolver.Program;
import tocsin.node.resolver.Resolver;
import tocsin.node.resolver.RootHints;
import tocsin.node.resolver.UnboundControl;
import tocsin.node.resolver.UnboundResolver;
import tocsin.node.web.AlertFeed;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.EnvelopeVerdict;
import tocsin.trust.Envelopes;
import tocsin.trust.KeyId;

/// The configuration's words as the edges' values: what stands between `NodeConfig` and the
/// packages that never see it.
final class NodeParts {
  private static final Logger LOG = LoggerFactory.getLogger(NodeParts.class);
  private static final String SOFTWARE = "tocsin/0.1.0";

  private NodeParts() {}

  static CoreConfig core(NodeConfig config, Envelope profile, KeyId nodeKey) {
    CoreConfig.Mode mode =
        switch (config.node().mode()) {
          case ENFORCE -> CoreConfig.Mode.ENFORCE;
          case SHADOW -> CoreConfig.Mode.SHADOW;
          case OBSERVE -> CoreConfig.Mode.OBSERVE;
        };
    return new CoreConfig(
        config.node().network(),
        profile.issuer(),
        nodeKey,
        SOFTWARE,
        config.gossip().advertise().map(HostPort::toString).orElse(""),
        config.gossip().bootstrap().stream().map(HostPort::toString).toList(),
        mode,
        config.policy().trust(),
        config.policy().flushJitter().toMillis(),
        config.resolvers().stream().map(ResolverConfig::name).toList(),
        config.policy().rogueTriggers());
  }

  static Event.Reconfigured reconfigured(Reload reload) {
    NodeConfig config = reload.running();
    return new Event.Reconfigured(
        config.policy().trust(),
        config.policy().flushJitter().toMillis(),
        config.policy().rogueTriggers(),
        config.gossip().bootstrap().stream().map(HostPort::toString).toList(),
        config.resolvers().stream().map(ResolverConfig::name).toList(),
        reload.changed().stream().map(ResolverConfig::name).toList());
  }

  static Envelope profile(Path file, Envelopes envelopes) {
    ByteString wire;
    try {
      wire = ByteString.copyFrom(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new NodeFailure(
          "cannot read the organization's profile " + file + "; run: tocsin init", e);
    }
    return switch (envelopes.verify(wire)) {
      case EnvelopeVerdict.Valid valid -> valid.envelope();
      case EnvelopeVerdict.Malformed malformed ->
          throw new NodeFailure(file + " holds no profile: " + malformed.reason());
      case EnvelopeVerdict.BadSignature bad ->
          throw new NodeFailure(file + " holds no valid profile: " + bad.reason());
    };
  }

  static Name name(DnsName name) {
    try {
      return Name.fromString(name.toString());
    } catch (TextParseException e) {
      throw new AssertionError("a canonical name parses: " + name, e);
    }
  }

  static List<TsigKey> tsigKeys(NodeConfig.Dns dns) {
    List<TsigKey> keys = new ArrayList<>();
    for (NodeConfig.TsigKeyFile key : dns.keys()) {
      try {
        keys.add(
            TsigKey.of(
                key.name().toString(), key.algorithm(), SecretFiles.readBase64(key.secretFile())));
      } catch (KeyFileException | IllegalArgumentException e) {
        throw new NodeFailure(
            "the secret of TSIG key " + key.name() + " cannot be used: " + e.getMessage(), e);
      }
    }
    return keys;
  }

  static TransferAcl transferAcl(NodeConfig.Dns dns) {
    return new TransferAcl(
        dns.allowTransfer().stream()
            .map(rule -> new TransferAcl.Entry(rule.address(), rule.key().map(NodeParts::name)))
            .toList());
  }

  static Optional<EncryptedListener> encrypted(NodeConfig.Dns dns) throws IOException {
    if (dns.tls().isEmpty()) {
      return Optional.empty();
    }
    NodeConfig.DnsTls tls = dns.tls().get();
    return Optional.of(EncryptedListener.of(tls.listen(), tls.certificate(), tls.key()));
  }

  /// The key is made at the first start. What the parent zone needs is told each time, and kept in
  /// a file.
  static Optional<ZoneSigner> lookupSigner(NodeConfig config) throws IOException {
    NodeConfig.Dns dns = config.dns();
    if (!dns.signLookup() || dns.lookup().isEmpty()) {
      return Optional.empty();
    }
    Path data = config.folder().data();
    ZoneSigner signer = ZoneSigner.open(name(dns.lookup().get()), data.resolve("lookup-zone.key"));
    LOG.info("the lookup zone is signed; its parent zone needs: {}", signer.delegationSigner());
    Files.writeString(data.resolve("lookup-zone.ds"), signer.delegationSigner() + "\n");
    return Optional.of(signer);
  }

  /// Who is told how alerts stand: nobody, where nobody may ask.
  static Consumer<Effect.Shown> viewers(NodeConfig config, AlertFeed feed) {
    return config.web().listen().isEmpty() && config.web().grpcListen().isEmpty()
        ? shown -> {}
        : shown ->
            feed.changed(shown.standing().id().toByteString(), () -> AlertAnswers.view(shown));
  }

  /// All resolvers that take the zone from us, and whom the configuration names beside them.
  static List<NotifyTarget> notifyTargets(NodeConfig config) {
    Map<InetSocketAddress, NotifyTarget> targets = new LinkedHashMap<>();
    for (ResolverConfig resolver : config.resolvers()) {
      if (transfersZones(resolver)) {
        targets.put(resolver.address(), new NotifyTarget(resolver.address(), Optional.empty()));
      }
    }
    for (NodeConfig.NotifyTarget target : config.dns().alsoNotify()) {
      targets.put(
          target.address(), new NotifyTarget(target.address(), target.key().map(NodeParts::name)));
    }
    return List.copyOf(targets.values());
  }

  /// Whether it takes zones from us, and so may be notified.
  private static boolean transfersZones(ResolverConfig resolver) {
    return switch (resolver) {
      case ResolverConfig.Unbound _, ResolverConfig.Bind _, ResolverConfig.PowerDns _ -> true;
      case ResolverConfig.Knot _, ResolverConfig.Command _ -> false;
    };
  }

  static RootHints rootHints(NodeConfig.Verification verification) {
    return new RootHints(verification.rootHints(), verification.port());
  }

  static List<Resolver> resolvers(NodeConfig config) {
    return config.resolvers().stream().map(NodeParts::resolver).toList();
  }

  static Resolver resolver(ResolverConfig config) {
    return switch (config) {
      case ResolverConfig.Unbound it ->
          new UnboundResolver(it.name(), it.address(), control(it.control()));
      case ResolverConfig.Bind it ->
          new BindResolver(it.name(), it.address(), new Program(it.rndc()));
      case ResolverConfig.PowerDns it ->
          new PowerDnsResolver(
              it.name(),
              it.address(),
              it.api(),
              it.apiKeyFile(),
              it.recControl().isEmpty()
                  ? Optional.empty()
                  : Optional.of(new Program(it.recControl())));
      case ResolverConfig.Knot it ->
          new KnotResolver(it.name(), it.address(), it.control(), it.rpzFile());
      case ResolverConfig.Command it ->
          new CommandResolver(
              it.name(),
              it.address(),
              new CommandResolver.Commands(
                  it.flush(),
                  it.overlayFile(),
                  it.overlay(),
                  it.serial(),
                  it.nameServers(),
                  it.clearNameServers(),
                  it.insecure(),
                  it.secure()));
    };
  }

  private static UnboundControl control(ResolverConfig.UnboundControl control) {
    return switch (control) {
      case ResolverConfig.UnboundControl.Socket it -> new UnboundControl.UnixSocket(it.path());
      case ResolverConfig.UnboundControl.Tls it ->
          new UnboundControl.Tls(
              it.address(),
              new ControlCredentials(
                  it.serverCertificate(), it.clientCertificate(), it.clientKey()));
    };
  }

  static Map<String, ResolverAnswers.Described> described(NodeConfig config) {
    Map<String, ResolverAnswers.Described> described = new LinkedHashMap<>();
    for (ResolverConfig resolver : config.resolvers()) {
      InetSocketAddress address = resolver.address();
      described.put(
          resolver.name(),
          new ResolverAnswers.Described(
              resolver.kind(), address.getAddress().getHostAddress() + ":" + address.getPort()));
    }
    return described;
  }
}
