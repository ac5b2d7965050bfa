package tocsin.trust.graph;

import java.util.List;
import tocsin.trust.Envelope;
import tocsin.trust.Header;
import tocsin.trust.OrganizationId;
import tocsin.trust.PublicKey;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// A statement, and when this node first saw it, as logged: the two things of which all that a node
/// believes is a function.
record Seen<S extends Statement>(
    StatementId id,
    OrganizationId issuer,
    S statement,
    List<PublicKey> signers,
    long firstSeenMillis) {
  static <S extends Statement> Seen<S> of(Envelope envelope, S statement, long firstSeenMillis) {
    return new Seen<>(
        envelope.id(), envelope.issuer(), statement, envelope.signers(), firstSeenMillis);
  }

  Header header() {
    return statement.header();
  }
}
