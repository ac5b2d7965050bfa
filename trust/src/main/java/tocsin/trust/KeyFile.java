package tocsin.trust;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.cms.GCMParameters;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.util.Strings;

/// The text of a private key's file: PKCS#8 in PEM (RFC 7468), an Ed25519 key as in RFC 8410.
/// Either encrypted (PBES2 of RFC 8018 with scrypt, RFC 7914, and AES-256-GCM, RFC 5084) or plain,
/// where the operator says so. Bytes only: reading the file, and that its mode is 0600, is the
/// node's business.
public final class KeyFile {
  /// scrypt with N = 2^15, r = 8, p = 3: 32 MB and some 0.2 s, one of the settings that OWASP's
  /// Password Storage Cheat Sheet gives as equal in strength.
  static final int SCRYPT_COST = 1 << 15;

  static final int SCRYPT_BLOCK = 8;
  static final int SCRYPT_PARALLEL = 3;

  /// A file may ask for at most 128 MB (128 N r) and so many rounds.
  private static final long MAX_SCRYPT_MEMORY_BYTES = 128L << 20;

  private static final int MAX_SCRYPT_PARALLEL = 16;

  /// Far above any key's file.
  private static final int MAX_FILE_BYTES = 16 * 1024;

  private static final int SALT_BYTES = 16;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final int CIPHER_KEY_BYTES = 32;
  private static final String PLAIN = "PRIVATE KEY";
  private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";

  private KeyFile() {}

  /// What reading gives.
  public sealed interface Opened {
    record Key(SigningKey key) implements Opened {}

    /// The file is encrypted, and no passphrase was given.
    record Locked() implements Opened {}

    /// @param reason one sentence
    record Failed(String reason) implements Opened {}
  }

  /// The file's text, with the key in the clear.
  public static ByteString plain(SigningKey key) {
    byte[] der = privateKeyInfo(key);
    try {
      return pem(PLAIN, der);
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  /// The file's text, with the key encrypted under this passphrase, which is not kept.
  public static ByteString encrypted(SigningKey key, char[] passphrase, SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(salt);
    random.nextBytes(nonce);
    ScryptParams derivation =
        new ScryptParams(salt, SCRYPT_COST, SCRYPT_BLOCK, SCRYPT_PARALLEL, CIPHER_KEY_BYTES);
    byte[] der = privateKeyInfo(key);
    try {
      byte[] sealed = cipher(true, derive(passphrase, derivation), nonce, der);
      PBES2Parameters parameters =
          new PBES2Parameters(
              new KeyDerivationFunc(MiscObjectIdentifiers.id_scrypt, derivation),
              new EncryptionScheme(
                  NISTObjectIdentifiers.id_aes256_GCM, new GCMParameters(nonce, TAG_BYTES)));
      EncryptedPrivateKeyInfo info =
          new EncryptedPrivateKeyInfo(
              new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, parameters), sealed);
      return pem(ENCRYPTED, info.getEncoded("DER"));
    } catch (InvalidCipherTextException | IOException e) {
      throw new AssertionError("encrypting in memory cannot fail", e);
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  /// True if the text begins like that of an encrypted key.
  public static boolean isEncrypted(ByteString text) {
    return text.startsWith(ByteString.copyFromUtf8("-----BEGIN " + ENCRYPTED + "-----"));
  }

  /// Reads either form. Never throws, whatever the bytes.
  ///
  /// @param passphrase not needed for a plain file
  public static Opened open(ByteString text, Optional<char[]> passphrase) {
    if (text.size() > MAX_FILE_BYTES) {
      return new Opened.Failed("the file is too large for a private key");
    }
    boolean encrypted = isEncrypted(text);
    Optional<byte[]> der = fromPem(text, encrypted ? ENCRYPTED : PLAIN);
    if (der.isEmpty()) {
      return new Opened.Failed("the file is no private key in PEM form");
    }
    if (encrypted && passphrase.isEmpty()) {
      return new Opened.Locked();
    }
    try {
      return encrypted ? decrypt(der.get(), passphrase.get()) : parse(der.get());
    } catch (InvalidCipherTextException e) {
      return new Opened.Failed("the passphrase is wrong, or the file is damaged");
    } catch (IOException | RuntimeException e) {
      // The ASN.1 parser throws unchecked exceptions, too.
      return new Opened.Failed("the file holds no Ed25519 key in PKCS#8 form");
    }
  }

  private static Opened decrypt(byte[] der, char[] passphrase)
      throws InvalidCipherTextException, IOException {
    EncryptedPrivateKeyInfo info = EncryptedPrivateKeyInfo.getInstance(der);
    PBES2Parameters parameters =
        PBES2Parameters.getInstance(info.getEncryptionAlgorithm().getParameters());
    if (!info.getEncryptionAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)
        || !parameters.getKeyDerivationFunc().getAlgorithm().equals(MiscObjectIdentifiers.id_scrypt)
        || !parameters
            .getEncryptionScheme()
            .getAlgorithm()
            .equals(NISTObjectIdentifiers.id_aes256_GCM)) {
      return new Opened.Failed("the file is not encrypted with scrypt and AES-256-GCM");
    }
    ScryptParams derivation =
        ScryptParams.getInstance(parameters.getKeyDerivationFunc().getParameters());
    GCMParameters gcm = GCMParameters.getInstance(parameters.getEncryptionScheme().getParameters());
    if (128
                * derivation.getCostParameter().longValueExact()
                * derivation.getBlockSize().intValueExact()
            > MAX_SCRYPT_MEMORY_BYTES
        || derivation.getParallelizationParameter().intValueExact() > MAX_SCRYPT_PARALLEL) {
      return new Opened.Failed("the file's scrypt parameters ask for too much memory or time");
    }
    if (gcm.getNonce().length != NONCE_BYTES || gcm.getIcvLen() != TAG_BYTES) {
      return new Opened.Failed("the file's AES-GCM parameters are not those of Tocsin");
    }
    byte[] plain =
        cipher(false, derive(passphrase, derivation), gcm.getNonce(), info.getEncryptedData());
    try {
      return parse(plain);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  private static Opened parse(byte[] der) throws IOException {
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(ASN1Primitive.fromByteArray(der));
    if (!info.getPrivateKeyAlgorithm().getAlgorithm().equals(EdECObjectIdentifiers.id_Ed25519)) {
      return new Opened.Failed("the file holds a key of another kind than Ed25519");
    }
    byte[] seed = ASN1OctetString.getInstance(info.parsePrivateKey()).getOctets();
    return new Opened.Key(SigningKey.fromSeed(ByteString.copyFrom(seed)));
  }

  private static byte[] privateKeyInfo(SigningKey key) {
    byte[] seed = key.seed();
    try {
      return new PrivateKeyInfo(
              new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519), new DEROctetString(seed))
          .getEncoded("DER");
    } catch (IOException e) {
      throw new AssertionError("encoding in memory cannot fail", e);
    } finally {
      Arrays.fill(seed, (byte) 0);
    }
  }

  private static byte[] derive(char[] passphrase, ScryptParams derivation) {
    byte[] bytes = Strings.toUTF8ByteArray(passphrase);
    try {
      return SCrypt.generate(
          bytes,
          derivation.getSalt(),
          derivation.getCostParameter().intValueExact(),
          derivation.getBlockSize().intValueExact(),
          derivation.getParallelizationParameter().intValueExact(),
          CIPHER_KEY_BYTES);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static byte[] cipher(boolean encrypt, byte[] key, byte[] nonce, byte[] input)
      throws InvalidCipherTextException {
    var gcm = GCMBlockCipher.newInstance(AESEngine.newInstance());
    gcm.init(encrypt, new AEADParameters(new KeyParameter(key), 8 * TAG_BYTES, nonce));
    byte[] output = new byte[gcm.getOutputSize(input.length)];
    int length = gcm.processBytes(input, 0, input.length, output, 0);
    gcm.doFinal(output, length);
    Arrays.fill(key, (byte) 0);
    return output;
  }

  private static ByteString pem(String label, byte[] der) {
    return ByteString.copyFromUtf8(
        "-----BEGIN "
            + label
            + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END "
            + label
            + "-----\n");
  }

  private static Optional<byte[]> fromPem(ByteString text, String label) {
    String lines = text.toStringUtf8().replace("\r\n", "\n").strip();
    String begin = "-----BEGIN " + label + "-----\n";
    String end = "\n-----END " + label + "-----";
    if (!lines.startsWith(begin)
        || !lines.endsWith(end)
        || lines.length() < begin.length() + end.length()) {
      return Optional.empty();
    }
    String base64 = lines.substring(begin.length(), lines.length() - end.length());
    try {
      return Optional.of(Base64.getDecoder().decode(base64.replace("\n", "")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
