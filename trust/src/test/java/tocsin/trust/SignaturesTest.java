package tocsin.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignaturesTest {
  /// All encodings that decode to one of the eight points of small order: eight canonical ones, and
  /// six with y not below p, or with the sign bit set where x is 0.
  static final List<String> LOW_ORDER =
      List.of(
          "0100000000000000000000000000000000000000000000000000000000000000",
          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "0000000000000000000000000000000000000000000000000000000000000080",
          "0000000000000000000000000000000000000000000000000000000000000000",
          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
          "0100000000000000000000000000000000000000000000000000000000000080",
          "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
          "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");

  private static final BigInteger ORDER =
      BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));

  private final Signatures signatures = new Signatures();
  private final SigningKey key = SigningKey.fromSeed(ByteString.copyFrom(new byte[32]));
  private final ByteString message = ByteString.copyFromUtf8("the bell");

  @Test
  void rfc8032Vector() {
    // RFC 8032 section 7.1, test 2.
    SigningKey signer =
        SigningKey.fromSeed(
            hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
    assertThat(signer.publicKey().key())
        .isEqualTo(hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
    ByteString signature = signer.sign(hex("72"));
    assertThat(signature)
        .isEqualTo(
            hex(
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                    + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"));
    assertThat(signatures.verify(signer.publicKey(), hex("72"), signature)).isTrue();
    assertThat(signatures.verify(signer.publicKey(), hex("73"), signature)).isFalse();
  }

  @Test
  void lowOrderKeysSignNothing() {
    for (String encoding : LOW_ORDER) {
      PublicKey low = PublicKey.ed25519(hex(encoding));
      assertThat(signatures.isUsable(low)).as(encoding).isFalse();
      for (String r : LOW_ORDER) {
        ByteString zeroS = hex(r).concat(ByteString.copyFrom(new byte[32]));
        assertThat(signatures.verify(low, message, zeroS)).as(encoding + r).isFalse();
        assertThat(signatures.verify(key.publicKey(), message, zeroS)).isFalse();
      }
    }
  }

  @Test
  void theSameSignatureWithAnotherSIsNone() {
    ByteString signature = key.sign(message);
    assertThat(signatures.verify(key.publicKey(), message, signature)).isTrue();
    BigInteger s = littleEndian(signature.substring(32));
    for (int times = 1; times <= 15; times++) {
      BigInteger other = s.add(ORDER.multiply(BigInteger.valueOf(times)));
      if (other.bitLength() <= 256) {
        ByteString forged = signature.substring(0, 32).concat(littleEndian(other));
        assertThat(signatures.verify(key.publicKey(), message, forged)).isFalse();
      }
    }
    ByteString order = signature.substring(0, 32).concat(littleEndian(ORDER));
    assertThat(signatures.verify(key.publicKey(), message, order)).isFalse();
  }

  @Test
  void everyFlippedBitIsNoticed() {
    ByteString signature = key.sign(message);
    for (int bit = 0; bit < 512; bit++) {
      byte[] bytes = signature.toByteArray();
      bytes[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(signatures.verify(key.publicKey(), message, ByteString.copyFrom(bytes))).isFalse();
    }
  }

  @Test
  void lengthsOtherThan64AreNone() {
    ByteString signature = key.sign(message);
    assertThat(signatures.verify(key.publicKey(), message, signature.substring(1))).isFalse();
    assertThat(signatures.verify(key.publicKey(), message, signature.concat(hex("00")))).isFalse();
    assertThat(signatures.verify(key.publicKey(), message, ByteString.EMPTY)).isFalse();
  }

  @Test
  void nothingPrintsThePrivateKey() {
    SigningKey signer = SigningKey.fromSeed(hex("42".repeat(32)));
    assertThat(signer.toString()).contains(signer.id().toString()).doesNotContain("4242");
  }

  static ByteString hex(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }

  private static BigInteger littleEndian(ByteString bytes) {
    byte[] reversed = new byte[bytes.size()];
    for (int i = 0; i < reversed.length; i++) {
      reversed[i] = bytes.byteAt(reversed.length - 1 - i);
    }
    return new BigInteger(1, reversed);
  }

  private static ByteString littleEndian(BigInteger value) {
    byte[] bytes = new byte[32];
    BigInteger rest = value;
    for (int i = 0; i < 32; i++) {
      bytes[i] = rest.byteValue();
      rest = rest.shiftRight(8);
    }
    return ByteString.copyFrom(bytes);
  }
}
