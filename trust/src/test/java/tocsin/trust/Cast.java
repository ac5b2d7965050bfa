package tocsin.trust;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Who plays in the tests: organizations with fixed keys that say things, with sequence numbers and
/// slots in order. The same numbers give the same statements.
public final class Cast {
  public static final NetworkId NETWORK = NetworkId.named("test");
  public static final long NOW = 1_795_456_800_000L;
  public static final long HOUR = Header.HOUR_MILLIS;
  public static final long YEAR = 365 * 24 * HOUR;

  private Cast() {}

  public static SigningKey key(String name) {
    return SigningKey.fromSeed(
        Sha256.of(ByteString.copyFromUtf8("tocsin test key " + name)).toByteString());
  }

  /// A key that counts its statements.
  public static final class Voice {
    public final SigningKey key;
    private long sequence;
    private Optional<StatementId> previous = Optional.empty();
    private final List<Long> hours = new ArrayList<>();

    private final boolean cheap;

    public Voice(String name) {
      this(Cast.key(name), false);
    }

    /// @param cheap its envelopes are not really signed: for tests of what comes after verification
    public Voice(SigningKey key, boolean cheap) {
      this.key = key;
      this.cheap = cheap;
    }

    private Envelope unsigned(Statement statement) {
      return Envelopes.fromLog(
          tocsin.proto.Envelope.newBuilder()
              .setPayloadType(statement.kind().payloadType())
              .setBody(StatementCodec.encode(StatementCodec.canonical(statement)))
              .addSignatures(
                  tocsin.proto.Signature.newBuilder()
                      .setKey(StatementWriter.publicKey(key.publicKey()))
                      .setValue(ByteString.copyFrom(new byte[64])))
              .build()
              .toByteString());
    }

    public Header header(Optional<OrganizationId> issuer, long issuedAt, long expiresAt) {
      long hour = issuedAt / HOUR;
      int index = (int) hours.stream().filter(it -> it == hour).count();
      return new Header(
          NETWORK, issuer, key.id(), sequence + 1, previous, issuedAt, expiresAt, hour, index);
    }

    public Envelope say(Statement statement, SigningKey... cosigners) {
      List<SigningKey> all = new ArrayList<>(List.of(cosigners));
      all.add(key);
      Envelope envelope = cheap ? unsigned(statement) : Envelopes.sign(statement, all);
      sequence++;
      previous = Optional.of(envelope.id());
      hours.add(statement.header().slotHour());
      return envelope;
    }
  }

  /// An organization with one root and one operational key for everything.
  public static final class Org {
    public final String name;
    public final Voice root;
    public final Voice voice;
    public final Envelope profile;
    public final OrganizationId id;

    public Org(String name) {
      this(name, new Voice(name + " root"), new Voice(name + " key"));
    }

    public Org(String name, Voice root, Voice voice) {
      this(name, root, voice, "");
    }

    /// @param group declared in its profile
    public Org(String name, Voice root, Voice voice, String group) {
      this.name = name;
      this.root = root;
      this.voice = voice;
      this.profile =
          root.say(
              profile(
                  root.header(Optional.empty(), NOW - YEAR, 0),
                  1,
                  name,
                  List.of(root.key),
                  1,
                  List.of(everything(voice.key)),
                  group));
      this.id = profile.issuer();
    }

    public Envelope vouch(Org subject, List<Role> roles, int depth, String... scopes) {
      return vouch(subject, roles, depth, NOW - HOUR * 24, NOW + YEAR, scopes);
    }

    public Envelope vouch(
        Org subject, List<Role> roles, int depth, long issuedAt, long expiresAt, String... scopes) {
      return voice.say(
          new Statement.Vouch(
              voice.header(Optional.of(id), issuedAt, expiresAt),
              subject.id,
              roles,
              names(scopes.length == 0 ? new String[] {"."} : scopes),
              depth,
              "met in person"));
    }

    public Envelope override(String... names) {
      return override(NOW - 1000, names);
    }

    public Envelope override(long issuedAt, String... names) {
      return alert(
          issuedAt,
          issuedAt + 24 * HOUR,
          address("93.184.216.34"),
          Optional.empty(),
          Optional.empty(),
          names);
    }

    public Envelope flush(Optional<StatementId> incident, String... names) {
      return alert(
          NOW - 500,
          NOW + HOUR - 1000,
          new Statement.FlushAction(),
          incident,
          Optional.empty(),
          names);
    }

    public Envelope alert(
        long issuedAt,
        long expiresAt,
        Statement.Action action,
        Optional<StatementId> incident,
        Optional<StatementId> supersedes,
        String... names) {
      return voice.say(
          new Statement.Alert(
              voice.header(Optional.of(id), issuedAt, expiresAt),
              names(names),
              false,
              action,
              incident,
              supersedes,
              Severity.EXTREME,
              "the domain is hijacked",
              "the registry shows wrong name servers",
              false));
    }

    public Envelope register(long issuedAt, String... names) {
      return register(issuedAt, List.of(), 0, names);
    }

    public Envelope register(
        long issuedAt, List<OrganizationId> submitters, int endorsements, String... names) {
      return voice.say(
          new Statement.Registration(
              voice.header(Optional.of(id), issuedAt, issuedAt + YEAR),
              names(names),
              List.of(new CorrectRecord.A(v4("93.184.216.34"))),
              List.of(),
              List.of(),
              submitters,
              endorsements));
    }

    public Envelope endorse(Envelope alert) {
      return voice.say(
          new Statement.Endorsement(
              voice.header(Optional.of(id), NOW - 800, NOW + 24 * HOUR), alert.id()));
    }

    public Envelope dispute(Envelope alert) {
      return voice.say(
          new Statement.Dispute(
              voice.header(Optional.of(id), NOW - 700, 0), alert.id(), "we see no hijack"));
    }

    public Envelope recall(Envelope statement) {
      return voice.say(
          new Statement.Recall(
              voice.header(Optional.of(id), NOW - 600, 0), statement.id(), "it was a mistake"));
    }

    public Envelope withdraw(Envelope... vouches) {
      List<StatementId> ids = new ArrayList<>();
      for (Envelope vouch : vouches) {
        ids.add(vouch.id());
      }
      return voice.say(
          new Statement.VouchWithdrawal(
              voice.header(Optional.of(id), NOW - 600, 0), ids, "careless"));
    }

    public Envelope revokeKey(Optional<StatementId> lastGood) {
      return root.say(
          new Statement.Revocation(
              root.header(Optional.of(id), NOW - 400, 0),
              new Statement.Revoked.Key(voice.key.id(), lastGood),
              "stolen",
              OptionalLong.empty()));
    }

    public Envelope revoke(Org other) {
      return voice.say(
          new Statement.Revocation(
              voice.header(Optional.of(id), NOW - 400, 0),
              new Statement.Revoked.Organization(other.id),
              "criminals",
              OptionalLong.empty()));
    }
  }

  public static Statement.Profile profile(
      Header header,
      int version,
      String name,
      List<SigningKey> roots,
      int threshold,
      List<Statement.OperationalKey> keys) {
    return profile(header, version, name, roots, threshold, keys, "");
  }

  public static Statement.Profile profile(
      Header header,
      int version,
      String name,
      List<SigningKey> roots,
      int threshold,
      List<Statement.OperationalKey> keys,
      String group) {
    return new Statement.Profile(
        header,
        version,
        name,
        "DE",
        "https://" + name.toLowerCase(java.util.Locale.ROOT).replace(' ', '-') + ".test/",
        List.of("mailto:noc@example.test"),
        roots.stream().map(SigningKey::publicKey).toList(),
        threshold,
        keys,
        group);
  }

  public static Statement.OperationalKey everything(SigningKey key) {
    return new Statement.OperationalKey(
        key.publicKey(), List.of(KeyUse.values()), 0, NOW + 5 * YEAR, "192.0.2.1:7353");
  }

  public static Statement.OverrideAction address(String text) {
    return records(new CorrectRecord.A(v4(text)));
  }

  public static Statement.OverrideAction records(CorrectRecord... records) {
    return new Statement.OverrideAction(
        List.of(records), List.of(), List.of(), List.of(), false, 300);
  }

  public static ByteString v4(String text) {
    String[] parts = text.split("\\.", -1);
    byte[] bytes = new byte[4];
    for (int i = 0; i < 4; i++) {
      bytes[i] = (byte) Integer.parseInt(parts[i]);
    }
    return ByteString.copyFrom(bytes);
  }

  public static List<DnsName> names(String... names) {
    List<DnsName> list = new ArrayList<>();
    for (String name : names) {
      list.add(DnsName.of(name));
    }
    return list;
  }
}
