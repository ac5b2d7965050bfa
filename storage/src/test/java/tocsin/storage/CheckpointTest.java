package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tocsin.trust.PublicKey;
import tocsin.trust.Sha256;
import tocsin.trust.Signatures;
import tocsin.trust.SigningKey;

/// Signed notes and checkpoints against the published examples, and against bytes of every kind.
class CheckpointTest {
  private final Signatures rule = new Signatures();
  private final SigningKey key = key("node");
  private final Checkpoint checkpoint =
      new Checkpoint(
          new LogId(Samples.bytes("0123456789abcdef")),
          new LogHead(20852163, Sha256.of(Samples.bytes("root"))));

  private static SigningKey key(String name) {
    return SigningKey.fromSeed(Sha256.of(Samples.bytes(name)).toByteString());
  }

  private static PublicKey verifier(String vkey) {
    byte[] bytes = Base64.getDecoder().decode(vkey.substring(vkey.lastIndexOf('+') + 1));
    return PublicKey.ed25519(ByteString.copyFrom(bytes).substring(1));
  }

  /// https://c2sp.org/signed-note, "Verifier keys".
  @Test
  void theExampleOfSignedNote() {
    String vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    String text =
        """
        This is an example message.

        \u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
        """;
    SignedNote note = SignedNote.parse(Samples.bytes(text));
    assertThat(note.isSignedBy("example.com/foo", verifier(vkey), rule)).isTrue();
    assertThat(note.isSignedBy("example.com/fo", verifier(vkey), rule)).isFalse();
    assertThat(note).hasToString(text);
    assertThat(SignedNote.verifierKey("example.com/foo", verifier(vkey))).isEqualTo(vkey);
  }

  /// The example of golang.org/x/mod/sumdb/note, from which the format comes: with the private key,
  /// so that signing is compared too.
  @Test
  void theExampleOfGo() {
    String secret = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    String text =
        """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.
        """;
    SigningKey signer =
        SigningKey.fromSeed(ByteString.copyFrom(Base64.getDecoder().decode(secret)).substring(1));
    SignedNote note = SignedNote.sign(text, "PeterNeumann", signer);
    assertThat(note)
        .hasToString(
            text
                + "\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n");
    assertThat(SignedNote.verifierKey("PeterNeumann", signer.publicKey()))
        .isEqualTo("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  }

  /// The example of https://c2sp.org/tlog-cosignature. Its keys are not published; its form is: the
  /// time that the text names, 1679315147, stands before the cosignature.
  @Test
  void theExampleOfCosignature() {
    String text =
        """
        example.com/behind-the-sofa
        20852163
        CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

        \u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
        \u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
        """;
    SignedNote note = SignedNote.parse(Samples.bytes(text));
    assertThat(note).hasToString(text);
    assertThat(note.signatures().get(1).keyId()).isEqualTo(0x8d66cf3f);
    assertThat(note.signatures().get(1).value().asReadOnlyByteBuffer().getLong())
        .isEqualTo(1679315147);
    assertThat(note.signatures().get(1).value().size()).isEqualTo(72);
    assertThatThrownBy(() -> Checkpoint.of(note)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aCheckpointIsSignedAndDatedByItsNode() {
    SignedNote note = checkpoint.sign(key, 1_700_000_000_123L);
    assertThat(note.text())
        .isEqualTo(
            "tocsin/log/30313233343536373839616263646566\n20852163\n"
                + Base64.getEncoder().encodeToString(checkpoint.head().root().toByteArray())
                + "\n");
    SignedNote read = SignedNote.parse(note.toBytes());
    Checkpoint.Signed signed = Checkpoint.signedBy(key.publicKey(), read, rule);
    assertThat(signed.checkpoint()).isEqualTo(checkpoint);
    assertThat(signed.atMillis()).isEqualTo(1_700_000_000_000L);
    assertThatThrownBy(() -> Checkpoint.signedBy(key("other").publicKey(), read, rule))
        .hasMessageContaining("not signed by its node");
    assertThatThrownBy(() ->
            Checkpoint.signedBy(
                key.publicKey(),
                new SignedNote(read.text(), read.signatures().subList(0, 1)),
                rule))
        .hasMessageContaining("not dated by its node");
  }

  @Test
  void aWitnessAddsItsWord() {
    SigningKey witness = key("witness");
    String name = Checkpoint.witness(witness.id());
    SignedNote note = checkpoint.sign(key, 1_000);
    SignedNote cosigned = note.with(note.cosignature(name, witness, 5_000));
    assertThat(cosigned.with(note.cosignature(name, witness, 7_000)).signatures()).hasSize(3);
    SignedNote read = SignedNote.parse(cosigned.toBytes());
    assertThat(read.cosignedAtMillis(name, witness.publicKey(), rule)).contains(5_000L);
    assertThat(read.cosignedAtMillis(name, key.publicKey(), rule)).isEmpty();
    SignedNote other =
        new SignedNote(read.text().replace("20852163", "20852164"), read.signatures());
    assertThat(other.cosignedAtMillis(name, witness.publicKey(), rule)).isEmpty();
  }

  @Test
  void whatIsNoNoteIsRefusedWithASentence() {
    String good = checkpoint.sign(key, 1_000).toString();
    for (String bad :
        new String[] {
          "",
          "\n",
          "\n\n",
          "a",
          "a\n\n",
          good.strip(),
          good.replace("\u2014 ", "- "),
          good.replace("\u2014 tocsin", "\u2014 toc+sin"),
          good.replace("=\n", "\n!"),
          good + "\u2014 x AAAA\n",
          good + "\u2014  AAAAAAAAAA==\n",
          "a\u0007\n" + good
        }) {
      assertThatThrownBy(() -> SignedNote.parse(Samples.bytes(bad)))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (String bad :
        new String[] {
          good.replace("\n20852163\n", "\n020852163\n"),
          good.replace("\n20852163\n", "\n-1\n"),
          good.replace("\n20852163\n", "\n99999999999999999999\n"),
          good.replace("tocsin/log/3", "tocsin/log/Z"),
          good.replace("\n\n", "\nextension\n\n")
        }) {
      assertThatThrownBy(() -> Checkpoint.of(SignedNote.parse(Samples.bytes(bad))))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /// Never another exception, and never a signed checkpoint that its node did not sign.
  @Test
  void flippedBytesNeverPass() {
    byte[] good = checkpoint.sign(key, 1_000).toBytes().toByteArray();
    Random random = new Random(5);
    for (int i = 0; i < 3_000; i++) {
      byte[] bad = good.clone();
      bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        Checkpoint.Signed signed =
            Checkpoint.signedBy(key.publicKey(), SignedNote.parse(ByteString.copyFrom(bad)), rule);
        assertThat(signed.checkpoint()).isEqualTo(checkpoint);
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
      }
    }
  }
}
