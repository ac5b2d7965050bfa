package tocsin.storage;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Header;
import tocsin.trust.KeyId;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.PublicKey;
import tocsin.trust.Severity;
import tocsin.trust.Sha256;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// Envelopes for the log, which looks into a statement for its key, its sequence number and its
/// names only. Each is a function of its wire bytes, as real ones are, so the log may be read back:
/// number (8), key (4), sequence (8), names (1), then filler.
final class Samples {
  static final int FIXED_BYTES = 21;

  private static final NetworkId NETWORK = NetworkId.named("storage test");
  private static final OrganizationId ISSUER = new OrganizationId(Sha256.of(bytes("issuer")));
  private static final List<DnsName> NAMES =
      List.of(
          DnsName.of("bank.test"),
          DnsName.of("ank.test"),
          DnsName.of("www.bank.test"),
          DnsName.of("bank.tes"),
          DnsName.ROOT);

  private Samples() {}

  static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  static KeyId key(int number) {
    return new KeyId(Sha256.of(bytes("key " + number)));
  }

  static DnsName name(int number) {
    return NAMES.get(number);
  }

  /// A statement like no other of another number: three keys take turns.
  static Envelope envelope(long number) {
    return envelope(number, (int) (number % 3), 1 + number / 3, (int) (number % 4), 300);
  }

  /// @param names bit n: it is an alert that lists `name(n)`; 0: it is an endorsement
  static Envelope envelope(long number, int key, long sequence, int names, int wireBytes) {
    byte[] filler = new byte[wireBytes - FIXED_BYTES];
    new Random(number).nextBytes(filler);
    ByteBuffer wire = ByteBuffer.allocate(wireBytes);
    wire.putLong(number).putInt(key).putLong(sequence).put((byte) names).put(filler).flip();
    return read(ByteString.copyFrom(wire));
  }

  /// @throws IllegalArgumentException if it is too short
  static Envelope read(ByteString wire) {
    if (wire.size() < FIXED_BYTES) {
      throw new IllegalArgumentException("too short");
    }
    ByteBuffer buffer = wire.asReadOnlyByteBuffer();
    long number = buffer.getLong();
    Header header = header(key(buffer.getInt()), buffer.getLong());
    Statement statement = statement(header, buffer.get(), number);
    ByteString key = Sha256.of(header.key().toByteString()).toByteString();
    return new Envelope(
        new StatementId(Sha256.of(wire)), statement, wire, List.of(PublicKey.ed25519(key)));
  }

  private static Header header(KeyId key, long sequence) {
    Optional<StatementId> previous =
        sequence == 1 ? Optional.empty() : Optional.of(new StatementId(Sha256.ZERO));
    return new Header(
        NETWORK, Optional.of(ISSUER), key, sequence, previous, 1, Header.HOUR_MILLIS, 0, 0);
  }

  private static Statement statement(Header header, int names, long number) {
    TreeSet<DnsName> listed = new TreeSet<>();
    for (int bit = 0; bit < NAMES.size(); bit++) {
      if ((names >> bit & 1) == 1) {
        listed.add(name(bit));
      }
    }
    if (listed.isEmpty()) {
      return new Statement.Endorsement(header, new StatementId(Sha256.ZERO));
    }
    return new Statement.Alert(
        header,
        List.copyOf(listed),
        false,
        new Statement.FlushAction(),
        Optional.empty(),
        Optional.empty(),
        Severity.MINOR,
        "number " + number,
        "",
        true);
  }

  static RefusedStatement refused(long number, String reason) {
    return new RefusedStatement(envelope(number), 1_000 + number, reason, number % 2 == 0);
  }
}
