/// A TINY INTERNET ON LOOPBACK: what `tocsin demo` and the integration tests run against.
///
/// [LabInternet] is a root, a top-level domain, the name servers of a victim and those of a
/// hijacker, with cues to hijack and to repair. [EmbeddedResolver] is a small caching resolver that
/// believes the lie as every cache does; [UnboundProcess], [BindProcess], [PowerDnsProcess] and
/// [KnotProcess] are real resolvers made to live in this internet, which can be signed. Nothing
/// here is part of a node in service.
///
/// **Decisions**
/// - Zones are dnsjava's `Zone`, served by blocking sockets on virtual threads. Taking the node's
///   own DNS server was rejected because tests of that server would then ask itself; reopen if the
///   lab must bear load.
/// - The whole lab takes one block 127.N.53.0/24, and the next one if somebody else (another test
///   run) holds it. Ports of one address each were rejected because resolvers follow referrals to
///   port 53 only.
/// - The embedded resolver speaks unbound's control protocol, so that the actuator of unbound
///   drives both. An actuator of its own was rejected: the demo would then show something that no
///   operator has.
/// - This package has its own DNS client (dnsjava's `SimpleResolver`) and does not see
///   `tocsin.node.resolver`: what is tested and what it is tested with must not share a fault.
@NullMarked
package tocsin.node.lab;

import org.jspecify.annotations.NullMarked;
