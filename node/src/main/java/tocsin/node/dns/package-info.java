/// The node's authoritative DNS server: what resolvers are given (the RPZ overlay, by transfer) and
/// what anyone may ask (the lookup zone).
///
/// Inside out: `Serial`, `RecordSet`, `NameTable`, `Zone`, `ZoneDifference`, `ZoneJournal` are
/// immutable values. `Request` reads a message, `Tsig` authenticates it, `Responder` answers it,
/// `ZoneTransfer` streams a zone. `DnsServer` puts those on UDP and TCP sockets; `NotifySender`
/// tells resolvers that there is something new. `JournalFile` keeps versions over restarts,
/// `Cookies` and `RateLimit` keep us from being used against others, `ZoneSigner` and `Denial` sign
/// the lookup zone, `EncryptedListener` is DNS over TLS. `RpzZone` and `LookupZone` make zones of
/// what the core wants served, and `ListedNames` remembers, from one change to the next, what the
/// lookup zone says of each name.
///
/// ## Decisions
///
/// - We read and write messages ourselves, on byte arrays. dnsjava's `Message` was rejected for
///   this path because it allocates hundreds of objects per query and parses hostile input with
///   exceptions; dnsjava's records and names are used where zones are made. Reopen if it grows a
///   server side.
/// - TSIG (RFC 8945) is ours too, for the same reason and because dnsjava 3.7 compares MACs in
///   variable time and accepts truncated ones. Only HMAC-SHA-224 to -512; MD5 and SHA-1 were left
///   out because every resolver that takes a zone from us has had SHA-256 since 2009. Reopen if one
///   has not.
/// - A zone is a sorted array, copied for each version: 100,000 names are two copies of 100,000
///   references, less than a millisecond. A persistent tree was rejected: slower to ask, more to
///   read. Reopen at a million names.
/// - No delegations, no DNAME inside a zone of ours: an overlay must never have them, and the
///   lookup needs none.
/// - A client whose serial we know always gets the chain of differences, however short the zone is:
///   the journal is bounded, and a chain is what every secondary was seen to follow.
/// - A client *ahead* of us gets the whole zone, where RFC 1995 would send one SOA: after a
///   restored disk that is the one thing that can bring a resolver back.
/// - The lookup zone is asked, not laid out: a listed name below a listed subtree would hide the
///   subtree's wildcard from its neighbours (RFC 4592). The overlay must be laid out, because it is
///   transferred; it repeats the subtree's records around such names instead.
/// - The lookup zone cannot be transferred. Reopen when somebody wants to mirror it.
/// - Over UDP a network earns three bytes of answer with each byte of question, and what is longer
///   comes "truncated" to clients without a DNS cookie or a TSIG. That, and not the rate alone, is
///   what makes us useless for reflection; it holds on loopback too, where TCP costs nothing. A
///   limit per answer was rejected: it would send every TXT to TCP. Reopen if a common stub takes
///   truncation badly.
/// - The lookup zone can be signed as it is asked, by one key for everything, with proofs of
///   absence that cover next to nothing (RFC 4470), so that NXDOMAIN stays NXDOMAIN and nobody can
///   list the zone. Compact denial (RFC 9824) was rejected: block-list clients know NXDOMAIN only.
///   Signing in advance was rejected: subtrees answer for names that nobody knows beforehand. Keys
///   are not rolled by themselves; reopen when a parent zone follows CDS records.
/// - DNS over TLS asks for no client certificates: address and TSIG say who may transfer, as
///   without TLS. The port of TLS answers UDP, too: unbound asks there for the SOA before it
///   transfers. BIND, unbound, kdig and dig take zones so.
/// - An overlay that loses a trigger by address or name server forgets its past: unbound 1.17.1
///   goes on with triggers that a difference took away. Reopen when nobody runs such a version any
///   more.
/// - The cookie secret is random at each start. One that is kept, or shared among servers, was left
///   out: clients learn a new cookie with one question. Reopen for anycast.
/// - The journal on disk is not synced: it holds what can be sent again whole. Reopen if whole
///   transfers after a power cut should matter.
@NullMarked
package tocsin.node.dns;

import org.jspecify.annotations.NullMarked;
