package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.Header;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.Sha256;
import tocsin.trust.SigningKey;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// An export is what its node signed, or it is told what is wrong with it.
class LogExportTest {
  private static final long NOW = 1_795_456_800_000L;
  private static final int SIZE = 9;

  private final SigningKey key =
      SigningKey.fromSeed(Sha256.of(Samples.bytes("exporter")).toByteString());
  private final MemoryStatementLog log =
      new MemoryStatementLog(new LogId(Samples.bytes("0123456789abcdef")));

  private Envelope endorsement(int number) {
    StatementId some = new StatementId(Sha256.of(Samples.bytes("alert " + number)));
    Header header =
        new Header(
            NetworkId.named("test"),
            Optional.of(new OrganizationId(Sha256.of(Samples.bytes("issuer")))),
            key.id(),
            2 + number,
            Optional.of(some),
            NOW,
            0,
            NOW / Header.HOUR_MILLIS,
            0);
    return Envelopes.sign(new Statement.Endorsement(header, some), List.of(key));
  }

  /// @param signed size of the checkpoint
  private byte[] export(int signed) throws IOException {
    while (log.size() < SIZE) {
      LogEntry _ = log.append(endorsement((int) log.size()), NOW + log.size());
    }
    SignedNote note =
        new Checkpoint(log.id(), new LogHead(signed, log.rootAt(signed))).sign(key, NOW);
    return export(Optional.of(note));
  }

  private byte[] export(Optional<SignedNote> note) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LogExport.write(
        out,
        new LogExport.Header(log.id(), log.size(), note.map(_ -> key.publicKey()), note),
        visitor -> {
          for (LogEntry entry : log.scan(0, 100)) {
            visitor.statement(entry.index(), entry.firstSeenMillis(), entry.envelope().wire());
          }
        });
    return out.toByteArray();
  }

  private static LogExport.Verified verify(byte[] bytes) throws IOException {
    return LogExport.verify(new ByteArrayInputStream(bytes), _ -> {});
  }

  @Test
  void holdsWhatTheNodeSigned() throws IOException {
    for (int signed = 0; signed <= SIZE; signed++) {
      LogExport.Verified verified = verify(export(signed));
      assertThat(verified.damage()).isEmpty();
      assertThat(verified.size()).isEqualTo(SIZE);
      assertThat(verified.root()).isEqualTo(log.root());
      assertThat(verified.witnessed()).isEqualTo(signed);
    }
    assertThat(verify(export(Optional.empty())).damage()).isEmpty();
  }

  @Test
  void readsBackEveryByte() throws IOException {
    List<ByteString> read = new ArrayList<>();
    LogExport.Header header =
        LogExport.read(
            new ByteArrayInputStream(export(5)),
            (index, firstSeenMillis, wire) -> {
              assertThat(firstSeenMillis).isEqualTo(NOW + index);
              read.add(wire);
            });
    assertThat(header.log()).isEqualTo(log.id());
    assertThat(read)
        .isEqualTo(log.scan(0, 100).stream().map(entry -> entry.envelope().wire()).toList());
  }

  /// Bytes changed, cut off or added: what the checkpoint covers is told to be wrong, or it is the
  /// same.
  @Test
  void noChangeGoesUnnoticed() throws IOException {
    byte[] good = export(SIZE);
    Random random = new Random(3);
    int noticed = 0;
    for (int i = 0; i < 600; i++) {
      byte[] bad = good.clone();
      bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      LogExport.Verified verified = verify(bad);
      if (verified.damage().isPresent()) {
        noticed++;
        assertThat(verified.damage().get()).isNotBlank().doesNotContain("\n");
      } else {
        assertThat(verified.root()).isEqualTo(log.root());
      }
    }
    assertThat(noticed).isGreaterThan(590);
    for (int length = 0; length < good.length; length += 7) {
      assertThat(verify(java.util.Arrays.copyOf(good, length)).damage()).isPresent();
    }
    assertThat(verify(java.util.Arrays.copyOf(good, good.length + 1)).damage()).isPresent();
  }

  @Test
  void anotherHistoryThanTheSignedOneIsTold() throws IOException {
    SignedNote note =
        new Checkpoint(log.id(), new LogHead(3, Sha256.of(Samples.bytes("other")))).sign(key, NOW);
    byte[] _ = export(3);
    assertThat(verify(export(Optional.of(note))).damage().orElseThrow())
        .contains("first 3 statements are not those that its node signed");
  }
}
