/// WHOM WE BELIEVE: the web of trust, and the judgement of alerts in it. Pure: a function of the
/// statements with their first-seen times, the policy, the anchors and the time that the caller
/// gives.
///
/// [TrustGraph] files statements in any order; [Judge] answers for one policy and set of anchors.
/// Inside: [Speaker] (one organization by its own words: [ProfileHistory], [KeyChain], [Vouching]),
/// [Web], [Reach] and [WholeWeb] (the filtered graph), [DisjointPaths] (the algorithm), [Endings]
/// (what stops an alert), [ContentGuards] (what no alert may say).
///
/// ## Decisions
///
/// - **The alert is the sink, vertices are organizations** (Menger 1927; Dinitz 1970). Separate
///   thresholds for vouches and endorsements would only give the smaller of the two.
/// - **Only vouches that give the vetter's role carry depth and lead through an organization**; any
///   vouch leads *to* a signer. Roles belong to the organization (union over its vouches), not to
///   the path by which it was reached: disjoint paths with typed transitions are not polynomial in
///   general, and the guarantee holds without.
/// - **Vouches of one issuer for one subject add up, per name**; those of different issuers do not:
///   a path must cover all names of the alert.
/// - **The obstacle is the smallest cut nearest to the anchors**: an endorsement reachable without
///   it adds a path. The cut nearest to the alert is as small, but would name the submitter where
///   the lone anchor is what is missing.
/// - **Revoked from the last good statement on**, by sequence number, and by hash where the chain
///   is known: a rival of a statement that leads to the last good one is void. A last good
///   statement not known here shields nothing until it comes. Several revocations: the strictest
///   wins.
/// - **What stops is judged when first seen** ([View]). In the web of *now*, a later withdrawal
///   would revive what a dispute had stopped; in the web of *ever*, an expelled party could dispute
///   for ever. Nodes that saw things in another order may differ in such a case until the alert
///   expires.
/// - **Stopping needs a key that any valid profile ever listed**, revoked or not; starting needs
///   the latest profile. Root quorums: of any valid version for revocations.
/// - **A successor and a closing flush need the paths once**, as first seen; by the same submitter,
///   a flush needs none. A foreign flush needs them for the names of both alerts, and ends only
///   what was issued before it.
/// - **A pending alert tells what it has lost** ([Losses]): of at most 16 signers, as anybody may
///   invent them. All of them were rejected: a decision must not become as dear as its endorsers
///   are many.
/// - **Endorsements do not replace a submitter's standing signature, but may replace its
///   standing**: k disjoint endorsers make an unvetted organization's alert active, by the flow
///   rule. With no path at all it is *refused* with the reason, and judged anew whenever anything
///   changes.
/// - **The proof that a key contradicts itself is the pair of statements** ([KeyChain]): both are
///   gossiped like any other, every node that holds both sees it by itself, and a guest may bring
///   the second. A statement kind of its own was rejected: somebody would have to sign it, and be
///   believed or not. What the key *started* from the lower number on is void, what it stopped
///   stays; a revocation seen before shields what it left standing, one that comes after revives
///   nothing.
/// - **What is contradicted does not count in S(anchor)** ([TrustGraph.Said]), but stays in the
///   log. Whoever made a hundred statements with one number, and told each node another two of
///   them, would make their sets differ for ever, and them read each other's logs for ever. Now one
///   mark stands for whatever proves it of a key, so that nodes with different proofs have the same
///   set; whoever lacks the mark, or counts what another can disprove, is sent the proof. A
///   statement with a taken number or slot is taken in as long as it disproves one that counted: so
///   for each thing that a key says it can make a node keep one more. To keep the same few
///   everywhere (those with the lowest ids) was rejected: lower ones can be made without end. What
///   such a key had started before may stand at one node and not at another, if it contradicted
///   itself in slots and they hold different proofs: its own voice only, which is one anyway.
/// - **A registration binds with the paths of an override** and seven days: with the days alone,
///   one careless vetter, an invented organization and patience would make a path of their own,
///   against law 2. Once bound, its restrictions outlive the revocation of its key (opening is
///   starting), but neither its expiry nor its owner's recall. The owner of *any* name of an alert
///   recalls it; for a path of its own it must own *all*.
/// - **Groups exclude, they do not melt** ([Groups]): whoever declares a vetted organization's
///   group must not be vetted with it. Disjoint paths with colours are hard in general: pairs on
///   two paths are branched on, within a bound, and never too many paths are found. A path through
///   two members of one group may be missed.
/// - **Minimum endorsements are paths**: N endorsements are N + 1 disjoint paths. A second count
///   would only give the smaller of the two.
/// - **Judgements follow vouches backwards from the signers**: a vetter with ten thousand vouches
///   costs no more than one with ten. The whole web ([WholeWeb]) is computed for pictures only.
/// - **Revoking an organization** takes as many disjoint vetters as an override takes paths, each
///   for all scopes that the subject is vetted for; claims count in the order of their first sight.
///   Anchors are exempt: law 1.
/// - **Profiles are consecutive**: version n + 1 needs a valid version n. Of two branches the
///   higher version wins, then the lower id: only a quorum of roots can make them. An organization
///   whose roots contradicted themselves so often that the others are no quorum is suspended until
///   a profile lists better ones. A stolen root that an older version listed can still branch off
///   there: reopen with a revocation of roots.
/// - **Flushing a top-level name, a public suffix or the root** needs the paths of an override:
///   nobody alone empties the world's caches.
/// - **S(anchor) has depth 8 for everybody** ([ReachableOrganizations]): with each policy's own
///   depth two nodes would disagree on what to carry. No policy's depth is greater.
/// - **Trees, not hash maps**, for an order that is the same everywhere; and arrays where there is
///   much. Alerts and what speaks of them stand in a table of our own whose order nobody sees
///   ([Hashed]): with trees, reading a log of a million statements again took half as long again.
///   Vouches stand in a [VouchTable] (compressed sparse rows in both directions, 48 bytes a vouch),
///   and the latest changes beside it ([Vouches]), until they are so many that a new table is worth
///   its cost. Organizations have numbers there in the order of arrival ([Roster]), so no result
///   may depend on them: [Reach] numbers its few vertices by id. Numbers in the order of ids were
///   rejected: each newcomer would renumber all.
/// - **A graph can be forked** ([TrustGraph#fork]): simulated nodes share profiles and vouches, and
///   file the rest each for itself. Maps in two layers ([Layered]) rather than persistent trees:
///   copied paths of a great map weigh more than what is added.
/// - **What an alert says is read when it is judged** ([TrustGraph.Archive]): a node files every
///   alert and endorsement there ever was, and judges the few that are not over. With their content
///   in memory a million statements were 14 million objects and 609 MB, and a start spent a third
///   of its time copying them; now 2.5 million and 220 MB.
/// - **First-seen times stand in the chains of keys**, by sequence number, and nowhere else: a map
///   of all ids weighed as much as all vouches.
/// - **Chains are arrays** ([Links]): an object for each link was a quarter of all that a node
///   keeps. They have one order for numbers and slots, as careful signers count; two lists for all
///   were rejected for the few keys that jump back in their slots, which cost a tree. A scan for
///   those was rejected, too: a start would take quadratic time for whoever wants it to.
@NullMarked
package tocsin.trust.graph;

import org.jspecify.annotations.NullMarked;
