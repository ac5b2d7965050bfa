/// MANY NODES, NO MACHINE: real `NodeCore`s, driven in virtual time over a simulated network,
/// simulated disks and simulated resolvers, with every fault drawn from one seed.
///
/// `Simulation` owns the time and the nodes. Each `SimulatedNode` drives its core as `NodeLoop`
/// does: it gathers events, lets the core handle them, commits, and only then runs the effects.
/// `Faults` and `Mishaps` say what goes wrong, `Workload` what the organizations do, `Invariants`
/// what must be true after every turn, `Outcomes` what must be true when the faults have stopped,
/// and `Trace` is what two runs of one seed have in common. A `Trial` puts a `Federation` to the
/// test, some of whose members may be `Adversary`s; the `Oracle` reads logs by other means than the
/// nodes do. `WorldMap` says how far it is between places, `Spread` measures how fast news reaches
/// everybody, `Baselines` does the same for other protocols (`GossipSub`, `PushPull`), and
/// `ReportPage` makes a page of it with `ArrivalPlot`, `StoryPlot` and `WorldPicture`. `Scenarios`
/// is the door.
///
/// **Decisions.**
/// - Chance is split by name, not handed around: each part draws from a stream of its own, made
///   from the seed and the part's name. One shared generator was rejected, because one more draw
///   anywhere would change every other part's luck. Reopen never.
/// - A turn takes virtual time between its handling and its commit, as a synced write does, so that
///   a crash at any moment finds nodes in either state and events gather as they do in the real
///   loop. Instant turns were rejected: they hide group commit.
/// - The trace hashes the records word by word as it walks them; text is made only of the last
///   ones, for whoever looks into a failure. `toString` was rejected (that of a `ByteString` tells
///   its address), and so was hashing text: it cost more than the protocol.
/// - Alerts whose spread is measured are drills: they are judged and listed like any other and act
///   on nothing, because it is their way that is measured, not what a resolver does with them.
/// - What all nodes of a large network know is read once: their logs are forks of one log, and a
///   `Snapshot` of a core that has read it says whom they know and how far away. Letting each node
///   measure two hundred others first was rejected for spreadings: it costs more than all alerts,
///   and `PeersTest` looks at it. Reopen if the choice of neighbours is what is to be measured.
/// - The lower bound is that of shortest paths, by countries: whoever passes something on is best
///   the one of his country with the shortest last mile. That is exact, and costs as much for ten
///   thousand nodes as for ten.
/// - Other protocols get every doubt in their favour: they write nothing before they pass it on,
///   verify in no time, know their neighbours from the start, and a lost segment holds up nothing
///   but itself. Running somebody's implementation was rejected: it cannot be driven in virtual
///   time. Reopen if one can.
/// - Pages have no scripts and fetch nothing: they can be kept, mailed and read in ten years.
/// - Frames travel as values, and as bytes through the real codec, signatures verified, with every
///   tenth seed and wherever somebody speaks nonsense. Bytes always were rejected for their cost.
/// - Each trial has a blow of its own, measured without other faults; then a bad day on top, when
///   nothing wrong may happen; then peace, when all must become well in its time. The adversary
///   goes on all the while. Faults from the first second on were rejected: they hide what the blow
///   itself does.
/// - What a node may do is judged by the `Oracle`, which shares no code with `Judge`: plain maps,
///   statement by statement, and the simplest flow. Small networks are also judged by a second
///   `Judge` that reads the log backwards, which finds what depends on the order of arrival.
/// - What shares its key's number or slot with another statement does not count in S(anchor), only
///   that there is such: of these each node keeps what proved it first, and not all nodes the same.
/// - Mistakes are planted from outside the core: in its disk, its driver, its configuration, and in
///   what of the world reaches it. Switches in the core were rejected. Reopen never.
@NullMarked
package tocsin.simulations;

import org.jspecify.annotations.NullMarked;
