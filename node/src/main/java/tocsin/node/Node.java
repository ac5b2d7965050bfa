package tocsin.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tocsin.node.config.KeyFileException;
import tocsin.node.config.KeyFiles;
import tocsin.node.config.NodeConfig;
import tocsin.node.config.Reload;
import tocsin.node.config.ResolverConfig;
import tocsin.node.control.AlertAnswers;
import tocsin.node.control.ControlService;
import tocsin.node.control.LogAnswers;
import tocsin.node.control.PeerAnswers;
import tocsin.node.control.Requests;
import tocsin.node.control.ResolverAnswers;
import tocsin.node.control.StatusAnswers;
import tocsin.node.control.TrustAnswers;
import tocsin.node.control.WebAnswers;
import tocsin.node.core.CoreConfig;
import tocsin.node.core.Effect;
import tocsin.node.core.Event;
import tocsin.node.core.Fold;
import tocsin.node.core.NodeCore;
import tocsin.node.core.Witnessing;
import tocsin.node.dns.DnsServer;
import tocsin.node.dns.NotifySender;
import tocsin.node.dns.OverlayPublisher;
import tocsin.node.loop.AuditFile;
import tocsin.node.loop.EffectRunner;
import tocsin.node.loop.LogKeeper;
import tocsin.node.loop.NodeLoop;
import tocsin.node.resolver.Actuator;
import tocsin.node.resolver.DelegationCheck;
import tocsin.node.resolver.OverlayZone;
import tocsin.node.resolver.Resolver;
import tocsin.node.transport.ControlServer;
import tocsin.node.transport.PeerConnections;
import tocsin.node.transport.TransportFailure;
import tocsin.node.transport.TransportLimits;
import tocsin.node.transport.TransportSecurity;
import tocsin.node.web.AlertFeed;
import tocsin.node.web.GrpcApi;
import tocsin.node.web.HttpApi;
import tocsin.storage.DiskSpace;
import tocsin.storage.EnvelopeDecoder;
import tocsin.storage.LogFailure;
import tocsin.storage.RocksStatementLog;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.Signatures;
import tocsin.trust.SigningKey;

/// The composition root: constructs the parts of one node, starts them, closes them. No logic.
public final class Node implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicReference<@Nullable String> halted = new AtomicReference<>();
  private final AtomicReference<@Nullable EffectRunner> runner = new AtomicReference<>();

  private final Envelope profile;
  private final NodeLoop loop;
  private final LogKeeper keeper;
  private final DnsServer dns;
  private final OverlayPublisher publisher;
  private final PeerConnections connections;
  private final NotifySender notifications;
  private final Actuator actuator;
  private final NodeConfig atStart;
  private volatile NodeConfig running;
  private final AlertFeed feed;
  private volatile boolean closing;

  private Node(NodeConfig config) throws IOException, KeyFileException {
    atStart = config;
    running = config;
    try {
      Signatures signatures = Signatures.fastest();
      Envelopes envelopes = new Envelopes(signatures);
      SigningKey nodeKey = KeyFiles.read(config.folder().key("node"), Optional.empty());
      profile = NodeParts.profile(config.folder().profile(), envelopes);
      var resolvers = NodeParts.resolvers(config);
      var tsigKeys = NodeParts.tsigKeys(config.dns());

      CoreConfig coreConfig = NodeParts.core(config, profile, nodeKey.id());
      var fold = new Fold(coreConfig.network(), coreConfig.policy().slotQuota());
      RocksStatementLog log =
          keep(RocksStatementLog.open(config.folder().data(), EnvelopeDecoder.SIGNED, fold::add));
      var core =
          new NodeCore(
              coreConfig,
              log,
              Optional.of(new Witnessing(nodeKey, config.policy().witnesses(), signatures)),
              fold);
      loop = new NodeLoop(core, log, NodeLoop.Clock.SYSTEM, this::run, this::halt);

      dns =
          keep(
              new DnsServer(
                  config.dns().listen(),
                  tsigKeys,
                  NodeParts.transferAcl(config.dns()),
                  NodeParts.encrypted(config.dns())));
      dns.start();
      notifications =
          keep(
              new NotifySender(
                  dns.address().getAddress(),
                  NodeParts.notifyTargets(config),
                  tsigKeys,
                  outcome -> LOG.debug("{}", outcome)));
      publisher =
          keep(
              new OverlayPublisher(
                  dns,
                  notifications,
                  NodeParts.name(config.dns().rpz()),
                  config.dns().lookup().map(NodeParts::name),
                  NodeParts.lookupSigner(config),
                  config.folder().data().resolve("overlay.journal")));
      actuator =
          keep(
              new Actuator(
                  resolvers,
                  config.dns().rpz(),
                  new DelegationCheck(NodeParts.rootHints(config.verification())),
                  loop::happened));
      publisher.handTo(
          (origin, serial, records) -> actuator.offer(new OverlayZone(origin, serial, records)));
      connections =
          keep(
              PeerConnections.open(
                  config.gossip().listen(),
                  TransportSecurity.of(nodeKey, signatures),
                  envelopes,
                  log::contains,
                  loop::happened,
                  TransportLimits.STANDARD));
      // From the last to the first: nobody brings events any more when the loop ends, and the log
      // is closed by nobody but us, after the loop.
      keep(loop);
      keeper =
          keep(
              new LogKeeper(
                  log,
                  config.folder().data(),
                  new DiskSpace(config.folder().data(), (long) config.log().minFreeMib() << 20),
                  new LogKeeper.Schedule(config.log().scrub(), config.log().keepRefused()),
                  loop::happened,
                  this::halt));

      Requests requests = new Requests();
      AlertAnswers alerts = new AlertAnswers(loop, requests, envelopes);
      feed = keep(new AlertFeed(alerts::find));
      runner.set(
          new EffectRunner(
              connections,
              publisher,
              actuator,
              requests,
              new AuditFile(config.folder().data().resolve("audit.log")),
              NodeParts.viewers(config, feed)));
      var control =
          new ControlService(
              loop,
              new StatusAnswers(
                  config.node().name(),
                  config.node().networkName(),
                  shown(connections.address()),
                  shown(dns.address()),
                  System.currentTimeMillis()),
              alerts,
              new TrustAnswers(loop, requests, envelopes),
              new WebAnswers(envelopes),
              new PeerAnswers(loop, requests),
              new ResolverAnswers(
                  loop, actuator, config.dns().rpz(), () -> NodeParts.described(running)),
              new LogAnswers());
      keep(ControlServer.open(config.control().socket(), control));
      if (config.web().listen().isPresent()) {
        keep(new HttpApi(config.web().listen().get(), feed));
      }
      if (config.web().grpcListen().isPresent()) {
        keep(new GrpcApi(config.web().grpcListen().get(), feed));
      }
    } catch (IOException | KeyFileException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /// Constructs a node; what it listens on is bound, and nothing is answered before [#start()].
  ///
  /// @throws NodeFailure with one sentence, if a key, the log, an address or a file cannot be had
  public static Node open(NodeConfig config) {
    try {
      return new Node(config);
    } catch (LogFailure | TransportFailure | KeyFileException | IOException e) {
      throw new NodeFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }

  /// Starts the loop. When it returns, DNS, gossip and control are served: the whole log has been
  /// folded, however long that took.
  ///
  /// @return false if it was closed meanwhile
  /// @throws NodeFailure with one sentence, if it has halted meanwhile
  public boolean start() throws InterruptedException {
    publisher.start();
    loop.start();
    CountDownLatch folded = new CountDownLatch(1);
    loop.happened(new Event.Submitted(0, profile), folded::countDown);
    folded.await();
    String why = halted.get();
    if (why != null) {
      throw new NodeFailure("the node has halted: " + why);
    }
    if (closing) {
      return false;
    }
    keeper.start();
    feed.start();
    return true;
  }

  /// Takes up a configuration that was read again, as far as that can be done while the node runs:
  /// all of it at once, or, if it fails, nothing. To be called by one thread at a time.
  ///
  /// @return keys whose new values wait for a restart
  /// @throws NodeFailure with one sentence, if a resolver cannot be driven or cannot be told; the
  ///   node goes on with what it had
  public synchronized List<String> reconfigure(NodeConfig next) throws InterruptedException {
    Reload reload = Reload.of(atStart, running, next);
    NodeConfig now = reload.running();
    List<ResolverConfig> fresh = new ArrayList<>(reload.added());
    fresh.addAll(reload.changed());
    List<Resolver> resolvers = NodeParts.resolvers(now.with(fresh));
    try {
      notifications.retarget(NodeParts.notifyTargets(now));
    } catch (IllegalArgumentException e) {
      resolvers.forEach(Resolver::close);
      throw new NodeFailure(String.valueOf(e.getMessage()), e);
    }
    // From here on nothing can fail. The edge knows a resolver before the core asks for it, and
    // until the core has forgotten it.
    actuator.put(resolvers);
    running = now;
    CountDownLatch handled = new CountDownLatch(1);
    loop.happened(NodeParts.reconfigured(reload), handled::countDown);
    handled.await();
    actuator.retain(now.resolvers().stream().map(ResolverConfig::name).toList());
    return reload.needRestart();
  }

  private void run(Effect effect) {
    EffectRunner target = runner.get();
    if (target != null) {
      target.accept(effect);
    }
  }

  private void halt(String reason) {
    halted.set(reason);
    ended.countDown();
  }

  /// Waits until the node is closed, or halts by itself.
  ///
  /// @return why it halted, in one sentence; empty if it was closed
  public Optional<String> awaitTermination() throws InterruptedException {
    ended.await();
    return Optional.ofNullable(halted.get());
  }

  /// The loop, for those in the same process who ask or bring events: the demo, tests.
  public NodeLoop loop() {
    return loop;
  }

  public InetSocketAddress gossipAddress() {
    return connections.address();
  }

  public InetSocketAddress dnsAddress() {
    return dns.address();
  }

  private static String shown(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  /// Ends everything, in the reverse order of its beginning. Idempotent.
  @Override
  public synchronized void close() {
    closing = true;
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("closing {}: {}", part, e.toString());
      }
    }
    ended.countDown();
  }
}
