package tocsin.node;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.xbill.DNS.Name;
import tocsin.node.config.ResolverConfig;
import tocsin.node.core.AlertState;
import tocsin.node.core.CoreConfig;
import tocsin.node.core.Effect;
import tocsin.node.core.Event;
import tocsin.node.core.Overlay;
import tocsin.node.core.Progress;
import tocsin.node.core.TrustedCore;
import tocsin.node.dns.DnsServer;
import tocsin.node.dns.NotifySender;
import tocsin.node.dns.NotifyTarget;
import tocsin.node.dns.OverlayPublisher;
import tocsin.node.dns.TransferAcl;
import tocsin.node.lab.BindProcess;
import tocsin.node.lab.EmbeddedResolver;
import tocsin.node.lab.KnotProcess;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.LabResolver;
import tocsin.node.lab.PowerDnsProcess;
import tocsin.node.lab.UnboundProcess;
import tocsin.node.loop.NodeLoop;
import tocsin.node.resolver.Actuator;
import tocsin.node.resolver.DelegationCheck;
import tocsin.node.resolver.OverlayZone;
import tocsin.node.resolver.Resolver;
import tocsin.node.resolver.RootHints;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Statement;

/// A node without peers, put together of its real parts: core, loop, DNS server, actuators. Its
/// trust is arranged, its log is in memory.
final class RealNode implements AutoCloseable {
  static final Name RPZ = Name.fromConstantString("alert.rpz.");

  private final TrustedCore trusted;
  private final DnsServer dns;
  private final FourResolvers resolvers;
  private final NotifySender notifications;
  private final OverlayPublisher publisher;
  private final Actuator actuator;
  private final NodeLoop loop;
  private final List<Effect> effects = new CopyOnWriteArrayList<>();

  /// Starts it with all four resolvers beside it, which end with it.
  RealNode(LabInternet lab, FourResolvers.Caches caches, CoreConfig.Mode mode) throws IOException {
    trusted = new TrustedCore(mode, FourResolvers.NAMES);
    dns =
        new DnsServer(
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
            List.of(),
            TransferAcl.parse(List.of("127.0.0.1")));
    dns.start();
    // PowerDNS waits for ten seconds when the first transfer fails.
    try (NotifySender nobody =
        new NotifySender(dns.address().getAddress(), List.of(), List.of(), outcome -> {})) {
      OverlayPublisher.serveOnce(dns, nobody, RPZ, Overlay.EMPTY, 1);
    }
    resolvers = new FourResolvers(lab, dns.address(), caches);
    Map<String, LabResolver> beside = resolvers.all();
    List<NotifyTarget> targets = new ArrayList<>();
    List<Resolver> driven = new ArrayList<>();
    beside.forEach((name, resolver) -> {
      targets.add(new NotifyTarget(resolver.address(), Optional.empty()));
      driven.add(Resolvers.of(config(name, resolver)));
    });
    notifications = new NotifySender(dns.address().getAddress(), targets, List.of(), outcome -> {});
    publisher = Publishing.publisher(dns, notifications, RPZ);
    loop =
        new NodeLoop(
            trusted.core(),
            trusted.log(),
            trusted::now,
            this::run,
            reason -> {
              throw new AssertionError(reason);
            });
    actuator =
        new Actuator(
            driven,
            DnsName.parse(RPZ.toString()),
            new DelegationCheck(new RootHints(List.of(lab.rootAddress()), lab.port())),
            loop::happened);
    publisher.handTo(
        (origin, serial, records) -> actuator.offer(new OverlayZone(origin, serial, records)));
    publisher.start();
    loop.start();
    trusted.introductions().forEach(this::happened);
  }

  static ResolverConfig config(String name, LabResolver resolver) {
    return switch (resolver) {
      case UnboundProcess it ->
          new ResolverConfig.Unbound(
              name, it.address(), new ResolverConfig.UnboundControl.Socket(it.controlSocket()));
      case EmbeddedResolver it ->
          new ResolverConfig.Unbound(
              name, it.address(), new ResolverConfig.UnboundControl.Socket(it.controlSocket()));
      case BindProcess it -> new ResolverConfig.Bind(name, it.address(), it.rndc());
      case PowerDnsProcess it ->
          new ResolverConfig.PowerDns(
              name,
              it.address(),
              URI.create("http://127.0.0.1:" + it.apiAddress().getPort()),
              it.apiKeyFile(),
              List.of());
      case KnotProcess it ->
          new ResolverConfig.Knot(name, it.address(), it.controlSocket(), it.rpzFile());
    };
  }

  private void run(Effect effect) {
    effects.add(effect);
    switch (effect) {
      case Effect.ServeOverlay it -> publisher.overlay(it.overlay(), it.serial());
      case Effect.Actuate it -> actuator.actuate(it);
      case Effect.CheckDelegation it -> actuator.check(it);
      default -> {
        // Peers, operators and people are not there.
      }
    }
  }

  private void happened(Event event) {
    CountDownLatch handled = new CountDownLatch(1);
    loop.happened(event, handled::countDown);
    try {
      handled.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The resolvers beside it.
  Map<String, LabResolver> beside() {
    return resolvers.all();
  }

  FourResolvers resolvers() {
    return resolvers;
  }

  InetSocketAddress dnsAddress() {
    return dns.address();
  }

  /// All that the core wanted done so far.
  List<Effect> effects() {
    return effects;
  }

  /// "Answer with these addresses at the names and below", with both signatures.
  Envelope override(List<InetAddress> addresses, String... names) {
    List<CorrectRecord> records = new ArrayList<>();
    for (InetAddress address : addresses) {
      ByteString bytes = ByteString.copyFrom(address.getAddress());
      records.add(bytes.size() == 4 ? new CorrectRecord.A(bytes) : new CorrectRecord.Aaaa(bytes));
    }
    return raise(
        new Statement.OverrideAction(records, List.of(), List.of(), List.of(), false, 0), names);
  }

  Envelope raise(Statement.OverrideAction action, String... names) {
    Envelope alert = trusted.override(action, true, names);
    happened(trusted.submission(alert));
    happened(trusted.submission(trusted.endorse(alert)));
    return alert;
  }

  /// Its policy blocks rogue data for every name from now on.
  void blocksRogueData() {
    happened(trusted.blocksRogueData(true));
  }

  /// And this is its end.
  void blocksNothing() {
    happened(trusted.blocksRogueData(false));
  }

  /// Closes the incident with a flush.
  Envelope close(Envelope alert, String... names) {
    Envelope flush = trusted.flush(Optional.of(alert.id()), names);
    happened(trusted.submission(flush));
    return flush;
  }

  void recall(Envelope alert) {
    happened(trusted.submission(trusted.recall(alert)));
  }

  AlertState state(Envelope alert) {
    return loop.ask(core -> core.standing(alert.id()).orElseThrow().state());
  }

  /// The words of progress by resolver.
  Map<String, Progress> progress(Envelope alert) {
    Map<String, Progress> progress = new LinkedHashMap<>();
    loop.ask(core -> core.view().progress(alert.id()))
        .forEach(one -> progress.put(one.resolver(), one));
    return progress;
  }

  void awaitWord(Envelope alert, String resolver, String word) {
    await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(() -> {
          Progress at = progress(alert).get(resolver);
          if (at == null || !at.word().equals(word)) {
            throw new AssertionError(resolver + " is not " + word + " but " + at);
          }
        });
  }

  void awaitVerified(Envelope alert) {
    for (String resolver : progress(alert).keySet()) {
      awaitWord(alert, resolver, "verified");
    }
  }

  void awaitState(Envelope alert, AlertState state) {
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(() -> {
          if (state(alert) != state) {
            throw new AssertionError("is " + state(alert) + ": " + progress(alert));
          }
        });
  }

  /// The node dies: its DNS server with it, and nothing is tidied up. Its resolvers go on.
  void die() {
    loop.close();
    actuator.close();
    publisher.close();
    notifications.close();
    dns.close();
  }

  @Override
  public void close() {
    die();
    resolvers.close();
  }
}
