package tocsin.trust;

import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// BouncyCastle's low-level Ed25519: pure Java, works everywhere. It checks the equation times the
/// cofactor 8; with both A and R in the prime-order subgroup that is the same thing, at the price
/// of a full check of R (97 us on the machine where it was measured).
final class BouncyCastleEngine implements SignatureEngine {
  @Override
  public String name() {
    return "BouncyCastle";
  }

  @Override
  public Optional<VerifyingKey> prepare(PublicKey key) {
    return Optional.ofNullable(Ed25519.validatePublicKeyPartialExport(key.key().toByteArray(), 0))
        .map(point ->
            (message, signature) ->
                // The cheap half first: most bad signatures end here.
                Ed25519.verify(signature, 0, point, message, 0, message.length)
                    && Ed25519.validatePublicKeyFull(signature, 0));
  }
}
