/// THE PROTOCOL, sans-I/O: what happened, and when, to what there is to do.
///
/// One door in, one door out: `NodeCore.handle(Event, Moment)` returns effects, and `nextDeadline`
/// names the only timer. No clock, thread, socket, file or chance of its own, and no collection
/// whose order is hashed: the real node and the simulator drive the same core.
///
/// Six files hold the language: `Statement` (in `tocsin.trust`), `Event`, `Effect`, `Frame`,
/// `Admission` and `Plan.Task`. The parts: `PeerBook` (who is connected), `Directory` (whom to
/// dial), `Mesh` (which streams carry whole statements), `Broadcast` (how news travels),
/// `Reconciliation` (how gaps close), `WitnessBook` (what nodes sign of their logs), `WaitingRoom`
/// (what is not believed yet), `IncidentBook` (what the statements amount to), `Enactment` (how
/// resolvers come to answer accordingly).
///
/// **Decisions.**
/// - We carry what reaches us in first-come order and answer `Resume` from the log's order; a store
///   sorted by issuer was rejected because a known peer's gap would cost more than one scan. Reopen
///   if logs are pruned.
/// - A statement takes effect only after its signer's profile is here; statements with keys
///   embedded let the transport verify signatures without asking the core. Rejected: verifying in
///   the core, where one flood would block every alert.
/// - Whoever dialled us and is not a member is a guest and submits nothing; whom we dialled
///   ourselves may submit, because a new node must learn its members from somebody. Reopen if
///   bootstrap lists are signed.
/// - A link that either side chose carries whole statements both ways, and the side that receives
///   may choke it: an undirected link serves whoever hears first, so eight choices a node make
///   sixteen ways in for the copies of eight. Rejected: choice by the receiver alone, which needs
///   twice the copies for the same paths. Reopen if choking is abused to learn who is first.
/// - No heartbeat: ids go out at once, pulls have timers of their own. Rejected: gossipsub's
///   heartbeat, whose repair takes a second.
/// - Digests carry the log's size: whoever has the same may resume from there another time, so a
///   second meeting costs O(gap) even if the first one had nothing to read.
/// - The seed of all draws comes with `Started`, from outside: the core has no chance of its own,
///   and nobody else can make himself drawn.
/// - A job per alert and resolver, instead of one state machine for all: a resolver that is down
///   holds up nobody else.
/// - Fresh checkpoints are asked of as many organizations as policy says (`[policy] witnesses`),
///   but never of more than have ever shown one here: a new or small network works from the start,
///   and a node whose witnesses fall silent notices even after a restart. A fixed number was
///   rejected: with two it would stop every network of two. Reopen if eclipses of new nodes are
///   seen.
/// - Checkpoints of third nodes are passed on as they came; whoever holds another one of that log
///   asks its node for the proof that both are one history. A node that gives none is not cosigned,
///   and the proof that it gives to one of them exposes it to both.
/// - Rogue addresses and name servers of active overrides are blocked for every name only where the
///   administrator says so (`rogue-triggers`): k paths speak for an alert's names, and an address
///   may be shared by thousands of others. What somebody believed here calls correct is never
///   blocked, nor special-purpose addresses; a *pending* alert protects nothing, or whoever may
///   submit could shield a hijacker. Networks (prefixes) were rejected altogether. Reopen when
///   alerts can say what else lives at an address.
/// - The canary of `resolver test` goes through the core, as a serial of its own: only one place
///   hands out serials. It is not remembered over a restart.
/// - The median of the witnesses' clocks is shown, and judges nothing yet. Reopen when statements
///   are judged by it.
@NullMarked
package tocsin.node.core;

import org.jspecify.annotations.NullMarked;
