/// WHAT WE REMEMBER: the append-only log of statements and what stands beside it.
///
/// `StatementLog` is the port; `RocksStatementLog` keeps it on disk, `MemoryStatementLog` in a
/// simulation. `Column` is the table of what stands on disk, `MerkleTree` hashes it, `HeadAnchor`
/// says outside RocksDB how far it has come, `Scrub` reads all of it and compares. `Indices` follow
/// behind. `Proofs` are those of RFC 9162; `Checkpoint` and `SignedNote` are what a node signs of
/// its log, `HistoryProof` what shows that it signed two. `LogExport` is a log as one file,
/// `LogCopies` a log restored or begun anew. `Limits` holds every bound.
///
/// **Decisions**
///
/// - We keep a head anchor outside RocksDB and sync it after each batch; relying on RocksDB alone
///   was rejected because no recovery mode of it notices an emptied or deleted write-ahead log.
///   Reopen if RocksDB's Java interface offers `track_and_verify_wals`.
/// - The anchor counts commits and sums the rows, not only statements, because a lost fact (a flush
///   still to be done) or a changed signature changes neither size nor root. Cutting the end of
///   RocksDB's MANIFEST drops whole tables of one column, without an error.
/// - RocksDB's journals are looked at before it reads them ([RocksJournals]): one kind of damage
///   makes it read for ever. A limit on the time of an open was rejected: the thread could not be
///   ended. Reopen when RocksDB's reader ends there by itself.
/// - A log is checked through a RocksDB that only reads before it is opened for writing: opening
///   for writing replays and deletes the write-ahead log, and a damaged one must stay as it is.
/// - A commit is two syncs, one after the other: the batch, then the anchor; only then may anybody
///   be told. Writing the anchor while the next commit is made was tried and taken back: within one
///   event both the end of the write-ahead log and the anchor of what was already told could be
///   lost, unnoticed, and on a busy machine it was no faster. Both at once was rejected: after a
///   crash an anchor that is ahead of the log is what damage looks like.
/// - Indices follow from the statements: they stand in a RocksDB of their own, are written after
///   the commit by a thread, without a write-ahead log, and are built again where they are lost or
///   wrong, with a warning. One batch for all was rejected: it cost two thirds of the appends. An
///   index that knows of more statements than there are is damage: something was lost.
/// - The Merkle tree is stored in tiles of 256 hashes, as C2SP tlog-tiles has them; one row per
///   node was rejected, because it was half of all rows.
/// - Opening re-hashes every statement, on several threads; trusting RocksDB's checksums alone was
///   rejected because they do not notice a file that is whole and old. Names and feeds are not
///   compared with the statements then: these indices must hold what they held when they were
///   written, and ids and tiles must follow from the bytes; a scrub compares all.
/// - Whoever has to read the whole log anyway reads it with the check: a node folds each statement
///   as it is checked, and speaks when all of it was right. Reading it twice was a third of a start
///   with a million statements. A snapshot of the fold on disk was rejected: it would be one more
///   thing that can be wrong, and most of a start would still be making its objects.
/// - What is read from the log is not encoded again to see that it is the one encoding: it was when
///   it was appended, and the hash says that it still is. That was half of the time of a start.
/// - A full file system is no damage: the log is closed, the ballast given up, the log opened as
///   after a crash, and the rows of the commit are written then. Waiting for RocksDB to resume was
///   rejected: after a failed write to its log it takes nothing any more. The caller of the commit
///   waits, so nothing is said; every other error ends the log.
/// - A commit that finds no room waits for an hour, then the node halts. For that hour what is
///   served goes on being served: those overrides were believed when all was well, and an operator
///   needs the time to make room at night. Longer was rejected: a node that can write nothing can
///   take in no recall and no revocation either, and an hour is after what a node that is cut off
///   withdraws its overrides, for the same reason. Withdrawing them at once was rejected: a full
///   disk would be a way to switch all corrections off. Its stop withdraws them.
/// - One thread opens tables: RocksDB's default starts sixteen for each column, each time.
/// - Accepted statements are never dropped, refused ones by policy only: see docs/log.md.
/// - Folders are synced, not only files: a disk that keeps no name that was not synced lost a whole
///   new log.
/// - Damage to statements is never mended silently: one sentence, and the node halts.
/// - Columns are RocksDB column families under atomic flush; one family with a byte of prefix was
///   rejected because entries, which only grow at the end, would be compacted together with ids,
///   which fall anywhere.
/// - The writer's uncommitted rows live in RocksDB's indexed batch, so that a read merges them with
///   what is committed by the library's code, not by ours.
/// - `MemoryStatementLog` shares no code with the columns: two ways to the same answers make the
///   contract test mean something, and thousands of simulated nodes share the `Envelope` objects.
/// - A log that is restored from a backup, or begun anew after damage, gets a new id: what the node
///   signed of the old one stays true, and no peer need be asked before it signs. Waiting until
///   peers have shown a newer head was rejected: it cannot be known that those who could have are
///   there. A folder copied back by hand has the old id: there the peers show what they remember,
///   and the node halts.
/// - A node dates its checkpoints by cosigning them itself (C2SP tlog-cosignature): extension lines
///   are not recommended, and without a time an older checkpoint is no proof that a log went back.
/// - No compression: statements are mostly hashes and signatures, and one stage less can fail.
@NullMarked
package tocsin.storage;

import org.jspecify.annotations.NullMarked;
