package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.Header;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.Sha256;
import tocsin.trust.SigningKey;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// The log with envelopes that were really signed and with the reader that a node uses.
class RealEnvelopesTest {
  private static final long NOW = 1_795_456_800_000L;

  @TempDir(factory = FastFolders.class)
  private Path folder;

  private final SigningKey key =
      SigningKey.fromSeed(Sha256.of(Samples.bytes("a key of the log's test")).toByteString());

  private Envelope endorsement(int sequence) {
    StatementId some = new StatementId(Sha256.of(Samples.bytes("alert " + sequence)));
    Header header =
        new Header(
            NetworkId.named("test"),
            Optional.of(new OrganizationId(Sha256.of(Samples.bytes("issuer")))),
            key.id(),
            sequence,
            sequence == 1 ? Optional.empty() : Optional.of(some),
            NOW,
            0,
            NOW / Header.HOUR_MILLIS,
            sequence);
    return Envelopes.sign(new Statement.Endorsement(header, some), List.of(key));
  }

  private void fill() {
    try (StatementLog log = RocksStatementLog.open(folder, Envelopes::fromLog)) {
      for (int sequence = 1; sequence <= 3; sequence++) {
        log.append(endorsement(sequence), NOW + sequence);
      }
      log.commit();
    }
  }

  @Test
  void comeBackAsTheyWere() {
    fill();
    try (StatementLog log = RocksStatementLog.open(folder, Envelopes::fromLog)) {
      assertThat(log.scan(0, 10).stream().map(LogEntry::envelope))
          .containsExactly(endorsement(1), endorsement(2), endorsement(3));
      assertThat(log.latestOf(key.id()).orElseThrow().envelope()).isEqualTo(endorsement(3));
      assertThat(log.verify().ok()).isTrue();
    }
  }

  /// A bit here and there in a stored envelope, be it in the type, the body, a key or a signature.
  @Test
  void noFlippedBitGoesUnnoticed() {
    fill();
    byte[] wire = endorsement(2).wire().toByteArray();
    for (int at = 0; at < wire.length; at += 37) {
      wire[at] ^= (byte) (1 << at % 8);
      store(wire);
      assertThatThrownBy(() -> RocksStatementLog.open(folder, Envelopes::fromLog))
          .as("byte %d", at)
          .isInstanceOf(LogFailure.class);
      wire[at] ^= (byte) (1 << at % 8);
    }
    store(wire);
    RocksStatementLog.open(folder, Envelopes::fromLog).close();
  }

  private void store(byte[] wire) {
    Path database = folder.resolve(LogFolder.DATABASE);
    try (RocksColumns columns =
        RocksColumns.open(database, RocksColumns.Mode.OPEN, folder, Column.Database.STATEMENTS)) {
      columns.put(
          Column.ENTRIES, 1L, new ValueEncoding.StoredEntry(NOW + 2, ByteString.copyFrom(wire)));
      columns.commit();
    }
  }
}
