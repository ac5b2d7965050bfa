package tocsin.trust.graph;

/// Why an alert can never be accepted as things stand. The first six hang on what it says alone.
public enum Guard {
  /// The root and top-level names are never overridden.
  ROOT_OR_TOP_LEVEL,
  /// This node's administrator has said that it is never overridden.
  NEVER_OVERRIDDEN,
  /// A name under which others register.
  PUBLIC_SUFFIX,
  /// A correction points at an address of the IANA special-purpose registries.
  SPECIAL_PURPOSE_ADDRESS,
  /// A name or record that a response policy zone would take for an instruction.
  RPZ_MAGIC,
  /// More statements in an hour than the network allows a key.
  OVER_QUOTA,
  /// The signing key does not speak for the issuer: not listed, for another use, or revoked.
  VOID_SIGNER,
  /// No vouch leads from an anchor to the submitter.
  NOT_VETTED,
  /// Vetted, but not for these names.
  OUT_OF_SCOPE,
  /// The name's owner has registered who may submit for it, and it is another.
  NOT_DESIGNATED,
  /// Vetted, but not as a submitter.
  NOT_A_SUBMITTER,
  /// The vouch was taken back, or the key that made it was revoked.
  WITHDRAWN,
  /// The vouch has run out.
  VOUCH_EXPIRED,
  /// The submitter was revoked by disjoint organizations.
  REVOKED,
  /// Issued more than five minutes ahead of this node's clock.
  IN_THE_FUTURE,
  /// As many disjoint organizations dispute it as could have raised it.
  DISPUTED
}
