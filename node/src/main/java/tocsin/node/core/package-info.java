/// THE PROTOCOL, sans-I/O: what happened, and when, to what there is to do.
///
/// One door in, one door out: `NodeCore.handle(Event, Moment)` returns effects, and `nextDeadline`
/// names the only timer. No clock, thread, socket, file or chance of its own, and no collection
/// whose order is hashed: the real node and the simulator drive the same core.
///
/// Six files hold the language: `Statement` (in `tocsin.trust`), `Event`, `Effect`, `Frame`,
/// `Admission` and `Plan.Task`. The parts: `PeerBook` (who is connected), `Neighbourhood` (for
/// whose sake we carry statements, and who is there), `Directory` (whom to dial), `Mesh` (over
/// which streams we ask for whole statements), `Broadcast` (how news travels), `Reach` (whom it is
/// told whole), `Reconciliation` (how gaps close: a known peer's log is read on, what is live first
/// by `HeadStart`, scattered gaps are found by `Comparison` of `RatelessSymbols`), `CarriedSets`
/// (what is compared), `WitnessBook` (what nodes sign of their logs), `WaitingRoom` (what is not
/// believed yet), `Fold` (the web of trust and the carried sets, as the log is read),
/// `IncidentBook` (what the alerts amount to), `Enactment` (how resolvers come to answer
/// accordingly).
///
/// **Decisions.**
/// - A start folds the statements while the log is checked, before there is a core, and the core
///   goes on with that fold: one pass over the log instead of two. Nothing is judged or said before
///   the check is through.
/// - We carry what reaches us in first-come order and answer `Resume` from the log's order; a store
///   sorted by issuer was rejected because a known peer's gap would cost more than one scan. Reopen
///   if logs are pruned.
/// - A statement takes effect only after its signer's profile is here; statements with keys
///   embedded let the transport verify signatures without asking the core. Rejected: verifying in
///   the core, where one flood would block every alert.
/// - Whoever dialled us and is not a member is a guest and submits nothing; whom we dialled
///   ourselves may submit, because a new node must learn its members from somebody. Reopen if
///   bootstrap lists are signed.
/// - What has passed few nodes goes whole to every stream, what has passed more to those who chose
///   the stream; a push says how many nodes it passed. Of a thousand nodes, whole to whoever either
///   side had chosen cost 9.2 copies a delivery at 1.50 x the bound; this costs 8.0 at 1.40 x, and
///   with a third of the nodes silent 8.0 at 1.50 x instead of 11.2 at 1.86 x. The number is a hint
///   of whoever pushes: a false one costs some copies, or some milliseconds. Reopen if it tells
///   observers too well who said something first; they see that from the times, too.
/// - Five choices a node, and some thirty streams instead of twenty: the early copies go further,
///   and a stream costs a ping in ten seconds. More copies only help while few nodes have
///   something; where they do not suffice for all streams, four that nobody asked for carry them,
///   half of these the farthest. The next ones in turn instead, with seven choices, took 8.2 copies
///   instead of 7.7 at 1.49 instead of 1.48 x among ten thousand nodes, and 311 instead of 295 ms;
///   the nearest ones are worse than either. All of them the farthest was rejected: whoever answers
///   late seems far.
/// - Copies are saved only when more than ten statements a second come: then slow streams are
///   choked. In a small network, where the origin reaches all, each node then tells one other and
///   all the rest, a second later, ids; with thirty streams from three a second on, because a frame
///   for each of them is what costs most there. Always was rejected: an alert a day is worth nine
///   copies.
/// - Whether all is well is judged by the share of statements that had to be asked for, and not by
///   the last one: among a thousand nodes something has to be asked for every few seconds. What was
///   asked for and then came unasked does not count: its sender is slow. When it counted, thirty
///   nodes on two processors, once overloaded, told everybody everything whole and so stayed
///   overloaded, at eight statements a second instead of twenty.
/// - No heartbeat: ids go out at once, pulls have timers of their own. Rejected: gossipsub's
///   heartbeat, whose repair takes a second.
/// - Scattered gaps are found by rateless IBLT symbols (arXiv 2402.02668) of ids cut to six bytes,
///   ten bytes a symbol, with a number modulo 256 instead of the paper's variable one: 21 to 28
///   bytes a difference. The asking side sends a sketch of 208 bytes, from which the other guesses
///   how many symbols are needed; streaming them until the asker says stop was rejected, because a
///   round trip's worth of symbols comes too much. The asked side keeps no state: who needs more
///   asks for all anew (one time in fifty). Who asks is who holds less. Reopen if sets of more than
///   ten million are carried: cut ids then grow too alike.
/// - Symbols are made for an anchor when somebody first asks, in portions between other events, and
///   kept up to date from then on. From the start, for all anchors, was rejected: a simulation has
///   ten thousand nodes, and most never compare anything. Whoever grinds ids that hide each other
///   costs a reading of the whole log, once a minute at most.
/// - Who lacks more than a quarter of a set, or more than 2,800 statements, reads the log from its
///   beginning: there vouches come before what they vouch for.
/// - Who lacks more than four thousand statements is sent first what is live, with the profiles and
///   vouches on the paths that lead to it (`HeadStart`), then the log in its order. In the order of
///   the log alone a new node learned last what goes on today: with a hundred thousand statements
///   half a minute after it came. Live alerts without the paths were rejected: whoever was vouched
///   for late would wait for its vouch all the same. Reopen if more are live than four thousand
///   statements tell of.
/// - Of an alert that is over when it comes nothing is kept but what the web of trust must know: a
///   new node that kept them as live until the next judgement of all ran out of memory at a hundred
///   thousand statements.
/// - Five portions of a log are on their way at once, as much as the connection's flow control
///   takes; one at a time was rejected because a gap then cost a round trip for each 150
///   statements.
/// - What shares its number or slot with another statement of its key does not count in what is
///   compared; a mark for the key does, whatever proves it ([CarriedSets]). Whoever lacks the mark
///   is sent a pair of statements; whoever counts something that a node here can disprove, because
///   that one asks for it, is sent what does. All statements of such a key not to be counted was
///   rejected: what it said before stands, and gaps in it must close.
/// - A node's own organization counts as an anchor, for itself and in its Hello, only as long as
///   its anchors do not reach it. Always was rejected: everybody would carry, and digest, for
///   everybody's neighbours. Reopen if anchors are withdrawn often.
/// - What is looked at with every event is what the event changed; streams, addresses, overlay and
///   directory are gone through when something of theirs changed or is due. Ten thousand cores in
///   one process need it, and a busy node too.
/// - Each live alert has a time of its own at which it is judged anew ([Agenda]); only when
///   something of the web begins or ends are all. All at each of these times was rejected: with six
///   thousand live alerts, of which a hundred end each second, it took the whole loop.
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
/// - The clock for statements is the median of the witnesses' clocks, of three organizations or
///   more, followed by at most five minutes; beyond, the node doubts its own clock and fails safe.
///   Following it without a bound was rejected: most of the witnesses together could then revive or
///   end alerts. As a witness the node dates by its own clock, or all would follow each other.
/// - Without room the core takes in what stops something and refuses the rest without a note, which
///   would itself take room; peers are compared with again when there is some.
/// - Rogue addresses and name servers of active overrides are blocked for every name only where the
///   administrator says so (`rogue-triggers`): k paths speak for an alert's names, and an address
///   may be shared by thousands of others. What somebody believed here calls correct is never
///   blocked, nor special-purpose addresses; a *pending* alert protects nothing, or whoever may
///   submit could shield a hijacker. Networks (prefixes) were rejected altogether. Reopen when
///   alerts can say what else lives at an address.
/// - The canary of `resolver test` goes through the core, as a serial of its own: only one place
///   hands out serials. It is not remembered over a restart.
@NullMarked
package tocsin.node.core;

import org.jspecify.annotations.NullMarked;
