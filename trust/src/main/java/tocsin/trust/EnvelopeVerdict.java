package tocsin.trust;

/// What there is to say about bytes that claim to be an envelope. Reasons are one sentence each,
/// safe to print.
public sealed interface EnvelopeVerdict {
  record Valid(Envelope envelope) implements EnvelopeVerdict {}

  /// The bytes are no envelope of a well-formed statement.
  record Malformed(String reason) implements EnvelopeVerdict {}

  /// Well-formed, but not signed by those it names.
  record BadSignature(StatementId id, String reason) implements EnvelopeVerdict {}
}
