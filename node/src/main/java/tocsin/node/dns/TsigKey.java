package tocsin.node.dns;

import com.google.protobuf.ByteString;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.xbill.DNS.Name;

/// A secret shared with a resolver (RFC 8945). Compared, like any name, without regard to case.
public record TsigKey(Name name, Algorithm algorithm, ByteString secret) {
  /// The keyed hashes we take.
  public enum Algorithm {
    HMAC_SHA224("hmac-sha224.", "HmacSHA224", 28),
    HMAC_SHA256("hmac-sha256.", "HmacSHA256", 32),
    HMAC_SHA384("hmac-sha384.", "HmacSHA384", 48),
    HMAC_SHA512("hmac-sha512.", "HmacSHA512", 64);

    // dnsjava does not say so, but a name never changes.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Name wireName;

    private final String javaName;
    private final int macBytes;

    Algorithm(String wireName, String javaName, int macBytes) {
      this.wireName = Name.fromConstantString(wireName);
      this.javaName = javaName;
      this.macBytes = macBytes;
    }

    /// The algorithm of a name such as "hmac-sha256".
    ///
    /// @throws IllegalArgumentException with a sentence, if we do not take it
    public static Algorithm parse(String text) {
      String name = text.toLowerCase(Locale.ROOT);
      return Arrays.stream(values())
          .filter(each -> each.toString().equals(name))
          .findFirst()
          .orElseThrow(() ->
              new IllegalArgumentException(
                  "\"" + text + "\" is not one of the TSIG algorithms " + Arrays.asList(values())));
    }

    /// Its name in messages.
    Name wireName() {
      return wireName;
    }

    int macBytes() {
      return macBytes;
    }

    /// As in configurations: "hmac-sha256".
    @Override
    public String toString() {
      return wireName.toString(true);
    }
  }

  public TsigKey {
    if (!name.isAbsolute()) {
      throw new IllegalArgumentException("the name of a TSIG key ends with a dot: " + name);
    }
    if (secret.isEmpty()) {
      throw new IllegalArgumentException("the TSIG key " + name + " has an empty secret");
    }
    name = name.canonicalize();
  }

  /// A key from what a configuration says of it.
  ///
  /// @throws IllegalArgumentException with a sentence, if the name or the algorithm is none
  public static TsigKey of(String name, String algorithm, ByteString secret) {
    return new TsigKey(Names.parse(name), Algorithm.parse(algorithm), secret);
  }

  Mac mac() {
    try {
      Mac mac = Mac.getInstance(algorithm.javaName);
      mac.init(new SecretKeySpec(secret.toByteArray(), algorithm.javaName));
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("this Java has no " + algorithm.javaName, e);
    }
  }

  /// Without the secret.
  @Override
  public String toString() {
    return algorithm + ":" + name;
  }
}
