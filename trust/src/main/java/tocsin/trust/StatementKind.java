package tocsin.trust;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;

/// The kinds of statements; each is a payload type of its own, so that a signature over one kind
/// can never be shown as a signature over another.
public enum StatementKind {
  PROFILE("profile"),
  VOUCH("vouch"),
  VOUCH_WITHDRAWAL("vouch-withdrawal"),
  REVOCATION("revocation"),
  ALERT("alert"),
  ENDORSEMENT("endorsement"),
  DISPUTE("dispute"),
  RECALL("recall"),
  REGISTRATION("registration");

  private static final List<StatementKind> ALL = List.of(values());

  private final String word;
  private final String payloadType;
  private final ByteString payloadTypeBytes;
  private final ByteString encodingHead;

  StatementKind(String word) {
    this.word = word;
    this.payloadType = "application/vnd.tocsin." + word + ".v1";
    this.payloadTypeBytes = ByteString.copyFromUtf8(payloadType);
    this.encodingHead = Envelopes.encodingHead(payloadTypeBytes);
  }

  /// The kind in one word, for people.
  public String word() {
    return word;
  }

  /// The envelope's payload type.
  public String payloadType() {
    return payloadType;
  }

  /// Of the pre-authentication encoding, what comes before the size of the body.
  ByteString encodingHead() {
    return encodingHead;
  }

  public static Optional<StatementKind> ofPayloadType(String payloadType) {
    return ofPayloadType(ByteString.copyFromUtf8(payloadType));
  }

  /// The same, of what stands on the wire.
  static Optional<StatementKind> ofPayloadType(ByteString payloadType) {
    for (StatementKind kind : ALL) {
      if (kind.payloadTypeBytes.equals(payloadType)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
