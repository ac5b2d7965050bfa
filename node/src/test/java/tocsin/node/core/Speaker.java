package tocsin.node.core;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.Header;
import tocsin.trust.KeyUse;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.Role;
import tocsin.trust.Severity;
import tocsin.trust.Sha256;
import tocsin.trust.SigningKey;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// An organization of the tests that speaks with real signatures: a root, two operational keys, and
/// a node key.
final class Speaker {
  static final NetworkId NETWORK = NetworkId.named("test");
  static final long NOW = 1_795_456_800_000L;
  private static final long DAY = 24 * Header.HOUR_MILLIS;

  final String name;
  final SigningKey root;
  final SigningKey operations;
  final SigningKey second;
  final SigningKey node;
  final Envelope profile;
  final OrganizationId id;

  private NetworkId network = NETWORK;
  private long sequence;
  private Optional<StatementId> previous = Optional.empty();
  private int slot;

  Speaker(String name) {
    this.name = name;
    root = key("root");
    operations = key("operations");
    second = key("second");
    node = key("node");
    Header header =
        new Header(
            NETWORK,
            Optional.empty(),
            root.id(),
            1,
            Optional.empty(),
            NOW - DAY,
            0,
            (NOW - DAY) / Header.HOUR_MILLIS,
            0);
    List<KeyUse> uses = List.of(KeyUse.SUBMIT, KeyUse.ENDORSE, KeyUse.VOUCH);
    profile =
        Envelopes.sign(
            new Statement.Profile(
                header,
                1,
                name,
                "",
                "",
                List.of(),
                List.of(root.publicKey()),
                1,
                List.of(
                    usable(operations, uses, ""),
                    usable(second, uses, ""),
                    usable(node, List.of(KeyUse.NODE), name + ".test:7353")),
                ""),
            List.of(root));
    id = profile.issuer();
  }

  private SigningKey key(String purpose) {
    return SigningKey.fromSeed(
        Sha256.of(ByteString.copyFromUtf8(name + " " + purpose)).toByteString());
  }

  private static Statement.OperationalKey usable(
      SigningKey key, List<KeyUse> uses, String address) {
    return new Statement.OperationalKey(key.publicKey(), uses, 0, NOW + 1_000 * DAY, address);
  }

  /// What it says next is for another network.
  Speaker inNetwork(String other) {
    network = NetworkId.named(other);
    return this;
  }

  private Header header(long issuedAt, long expiresAt) {
    sequence++;
    return new Header(
        network,
        Optional.of(id),
        operations.id(),
        sequence,
        previous,
        issuedAt,
        expiresAt,
        issuedAt / Header.HOUR_MILLIS,
        slot++);
  }

  private Envelope say(Statement statement) {
    Envelope envelope = Envelopes.sign(statement, List.of(operations));
    previous = Optional.of(envelope.id());
    return envelope;
  }

  Envelope vouch(Speaker subject, String scope, Role... roles) {
    return say(
        new Statement.Vouch(
            header(NOW - 1_000, NOW + 100 * DAY),
            subject.id,
            List.of(roles),
            List.of(DnsName.of(scope)),
            2,
            "known for years"));
  }

  Envelope withdraw(Envelope vouch) {
    return say(new Statement.VouchWithdrawal(header(NOW, 0), List.of(vouch.id()), "careless"));
  }

  Envelope override(String... names) {
    return override(records("203.0.114.10"), names);
  }

  /// "Use this name server": no records.
  Envelope overrideByNameServers(String name) {
    return overrideByNameServers(List.of(), name);
  }

  /// Name server and records.
  Envelope overrideByBoth(String name) {
    return overrideByNameServers(records("203.0.114.10").records(), name);
  }

  private Envelope overrideByNameServers(List<CorrectRecord> records, String name) {
    return override(
        new Statement.OverrideAction(
            records,
            List.of(
                new Statement.NameServer(
                    DnsName.of("ns1." + name), List.of(bytes("203.0.114.53")))),
            List.of(bytes("198.51.100.66")),
            List.of(),
            false,
            0),
        name);
  }

  Envelope override(Statement.OverrideAction action, String... names) {
    return alert(NOW, NOW + DAY, action, Optional.empty(), names);
  }

  Envelope alert(
      long issuedAt,
      long expiresAt,
      Statement.Action action,
      Optional<StatementId> incident,
      String... names) {
    List<DnsName> affected = new ArrayList<>();
    for (String each : names) {
      affected.add(DnsName.of(each));
    }
    return alert(issuedAt, expiresAt, false, action, incident, affected);
  }

  Envelope alert(
      long issuedAt,
      long expiresAt,
      boolean subtree,
      Statement.Action action,
      Optional<StatementId> incident,
      List<DnsName> affected) {
    return say(
        new Statement.Alert(
            header(issuedAt, expiresAt),
            affected,
            subtree,
            action,
            incident,
            Optional.empty(),
            Severity.SEVERE,
            "hijacked",
            "",
            false));
  }

  Envelope flush(Optional<StatementId> incident, String... names) {
    return alert(NOW, NOW + Header.HOUR_MILLIS, new Statement.FlushAction(), incident, names);
  }

  Envelope endorse(Envelope alert) {
    return say(new Statement.Endorsement(header(NOW, NOW + DAY), alert.id()));
  }

  /// With another key of the same organization.
  Envelope endorseWithSecondKey(Envelope alert) {
    Header header =
        new Header(
            NETWORK,
            Optional.of(id),
            second.id(),
            1,
            Optional.empty(),
            NOW,
            NOW + DAY,
            NOW / Header.HOUR_MILLIS,
            0);
    return Envelopes.sign(new Statement.Endorsement(header, alert.id()), List.of(second));
  }

  Envelope recall(Envelope statement) {
    return say(new Statement.Recall(header(NOW, 0), statement.id(), "mistake"));
  }

  Envelope revokeOperationsKey() {
    Header header =
        new Header(
            NETWORK,
            Optional.of(id),
            root.id(),
            2,
            Optional.of(profile.id()),
            NOW,
            0,
            NOW / Header.HOUR_MILLIS,
            0);
    return Envelopes.sign(
        new Statement.Revocation(
            header,
            new Statement.Revoked.Key(operations.id(), Optional.empty()),
            "stolen",
            OptionalLong.empty()),
        List.of(root));
  }

  static Statement.OverrideAction records(String address) {
    return action(new CorrectRecord.A(bytes(address)));
  }

  static Statement.OverrideAction action(CorrectRecord... records) {
    return new Statement.OverrideAction(
        List.of(records), List.of(), List.of(), List.of(), false, 60);
  }

  static ByteString bytes(String address) {
    String[] parts = address.split("\\.", -1);
    byte[] bytes = new byte[4];
    for (int i = 0; i < 4; i++) {
      bytes[i] = (byte) Integer.parseInt(parts[i]);
    }
    return ByteString.copyFrom(bytes);
  }
}
