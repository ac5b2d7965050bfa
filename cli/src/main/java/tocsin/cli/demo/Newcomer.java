package tocsin.cli.demo;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.Header;
import tocsin.trust.KeyUse;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.SigningKey;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// An organization without a node: it founds itself, says one thing, and revokes the key that said
/// it.
final class Newcomer {
  private final NetworkId network;
  private final SigningKey root;
  private final SigningKey operations;
  private final Envelope profile;

  Newcomer(NetworkId network, String name, long nowMillis) {
    SecureRandom random = new SecureRandom();
    this.network = network;
    this.root = SigningKey.generate(random);
    this.operations = SigningKey.generate(random);
    Statement.OperationalKey key =
        new Statement.OperationalKey(
            operations.publicKey(),
            List.of(KeyUse.SUBMIT),
            nowMillis - Header.HOUR_MILLIS,
            nowMillis + 24 * Header.HOUR_MILLIS,
            "");
    this.profile =
        Envelopes.sign(
            new Statement.Profile(
                header(root, Optional.empty(), Optional.empty(), nowMillis, 0),
                1,
                name,
                "",
                "",
                List.of(),
                List.of(root.publicKey()),
                1,
                List.of(key),
                ""),
            List.of(root));
  }

  /// @param previous the key's first statement, if this is its second
  private Header header(
      SigningKey key,
      Optional<OrganizationId> issuer,
      Optional<StatementId> previous,
      long nowMillis,
      long lifeMillis) {
    return new Header(
        network,
        issuer,
        key.id(),
        previous.isPresent() ? 2 : 1,
        previous,
        nowMillis,
        lifeMillis == 0 ? 0 : nowMillis + lifeMillis,
        nowMillis / Header.HOUR_MILLIS,
        previous.isPresent() ? 1 : 0);
  }

  OrganizationId id() {
    return profile.issuer();
  }

  Envelope profile() {
    return profile;
  }

  Header firstWords(long nowMillis, long lifeMillis) {
    return header(operations, Optional.of(id()), Optional.empty(), nowMillis, lifeMillis);
  }

  Envelope sign(Statement statement) {
    return Envelopes.sign(statement, List.of(operations));
  }

  /// Its key was stolen: nothing that it said is good.
  Envelope revokesItsKey(long nowMillis) {
    return Envelopes.sign(
        new Statement.Revocation(
            header(root, Optional.of(id()), Optional.of(profile.id()), nowMillis, 0),
            new Statement.Revoked.Key(operations.id(), Optional.empty()),
            "stolen",
            OptionalLong.empty()),
        List.of(root));
  }
}
