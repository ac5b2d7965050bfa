package tocsin.trust;

import com.google.protobuf.ByteString;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// A private Ed25519 key (RFC 8032 section 5.1.5). Not a record, so that nothing prints it.
public final class SigningKey {
  public static final int SEED_BYTES = Ed25519.SECRET_KEY_SIZE;

  private final byte[] seed;
  private final PublicKey publicKey;

  private SigningKey(byte[] seed) {
    this.seed = seed;
    byte[] point = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(seed, 0, point, 0);
    this.publicKey = PublicKey.ed25519(ByteString.copyFrom(point));
  }

  /// A new key from 32 bytes of this source of chance.
  public static SigningKey generate(SecureRandom random) {
    byte[] seed = new byte[SEED_BYTES];
    random.nextBytes(seed);
    return new SigningKey(seed);
  }

  /// The key that RFC 8032 derives from this seed.
  ///
  /// @throws IllegalArgumentException if the seed has not exactly 32 bytes
  public static SigningKey fromSeed(ByteString seed) {
    if (seed.size() != SEED_BYTES) {
      throw new IllegalArgumentException("a private key has 32 bytes, not " + seed.size());
    }
    return new SigningKey(seed.toByteArray());
  }

  public PublicKey publicKey() {
    return publicKey;
  }

  public KeyId id() {
    return publicKey.id();
  }

  /// The 64-byte signature over the message.
  public ByteString sign(ByteString message) {
    byte[] text = message.toByteArray();
    byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
    Ed25519.sign(seed, 0, text, 0, text.length, signature, 0);
    return ByteString.copyFrom(signature);
  }

  /// The same key in the form that the JDK's TLS takes.
  public PrivateKey toPrivateKey() {
    try {
      return KeyFactory.getInstance("Ed25519")
          .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed()));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK from 15 on has Ed25519", e);
    }
  }

  /// The secret itself, for `KeyFile` only. The caller wipes the array.
  byte[] seed() {
    return seed.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SigningKey key && Arrays.equals(key.seed, seed);
  }

  @Override
  public int hashCode() {
    return publicKey.hashCode();
  }

  /// Names the public half only.
  @Override
  public String toString() {
    return "SigningKey of " + publicKey.id();
  }
}
