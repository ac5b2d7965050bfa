package tocsin.node;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.xbill.DNS.Name;
import tocsin.node.config.NodeConfig;
import tocsin.node.config.ResolverConfig;
import tocsin.node.core.Leftovers;
import tocsin.node.core.Overlay;
import tocsin.node.dns.DnsServer;
import tocsin.node.dns.NotifySender;
import tocsin.node.dns.OverlayPublisher;
import tocsin.node.resolver.OverlayZone;
import tocsin.node.resolver.Resolver;
import tocsin.node.resolver.ResolverException;
import tocsin.storage.EnvelopeDecoder;
import tocsin.storage.LogFailure;
import tocsin.storage.RocksStatementLog;
import tocsin.trust.DnsName;

/// Takes back at the resolvers what a node left that does not run any more: in the node's place, on
/// its address, an empty overlay is served for a few seconds under a new serial, until every
/// resolver holds it; corrections are cleared by the control channels, and what they covered is
/// flushed.
///
/// This is how a dead node's overrides end at all: unbound 1.17.1 goes on answering from an overlay
/// zone that has expired.
public final class Withdrawal {
  /// A resolver that runs has the empty zone in a second (PowerDNS 4.8: in three); an unbound that
  /// the dying node left in the middle of a transfer has to give that up first, which takes it some
  /// 20 seconds. systemd waits for a stop hook for 90.
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private static final Duration LOOK = Duration.ofMillis(50);

  /// What came of it at one resolver.
  ///
  /// @param detail what was done, or what is wrong
  public record Step(String resolver, boolean ok, long millis, String detail) {}

  /// What came of it all.
  ///
  /// @param warning what could not be known; empty: nothing
  public record Result(List<Step> steps, String warning) {
    public Result {
      steps = List.copyOf(steps);
    }
  }

  private record Left(List<Leftovers.Left> overrides, long serial, String warning) {}

  private Withdrawal() {}

  /// Does it, at all resolvers at the same time.
  ///
  /// @throws NodeFailure if the node's DNS address is taken: the node runs
  public static Result run(NodeConfig config) throws InterruptedException {
    Left left = left(config);
    Name origin = NodeParts.name(config.dns().rpz());
    var keys = NodeParts.tsigKeys(config.dns());
    try (DnsServer server =
        new DnsServer(config.dns().listen(), keys, NodeParts.transferAcl(config.dns()))) {
      server.start();
      try (NotifySender notifications =
          new NotifySender(
              server.address().getAddress(),
              NodeParts.notifyTargets(config),
              keys,
              outcome -> {})) {
        OverlayPublisher.serveOnce(server, notifications, origin, Overlay.EMPTY, left.serial());
        return new Result(atAll(config, left, origin), left.warning());
      }
    } catch (IOException e) {
      throw new NodeFailure(
          "the node's DNS address "
              + config.dns().listen()
              + " cannot be had, so nothing can be withdrawn: "
              + e.getMessage(),
          e);
    }
  }

  /// A log that cannot be read keeps nobody from withdrawing the overlay.
  private static Left left(NodeConfig config) {
    long now = System.currentTimeMillis();
    try (RocksStatementLog log =
        RocksStatementLog.open(config.folder().data(), EnvelopeDecoder.SIGNED)) {
      List<Leftovers.Left> overrides = Leftovers.of(log);
      long serial = Leftovers.nextSerial(log, now);
      log.commit();
      return new Left(overrides, serial, "");
    } catch (LogFailure e) {
      return new Left(
          List.of(),
          now / 1_000 & 0xffff_ffffL,
          "the log cannot be read, so name servers and negative trust anchors stay as they are: "
              + e.getMessage());
    }
  }

  private static List<Step> atAll(NodeConfig config, Left left, Name origin)
      throws InterruptedException {
    List<Callable<Step>> work = new ArrayList<>();
    for (ResolverConfig resolver : config.resolvers()) {
      work.add(() -> at(resolver, left, config.dns().rpz(), origin));
    }
    List<Step> steps = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Step> step : threads.invokeAll(work)) {
        steps.add(step.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("what goes wrong at a resolver is a step", e);
    }
    return steps;
  }

  private static Step at(ResolverConfig config, Left left, DnsName rpz, Name origin)
      throws InterruptedException {
    long begun = System.nanoTime();
    try (Resolver resolver = Resolvers.of(config)) {
      resolver.offer(new OverlayZone(origin, left.serial(), List.of()));
      int corrections = clear(resolver, left);
      awaitEmpty(resolver, rpz, left.serial());
      TreeSet<DnsName> flushed = new TreeSet<>();
      left.overrides().forEach(override -> flushed.addAll(override.flushed()));
      for (DnsName name : flushed) {
        resolver.flush(name);
      }
      return new Step(
          config.name(),
          true,
          millisSince(begun),
          "overlay empty (serial "
              + left.serial()
              + "), "
              + corrections
              + " corrections cleared, "
              + flushed.size()
              + " subtrees flushed");
    } catch (ResolverException e) {
      return new Step(config.name(), false, millisSince(begun), String.valueOf(e.getMessage()));
    }
  }

  private static int clear(Resolver resolver, Left left) throws ResolverException {
    int corrections = 0;
    for (Leftovers.Left override : left.overrides()) {
      for (DnsName zone : override.nameServers()) {
        resolver.clearNameServers(zone);
        corrections++;
      }
      for (DnsName zone : override.insecure()) {
        resolver.clearInsecure(zone);
        corrections++;
      }
    }
    return corrections;
  }

  private static void awaitEmpty(Resolver resolver, DnsName rpz, long serial)
      throws ResolverException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      OptionalLong held = resolver.heldSerial(rpz);
      // No zone at all overrides nothing either.
      if (held.isEmpty() || (int) (held.getAsLong() - serial) >= 0) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new ResolverException(
            "resolver "
                + resolver.name()
                + " still holds serial "
                + held.getAsLong()
                + " after "
                + PATIENCE.toSeconds()
                + " s instead of the empty "
                + serial);
      }
      Thread.sleep(LOOK);
    }
  }

  private static long millisSince(long begun) {
    return (System.nanoTime() - begun) / 1_000_000;
  }
}
