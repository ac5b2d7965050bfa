package tocsin.node.resolver;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tocsin.node.core.Effect;
import tocsin.node.core.Effect.Operation;
import tocsin.node.core.Event;
import tocsin.node.core.Event.Outcome;
import tocsin.trust.DnsName;
import tocsin.trust.Statement;

/// Carries out what the core wants of the resolvers, each operation on a virtual thread, and
/// reports every outcome as an event: whatever happens, one comes for each ticket.
public final class Actuator implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Actuator.class);

  /// @param turns one operation after the other, in the order in which the core wanted them: a
  ///   correction that is still under way must not overtake the clearing that follows it. Bounded,
  ///   because each of the core's jobs has one operation under way at most
  private record Beside(Resolver resolver, ExecutorService turns) {
    /// Ends after what was wanted of it already.
    void retire() {
      turns.execute(resolver::close);
      turns.shutdown();
    }

    void end() {
      turns.shutdownNow();
      resolver.close();
    }
  }

  /// Replaced as a whole, and never changed.
  private volatile Map<String, Beside> resolvers = Map.of();

  /// What was offered last: for those who come later.
  private volatile @Nullable OverlayZone offered;

  private final DnsName rpz;
  private final DelegationCheck delegations;
  private final Consumer<Event> sink;

  public Actuator(
      List<Resolver> resolvers, DnsName rpz, DelegationCheck delegations, Consumer<Event> sink) {
    this.rpz = rpz;
    this.delegations = delegations;
    this.sink = sink;
    put(resolvers);
  }

  /// Takes these in, each in the place of the one with its name, which ends. To be called by one
  /// thread, and before the core hears of them.
  public void put(List<Resolver> added) {
    Map<String, Beside> next = new LinkedHashMap<>(resolvers);
    List<Beside> ended = new ArrayList<>();
    for (Resolver resolver : added) {
      ThreadFactory thread =
          Thread.ofVirtual().name("tocsin-resolver-" + resolver.name()).factory();
      Beside before =
          next.put(
              resolver.name(), new Beside(resolver, Executors.newSingleThreadExecutor(thread)));
      if (before != null) {
        ended.add(before);
      }
    }
    resolvers = Collections.unmodifiableMap(next);
    OverlayZone overlay = offered;
    if (overlay != null) {
      added.forEach(resolver -> resolver.offer(overlay));
    }
    ended.forEach(Beside::retire);
  }

  /// Lets go of all but these. To be called by one thread, and after the core wants nothing of the
  /// others any more.
  public void retain(Collection<String> names) {
    Map<String, Beside> next = new LinkedHashMap<>(resolvers);
    next.keySet().retainAll(names);
    Map<String, Beside> before = resolvers;
    resolvers = Collections.unmodifiableMap(next);
    before.forEach((name, beside) -> {
      if (!next.containsKey(name)) {
        beside.retire();
      }
    });
  }

  public Optional<Resolver> resolver(String name) {
    return Optional.ofNullable(resolvers.get(name)).map(Beside::resolver);
  }

  public List<Resolver> resolvers() {
    return resolvers.values().stream().map(Beside::resolver).toList();
  }

  /// Hands the overlay to those who transfer no zones. Returns at once.
  public void offer(OverlayZone overlay) {
    offered = overlay;
    resolvers().forEach(resolver -> resolver.offer(overlay));
  }

  public void actuate(Effect.Actuate effect) {
    Beside beside = resolvers.get(effect.resolver());
    if (beside == null) {
      throw new AssertionError("no resolver " + effect.resolver());
    }
    Runnable work =
        () -> report(effect.ticket(), () -> carryOut(beside.resolver(), effect.operation()));
    try {
      beside.turns().execute(work);
    } catch (RejectedExecutionException _) {
      // Retired between the two lines above. Never on the loop's own thread: its inbox may be full.
      Outcome gone = new Outcome.Failed("its configuration has just changed");
      Thread.ofVirtual().start(() -> sink.accept(new Event.Actuated(effect.ticket(), gone)));
    }
  }

  public void check(Effect.CheckDelegation effect) {
    Thread.ofVirtual()
        .name("tocsin-delegation-" + effect.ticket())
        .start(() ->
            report(
                effect.ticket(),
                () ->
                    new Outcome.Delegation(
                        delegations.stillWrong(
                            effect.names(), effect.records(), effect.nameServers()))));
  }

  private interface Work {
    Outcome run() throws ResolverException;
  }

  private void report(long ticket, Work work) {
    sink.accept(new Event.Actuated(ticket, outcomeOf(work)));
  }

  private static Outcome outcomeOf(Work work) {
    try {
      return work.run();
    } catch (KeptException e) {
      return new Outcome.Refused(String.valueOf(e.getMessage()));
    } catch (ResolverException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("an operation at a resolver broke", e);
      return new Outcome.Failed("it broke: " + e);
    }
  }

  private Outcome carryOut(Resolver resolver, Operation operation) throws ResolverException {
    switch (operation) {
      case Operation.ReadSerial _ -> {
        OptionalLong held = resolver.heldSerial(rpz);
        return new Outcome.Held(
            held.isPresent() ? Optional.of(held.getAsLong()) : Optional.empty());
      }
      case Operation.FlushSubtree it -> resolver.flush(it.name());
      case Operation.CorrectNameServers it ->
          resolver.correctNameServers(it.zone(), addressesOf(it.nameServers()));
      case Operation.ClearNameServers it -> resolver.clearNameServers(it.zone());
      case Operation.SetInsecure it -> resolver.setInsecure(it.zone());
      case Operation.ClearInsecure it -> resolver.clearInsecure(it.zone());
      case Operation.Probe it -> {
        Answer answer = resolver.probe(new Question(it.name(), it.type()));
        List<ByteString> rdata = answer.data().stream().map(Answer.Data::wire).toList();
        return new Outcome.Answered(answer.responseCode(), rdata);
      }
    }
    return new Outcome.Done();
  }

  private static List<InetAddress> addressesOf(List<Statement.NameServer> nameServers) {
    List<InetAddress> addresses = new ArrayList<>();
    for (Statement.NameServer nameServer : nameServers) {
      for (ByteString address : nameServer.addresses()) {
        try {
          addresses.add(InetAddress.getByAddress(address.toByteArray()));
        } catch (UnknownHostException e) {
          throw new AssertionError("an address of 4 or 16 bytes is one", e);
        }
      }
    }
    return addresses;
  }

  @Override
  public void close() {
    resolvers.values().forEach(Beside::end);
  }
}
