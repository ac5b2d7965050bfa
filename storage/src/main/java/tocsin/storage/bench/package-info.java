/// How fast the log is on this machine: what `tocsin bench log` runs.
///
/// **Decisions**
///
/// - It is measured beside a plain loop of RocksDB in the same run, because a disk's rate swings by
///   a factor of ten with what else goes on; figures alone were rejected. Reopen if the log leaves
///   RocksDB.
/// - It stands here and not in the tests: an operator asks how fast his own disk is.
@NullMarked
package tocsin.storage.bench;

import org.jspecify.annotations.NullMarked;
