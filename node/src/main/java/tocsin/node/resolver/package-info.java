/// BESIDE THE RESOLVERS: telling a resolver to forget, to ask other name servers, and asking it
/// what it says now.
///
/// [Resolver] is what a node can do to one; [UnboundResolver], [BindResolver], [PowerDnsResolver],
/// [KnotResolver] and, for all others, [CommandResolver] are its kinds. Most take their overlay
/// from the node's DNS server; those that transfer no zones are offered an [OverlayZone].
/// [DelegationCheck] asks the real servers, root first and without any cache, whether the world is
/// right again before the caches are told to ask it.
///
/// Everything blocks and runs on the caller's thread, which is a virtual thread of that resolver's
/// own. Every operation has a deadline, is idempotent, and ends in its result or in a
/// [ResolverException] of one sentence; nothing that a resolver or a name server sends can end in
/// anything else.
///
/// **Decisions**
/// - We speak unbound's control protocol ourselves (7 to 13 ms measured); running `unbound-control`
///   was rejected because of a process per command and because its output cannot be bounded; reopen
///   if the protocol's version 1 (`UBCT1`) goes away.
/// - A deadline closes the socket under the blocked call. Socket timeouts alone were rejected: they
///   start anew with every byte, and Unix domain sockets have none.
/// - Flushing means the subtree, always: measured on four resolvers, flushing `www.D` of a hijacked
///   delegation fetches the lie again.
/// - A flush may be shared only by those who asked before it began: one that is under way may have
///   passed the very entry that a later caller means.
/// - The resolver's certificate is compared byte for byte with the file; certificate authorities
///   and host names have no say. `unbound-control-setup` makes certificates without usable host
///   names, and a file of the operator's is a narrower trust than any authority.
/// - DNS questions are asked with a socket (a port) and an id of their own by blocking sockets;
///   dnsjava's `SimpleResolver` was rejected because its shared selector thread outlives us and
///   because it neither tells truncation from answers nor checks the case of the question.
/// - We speak BIND's control channel ourselves, by the key that the configured `rndc` command
///   names: a process a command takes 10 ms, and was measured to take 200 to 300 on a machine under
///   load, which is when alerts come. What we do not understand of a key file is left to `rndc`
///   itself. Serials are read by a question for the SOA, where BIND answers that.
/// - What BIND has in its memory but cannot show (an addition for which its disk had no room) is
///   taken out before it is added again; waiting for its restart was rejected, nobody would know.
/// - PowerDNS is driven by its web interface and `rec_control`: these tools are where their makers
///   keep compatibility.
/// - Name servers at BIND are replaced by `delzone` and `addzone`. `modzone` was rejected: 9.18.49
///   lists the new servers and asks the old ones. Never `delzone -clean`: it crashes named.
/// - PowerDNS has name servers in a line of its `forward-zones-file`, marked as ours; which file,
///   and where the control socket is, the recursor says itself. Its HTTP zones were rejected: they
///   need a folder that few have set.
/// - Knot Resolver gets one rule before all others and one table of ours by its control sockets,
///   which fall silent by themselves when the node is not heard. Watching the file (`policy.rpz`
///   with `lua-cqueues`) was rejected: the package is optional, and nothing could be read back.
/// - In Knot Resolver an alias in the overlay becomes "no data": it ignores the rule and would give
///   the rogue answer. Reopen if a later version serves it.
/// - Corrections that a resolver keeps in memory only are compared at each reading of the serial
///   and made again, with a flush: a restart can be quicker than the node notices.
/// - What we put bears a mark that the resolver's own list shows: a name server `tocsin.invalid.`
///   of unbound's stubs, a `max-records` of BIND's zones, a comment in PowerDNS's file, a table of
///   ours in Knot Resolver, and for negative trust anchors a second one at a hash below
///   `tocsin.invalid.` or a reason. All else is the operator's and is not touched. A list of our
///   own on the disk was rejected: it would be wrong after a restart of the resolver, a restore of
///   the node's folder, or a change by hand. BIND's `forwarders { };` in our zones would correct
///   forwarding BINDs, too, and was rejected: `delzone` leaves it behind.
/// - Commands are vectors of words, never a shell's line.
/// - [Resolver] is an open interface, not a sealed one: the kinds differ in everything but these
///   operations, and nobody switches over them.
@NullMarked
package tocsin.node.resolver;

import org.jspecify.annotations.NullMarked;
