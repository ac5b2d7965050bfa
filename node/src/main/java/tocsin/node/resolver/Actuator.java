package tocsin.node.resolver;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
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
  private record Beside(Resolver resolver, ExecutorService turns) {}

  private final Map<String, Beside> resolvers = new LinkedHashMap<>();
  private final DnsName rpz;
  private final DelegationCheck delegations;
  private final Consumer<Event> sink;

  public Actuator(
      List<Resolver> resolvers, DnsName rpz, DelegationCheck delegations, Consumer<Event> sink) {
    for (Resolver resolver : resolvers) {
      ThreadFactory thread =
          Thread.ofVirtual().name("tocsin-resolver-" + resolver.name()).factory();
      this.resolvers.put(
          resolver.name(), new Beside(resolver, Executors.newSingleThreadExecutor(thread)));
    }
    this.rpz = rpz;
    this.delegations = delegations;
    this.sink = sink;
  }

  public Optional<Resolver> resolver(String name) {
    return Optional.ofNullable(resolvers.get(name)).map(Beside::resolver);
  }

  public List<Resolver> resolvers() {
    return resolvers.values().stream().map(Beside::resolver).toList();
  }

  /// Hands the overlay to those who transfer no zones. Returns at once.
  public void offer(OverlayZone overlay) {
    resolvers().forEach(resolver -> resolver.offer(overlay));
  }

  public void actuate(Effect.Actuate effect) {
    Beside beside = resolvers.get(effect.resolver());
    if (beside == null) {
      throw new AssertionError("no resolver " + effect.resolver());
    }
    beside
        .turns()
        .execute(
            () -> report(effect.ticket(), () -> carryOut(beside.resolver(), effect.operation())));
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
    for (Beside beside : resolvers.values()) {
      beside.turns().shutdownNow();
      beside.resolver().close();
    }
  }
}
