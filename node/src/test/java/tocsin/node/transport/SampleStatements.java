package tocsin.node.transport;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.Header;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.Sha256;
import tocsin.trust.SigningKey;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// Well-signed statements and keys for the tests of the transport; the same names give the same
/// bytes.
final class SampleStatements {
  static final NetworkId NETWORK = NetworkId.named("test");
  private static final long ISSUED_AT = 1_795_456_800_000L;

  private SampleStatements() {}

  static Sha256 hash(String name) {
    return Sha256.of(ByteString.copyFromUtf8(name));
  }

  static SigningKey key(String name) {
    return SigningKey.fromSeed(hash("key " + name).toByteString());
  }

  /// A recall, the smallest of statements.
  static Envelope recall(String name) {
    return recall(name, "a test");
  }

  static Envelope recall(String name, String reason) {
    SigningKey key = key(name);
    Header header =
        new Header(
            NETWORK,
            Optional.of(new OrganizationId(hash("organization"))),
            key.id(),
            1,
            Optional.empty(),
            ISSUED_AT,
            0,
            ISSUED_AT / Header.HOUR_MILLIS,
            0);
    return Envelopes.sign(
        new Statement.Recall(header, new StatementId(hash("what is recalled")), reason),
        List.of(key));
  }

  /// The envelope with one bit of its signature turned.
  static ByteString badlySigned(Envelope envelope) {
    byte[] bytes = envelope.wire().toByteArray();
    bytes[bytes.length - 1] ^= 1;
    return ByteString.copyFrom(bytes);
  }
}
