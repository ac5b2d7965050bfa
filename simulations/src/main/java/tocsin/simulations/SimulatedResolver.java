package tocsin.simulations;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import tocsin.node.core.Effect;
import tocsin.node.core.Event;
import tocsin.node.core.Overlay;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;

/// A caching resolver beside a node: takes the overlay by transfer some time after it is told of a
/// new serial, caches what the world answers (the hijacker's delegation included), and does what
/// the node's actuator asks. It can be slow, fail, restart and be down.
class SimulatedResolver {
  /// It looks for a new serial by itself this often (the zone's SOA refresh).
  private static final long REFRESH_NANOS = 30 * Agenda.SECOND;

  private record Cached(long expiresNanos, ByteString address) {}

  private final String name;
  private final Agenda agenda;
  private final SimulatedWorld world;
  private final RandomGenerator chance;
  private final TreeMap<DnsName, Cached> cache = new TreeMap<>();
  private final TreeMap<DnsName, List<ByteString>> nameServers = new TreeMap<>();
  private final TreeSet<DnsName> insecure = new TreeSet<>();
  private Optional<Cached> delegation = Optional.empty();
  private Optional<Long> serial = Optional.empty();
  private Overlay overlay = Overlay.EMPTY;
  private Faults faults = Faults.NONE;
  private boolean up = true;
  private int life;

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
    delegation = Optional.empty();
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
    int now = life;
    agenda.after(
        nanos,
        () -> {
          if (!up || life != now) {
            outcome.accept(new Event.Outcome.Failed("connection refused"));
          } else if (fails) {
            outcome.accept(new Event.Outcome.Failed("timed out"));
          } else {
            outcome.accept(done(operation));
          }
        });
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
        return new Event.Outcome.Answered(0, answer(it.name()));
      }
    }
    return new Event.Outcome.Done();
  }

  /// (Overridden to plant a fault.)
  void flush(DnsName apex) {
    cache.keySet().removeIf(cached -> cached.isAtOrBelow(apex));
    if (SimulatedWorld.APEX.isAtOrBelow(apex)) {
      delegation = Optional.empty();
    }
  }

  /// A client asks for the address of a name at or below the victim's.
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
      cached = new Cached(agenda.now() + SimulatedWorld.TTL_NANOS, iterate(asked));
      cache.put(asked, cached);
    }
    return List.of(cached.address());
  }

  /// Whoever is asked answers for himself: the hijacker goes on lying after the repair.
  private ByteString iterate(DnsName asked) {
    for (var correction : nameServers.entrySet()) {
      if (asked.isAtOrBelow(correction.getKey())) {
        return correction.getValue().contains(SimulatedWorld.RIGHT_SERVER)
            ? SimulatedWorld.RIGHT_ADDRESS
            : SimulatedWorld.ROGUE_ADDRESS;
      }
    }
    if (delegation.isEmpty() || delegation.get().expiresNanos() <= agenda.now()) {
      ByteString leadsTo =
          world.isHijacked() ? SimulatedWorld.ROGUE_ADDRESS : SimulatedWorld.RIGHT_ADDRESS;
      delegation = Optional.of(new Cached(agenda.now() + SimulatedWorld.TTL_NANOS, leadsTo));
    }
    return delegation.get().address();
  }
}
