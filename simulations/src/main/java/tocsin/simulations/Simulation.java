package tocsin.simulations;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tocsin.node.core.CoreConfig;
import tocsin.node.core.Snapshot;
import tocsin.storage.LogId;
import tocsin.storage.MemoryStatementLog;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.Signatures;

/// A whole network in one thread and in virtual time: everything that happens in it follows from
/// one seed.
final class Simulation {
  /// When virtual time begins, in Unix milliseconds: the night of 2 December 2008.
  static final long EPOCH_MILLIS = 1_228_196_100_000L;

  /// With every so-manieth seed each frame is written to bytes and read again, its signatures
  /// verified, as between real nodes.
  private static final int REAL_MESSAGES = 10;

  /// What a simulation is made of. Tests plant their faults here.
  interface Parts {
    /// Who sees the trace go by, line by line.
    default Optional<Consumer<String>> listener() {
      return Optional.empty();
    }

    /// Who watches over every turn.
    default Watcher watcher(Simulation simulation) {
      return new Invariants(simulation);
    }

    default SimulatedDisk disk(LogId id) {
      return new SimulatedDisk(id);
    }

    default SimulatedResolver resolver(String name, Simulation simulation) {
      return new SimulatedResolver(name, simulation);
    }

    default SimulatedNode node(
        Simulation simulation,
        CoreConfig config,
        List<Envelope> profile,
        SimulatedDisk disk,
        List<SimulatedResolver> resolvers) {
      return new SimulatedNode(simulation, config, profile, disk, resolvers);
    }
  }

  /// The real ones.
  static final Parts SOUND = new Parts() {};

  private final Chance chance;
  private final Parts parts;
  private final String command;
  private final Envelopes envelopes = new Envelopes(new Signatures());
  private final Agenda agenda = new Agenda();
  private final Trace trace;
  private final SimulatedNetwork network;
  private final SimulatedWorld world;
  private final Watcher watcher;
  private final List<SimulatedNode> nodes = new ArrayList<>();

  /// @param command what a person types to see this very run again
  Simulation(long seed, Parts parts, String command) {
    this.chance = new Chance(seed);
    this.parts = parts;
    this.command = command;
    this.trace = new Trace(parts.listener());
    this.network = new SimulatedNetwork(agenda, chance);
    this.world = new SimulatedWorld(agenda, chance);
    this.watcher = parts.watcher(this);
    if (seed % REAL_MESSAGES == 0) {
      network.sendAsMessages();
    }
  }

  /// Verifies signatures.
  Envelopes envelopes() {
    return envelopes;
  }

  Agenda agenda() {
    return agenda;
  }

  Chance chance() {
    return chance;
  }

  Trace trace() {
    return trace;
  }

  SimulatedNetwork network() {
    return network;
  }

  SimulatedWorld world() {
    return world;
  }

  Watcher watcher() {
    return watcher;
  }

  Parts parts() {
    return parts;
  }

  List<SimulatedNode> nodes() {
    return nodes;
  }

  long wallMillis() {
    return EPOCH_MILLIS + agenda.now() / Agenda.MILLI;
  }

  /// A new node with a disk and this many resolvers; it does not run yet.
  SimulatedNode add(CoreConfig config, List<Envelope> profile) {
    LogId logId = logId(config.address());
    List<SimulatedResolver> resolvers =
        config.resolvers().stream().map(name -> parts.resolver(name, this)).toList();
    return add(config, profile, parts.disk(logId), resolvers);
  }

  private SimulatedNode add(
      CoreConfig config,
      List<Envelope> profile,
      SimulatedDisk disk,
      List<SimulatedResolver> resolvers) {
    SimulatedNode node = parts.node(this, config, profile, disk, resolvers);
    resolvers.forEach(resolver -> resolver.refreshFrom(node));
    node.numbered(nodes.size());
    nodes.add(node);
    network.add(node);
    return node;
  }

  /// The same without resolvers, for one that has been running for a while: its log begins with
  /// what a snapshot knows.
  SimulatedNode add(CoreConfig config, MemoryStatementLog log, Snapshot snapshot) {
    SimulatedNode node = add(config, List.of(), new SimulatedDisk(log), List.of());
    node.knows(snapshot);
    return node;
  }

  LogId logId(String address) {
    return new LogId(chance.bytes("log " + address).toByteString().substring(0, 16));
  }

  void setFaults(Faults faults) {
    network.setFaults(faults);
    nodes.forEach(node -> node.resolvers().forEach(resolver -> resolver.setFaults(faults)));
  }

  /// Runs on, up to this time.
  ///
  /// @throws Violation if an invariant breaks, or a core contradicts itself
  void runUntil(long nanos) {
    try {
      agenda.runUntil(nanos);
    } catch (Violation e) {
      throw e;
    } catch (RuntimeException | AssertionError e) {
      throw violation("a core contradicts itself: " + e, e);
    }
  }

  Violation violation(String what, @Nullable Throwable cause) {
    return new Violation(
        what
            + "\n  at "
            + agenda.now() / Agenda.MILLI
            + " ms of virtual time, after "
            + trace.lines()
            + " events and effects; to see it again: "
            + command,
        trace.lastLines(),
        cause);
  }
}
