/// WHAT AN OPERATOR TYPES: one file for each command, and what they share.
///
/// A command is an [Action]: its fields are its flags, its method `run` does it. [Session] is one
/// command's life: folder, configuration, node, terminal. [Signer] says something in the
/// organization's name; [Output] prints data; everything that is no data goes to standard error.
///
/// **Decisions**
/// - Commands reach the node over its Unix socket ([NodeClient]); the folder of a stopped node is
///   read directly only where that is the point (`log`, `--offline`). A command that could do both
///   always was rejected: two writers of one log would be needed. Reopen never.
/// - Statements are signed here, not in the node: private operational keys need not be where the
///   node is, and can be encrypted. Signing in the node was rejected because whoever takes the node
///   would take the organization's voice with it; reopen for keys in hardware.
/// - A request for root keys names its signers and its number when it is made ([RootSigning]),
///   because both are under the signatures. So `--signer` chooses whom to ask, and `key sign` keeps
///   the first signer's book: two requests with one number would suspend a key that only did as it
///   was told. Numbers given by the last signer were rejected: the others would sign blind.
/// - Only the command that is called is made ([Commands]); gRPC, RocksDB and the JSON library are
///   loaded when they are used. That keeps `--help` fast. An interpreter in another language was
///   rejected; reopen if half a second is too slow.
/// - The launcher takes the signatures off the jars after a build ([UnsignedJars]): checking
///   classes of BouncyCastle against its manifest was a fifth of the processor time of a small
///   node's start, and they were in no archive of classes. Repacking them by a plugin of the build
///   was rejected: one more thing to be fetched.
/// - A node may take a gigabyte (or half of the memory) for when a large log is on its way to it,
///   and mostly needs a few dozen megabytes: [FrugalHeap] keeps the heap as small as what is in it.
///   A limit as small as mostly suffices was rejected: a newcomer ran out of it before it had read
///   100,000 statements. Reopen when a collector that is as small keeps to what is needed by
///   itself.
/// - Data are plain maps with a fixed order of keys, made by hand for each schema. Binding to
///   records was rejected: a rename in the code would silently break scripts; reopen if there are
///   more than fifty schemas.
/// - What is printed to be run begins with the program as it was called (`TOCSIN_PROGRAM`, which
///   the launcher says), so that it runs as printed. A fixed `tocsin` was rejected because it is
///   not on the PATH of whoever tries the program from its sources.
/// - What comes from other organizations passes through [Printable] before it reaches a terminal.
@NullMarked
package tocsin.cli;

import org.jspecify.annotations.NullMarked;
