/// BESIDE THE RESOLVERS: telling a resolver to forget, to ask other name servers, and asking it
/// what it says now.
///
/// [Resolver] is what a node can do to one; [UnboundResolver] is the first kind. Its overlay is not
/// here: it takes that from the node's DNS server. [DelegationCheck] asks the real servers, root
/// first and without any cache, whether the world is right again before the caches are told to ask
/// it.
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
/// - [Resolver] is an open interface, not a sealed one: the kinds differ in everything but these
///   operations, and nobody switches over them.
@NullMarked
package tocsin.node.resolver;

import org.jspecify.annotations.NullMarked;
