package tocsin.storage.bench;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.Header;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.Severity;
import tocsin.trust.Sha256;
import tocsin.trust.SigningKey;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// Statements to measure with: flush alerts of eight keys in turn, really signed, each of 1 KiB,
/// each about a name of its own. The same numbers give the same bytes.
final class BenchStatements {
  /// Envelope as stored.
  static final int WIRE_BYTES = 1_024;

  private static final long NOW = 1_795_456_800_000L;
  private static final int KEYS = 8;

  private final List<SigningKey> keys = new ArrayList<>();
  private final String filler;

  BenchStatements() {
    for (int number = 0; number < KEYS; number++) {
      keys.add(SigningKey.fromSeed(hash("bench key " + number).toByteString()));
    }
    filler = "e".repeat(WIRE_BYTES - envelope(0, "").wire().size() - 2);
  }

  /// Statement `from` and those after it.
  List<Envelope> make(long from, int count) {
    List<Envelope> made = new ArrayList<>(count);
    for (long number = from; number < from + count; number++) {
      made.add(envelope(number, filler));
    }
    return made;
  }

  private Envelope envelope(long number, String evidence) {
    SigningKey key = keys.get((int) (number % KEYS));
    // Numbers of one length, so that all envelopes are of one size.
    long sequence = 1_000_000_000 + number / KEYS;
    Header header =
        new Header(
            NetworkId.named("bench"),
            Optional.of(new OrganizationId(hash("bench"))),
            key.id(),
            sequence,
            Optional.of(new StatementId(hash("before " + number))),
            NOW,
            NOW + Header.HOUR_MILLIS,
            NOW / Header.HOUR_MILLIS,
            1);
    Statement alert =
        new Statement.Alert(
            header,
            List.of(DnsName.of("host%09d.bench.test".formatted(number))),
            false,
            new Statement.FlushAction(),
            Optional.empty(),
            Optional.empty(),
            Severity.MINOR,
            "a statement to measure with",
            evidence,
            true);
    return Envelopes.sign(alert, List.of(key));
  }

  private static Sha256 hash(String text) {
    return Sha256.of(ByteString.copyFromUtf8(text));
  }
}
