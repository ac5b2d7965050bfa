package tocsin.trust;

import java.util.Optional;

/// The arithmetic below the one strict rule of [Signatures]. An engine gets only keys that are
/// canonical, in the prime-order subgroup and not the identity, and signatures with S < L; under
/// that, every engine gives the same verdicts.
///
/// Safe for use by many threads at once.
interface SignatureEngine {
  /// For people and figures: "BouncyCastle".
  String name();

  /// Makes a key ready; empty if the engine cannot take it.
  Optional<VerifyingKey> prepare(PublicKey key);

  /// A key that is ready to verify.
  interface VerifyingKey {
    /// The equation holds without the cofactor, and R is in the prime-order subgroup and not the
    /// identity. May throw unchecked exceptions: they mean "no".
    boolean verify(byte[] message, byte[] signature);
  }
}
