/// WHO SPEAKS: statements and their one encoding, envelopes and the one meaning of a valid
/// signature, keys, names. Pure, no I/O. Whom we believe is `tocsin.trust.graph`'s.
///
/// The way in: bytes -> [Envelopes#verify] -> [Envelope], whose [Statement] is well-formed and
/// whose signers are those that its header names. The way out: [Envelopes#sign].
///
/// ## Decisions
///
/// - **One strict signature rule above the engine** ([Signatures]); "whatever the library says" was
///   rejected because libraries disagree on hundreds of edge cases, and one of them can split the
///   network. Two engines run below it, BouncyCastle everywhere and AWS-LC where it loads, and
///   agree on every vector of `proto/vectors/signatures.txt`.
/// - **R gets the full check**, after the equation, so that BouncyCastle's cofactored equation is
///   the cofactorless one; comparing encodings of R was not possible through its interface. Reopen
///   with a cofactorless engine.
/// - **A statement has one encoding**: parsed, encoded again, compared. A schema walk for unknown,
///   repeated and default fields was rejected: more code, and it must be complete to be of use.
/// - **The outer form of an envelope is read by hand, in place** ([EnvelopeForm]), from the network
///   as from the log: its three fields made a fifth of the garbage of reading one. Bytes from
///   outside are encoded again by protobuf and compared all the same. Statements are read by
///   protobuf: nine kinds by hand would be nine places to be wrong.
/// - **The keys of a quorum stand in the signed header** (`cosigners`), and the signatures must be
///   exactly theirs. With signatures outside the id (as they must be), somebody could otherwise
///   pass on a profile with one signature fewer, and the whole one would be taken for known. Reopen
///   never.
/// - **What stops something never expires** (recalls, withdrawals, revocations, disputes; profiles,
///   too): an end that ends would revive what it stopped.
/// - **Texts are single lines** without control or direction characters: they are shown on
///   terminals, in mail and in logs. Reopen if evidence needs paragraphs.
/// - **A-labels are not checked for being IDNA-valid**: the JDK knows IDNA 2003 only and would
///   refuse names that registries sell today. Reopen with an IDNA 2008 library.
/// - **Key files**: PKCS#8 with scrypt and AES-256-GCM through BouncyCastle's low-level classes;
///   its PEM builders do not offer that pair. OpenSSL reads the plain form only.
/// - **Short ids find, full ids prove**: 60 bits of hash can be ground out by somebody rich; what
///   is signed or stored always holds all 256.
@NullMarked
package tocsin.trust;

import org.jspecify.annotations.NullMarked;
