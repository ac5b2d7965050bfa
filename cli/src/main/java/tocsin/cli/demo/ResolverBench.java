package tocsin.cli.demo;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;
import tocsin.node.Resolvers;
import tocsin.node.config.ConfigException;
import tocsin.node.config.ConfigFile;
import tocsin.node.config.NodeFolder;
import tocsin.node.core.Overlay;
import tocsin.node.dns.DnsServer;
import tocsin.node.dns.NotifySender;
import tocsin.node.dns.NotifyTarget;
import tocsin.node.dns.OverlayPublisher;
import tocsin.node.dns.RpzZone;
import tocsin.node.dns.TransferAcl;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.LabResolver;
import tocsin.node.resolver.OverlayZone;
import tocsin.node.resolver.Question;
import tocsin.node.resolver.Resolver;
import tocsin.node.resolver.ResolverException;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// How fast each kind of resolver takes a new overlay, and forgets: one after the other, each alone
/// with the node's DNS server and its actuator, without alerts and signatures.
public final class ResolverBench {
  private static final Name ORIGIN = Name.fromConstantString("alert.rpz.");
  private static final DnsName RPZ = DnsName.parse("alert.rpz.");
  private static final long LOOK_NANOS = 500_000;

  /// Names that are asked for again to see that the cache holds them.
  private static final int SAMPLED = 1_000;

  /// Of the client that asks while a full cache is flushed.
  private static final int CLIENT_PER_SECOND = 1_000;

  /// Names in the one large serial.
  private static final int MANY = 1_000;

  private final Casting casting;
  private final Screen screen;

  public ResolverBench(Casting casting, Screen screen) {
    this.casting = casting;
    this.screen = screen;
  }

  /// @param rounds serials measured for each kind
  /// @param cached names in its cache at the measurement of flushes; 0: that one is left out
  /// @return figures in milliseconds, by kind
  /// @throws NotSeen if a resolver does not do what it should
  public Map<String, Object> run(int rounds, int cached)
      throws IOException, NotSeen, InterruptedException {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("rounds", rounds);
    figures.put("cpus", Runtime.getRuntime().availableProcessors());
    figures.put("java", Runtime.version().toString());
    for (Backing.Kind kind : casting.backing().kinds()) {
      figures.put(kind.word(), one(kind, rounds, cached));
    }
    return figures;
  }

  private Map<String, Object> one(Backing.Kind kind, int rounds, int cached)
      throws IOException, NotSeen, InterruptedException {
    try (Closer closer = new Closer()) {
      Folder folder = closer.keep(Folder.make(false));
      LabInternet lab = closer.keep(Backing.of(kind).lab());
      DnsServer server =
          closer.keep(
              new DnsServer(
                  new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
                  List.of(),
                  TransferAcl.parse(List.of("127.0.0.1"))));
      server.start();
      NotifySender nobody = closer.keep(notifies(server, List.of()));
      long serial = System.currentTimeMillis() / 1_000;
      OverlayPublisher.serveOnce(server, nobody, ORIGIN, Overlay.EMPTY, serial);
      LabResolver living = closer.keep(kind.start(lab, server.address()));
      NotifySender notifies =
          closer.keep(
              notifies(server, List.of(new NotifyTarget(living.address(), Optional.empty()))));
      Resolver resolver = closer.keep(driven(folder.path(), living));
      return new Rounds(lab, server, notifies, resolver, serial).measure(living, rounds, cached);
    }
  }

  private static NotifySender notifies(DnsServer server, List<NotifyTarget> targets)
      throws IOException {
    return new NotifySender(server.address().getAddress(), targets, List.of(), outcome -> {});
  }

  private static Resolver driven(Path folder, LabResolver living) throws IOException, NotSeen {
    StringBuilder toml = new StringBuilder("[[resolver]]\nname = \"r1\"\naddress = \"127.0.0.1:");
    toml.append(living.address().getPort()).append("\"\n");
    living.section().forEach(line -> toml.append(line).append('\n'));
    NodeFolder node = new NodeFolder(folder);
    Files.writeString(node.configFile(), toml);
    try {
      return Resolvers.of(
          ConfigFile.load(node, Map.of(), Map.of()).config().resolvers().getFirst());
    } catch (ConfigException e) {
      throw new NotSeen("the resolver's section is right: " + e.getMessage());
    }
  }

  /// The measurements at one resolver.
  private final class Rounds {
    private final LabInternet lab;
    private final DnsServer server;
    private final NotifySender notifies;
    private final Resolver resolver;
    private long serial;

    Rounds(
        LabInternet lab, DnsServer server, NotifySender notifies, Resolver resolver, long serial) {
      this.lab = lab;
      this.server = server;
      this.notifies = notifies;
      this.resolver = resolver;
      this.serial = serial;
    }

    Map<String, Object> measure(LabResolver living, int rounds, int cached)
        throws IOException, NotSeen, InterruptedException {
      List<Double> held = new ArrayList<>();
      List<Double> verified = new ArrayList<>();
      List<Double> flushed = new ArrayList<>();
      DnsName domain = DnsName.parse(lab.domain());
      DnsName www = DnsName.parse(lab.www());
      try {
        for (int i = 0; i < rounds; i++) {
          String right = "192.0.2." + (i % 250 + 1);
          long begun = System.nanoTime();
          publish(new Overlay(List.of(entry(www, right))));
          awaitHeld();
          held.add(millisSince(begun));
          long flushing = System.nanoTime();
          resolver.flush(domain);
          flushed.add(millisSince(flushing));
          if (!answer(www).equals(List.of(right))) {
            throw new NotSeen(living + " answers " + right + "; it answers " + answer(www));
          }
          verified.add(millisSince(begun));
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("software", living.toString());
        figures.put("published_to_held_ms", NetworkBench.percentiles(held));
        figures.put("flush_ms", NetworkBench.percentiles(flushed));
        figures.put("published_to_verified_ms", NetworkBench.percentiles(verified));
        figures.put("thousand_names_in_one_serial_ms", many());
        if (cached > 0) {
          figures.put("with_" + cached + "_names_cached", full(living, rounds, cached));
        }
        screen.line(living + ": " + figures);
        return figures;
      } catch (ResolverException e) {
        throw new NotSeen(String.valueOf(e.getMessage()));
      }
    }

    /// Flushes while the cache is full and a client asks a thousand times a second.
    private Map<String, Object> full(LabResolver living, int rounds, int cached)
        throws IOException, NotSeen, InterruptedException, ResolverException {
      screen.line(living + ": " + cached + " names for its cache");
      CacheFill.fill(living.address(), cached, i -> Name.fromConstantString(lab.bystander(i)));
      // What is asked of the lab's servers again is not in the cache any more.
      long before = lab.queries();
      CacheFill.fill(
          living.address(),
          SAMPLED,
          i -> Name.fromConstantString(lab.bystander((int) ((long) i * cached / SAMPLED))));
      long forgotten = lab.queries() - before;
      DnsName domain = DnsName.parse(lab.domain());
      DnsName www = DnsName.parse(lab.www());
      List<Double> verified = new ArrayList<>();
      try (SteadyClient client =
          new SteadyClient(
              living.address(), Name.fromConstantString(lab.www()), CLIENT_PER_SECOND)) {
        for (int i = 0; i < rounds; i++) {
          String right = "192.0.2." + (i % 250 + 1);
          publish(new Overlay(List.of(entry(www, right))));
          awaitHeld();
          long begun = System.nanoTime();
          resolver.flush(domain);
          if (!answer(www).equals(List.of(right))) {
            throw new NotSeen(living + " answers " + right + "; it answers " + answer(www));
          }
          verified.add(millisSince(begun));
        }
        client.rest();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("sample_of_names", SAMPLED);
        figures.put("of_these_not_cached_any_more", forgotten);
        figures.put("flush_to_verified_ms", NetworkBench.percentiles(verified));
        figures.put("client_asked", client.asked());
        figures.put("client_lost", client.lost());
        figures.put("client_slowest_ms", client.slowestMillis());
        return figures;
      }
    }

    private double many() throws NotSeen, ResolverException {
      List<Overlay.Entry> entries = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        entries.add(entry(DnsName.parse("n" + i + "." + lab.domain()), "192.0.2.200"));
      }
      long begun = System.nanoTime();
      publish(new Overlay(entries));
      awaitHeld();
      resolver.flush(DnsName.parse(lab.domain()));
      for (Overlay.Entry entry : List.of(entries.getFirst(), entries.getLast())) {
        if (!answer(entry.name()).equals(List.of("192.0.2.200"))) {
          throw new NotSeen(
              "all names of a large serial are answered; " + entry.name() + " is not");
        }
      }
      return millisSince(begun);
    }

    private void publish(Overlay overlay) {
      serial++;
      resolver.offer(new OverlayZone(ORIGIN, serial, RpzZone.of(ORIGIN, overlay).records()));
      OverlayPublisher.serveOnce(server, notifies, ORIGIN, overlay, serial);
    }

    private void awaitHeld() throws NotSeen, ResolverException {
      long deadline = System.nanoTime() + Limits.STEP.toNanos();
      while (true) {
        OptionalLong held = resolver.heldSerial(RPZ);
        if (held.isPresent() && held.getAsLong() == serial) {
          return;
        }
        if (System.nanoTime() > deadline) {
          throw new NotSeen("serial " + serial + " is held; it is " + held);
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }

    private List<String> answer(DnsName name) throws ResolverException {
      return resolver.probe(new Question(name, Type.A)).texts();
    }
  }

  private static Overlay.Entry entry(DnsName name, String address) {
    ByteString bytes = ByteString.copyFrom(InetAddress.ofLiteral(address).getAddress());
    return new Overlay.Entry(
        name, false, List.of(new CorrectRecord.A(bytes)), new StatementId(Sha256.ZERO), 5);
  }

  private static double millisSince(long nanos) {
    return Math.round((System.nanoTime() - nanos) / 10_000.0) / 100.0;
  }
}
