/// THE PROTOCOL, sans-I/O: what happened, and when, to what there is to do.
///
/// One door in, one door out: `NodeCore.handle(Event, Moment)` returns effects, and `nextDeadline`
/// names the only timer. No clock, thread, socket, file or chance of its own, and no collection
/// whose order is hashed: the real node and the simulator drive the same core.
///
/// Six files hold the language: `Statement` (in `tocsin.trust`), `Event`, `Effect`, `Frame`,
/// `Admission` and `Plan.Task`. The parts: `PeerBook` (who is connected, whom to dial),
/// `Reconciliation` (how gaps close), `WaitingRoom` (what is not believed yet), `IncidentBook`
/// (what the statements amount to), `Enactment` (how resolvers come to answer accordingly).
///
/// **Decisions.**
/// - We carry what reaches us in first-come order and answer `Resume` from the log's order; a store
///   sorted by issuer was rejected because a known peer's gap would cost more than one scan. Reopen
///   if logs are pruned.
/// - A statement takes effect only after its signer's profile is here; statements with keys
///   embedded let the transport verify signatures without asking the core. Rejected: verifying in
///   the core, where one flood would block every alert.
/// - Whoever dialled us and is not a member is a guest and submits nothing; whom we dialled
///   ourselves may submit, because a new node must learn its members from somebody. Reopen with the
///   mesh.
/// - A job per alert and resolver, instead of one state machine for all: a resolver that is down
///   holds up nobody else.
@NullMarked
package tocsin.node.core;

import org.jspecify.annotations.NullMarked;
