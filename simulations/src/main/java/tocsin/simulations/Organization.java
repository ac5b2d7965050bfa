package tocsin.simulations;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import tocsin.node.core.CoreConfig;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.Header;
import tocsin.trust.KeyUse;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.Severity;
import tocsin.trust.Sha256;
import tocsin.trust.SigningKey;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;
import tocsin.trust.graph.TrustPolicy;

/// An organization that says and signs things, with keys that follow from the seed: a root key, one
/// for statements, one for its node.
final class Organization {
  static final NetworkId NETWORK = NetworkId.named("test");

  /// The default of a node's configuration.
  private static final long FLUSH_JITTER_MILLIS = 10_000;

  private static final long YEAR_MILLIS = 365L * 24 * Header.HOUR_MILLIS;

  private final SigningKey root;
  private final SigningKey key;
  private final SigningKey nodeKey;
  private final Envelope profile;
  private final String address;
  private final TreeMap<Long, Integer> slots = new TreeMap<>();
  private long sequence;
  private Optional<StatementId> previous = Optional.empty();

  Organization(String name, String address, Chance chance) {
    this.root = key(chance, name + " root");
    this.key = key(chance, name + " key");
    this.nodeKey = key(chance, name + " node");
    this.address = address;
    long issuedAt = Simulation.EPOCH_MILLIS - 24 * Header.HOUR_MILLIS;
    long until = Simulation.EPOCH_MILLIS + 3 * YEAR_MILLIS;
    Header header =
        new Header(
            NETWORK,
            Optional.empty(),
            root.id(),
            1,
            Optional.empty(),
            issuedAt,
            0,
            issuedAt / Header.HOUR_MILLIS,
            0);
    this.profile =
        Envelopes.sign(
            new Statement.Profile(
                header,
                1,
                name,
                "DE",
                "https://www.example.test/",
                List.of("mailto:noc@example.test"),
                List.of(root.publicKey()),
                1,
                List.of(
                    new Statement.OperationalKey(
                        key.publicKey(),
                        List.of(KeyUse.SUBMIT, KeyUse.ENDORSE, KeyUse.VOUCH),
                        0,
                        until,
                        ""),
                    new Statement.OperationalKey(
                        nodeKey.publicKey(), List.of(KeyUse.NODE), 0, until, address)),
                ""),
            List.of(root));
  }

  private static SigningKey key(Chance chance, String name) {
    Sha256 seed = chance.bytes("signing key " + name);
    return SigningKey.fromSeed(seed.toByteString());
  }

  OrganizationId id() {
    return profile.issuer();
  }

  /// What its card carries.
  Envelope profile() {
    return profile;
  }

  SigningKey nodeKey() {
    return nodeKey;
  }

  String address() {
    return address;
  }

  /// How its node is configured.
  ///
  /// @param resolvers names of the resolvers beside it
  CoreConfig config(List<String> bootstrap, List<String> resolvers) {
    return new CoreConfig(
        NETWORK,
        id(),
        nodeKey.id(),
        "simulated",
        address,
        bootstrap,
        CoreConfig.Mode.ENFORCE,
        TrustPolicy.DEFAULT,
        FLUSH_JITTER_MILLIS,
        resolvers);
  }

  /// Raises an alert: these names and all below them are hijacked.
  Envelope alert(
      long nowMillis,
      long lifeMillis,
      List<DnsName> names,
      Statement.Action action,
      Optional<StatementId> incident) {
    return say(
        nowMillis,
        lifeMillis,
        header ->
            new Statement.Alert(
                header,
                names,
                true,
                action,
                incident,
                Optional.empty(),
                Severity.EXTREME,
                "the domain is hijacked",
                "the registry shows wrong name servers",
                false));
  }

  /// Signs the next statement of its key.
  ///
  /// @param lifeMillis 0 if it does not expire
  Envelope say(long nowMillis, long lifeMillis, Function<Header, Statement> statement) {
    long hour = nowMillis / Header.HOUR_MILLIS;
    int slot = slots.merge(hour, 1, Integer::sum) - 1;
    sequence++;
    Header header =
        new Header(
            NETWORK,
            Optional.of(id()),
            key.id(),
            sequence,
            previous,
            nowMillis,
            lifeMillis == 0 ? 0 : nowMillis + lifeMillis,
            hour,
            slot);
    Envelope envelope = Envelopes.sign(statement.apply(header), List.of(key));
    previous = Optional.of(envelope.id());
    return envelope;
  }

  /// Signs with the statements' key whatever header it is given: what a careful signer never does.
  Envelope forge(Header header, Function<Header, Statement> statement) {
    return Envelopes.sign(statement.apply(header), List.of(key));
  }

  /// What somebody can make in its name who does not have its key: the signature is wrong.
  Envelope counterfeit(Header header, Function<Header, Statement> statement) {
    Envelope genuine = forge(header, statement);
    byte[] wire = genuine.wire().toByteArray();
    // The signature stands at the end of an envelope.
    wire[wire.length - 5] ^= 1;
    return new Envelope(
        genuine.id(), genuine.statement(), ByteString.copyFrom(wire), genuine.signers());
  }

  /// The header of a statement of this key in any slot.
  Header header(long nowMillis, long lifeMillis, long number, int slot) {
    return new Header(
        NETWORK,
        Optional.of(id()),
        key.id(),
        number,
        Optional.of(previous.orElse(profile.id())),
        nowMillis,
        nowMillis + lifeMillis,
        nowMillis / Header.HOUR_MILLIS,
        slot);
  }

  /// The organization's root revokes its key for statements.
  ///
  /// @param lastGood the last statement that it stands by; empty: none
  Envelope revokeKey(long nowMillis, Optional<StatementId> lastGood) {
    Header header =
        new Header(
            NETWORK,
            Optional.of(id()),
            root.id(),
            2,
            Optional.of(profile.id()),
            nowMillis,
            0,
            nowMillis / Header.HOUR_MILLIS,
            0);
    return Envelopes.sign(
        new Statement.Revocation(
            header,
            new Statement.Revoked.Key(key.id(), lastGood),
            "the key is stolen",
            OptionalLong.empty()),
        List.of(root));
  }

  /// The last statement that it has signed; empty if none.
  Optional<StatementId> lastSaid() {
    return previous;
  }

  Envelope vouch(
      long nowMillis, Organization subject, List<tocsin.trust.Role> roles, List<String> scopes) {
    List<tocsin.trust.DnsName> names = new ArrayList<>();
    scopes.forEach(scope -> names.add(tocsin.trust.DnsName.of(scope)));
    return say(
        nowMillis,
        YEAR_MILLIS,
        header -> new Statement.Vouch(header, subject.id(), roles, names, 1, "met in person"));
  }
}
