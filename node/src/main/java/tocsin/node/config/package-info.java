/// What an operator tells a node: `tocsin.toml`, the key files, and the folder that holds both.
///
/// [ConfigFile] reads; [NodeConfig] is what comes out: complete, valid, and nothing else in the
/// node reads TOML or the environment. [KeyFiles] and [KeyLock] hold private keys; [SequenceBook]
/// remembers what they signed.
///
/// **Decisions**
/// - We refuse unknown keys and report all errors at once. Passing over what we do not know was
///   rejected because a misspelt `override-paths` would silently weaken the policy; reopen if nodes
///   of different versions must share one file.
/// - Sections of the design that are not built yet (`[web]`, `[notify...]`, `[metrics]`) are
///   accepted with a warning. Refusing them was rejected because a file written for a newer node
///   should still start this one; reopen when they are built: then they are checked like the
///   others.
/// - A file that is not TOML is told as such, without guessing at what the broken rest may mean.
/// - The environment sets single values (`TOCSIN_POLICY__DEPTH`), never lists of sections:
///   numbering resolvers in variable names was rejected as unreadable; reopen if containers need
///   it.
/// - Whether a `[[resolver]]`'s files exist is not checked here: a missing one makes that resolver
///   down, not the node. A TSIG secret is checked, because without it the zone could not be served.
/// - Read again while the node runs (SIGHUP), a configuration takes effect as a whole or not at
///   all; what listens, what the node is called and what others count on (the slot quota) waits for
///   a restart and is said each time ([Reload]). Restarting parts of the node for them was
///   rejected: every part would need a second way to begin; reopen if restarts hurt.
/// - The last number that a key has used is kept beside the key, not only in the log, so that
///   statements signed while the node is down or elsewhere never use one number twice: that would
///   be an equivocation and suspend the key everywhere.
@NullMarked
package tocsin.node.config;

import org.jspecify.annotations.NullMarked;
