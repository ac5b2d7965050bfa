package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import tocsin.trust.Sha256;
import tocsin.trust.Signatures;
import tocsin.trust.SigningKey;

/// Two logs of one node that share their beginning, and what can be proved of them.
class HistoryProofTest {
  private static final LogId ID = new LogId(Samples.bytes("0123456789abcdef"));

  private final Signatures rule = new Signatures();
  private final SigningKey key =
      SigningKey.fromSeed(Sha256.of(Samples.bytes("liar")).toByteString());

  private static StatementLog log(int common, int size, int other) {
    StatementLog log = new MemoryStatementLog(ID);
    for (int number = 0; number < size; number++) {
      LogEntry _ = log.append(Samples.envelope(number < common ? number : number + other), number);
    }
    return log;
  }

  private Checkpoint.Signed at(StatementLog log, long size, long atMillis) {
    return Checkpoint.signedBy(
        key.publicKey(),
        new Checkpoint(ID, new LogHead(size, log.rootAt(size))).sign(key, atMillis),
        rule);
  }

  private void proves(Checkpoint.Signed one, Checkpoint.Signed other, List<Sha256> path) {
    for (List<Checkpoint.Signed> both : List.of(List.of(one, other), List.of(other, one))) {
      HistoryProof proof =
          HistoryProof.of(key.publicKey(), both.getFirst(), both.getLast(), path).orElseThrow();
      HistoryProof read = HistoryProof.parse(proof.toString(), rule);
      assertThat(read.sentence()).isEqualTo(proof.sentence());
      assertThat(read.node()).isEqualTo(key.publicKey());
      assertThat(read).hasToString(proof.toString());
    }
  }

  @Test
  void twoRootsForOneSize() {
    proves(at(log(5, 12, 0), 12, 1_000), at(log(5, 12, 100), 12, 1_000), List.of());
  }

  @Test
  void aLogThatWentBack() {
    StatementLog log = log(5, 12, 0);
    proves(at(log, 12, 1_000), at(log, 11, 2_000), List.of());
    assertThat(HistoryProof.of(key.publicKey(), at(log, 11, 1_000), at(log, 12, 2_000), List.of()))
        .isEmpty();
    assertThat(HistoryProof.of(key.publicKey(), at(log, 12, 1_000), at(log, 12, 2_000), List.of()))
        .isEmpty();
  }

  @Test
  void aPathThatLeadsToAnotherBeginning() {
    StatementLog one = log(5, 30, 0);
    StatementLog other = log(5, 30, 100);
    for (int older = 6; older < 30; older++) {
      List<Sha256> path = other.consistencyProof(older, 30);
      if (Integer.bitCount(older) > 1) {
        proves(at(one, older, 1_000), at(other, 30, 2_000), path);
      }
      // The honest one proves nothing, and a path of another size neither.
      assertThat(
              HistoryProof.of(key.publicKey(), at(other, older, 1_000), at(other, 30, 2_000), path))
          .isEmpty();
      assertThat(HistoryProof.of(key.publicKey(), at(one, older, 1_000), at(one, 30, 2_000), path))
          .isEmpty();
    }
  }

  @Test
  void whatProvesNothingIsToldInASentence() {
    StatementLog one = log(5, 12, 0);
    String good =
        HistoryProof.of(
                key.publicKey(), at(one, 12, 1_000), at(log(5, 12, 100), 12, 1_000), List.of())
            .orElseThrow()
            .toString();
    String harmless =
        good.substring(0, good.indexOf("----\n"))
            + "----\n"
            + at(one, 11, 1_000).note()
            + "----\n"
            + at(one, 12, 2_000).note();
    for (String bad :
        List.of(
            "",
            good.replace("v1", "v2"),
            good + "----\n",
            harmless,
            good.replace("\n12\n", "\n13\n"))) {
      assertThatThrownBy(() -> HistoryProof.parse(bad, rule))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("\n");
    }
  }
}
