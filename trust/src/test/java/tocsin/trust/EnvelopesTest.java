package tocsin.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tocsin.trust.Cast.Org;
import tocsin.trust.Cast.Voice;

class EnvelopesTest {
  private final Envelopes envelopes = new Envelopes(new Signatures());
  private final Org org = new Org("Example ISP");

  @Test
  void whatIsSignedIsValidAndComesBackFromTheLog() {
    Org subject = new Org("Subject");
    Envelope alert = org.override("www.bank.test", "bank.test");
    List<Envelope> all =
        List.of(
            org.profile,
            org.vouch(subject, List.of(Role.VETTER, Role.SUBMITTER), 3, "bank.test", "a.test"),
            alert,
            org.flush(Optional.of(alert.id()), "bank.test"),
            org.endorse(alert),
            org.dispute(alert),
            org.recall(alert),
            org.withdraw(alert),
            org.revokeKey(Optional.of(alert.id())),
            org.revoke(subject));
    for (Envelope envelope : all) {
      assertThat(envelopes.verify(envelope.wire())).isEqualTo(new EnvelopeVerdict.Valid(envelope));
      assertThat(Envelopes.fromLog(envelope.wire())).isEqualTo(envelope);
      assertThat(Envelopes.peekId(envelope.wire())).contains(envelope.id());
    }
  }

  @Test
  void preAuthenticationEncodingIsThatOfDsse() {
    // The example of https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
    assertThat(
            Envelopes.preAuthenticationEncoding(
                    "http://example.com/HelloWorld", ByteString.copyFromUtf8("hello world"))
                .toStringUtf8())
        .isEqualTo("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  }

  @Test
  void aStrippedSignatureIsNoticed() throws Exception {
    Voice a = new Voice("a");
    Voice b = new Voice("b");
    Header header =
        a.header(Optional.empty(), Cast.NOW, 0)
            .signedBy(List.of(a.key.publicKey(), b.key.publicKey()));
    Statement.Profile profile = Cast.profile(header, 1, "Two", List.of(a.key, b.key), 2, List.of());
    Envelope both = a.say(profile, b.key);
    assertThat(envelopes.verify(both.wire())).isInstanceOf(EnvelopeVerdict.Valid.class);
    for (int i = 0; i < 2; i++) {
      ByteString stripped =
          tocsin.proto.Envelope.parseFrom(both.wire()).toBuilder()
              .removeSignatures(i)
              .build()
              .toByteString();
      assertThat(envelopes.verify(stripped))
          .isEqualTo(
              new EnvelopeVerdict.BadSignature(
                  both.id(), "it is not signed by exactly the keys that its header names"));
    }
    assertThatThrownBy(() -> Envelopes.sign(profile, List.of(a.key)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void onlyQuorumsOfRootsHaveSeveralSigners() {
    Voice a = new Voice("a");
    SigningKey b = Cast.key("b");
    Header header =
        a.header(Optional.of(org.id), Cast.NOW, 0)
            .signedBy(List.of(a.key.publicKey(), b.publicKey()));
    Statement.Recall recall = new Statement.Recall(header, org.profile.id(), "");
    assertThatThrownBy(() -> Envelopes.sign(recall, List.of(a.key, b)))
        .hasMessageContaining("a recall is signed by one key");
  }
}
