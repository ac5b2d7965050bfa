/// MANY NODES, NO MACHINE: real `NodeCore`s, driven in virtual time over a simulated network,
/// simulated disks and simulated resolvers, with every fault drawn from one seed.
///
/// `Simulation` owns the time and the nodes. Each `SimulatedNode` drives its core as `NodeLoop`
/// does: it gathers events, lets the core handle them, commits, and only then runs the effects.
/// `Faults` says what goes wrong, `Workload` what the organizations do, `Invariants` what must be
/// true after every turn, `Outcomes` what must be true when the faults have stopped, and `Trace` is
/// what two runs of one seed have in common. `WorldMap` says how far it is between places, `Spread`
/// measures how fast news reaches everybody. `Scenarios` is the door.
///
/// **Decisions.**
/// - Chance is split by name, not handed around: each part draws from a stream of its own, made
///   from the seed and the part's name. One shared generator was rejected, because one more draw
///   anywhere would change every other part's luck. Reopen never.
/// - A turn takes virtual time between its handling and its commit, as a synced write does, so that
///   a crash at any moment finds nodes in either state and events gather as they do in the real
///   loop. Instant turns were rejected: they hide group commit.
/// - Frames travel as values; the codec has tests of its own. Reopen when byzantine frames come.
/// - The trace hashes a canonical text made by walking the records, because `toString` of a
///   `ByteString` tells its address.
@NullMarked
package tocsin.simulations;

import org.jspecify.annotations.NullMarked;
