package tocsin.simulations;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import tocsin.node.core.Effect;
import tocsin.node.core.Event;
import tocsin.node.core.Overlay;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.StatementId;

/// A caching, validating resolver beside a node: takes the overlay by transfer some time after it
/// is told of a new serial, caches what the world answers (the hijacker's delegation and the
/// registry's DS included), and does what the node's actuator asks. It can be slow, fail, lie,
/// restart and be down.
class SimulatedResolver {
  /// It looks for a new serial by itself this often (the zone's SOA refresh).
  private static final long REFRESH_NANOS = 30 * Agenda.SECOND;

  private record Cached(long expiresNanos, ByteString address) {
    Cached aged(long nanos) {
      return new Cached(expiresNanos - nanos, address);
    }
  }

  private static final int SERVFAIL = 2;

  private final String name;
  private final Agenda agenda;
  private final SimulatedWorld world;
  private final RandomGenerator chance;
  private final TreeMap<DnsName, Cached> cache = new TreeMap<>();
  private final TreeMap<DnsName, List<ByteString>> nameServers = new TreeMap<>();
  private final TreeSet<DnsName> insecure = new TreeSet<>();
  private final TreeMap<DnsName, Cached> delegations = new TreeMap<>();

  /// Until when it holds that a domain has a DS record, in nanoseconds.
  private final TreeMap<DnsName, Long> secure = new TreeMap<>();

  private Optional<Long> serial = Optional.empty();
  private Overlay overlay = Overlay.EMPTY;
  private Faults faults = Faults.NONE;
  private boolean up = true;
  private int life;
  private long flushes;
  private final TreeMap<Long, Integer> perSecond = new TreeMap<>();

  SimulatedResolver(String name, Simulation simulation) {
    this.name = name;
    this.agenda = simulation.agenda();
    this.world = simulation.world();
    this.chance = simulation.chance().stream("resolver " + name);
  }

  final String name() {
    return name;
  }

  final void setFaults(Faults newFaults) {
    faults = newFaults;
  }

  /// Goes away, and comes back with nothing but its configuration: no cache, no overlay, no name
  /// server corrections.
  final void restart(long downNanos) {
    up = false;
    life++;
    cache.clear();
    nameServers.clear();
    insecure.clear();
    delegations.clear();
    secure.clear();
    serial = Optional.empty();
    overlay = Overlay.EMPTY;
    agenda.after(downNanos, () -> up = true);
  }

  final boolean isUp() {
    return up;
  }

  /// Begins to look for new serials by itself.
  final void refreshFrom(SimulatedNode primary) {
    agenda.after(
        REFRESH_NANOS,
        () -> {
          transfer(primary);
          refreshFrom(primary);
        });
  }

  /// A NOTIFY from the node: the transfer follows (unbound: 18 ms in the median, 68 at most).
  void notified(SimulatedNode primary) {
    if (up && chance.nextDouble() >= faults.notifyLost()) {
      int now = life;
      agenda.after(
          chance.nextLong(8 * Agenda.MILLI, 70 * Agenda.MILLI),
          () -> {
            if (life == now) {
              transfer(primary);
            }
          });
    }
  }

  private void transfer(SimulatedNode primary) {
    if (up && primary.isUp() && primary.hasServed()) {
      transferred(primary);
    }
  }

  /// The zone has come. (Overridden to plant a fault.)
  void transferred(SimulatedNode primary) {
    // RFC 1982: a serial that went back is ignored, for ever.
    boolean later = serial.isEmpty() || (int) (primary.servedSerial() - serial.get()) > 0;
    if (later) {
      serial = Optional.of(primary.servedSerial());
      overlay = primary.served();
    }
  }

  /// What it says it holds. (Overridden to plant a fault.)
  Optional<Long> heldSerial() {
    return serial;
  }

  /// Its overlay has records of this alert.
  final boolean holds(StatementId alert) {
    return overlay.entries().stream().anyMatch(entry -> entry.alert().equals(alert));
  }

  /// It has no correction left.
  final boolean isPlain() {
    return overlay.entries().isEmpty() && nameServers.isEmpty() && insecure.isEmpty();
  }

  final void perform(Effect.Operation operation, Consumer<Event.Outcome> outcome) {
    long nanos = chance.nextLong(Agenda.MILLI, 12 * Agenda.MILLI);
    if (chance.nextDouble() < faults.resolverSlow()) {
      nanos *= 100;
    }
    boolean fails = chance.nextDouble() < faults.resolverFails();
    boolean lies = faults.resolverLies() > 0 && chance.nextDouble() < faults.resolverLies();
    int now = life;
    agenda.after(
        nanos,
        () -> {
          if (!up || life != now) {
            outcome.accept(new Event.Outcome.Failed("connection refused"));
          } else if (fails) {
            outcome.accept(new Event.Outcome.Failed("timed out"));
          } else if (lies) {
            outcome.accept(lie(operation));
          } else {
            outcome.accept(done(operation));
          }
        });
  }

  /// What can be found out is lied about: it tells a serial that it does not hold, says that it has
  /// corrected what it has not, and answers a probe wrongly. That it cleared or flushed something
  /// must be taken at its word by anybody.
  private Event.Outcome lie(Effect.Operation operation) {
    return switch (operation) {
      case Effect.Operation.ReadSerial _ ->
          new Event.Outcome.Held(serial.map(held -> (held + 1) & 0xffff_ffffL));
      case Effect.Operation.CorrectNameServers _, Effect.Operation.SetInsecure _ ->
          new Event.Outcome.Done();
      case Effect.Operation.Probe _ ->
          new Event.Outcome.Answered(0, List.of(SimulatedWorld.ROGUE_ADDRESS));
      case Effect.Operation.FlushSubtree _,
          Effect.Operation.ClearNameServers _,
          Effect.Operation.ClearInsecure _ ->
          done(operation);
    };
  }

  private Event.Outcome done(Effect.Operation operation) {
    switch (operation) {
      case Effect.Operation.ReadSerial _ -> {
        return new Event.Outcome.Held(heldSerial());
      }
      case Effect.Operation.FlushSubtree it -> flush(it.name());
      case Effect.Operation.CorrectNameServers it -> {
        List<ByteString> addresses =
            it.nameServers().stream().flatMap(server -> server.addresses().stream()).toList();
        nameServers.put(it.zone(), addresses);
      }
      case Effect.Operation.ClearNameServers it -> nameServers.remove(it.zone());
      case Effect.Operation.SetInsecure it -> insecure.add(it.zone());
      case Effect.Operation.ClearInsecure it -> insecure.remove(it.zone());
      case Effect.Operation.Probe it -> {
        List<ByteString> answer = answer(it.name());
        return new Event.Outcome.Answered(answer.isEmpty() ? SERVFAIL : 0, answer);
      }
    }
    return new Event.Outcome.Done();
  }

  /// (Overridden to plant a fault.)
  void flush(DnsName apex) {
    flushes++;
    perSecond.merge(agenda.now() / Agenda.SECOND, 1, Integer::sum);
    cache.keySet().removeIf(cached -> cached.isAtOrBelow(apex));
    delegations.keySet().removeIf(cached -> cached.isAtOrBelow(apex));
    secure.keySet().removeIf(cached -> cached.isAtOrBelow(apex));
  }

  /// How often it was told to flush something.
  final long flushes() {
    return flushes;
  }

  /// How often in each second.
  final SortedMap<Long, Integer> flushesPerSecond() {
    return perSecond;
  }

  /// It has asked for this name some time ago, when the world was as it is now.
  ///
  /// @param agoNanos less than the TTLs
  final void askedBefore(DnsName name, long agoNanos) {
    answer(name);
    cache.computeIfPresent(name, (_, it) -> it.aged(agoNanos));
    delegations.computeIfPresent(SimulatedWorld.domainOf(name), (_, it) -> it.aged(agoNanos));
    secure.computeIfPresent(SimulatedWorld.domainOf(name), (_, until) -> until - agoNanos);
  }

  /// Until when it goes on giving a wrong answer for a domain if nobody tells it otherwise, in
  /// nanoseconds of virtual time; empty if it gives the right one.
  final Optional<Long> wrongUntil(DnsName domain) {
    Optional<Long> until = Optional.empty();
    Cached delegation = delegations.get(domain);
    if (delegation != null && delegation.address().equals(SimulatedWorld.ROGUE_ADDRESS)) {
      until = Optional.of(delegation.expiresNanos());
    }
    for (var cached : cache.entrySet()) {
      if (cached.getKey().isAtOrBelow(domain)) {
        until = later(until, cached.getValue());
      }
    }
    boolean bogus = secure.getOrDefault(domain, 0L) > agenda.now() && !world.isSigned(domain);
    return bogus
        ? Optional.of(Math.max(until.orElse(0L), secure.getOrDefault(domain, 0L)))
        : until.filter(it -> it > agenda.now());
  }

  private static Optional<Long> later(Optional<Long> until, Cached cached) {
    return cached.address().equals(SimulatedWorld.ROGUE_ADDRESS)
        ? Optional.of(Math.max(until.orElse(0L), cached.expiresNanos()))
        : until;
  }

  /// A client asks for the address of a name. Nothing: the answer is SERVFAIL.
  final List<ByteString> answer(DnsName asked) {
    for (Overlay.Entry entry : overlay.entries()) {
      if (entry.name().equals(asked) || (entry.subtree() && asked.isAtOrBelow(entry.name()))) {
        return entry.records().stream()
            .filter(CorrectRecord.A.class::isInstance)
            .map(it -> ((CorrectRecord.A) it).address())
            .toList();
      }
    }
    Cached cached = cache.get(asked);
    if (cached == null || cached.expiresNanos() <= agenda.now()) {
      Optional<ByteString> address = iterate(asked);
      if (address.isEmpty()) {
        return List.of();
      }
      cached =
          new Cached(agenda.now() + world.ttlNanos(SimulatedWorld.domainOf(asked)), address.get());
      cache.put(asked, cached);
    }
    return List.of(cached.address());
  }

  /// Whoever is asked answers for himself: the hijacker goes on lying after the repair. Empty if
  /// the answer is not signed though the cached DS says that it must be.
  private Optional<ByteString> iterate(DnsName asked) {
    for (var correction : nameServers.entrySet()) {
      if (asked.isAtOrBelow(correction.getKey())) {
        return Optional.of(
            correction.getValue().contains(SimulatedWorld.RIGHT_SERVER)
                ? SimulatedWorld.RIGHT_ADDRESS
                : SimulatedWorld.ROGUE_ADDRESS);
      }
    }
    DnsName domain = SimulatedWorld.domainOf(asked);
    Cached delegation = delegations.get(domain);
    if (delegation == null || delegation.expiresNanos() <= agenda.now()) {
      ByteString leadsTo =
          world.isHijacked(domain) ? SimulatedWorld.ROGUE_ADDRESS : SimulatedWorld.RIGHT_ADDRESS;
      delegation = new Cached(agenda.now() + SimulatedWorld.TTL_NANOS, leadsTo);
      delegations.put(domain, delegation);
    }
    if (secure.getOrDefault(domain, 0L) <= agenda.now()) {
      secure.remove(domain);
      if (world.hasDs(domain)) {
        secure.put(domain, agenda.now() + SimulatedWorld.DS_TTL_NANOS);
      }
    }
    // A negative trust anchor is for its name and all below it (RFC 7646).
    boolean bogus =
        secure.containsKey(domain)
            && !world.isSigned(domain)
            && insecure.stream().noneMatch(asked::isAtOrBelow);
    return bogus ? Optional.empty() : Optional.of(delegation.address());
  }
}
