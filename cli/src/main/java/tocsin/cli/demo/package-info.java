/// THE DEMONSTRATION: the hijack of CheckFree in December 2008 replayed on this machine, by real
/// nodes over real connections.
///
/// [Demo] plays the scenes of [CheckFree] one after the other; [Cast] are the organizations and
/// their nodes, [Member] one of them; [Prober] are the customers, who ask all the time; [Screen]
/// tells it to people and [Figures] to scripts; [Closer] ends it all, however it ends.
///
/// The same nodes are measured here: [NetworkBench] and [EndingBench], [GossipBench],
/// [ReadersBench] with its [Guest]s, [ResolverBench], [DnsBench]. What is said for that is
/// [Measured], at a steady [Pace]; [Percentiles] and [ProcessMemory] tell what came of it.
///
/// **Decisions**
/// - All nodes live in this one process: a JVM for each was rejected because six starts on two
///   cores take longer than the story. What goes between them goes through sockets all the same.
///   Reopen if a node ever has state outside of its object.
/// - Every duration comes from the nodes' own records (when a statement was first seen, when an
///   alert became active, when a resolver was verified) or from the customers' answers; polling
///   only waits. Stop watches around the waiting were rejected: they measure the polling.
/// - "Two days pass" is a flush of the caches by hand, and is told: real time was rejected for want
///   of it.
/// - The nodes' folders are made by what `tocsin init` calls ([Init]), and only then edited, as an
///   operator would edit them: a configuration built in memory was rejected because it would prove
///   nothing about the one that people have.
/// - A scene that was not seen ends the story: the next ones depend on it.
@NullMarked
package tocsin.cli.demo;

import org.jspecify.annotations.NullMarked;
