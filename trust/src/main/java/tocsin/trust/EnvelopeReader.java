package tocsin.trust;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Parses the outer form of an envelope and the statement inside, strictly; checks that it is
/// signed by those whom its header names, not that the signatures are good.
final class EnvelopeReader {
  private EnvelopeReader() {}

  sealed interface Result {}

  /// @param body of the statement, which the signatures are over, with its type
  /// @param signatures one for each of the envelope's signers, in their order
  record Unverified(Envelope envelope, ByteString body, List<ByteString> signatures)
      implements Result {
    ByteString signed() {
      return Envelopes.preAuthenticationEncoding(envelope.statement().kind().payloadType(), body);
    }
  }

  record Unsigned(StatementId id, String reason) implements Result {}

  record Broken(String reason) implements Result {}

  /// Bytes from outside: refused unless they are the one encoding of what they say.
  static Result read(ByteString wire) {
    return read(wire, true);
  }

  /// Bytes that were read so before they were stored, and that are compared with what was stored by
  /// whoever stored them: neither are they encoded again, which is half of the work, nor is it
  /// asked again who signed.
  static Result readStored(ByteString wire) {
    return read(wire, false);
  }

  private static Result read(ByteString wire, boolean canonical) {
    if (wire.size() > Envelope.MAX_WIRE_BYTES) {
      return new Broken(
          "the envelope has " + wire.size() + " bytes; at most " + Envelope.MAX_WIRE_BYTES);
    }
    Optional<EnvelopeForm> read = EnvelopeForm.of(wire);
    if (read.isEmpty()) {
      return new Broken(formless(wire));
    }
    EnvelopeForm form = read.get();
    if (form.signatures().isEmpty()) {
      return new Broken("the envelope has no signature");
    }
    if (form.signatures().size() > StatementLimits.MAX_SIGNATURES) {
      return new Broken("the envelope has over " + StatementLimits.MAX_SIGNATURES + " signatures");
    }
    Optional<StatementKind> kind = StatementKind.ofPayloadType(form.payloadType());
    if (kind.isEmpty()) {
      return new Broken("the payload type is not known here");
    }
    ByteString body = form.body();
    List<PublicKey> keys = new ArrayList<>(form.signatures().size());
    List<ByteString> values = new ArrayList<>(form.signatures().size());
    try {
      for (EnvelopeForm.Signature signature : form.signatures()) {
        PublicKey key = StatementReader.publicKey(signature.algorithm(), signature.key());
        if (signature.value().size() != key.algorithm().signatureBytes()) {
          return new Broken("a signature has not " + key.algorithm().signatureBytes() + " bytes");
        }
        keys.add(key);
        values.add(signature.value());
      }
    } catch (IllegalArgumentException e) {
      return new Broken(Objects.requireNonNullElse(e.getMessage(), "a value is out of range"));
    }
    if (canonical && !encode(kind.get(), body, keys, values).equals(wire)) {
      return new Broken("the envelope is not in canonical encoding");
    }
    StatementCodec.Parsed parsed =
        canonical
            ? StatementCodec.parse(kind.get(), body)
            : StatementCodec.parseStored(kind.get(), body);
    return switch (parsed) {
      case StatementCodec.Parsed.Malformed malformed -> new Broken(malformed.reason());
      case StatementCodec.Parsed.Good good -> {
        StatementId id = Envelopes.idOf(kind.get(), body);
        Optional<Result> wrong =
            canonical ? wrongSigners(id, good.statement(), keys) : Optional.empty();
        yield wrong.orElseGet(
            () -> new Unverified(new Envelope(id, good.statement(), wire, keys), body, values));
      }
    };
  }

  private static Optional<Result> wrongSigners(
      StatementId id, Statement statement, List<PublicKey> keys) {
    List<KeyId> named = new ArrayList<>();
    named.add(statement.header().key());
    named.addAll(statement.header().cosigners());
    List<KeyId> actual = keys.stream().map(PublicKey::id).toList();
    if (!actual.equals(named)) {
      return Optional.of(
          new Unsigned(id, "it is not signed by exactly the keys that its header names"));
    }
    if (named.size() > 1 && !takesQuorum(statement)) {
      return Optional.of(new Broken("a " + statement.kind().word() + " is signed by one key"));
    }
    return Optional.empty();
  }

  /// Profiles and revocations of keys are signed by root keys, as many as the profile asks for.
  private static boolean takesQuorum(Statement statement) {
    return statement instanceof Statement.Profile
        || (statement instanceof Statement.Revocation revocation
            && revocation.target() instanceof Statement.Revoked.Key);
  }

  /// Why these bytes do not have the form of an envelope.
  private static String formless(ByteString wire) {
    try {
      return UnknownFields.in(tocsin.proto.Envelope.parseFrom(wire))
          ? "the envelope has an unknown field"
          : "the envelope is not in canonical encoding";
    } catch (InvalidProtocolBufferException e) {
      return "the bytes are no protobuf message of an envelope";
    }
  }

  private static ByteString encode(
      StatementKind kind, ByteString body, List<PublicKey> keys, List<ByteString> values) {
    var message =
        tocsin.proto.Envelope.newBuilder().setPayloadType(kind.payloadType()).setBody(body);
    for (int i = 0; i < keys.size(); i++) {
      message.addSignatures(
          tocsin.proto.Signature.newBuilder()
              .setKey(StatementWriter.publicKey(keys.get(i)))
              .setValue(values.get(i)));
    }
    return message.build().toByteString();
  }
}
