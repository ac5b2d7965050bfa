package tocsin.trust;

import com.google.protobuf.ByteString;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/// The curve of Ed25519 from first principles (RFC 8032 section 5.1), slow and plain, so that tests
/// can make keys and signatures that no signer makes.
///
/// @param x affine
/// @param y affine
record Edwards25519(BigInteger x, BigInteger y) {
  static final BigInteger P = BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
  static final BigInteger L =
      BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));
  private static final BigInteger D =
      BigInteger.valueOf(-121_665).multiply(BigInteger.valueOf(121_666).modInverse(P)).mod(P);
  static final Edwards25519 IDENTITY = new Edwards25519(BigInteger.ZERO, BigInteger.ONE);
  static final Edwards25519 BASE =
      ofY(BigInteger.valueOf(4).multiply(BigInteger.valueOf(5).modInverse(P)).mod(P), false);

  /// The point with this y and this parity of x.
  static Edwards25519 ofY(BigInteger y, boolean odd) {
    BigInteger y2 = y.multiply(y).mod(P);
    BigInteger x2 =
        y2.subtract(BigInteger.ONE)
            .multiply(D.multiply(y2).add(BigInteger.ONE).modInverse(P))
            .mod(P);
    BigInteger x = x2.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
    if (!x.multiply(x).mod(P).equals(x2)) {
      BigInteger root = BigInteger.TWO.modPow(P.subtract(BigInteger.ONE).shiftRight(2), P);
      x = x.multiply(root).mod(P);
    }
    if (!x.multiply(x).mod(P).equals(x2)) {
      throw new ArithmeticException("no point has this y");
    }
    return new Edwards25519(x.testBit(0) == odd ? x : P.subtract(x).mod(P), y);
  }

  Edwards25519 plus(Edwards25519 o) {
    BigInteger product = D.multiply(x).multiply(o.x).mod(P).multiply(y).multiply(o.y).mod(P);
    BigInteger newX =
        x.multiply(o.y)
            .add(y.multiply(o.x))
            .multiply(BigInteger.ONE.add(product).modInverse(P))
            .mod(P);
    BigInteger newY =
        y.multiply(o.y)
            .add(x.multiply(o.x))
            .multiply(BigInteger.ONE.subtract(product).modInverse(P))
            .mod(P);
    return new Edwards25519(newX, newY);
  }

  Edwards25519 times(BigInteger scalar) {
    Edwards25519 sum = IDENTITY;
    for (int bit = scalar.bitLength() - 1; bit >= 0; bit--) {
      sum = sum.plus(sum);
      if (scalar.testBit(bit)) {
        sum = sum.plus(this);
      }
    }
    return sum;
  }

  ByteString encoded() {
    BigInteger bits = x.testBit(0) ? y.setBit(255) : y;
    return littleEndian(bits);
  }

  /// The eight points whose order divides 8, the identity first.
  static List<Edwards25519> smallOrder() {
    for (long candidate = 2; ; candidate++) {
      try {
        Edwards25519 generator = ofY(BigInteger.valueOf(candidate), false).times(L);
        if (!generator.times(BigInteger.valueOf(4)).equals(IDENTITY)) {
          List<Edwards25519> points = new ArrayList<>();
          Edwards25519 point = IDENTITY;
          for (int i = 0; i < 8; i++) {
            points.add(point);
            point = point.plus(generator);
          }
          return points;
        }
      } catch (ArithmeticException e) {
        // Half of all y have no point: the next one may.
      }
    }
  }

  /// SHA-512 over the parts, as a scalar modulo L.
  static BigInteger hash(ByteString... parts) {
    return wideHash(parts).mod(L);
  }

  static BigInteger scalar(String name) {
    return hash(ByteString.copyFrom(name, StandardCharsets.UTF_8));
  }

  private static BigInteger wideHash(ByteString... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-512");
      for (ByteString part : parts) {
        digest.update(part.toByteArray());
      }
      byte[] bytes = digest.digest();
      byte[] reversed = new byte[bytes.length];
      for (int i = 0; i < bytes.length; i++) {
        reversed[i] = bytes[bytes.length - 1 - i];
      }
      return new BigInteger(1, reversed);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static ByteString littleEndian(BigInteger value) {
    byte[] bytes = new byte[32];
    BigInteger rest = value;
    for (int i = 0; i < 32; i++) {
      bytes[i] = rest.byteValue();
      rest = rest.shiftRight(8);
    }
    return ByteString.copyFrom(bytes);
  }
}
