package tocsin.trust;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Makes envelopes: from the network's bytes, from a signer's keys, from the log. Sizes and form
/// are checked before any signature is, because that is where the cost lies.
///
/// Safe for use by many threads at once.
public final class Envelopes {
  private final Signatures signatures;

  public Envelopes(Signatures signatures) {
    this.signatures = signatures;
  }

  /// The pre-authentication encoding of DSSE (https://github.com/secure-systems-lab/dsse): what is
  /// signed, and what the statement's id is the hash of.
  public static ByteString preAuthenticationEncoding(String payloadType, ByteString body) {
    return encodingHead(ByteString.copyFromUtf8(payloadType)).concat(bodySize(body)).concat(body);
  }

  /// What comes before the size of the body; each kind has it at hand.
  static ByteString encodingHead(ByteString payloadType) {
    return ByteString.copyFromUtf8("DSSEv1 " + payloadType.size() + " ")
        .concat(payloadType)
        .concat(ByteString.copyFromUtf8(" "));
  }

  private static ByteString bodySize(ByteString body) {
    return ByteString.copyFromUtf8(body.size() + " ");
  }

  /// The id that these bytes would have if they were an envelope: one hash, nothing checked beyond
  /// size and outer form. Empty if there is none. For asking "is it known?" before anything costly.
  public static Optional<StatementId> peekId(ByteString wire) {
    if (wire.size() > Envelope.MAX_WIRE_BYTES) {
      return Optional.empty();
    }
    return EnvelopeForm.of(wire)
        .flatMap(form ->
            StatementKind.ofPayloadType(form.payloadType()).map(kind -> idOf(kind, form.body())));
  }

  /// Judges bytes from the network or a file. Never throws, whatever the bytes.
  public EnvelopeVerdict verify(ByteString wire) {
    return switch (EnvelopeReader.read(wire)) {
      case EnvelopeReader.Broken broken -> new EnvelopeVerdict.Malformed(broken.reason());
      case EnvelopeReader.Unsigned it -> new EnvelopeVerdict.BadSignature(it.id(), it.reason());
      case EnvelopeReader.Unverified unverified -> verify(unverified);
    };
  }

  private EnvelopeVerdict verify(EnvelopeReader.Unverified unverified) {
    Envelope envelope = unverified.envelope();
    ByteString signed = unverified.signed();
    for (int i = 0; i < envelope.signers().size(); i++) {
      PublicKey key = envelope.signers().get(i);
      if (!signatures.verify(key, signed, unverified.signatures().get(i))) {
        return new EnvelopeVerdict.BadSignature(
            envelope.id(), "the signature by key " + key.id() + " is wrong");
      }
    }
    return new EnvelopeVerdict.Valid(envelope);
  }

  /// An envelope that was verified before it was appended to the log: parsed and hashed again; its
  /// signatures, whose they are, and that this is the one encoding of it, taken for granted. The
  /// log compares hashes and sums.
  ///
  /// @throws IllegalArgumentException if the bytes are no envelope: the log is damaged
  public static Envelope fromLog(ByteString wire) {
    return envelope(EnvelopeReader.readStored(wire));
  }

  private static Envelope envelope(EnvelopeReader.Result read) {
    return switch (read) {
      case EnvelopeReader.Unverified unverified -> unverified.envelope();
      case EnvelopeReader.Broken broken ->
          throw new IllegalArgumentException("no envelope: " + broken.reason());
      case EnvelopeReader.Unsigned it ->
          throw new IllegalArgumentException("no envelope: " + it.reason());
    };
  }

  /// Signs a statement. Its lists are put in order first; its header must name exactly these keys
  /// ([Header#signedBy(List)]).
  ///
  /// @param keys one key, or a quorum of root keys
  /// @throws IllegalArgumentException if the header names other keys, or the statement breaks a
  ///   limit
  public static Envelope sign(Statement statement, List<SigningKey> keys) {
    ByteString body = StatementCodec.encode(StatementCodec.canonical(statement));
    ByteString signed = preAuthenticationEncoding(statement.kind().payloadType(), body);
    var message =
        tocsin.proto.Envelope.newBuilder()
            .setPayloadType(statement.kind().payloadType())
            .setBody(body);
    List<SigningKey> ordered = new ArrayList<>(keys);
    ordered.sort(Comparator.comparing(SigningKey::id));
    for (SigningKey key : ordered) {
      message.addSignatures(
          tocsin.proto.Signature.newBuilder()
              .setKey(StatementWriter.publicKey(key.publicKey()))
              .setValue(key.sign(signed)));
    }
    return envelope(EnvelopeReader.read(message.build().toByteString()));
  }

  static StatementId idOf(StatementKind kind, ByteString body) {
    return new StatementId(Sha256.of(kind.encodingHead(), bodySize(body), body));
  }
}
