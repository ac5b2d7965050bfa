package tocsin.trust;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// The one meaning of "valid signature". Ed25519 implementations disagree on edge cases (RFC 8032
/// section 5.1.7 leaves the cofactor open; "Taming the many EdDSAs", Chalkias et al. 2020), and a
/// network whose nodes disagree can be split by one crafted alert. So a signature is valid here iff
///
/// - it has 64 bytes, and S < L, the order of the group;
/// - the public key is canonically encoded, in the prime-order subgroup, and not the identity
///   (checked once per key and remembered);
/// - R likewise, which excludes the 14 encodings of low-order points;
/// - the equation S·B = R + k·A holds, without the cofactor.
///
/// Every engine gives the same verdicts under this rule (there is a file of vectors that say so).
/// No batch verification: it is cofactored.
///
/// Safe for use by many threads at once.
public final class Signatures {
  /// Keys whose check is remembered (97 us each on the machine it was measured on): as many as a
  /// network has keys that speak often. Some 6 MB when full.
  public static final int MAX_REMEMBERED_KEYS = 16_384;

  /// L = 2^252 + 27742317777372353535851937790883648493 (RFC 8032 section 5.1), little-endian.
  private static final byte[] ORDER = {
    (byte) 0xed,
    (byte) 0xd3,
    (byte) 0xf5,
    0x5c,
    0x1a,
    0x63,
    0x12,
    0x58,
    (byte) 0xd6,
    (byte) 0x9c,
    (byte) 0xf7,
    (byte) 0xa2,
    (byte) 0xde,
    (byte) 0xf9,
    (byte) 0xde,
    0x14,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0x10
  };

  private final SignatureEngine engine;

  /// Least recently used first. A key that is no good is remembered too, as empty.
  private final Map<PublicKey, Optional<SignatureEngine.VerifyingKey>> keys =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(
            Map.Entry<PublicKey, Optional<SignatureEngine.VerifyingKey>> eldest) {
          return size() > MAX_REMEMBERED_KEYS;
        }
      };

  /// On the engine that works everywhere.
  public Signatures() {
    this(new BouncyCastleEngine());
  }

  private Signatures(SignatureEngine engine) {
    this.engine = engine;
  }

  /// On the fastest engine that loads on this machine.
  public static Signatures fastest() {
    return ofEngines().getLast();
  }

  /// On each engine that loads on this machine, the slowest first.
  public static List<Signatures> ofEngines() {
    List<Signatures> all = new ArrayList<>();
    all.add(new Signatures());
    NativeEngine.load().ifPresent(engine -> all.add(new Signatures(engine)));
    return all;
  }

  /// What checks the equation here, for people and figures.
  public String engine() {
    return engine.name();
  }

  /// True iff the signature over the message by this key is valid. Never throws, whatever the
  /// bytes.
  public boolean verify(PublicKey key, ByteString message, ByteString signature) {
    if (signature.size() != Ed25519.SIGNATURE_SIZE) {
      return false;
    }
    byte[] bytes = signature.toByteArray();
    if (!isBelowOrder(bytes)) {
      return false;
    }
    Optional<SignatureEngine.VerifyingKey> ready = ready(key);
    if (ready.isEmpty()) {
      return false;
    }
    try {
      return ready.get().verify(message.toByteArray(), bytes);
    } catch (RuntimeException e) {
      // BouncyCastle throws unchecked exceptions on some bad points.
      return false;
    }
  }

  /// True iff signatures by this key can be valid at all: it is canonical, in the prime-order
  /// subgroup and not the identity.
  public boolean isUsable(PublicKey key) {
    return ready(key).isPresent();
  }

  private Optional<SignatureEngine.VerifyingKey> ready(PublicKey key) {
    synchronized (keys) {
      Optional<SignatureEngine.VerifyingKey> known = keys.get(key);
      if (known != null) {
        return known;
      }
    }
    Optional<SignatureEngine.VerifyingKey> ready = check(key);
    synchronized (keys) {
      keys.put(key, ready);
    }
    return ready;
  }

  private Optional<SignatureEngine.VerifyingKey> check(PublicKey key) {
    try {
      return Ed25519.validatePublicKeyFull(key.key().toByteArray(), 0)
          ? engine.prepare(key)
          : Optional.empty();
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  /// The second half of the signature, little-endian, is below L.
  private static boolean isBelowOrder(byte[] signature) {
    for (int i = 31; i >= 0; i--) {
      int order = Byte.compareUnsigned(signature[32 + i], ORDER[i]);
      if (order != 0) {
        return order < 0;
      }
    }
    return false;
  }
}
