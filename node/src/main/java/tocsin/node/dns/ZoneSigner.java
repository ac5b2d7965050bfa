package tocsin.node.dns;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/// Signs the answers of one zone as they are asked for, with one key for everything (ECDSA P-256,
/// RFC 6605; RFC 4034).
///
/// Signatures are good from an hour ago, so that clocks may differ, to two hours ahead: an answer
/// that somebody keeps cannot be shown much longer than it is true.
public final class ZoneSigner {
  private static final int ALGORITHM = 13;
  private static final int FLAGS_KEY_SIGNING = 257;
  private static final int PROTOCOL = 3;
  private static final int DIGEST_SHA256 = 2;
  private static final int COORDINATE_BYTES = 32;
  private static final int SIGNATURE_BYTES = 64;
  private static final int RRSIG_FIXED_BYTES = 18;
  private static final int KEY_TTL_SECONDS = 3_600;
  private static final int PAST_SECONDS = 3_600;
  private static final int FUTURE_SECONDS = 7_200;

  private final Name origin;
  private final PrivateKey key;
  private final byte[] keyData;
  private final InstantSource clock;

  private ZoneSigner(Name origin, KeyPair pair, InstantSource clock) {
    this.origin = origin;
    this.key = pair.getPrivate();
    this.keyData = keyData((ECPublicKey) pair.getPublic());
    this.clock = clock;
  }

  /// With the key in this file, which is made if it is not there.
  ///
  /// @throws IOException with a sentence, if the file cannot be read, made, or holds no such key
  public static ZoneSigner open(Name origin, Path file) throws IOException {
    try {
      if (!Files.exists(file)) {
        create(file);
      }
      String[] lines = Files.readString(file).split("\n", -1);
      if (lines.length < 2) {
        throw new IOException("two lines are missing");
      }
      KeyFactory factory = KeyFactory.getInstance("EC");
      byte[] secret = Base64.getDecoder().decode(lines[0]);
      byte[] shown = Base64.getDecoder().decode(lines[1]);
      KeyPair pair =
          new KeyPair(
              factory.generatePublic(new X509EncodedKeySpec(shown)),
              factory.generatePrivate(new PKCS8EncodedKeySpec(secret)));
      return new ZoneSigner(origin, pair, InstantSource.system());
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      throw new IOException(
          "the key in " + file + " that signs " + origin + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static void create(Path file) throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    Base64.Encoder base64 = Base64.getEncoder();
    String text =
        base64.encodeToString(pair.getPrivate().getEncoded())
            + "\n"
            + base64.encodeToString(pair.getPublic().getEncoded())
            + "\n";
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(beside);
    Files.createFile(
        beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(beside, text.getBytes(StandardCharsets.US_ASCII));
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static byte[] keyData(ECPublicKey shown) {
    MessageWriter out = new MessageWriter(4 + 2 * COORDINATE_BYTES);
    out.u16(FLAGS_KEY_SIGNING);
    out.u8(PROTOCOL);
    out.u8(ALGORITHM);
    for (java.math.BigInteger each :
        List.of(shown.getW().getAffineX(), shown.getW().getAffineY())) {
      byte[] bytes = each.toByteArray();
      int zeros = Math.max(0, COORDINATE_BYTES - bytes.length);
      out.bytes(new byte[zeros]);
      out.bytes(bytes, bytes.length - (COORDINATE_BYTES - zeros), COORDINATE_BYTES - zeros);
    }
    return out.array();
  }

  /// The DNSKEY set of the zone's apex.
  RecordSet keys() {
    return RecordSet.of(Type.DNSKEY, KEY_TTL_SECONDS, List.of(keyData));
  }

  /// RFC 4034, appendix B.
  private int keyTag() {
    long sum = 0;
    for (int i = 0; i < keyData.length; i++) {
      sum += (long) (keyData[i] & 0xff) << (i % 2 == 0 ? 8 : 0);
    }
    return (int) (sum + (sum >> 16) & 0xffff);
  }

  /// What the parent zone, or a validator's configuration, is to be given: a DS record as text.
  public String delegationSigner() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(origin.toWireCanonical());
      return "%s IN DS %d %d %d %s"
          .formatted(
              origin,
              keyTag(),
              ALGORITHM,
              DIGEST_SHA256,
              HexFormat.of().formatHex(digest.digest(keyData)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /// Bytes of the RDATA that [#sign] makes.
  int sizeBytes() {
    return RRSIG_FIXED_BYTES + origin.length() + SIGNATURE_BYTES;
  }

  /// RDATA of the RRSIG of a set.
  ///
  /// @param owner the name at which the set is given, uncompressed, lower case
  byte[] sign(byte[] owner, RecordSet set) {
    long now = clock.instant().getEpochSecond();
    MessageWriter out = new MessageWriter(sizeBytes());
    out.u16(set.type());
    out.u8(ALGORITHM);
    out.u8(labels(owner));
    out.u32(set.ttlSeconds());
    out.u32(now + FUTURE_SECONDS);
    out.u32(now - PAST_SECONDS);
    out.u16(keyTag());
    out.bytes(origin.toWireCanonical());
    MessageWriter covered = new MessageWriter(owner.length + set.sizeBytes());
    try {
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(key);
      signature.update(out.array(), 0, out.position());
      for (int at = 0; at < set.sizeBytes(); at = set.after(at)) {
        covered.rewind(0);
        covered.bytes(owner);
        set.writeUnowned(covered, at);
        signature.update(covered.array(), 0, covered.position());
      }
      out.bytes(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK signs with ECDSA P-256", e);
    }
    return out.array();
  }

  /// RFC 4034 section 3.1.3: a leading "*" is not counted.
  private static int labels(byte[] owner) {
    int count = 0;
    for (int at = 0; owner[at] != 0; at += 1 + (owner[at] & 0xff)) {
      boolean wildcard = at == 0 && owner[0] == 1 && owner[1] == '*';
      count += wildcard ? 0 : 1;
    }
    return count;
  }

  /// Writes one record with this owner and data.
  static void write(MessageWriter out, byte[] owner, int type, long ttlSeconds, byte[] data) {
    out.bytes(owner);
    writeUnowned(out, type, ttlSeconds, data);
  }

  static void writeUnowned(MessageWriter out, int type, long ttlSeconds, byte[] data) {
    out.u16(type);
    out.u16(DClass.IN);
    out.u32(ttlSeconds);
    out.u16(data.length);
    out.bytes(data);
  }
}
