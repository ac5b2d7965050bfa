package tocsin.trust;

import com.google.protobuf.ByteString;

/// A public key as statements carry it. Whether it is a *usable* key is decided by `Signatures`.
public record PublicKey(Algorithm algorithm, ByteString key) {
  /// Signature algorithms by their number on the wire; 2 is kept for ML-DSA.
  public enum Algorithm {
    ED25519(1, 32, 64);

    private final int number;
    private final int keyBytes;
    private final int signatureBytes;

    Algorithm(int number, int keyBytes, int signatureBytes) {
      this.number = number;
      this.keyBytes = keyBytes;
      this.signatureBytes = signatureBytes;
    }

    public int number() {
      return number;
    }

    public int keyBytes() {
      return keyBytes;
    }

    public int signatureBytes() {
      return signatureBytes;
    }
  }

  public PublicKey {
    if (key.size() != algorithm.keyBytes()) {
      throw new IllegalArgumentException(
          "a key of " + algorithm + " has " + algorithm.keyBytes() + " bytes, not " + key.size());
    }
  }

  public static PublicKey ed25519(ByteString key) {
    return new PublicKey(Algorithm.ED25519, key);
  }

  public KeyId id() {
    return new KeyId(Sha256.of(ByteString.copyFrom(new byte[] {(byte) algorithm.number()}), key));
  }
}
