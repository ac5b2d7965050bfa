package tocsin.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tocsin.trust.Cast.Org;

/// Whatever is done to the bytes of a valid envelope, the result is refused, and politely.
class MutantsTest {
  private static final int MUTANTS = 20_000;
  private static final int MANY_MUTANTS = 100_000;

  private final Envelopes envelopes = new Envelopes(new Signatures());
  private final Org org = new Org("Example ISP");
  private final List<Envelope> originals = originals();

  private List<Envelope> originals() {
    Org subject = new Org("Subject");
    Envelope alert = org.override("www.bank.test", "bank.test");
    Envelope vouch = org.vouch(subject, List.of(Role.values()), 3, "bank.test", "a.test");
    return List.of(
        org.profile,
        vouch,
        alert,
        org.flush(Optional.of(alert.id()), "bank.test"),
        org.endorse(alert),
        org.dispute(alert),
        org.recall(alert),
        org.withdraw(vouch),
        org.revokeKey(Optional.of(alert.id())),
        org.revoke(subject),
        org.register(Cast.NOW, "bank.test"));
  }

  private static ByteString mutate(ByteString bytes, Random random) {
    byte[] array = bytes.toByteArray();
    int at = random.nextInt(array.length);
    return switch (random.nextInt(7)) {
      case 0 -> {
        array[at] ^= (byte) (1 << random.nextInt(8));
        yield ByteString.copyFrom(array);
      }
      case 1 -> {
        array[at] = (byte) random.nextInt(256);
        yield ByteString.copyFrom(array);
      }
      case 2 -> bytes.substring(0, at);
      case 3 ->
          bytes
              .substring(0, at)
              .concat(bytes.substring(Math.min(at + 1 + random.nextInt(8), bytes.size())));
      case 4 -> {
        byte[] more = new byte[1 + random.nextInt(4)];
        random.nextBytes(more);
        yield bytes.substring(0, at).concat(ByteString.copyFrom(more)).concat(bytes.substring(at));
      }
      case 5 -> {
        int to = at + random.nextInt(bytes.size() - at + 1);
        yield bytes.substring(0, to).concat(bytes.substring(at));
      }
      default -> {
        int other = random.nextInt(array.length);
        byte swapped = array[at];
        array[at] = array[other];
        array[other] = swapped;
        yield ByteString.copyFrom(array);
      }
    };
  }

  @Test
  void noMutantOfAnEnvelopeIsValid() {
    noMutantIsValid(MUTANTS);
  }

  @Test
  @Tag("long")
  void noneOfAHundredThousandMutantsIsValid() throws Exception {
    noMutantIsValid(MANY_MUTANTS);
    bodiesSignedAnew(MANY_MUTANTS);
  }

  private void noMutantIsValid(int mutants) {
    Random random = new Random(1);
    for (int i = 0; i < mutants; i++) {
      ByteString original = originals.get(i % originals.size()).wire();
      ByteString mutant = mutate(original, random);
      if (!mutant.equals(original)) {
        assertThat(envelopes.verify(mutant))
            .as("mutant %d", i)
            .isNotInstanceOf(EnvelopeVerdict.Valid.class);
      }
    }
  }

  /// Each bit of a whole envelope: type, body, key, signature, framing.
  @Test
  void noBitCanBeTurned() {
    byte[] wire = originals.getLast().wire().toByteArray();
    for (int bit = 0; bit < 8 * wire.length; bit++) {
      wire[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(envelopes.verify(ByteString.copyFrom(wire)))
          .as("bit %d", bit)
          .isNotInstanceOf(EnvelopeVerdict.Valid.class);
      wire[bit / 8] ^= (byte) (1 << bit % 8);
    }
  }

  @Test
  void partsOfDifferentEnvelopesDoNotFit() throws Exception {
    List<tocsin.proto.Envelope> parts = new ArrayList<>();
    for (Envelope original : originals) {
      parts.add(tocsin.proto.Envelope.parseFrom(original.wire()));
    }
    for (int type = 0; type < parts.size(); type++) {
      for (int body = 0; body < parts.size(); body++) {
        for (int signature = 0; signature < parts.size(); signature++) {
          ByteString wire =
              tocsin.proto.Envelope.newBuilder()
                  .setPayloadType(parts.get(type).getPayloadType())
                  .setBody(parts.get(body).getBody())
                  .addAllSignatures(parts.get(signature).getSignaturesList())
                  .build()
                  .toByteString();
          boolean valid = envelopes.verify(wire) instanceof EnvelopeVerdict.Valid;
          assertThat(valid).isEqualTo(originals.stream().anyMatch(it -> it.wire().equals(wire)));
        }
      }
    }
  }

  /// A member may sign anything with its own key: nothing of it breaks the parser, and what is
  /// taken has one encoding.
  @Test
  void mutatedBodiesSignedAnewAreParsedStrictly() throws Exception {
    bodiesSignedAnew(MUTANTS);
  }

  private void bodiesSignedAnew(int mutants) throws Exception {
    Random random = new Random(2);
    int good = 0;
    for (int i = 0; i < mutants; i++) {
      Envelope original = originals.get(i % originals.size());
      ByteString body = tocsin.proto.Envelope.parseFrom(original.wire()).getBody();
      ByteString mutant = mutate(body, random);
      switch (StatementCodec.parse(original.statement().kind(), mutant)) {
        case StatementCodec.Parsed.Good it -> {
          assertThat(StatementCodec.encode(it.statement())).isEqualTo(mutant);
          good++;
        }
        case StatementCodec.Parsed.Malformed it ->
            assertThat(it.reason()).isNotBlank().isPrintable().hasSizeLessThan(200);
      }
    }
    assertThat(good).as("some mutants are other well-formed statements").isBetween(1, mutants / 2);
  }

  /// The same parts, written down otherwise: every way in which protobuf can say the same in other
  /// bytes.
  @Test
  void anotherEncodingOfTheSameIsRefused() throws Exception {
    for (Envelope original : originals) {
      tocsin.proto.Envelope parts = tocsin.proto.Envelope.parseFrom(original.wire());
      ByteString wire = original.wire();
      ByteString type =
          tocsin.proto.Envelope.newBuilder()
              .setPayloadType(parts.getPayloadType())
              .build()
              .toByteString();
      ByteString rest = wire.substring(type.size());
      assertThat(type.concat(rest)).isEqualTo(wire);
      List<ByteString> others =
          List.of(
              rest.concat(type),
              type.concat(wire),
              wire.concat(type),
              wire.concat(ByteString.fromHex("7800")),
              ByteString.fromHex("7800").concat(wire),
              // The length of the first field in two bytes where one is enough.
              type.substring(0, 1)
                  .concat(ByteString.copyFrom(new byte[] {(byte) (type.byteAt(1) | 0x80), 0}))
                  .concat(type.substring(2))
                  .concat(rest));
      for (int i = 0; i < others.size(); i++) {
        assertThat(envelopes.verify(others.get(i)))
            .as("%s, encoding %d", original.statement().kind(), i)
            .isNotInstanceOf(EnvelopeVerdict.Valid.class);
      }
    }
  }

  @Test
  void randomBytesAreRefused() {
    Random random = new Random(3);
    for (int i = 0; i < MUTANTS / 10; i++) {
      byte[] bytes = new byte[random.nextInt(400)];
      random.nextBytes(bytes);
      assertThat(envelopes.verify(ByteString.copyFrom(bytes)))
          .isInstanceOf(EnvelopeVerdict.Malformed.class);
      for (StatementKind kind : StatementKind.values()) {
        assertThat(StatementCodec.parse(kind, ByteString.copyFrom(bytes)))
            .isInstanceOf(StatementCodec.Parsed.Malformed.class);
      }
    }
  }
}
