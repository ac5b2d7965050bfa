package tocsin.trust;

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

  private final String word;
  private final String payloadType;

  StatementKind(String word) {
    this.word = word;
    this.payloadType = "application/vnd.tocsin." + word + ".v1";
  }

  /// The kind in one word, for people.
  public String word() {
    return word;
  }

  /// The envelope's payload type.
  public String payloadType() {
    return payloadType;
  }

  public static Optional<StatementKind> ofPayloadType(String payloadType) {
    for (StatementKind kind : values()) {
      if (kind.payloadType.equals(payloadType)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
