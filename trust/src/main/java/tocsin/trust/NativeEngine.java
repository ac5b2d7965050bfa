package tocsin.trust;

import com.google.protobuf.ByteString;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;

/// AWS-LC by AmazonCorrettoCryptoProvider, where its native library is on the class path and loads:
/// 2 to 2.5 times as fast. It recomputes R and compares encodings, without the cofactor; with A in
/// the prime-order subgroup the recomputed R is there, too, so of the low-order points only the
/// identity could pass. All 14 encodings are refused all the same.
final class NativeEngine implements SignatureEngine {
  private static final String PROVIDER =
      "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

  /// Read once, when the provider's class is loaded: without it there is no factory for keys.
  private static final String WITH_ED25519_KEYS =
      "com.amazon.corretto.crypto.provider.registerEdKeyFactory";

  /// SubjectPublicKeyInfo of an Ed25519 key up to the key itself (RFC 8410 section 4).
  private static final ByteString PREFIX = ByteString.fromHex("302a300506032b6570032100");

  /// Canonical and other encodings of the eight points whose order divides 8.
  private static final java.util.List<ByteString> LOW_ORDER = LowOrder.encodings();

  private final Provider provider;

  private NativeEngine(Provider provider) {
    this.provider = provider;
  }

  /// Empty where the provider is not there, does not load on this machine, or fails a first
  /// signature.
  static Optional<SignatureEngine> load() {
    try {
      if (System.getProperty(WITH_ED25519_KEYS) == null) {
        System.setProperty(WITH_ED25519_KEYS, "true");
      }
      Class<?> type = Class.forName(PROVIDER);
      if (!(type.getField("INSTANCE").get(null) instanceof Provider provider)
          || type.getMethod("getLoadingError").invoke(provider) != null) {
        return Optional.empty();
      }
      NativeEngine engine = new NativeEngine(provider);
      return engine.works() ? Optional.of(engine) : Optional.empty();
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      return Optional.empty();
    }
  }

  /// A signature of its own, and one that is wrong.
  private boolean works() {
    SigningKey key = SigningKey.fromSeed(Sha256.of(PREFIX).toByteString());
    byte[] signature = key.sign(PREFIX).toByteArray();
    byte[] message = PREFIX.toByteArray();
    Optional<VerifyingKey> ready = prepare(key.publicKey());
    if (ready.isEmpty() || !ready.get().verify(message, signature)) {
      return false;
    }
    signature[0] ^= 1;
    return !ready.get().verify(message, signature);
  }

  @Override
  public String name() {
    return "AWS-LC (AmazonCorrettoCryptoProvider " + provider.getVersionStr() + ")";
  }

  @Override
  public Optional<VerifyingKey> prepare(PublicKey key) {
    java.security.PublicKey prepared;
    try {
      prepared =
          KeyFactory.getInstance("Ed25519", provider)
              .generatePublic(new X509EncodedKeySpec(PREFIX.concat(key.key()).toByteArray()));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
    return Optional.of((message, signature) -> verify(prepared, message, signature));
  }

  private boolean verify(java.security.PublicKey key, byte[] message, byte[] signature) {
    if (LOW_ORDER.contains(ByteString.copyFrom(signature, 0, 32))) {
      return false;
    }
    try {
      Signature verifier = Signature.getInstance("Ed25519", provider);
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
