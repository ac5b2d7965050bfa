/// The one thread that drives the core: event, handle, commit, run effects.
///
/// **Decisions.** Events that have gathered while a turn ran are handled together and committed
/// once: group commit costs no latency when there is one event, and saves a disk flush for each
/// when there are many; a timer was rejected because it would delay the single alert that matters.
/// Reopen if turns grow longer than a few milliseconds. The loop is a platform thread: RocksDB's
/// JNI would pin a carrier.
///
/// `LogKeeper` cares for the log on a thread of its own: room, ballast, scrub, retention. What it
/// finds it tells the core as events; damage halts the node. A turn that finds no room at all waits
/// in its commit, DNS goes on beside it; running its effects first was rejected by the fourth law.
@NullMarked
package tocsin.node.loop;

import org.jspecify.annotations.NullMarked;
