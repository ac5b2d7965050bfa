package tocsin.trust;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Everything that an organization can say and sign: the first of the six vocabularies. A value
/// that exists is well-formed; whether it is *believed* is judged elsewhere. Lists are in the order
/// of the wire, which is ascending and without repetition (`StatementCodec` refuses any other).
public sealed interface Statement {
  Header header();

  /// The kind, which is also the envelope's payload type.
  default StatementKind kind() {
    return switch (this) {
      case Profile _ -> StatementKind.PROFILE;
      case Vouch _ -> StatementKind.VOUCH;
      case VouchWithdrawal _ -> StatementKind.VOUCH_WITHDRAWAL;
      case Revocation _ -> StatementKind.REVOCATION;
      case Alert _ -> StatementKind.ALERT;
      case Endorsement _ -> StatementKind.ENDORSEMENT;
      case Dispute _ -> StatementKind.DISPUTE;
      case Recall _ -> StatementKind.RECALL;
      case Registration _ -> StatementKind.REGISTRATION;
    };
  }

  /// Who an organization is and which keys speak for it. Signed by `threshold` of its roots, and,
  /// when it replaces an older version, by the older version's quorum too.
  record Profile(
      Header header,
      int version,
      String legalName,
      String country,
      String webSite,
      List<String> contacts,
      List<PublicKey> roots,
      int threshold,
      List<OperationalKey> keys,
      String group)
      implements Statement {
    public Profile {
      contacts = List.copyOf(contacts);
      roots = List.copyOf(roots);
      keys = List.copyOf(keys);
      require(version >= 1, "a profile's version begins at 1");
      require((version == 1) == header.issuer().isEmpty(), "only a genesis profile has no issuer");
      require(!legalName.isBlank(), "a profile has no legal name");
      require(
          !roots.isEmpty() && roots.size() <= StatementLimits.MAX_ROOTS,
          "a profile has 1 to 16 root keys");
      require(threshold >= 1 && threshold <= roots.size(), "the threshold is not 1 to all roots");
      require(
          keys.size() <= StatementLimits.MAX_OPERATIONAL_KEYS,
          "a profile has at most 64 operational keys");
      require(contacts.size() <= StatementLimits.MAX_CONTACTS, "a profile has at most 16 contacts");
      requireEndless(header);
    }

    /// Enough of the root keys are among these signers. Distinct keys are counted: no key counts
    /// twice however often it signed (python-tuf once did: GHSA-r7vq-6425-j94w).
    public boolean hasQuorum(List<PublicKey> signers) {
      return roots.stream().distinct().filter(signers::contains).count() >= threshold;
    }
  }

  /// @param address where a NODE key's node listens, "host:port"; else empty
  record OperationalKey(
      PublicKey key, List<KeyUse> uses, long notBeforeMillis, long notAfterMillis, String address) {
    public OperationalKey {
      uses = List.copyOf(uses);
      require(!uses.isEmpty(), "an operational key has no use");
      require(notBeforeMillis >= 0, "an operational key begins before 1970");
      require(notAfterMillis > notBeforeMillis, "an operational key ends before it begins");
      require(notAfterMillis <= StatementLimits.MAX_TIME_MILLIS, "a time is after the year 9999");
    }

    public boolean isFor(KeyUse use, long atMillis) {
      return uses.contains(use) && atMillis >= notBeforeMillis && atMillis < notAfterMillis;
    }
  }

  /// The issuer states that the subject is vetted, for these roles and for names at or below these
  /// scopes; at most `depth` further vouches may follow on a path.
  record Vouch(
      Header header,
      OrganizationId subject,
      List<Role> roles,
      List<DnsName> scopes,
      int depth,
      String vetting)
      implements Statement {
    public Vouch {
      roles = List.copyOf(roles);
      scopes = List.copyOf(scopes);
      requireIssuer(header);
      require(!roles.isEmpty(), "a vouch names no role");
      require(
          !scopes.isEmpty() && scopes.size() <= StatementLimits.MAX_SCOPES,
          "a vouch has 1 to 64 scopes");
      require(depth >= 0 && depth <= StatementLimits.MAX_DEPTH, "a vouch's depth is 0 to 16");
      require(header.expiresAtMillis() != 0, "a vouch must expire");
      require(!header.issuer().equals(Optional.of(subject)), "an organization vouches for itself");
    }
  }

  /// Takes back vouches of the same issuer.
  record VouchWithdrawal(Header header, List<StatementId> vouches, String reason)
      implements Statement {
    public VouchWithdrawal {
      vouches = List.copyOf(vouches);
      require(
          !vouches.isEmpty() && vouches.size() <= StatementLimits.MAX_WITHDRAWN,
          "a withdrawal names 1 to 64 vouches");
      requireIssuer(header);
      requireEndless(header);
    }
  }

  record Revocation(
      Header header, Revoked target, String reason, OptionalLong compromisedSinceMillis)
      implements Statement {
    public Revocation {
      long since = compromisedSinceMillis.orElse(1);
      requireIssuer(header);
      require(since > 0 && since <= StatementLimits.MAX_TIME_MILLIS, "a time is out of range");
      requireEndless(header);
    }
  }

  /// What a revocation revokes.
  sealed interface Revoked {
    /// @param lastGood the key's last statement that is still good; empty: none is
    record Key(KeyId key, Optional<StatementId> lastGood) implements Revoked {}

    record Organization(OrganizationId organization) implements Revoked {}
  }

  /// @param names affected names; 1 to 64
  /// @param subtree names below them are affected too
  /// @param incident the first alert of the incident; empty when this one is it
  /// @param supersedes the alert of the same issuer that this one replaces
  record Alert(
      Header header,
      List<DnsName> names,
      boolean subtree,
      Action action,
      Optional<StatementId> incident,
      Optional<StatementId> supersedes,
      Severity severity,
      String headline,
      String evidence,
      boolean exercise)
      implements Statement {
    /// An override lives at most a day and can be renewed.
    public static final long MAX_OVERRIDE_MILLIS = 24 * Header.HOUR_MILLIS;

    /// A flush is done at once or not at all.
    public static final long MAX_FLUSH_MILLIS = Header.HOUR_MILLIS;

    public Alert {
      names = List.copyOf(names);
      require(
          !names.isEmpty() && names.size() <= StatementLimits.MAX_NAMES,
          "an alert has 1 to 64 names");
      requireIssuer(header);
      require(header.expiresAtMillis() != 0, "an alert must expire");
      long life = header.expiresAtMillis() - header.issuedAtMillis();
      switch (action) {
        case OverrideAction _ ->
            require(life <= MAX_OVERRIDE_MILLIS, "an override lives at most 24 hours");
        case FlushAction _ -> require(life <= MAX_FLUSH_MILLIS, "a flush lives at most 1 hour");
      }
    }
  }

  /// What an alert asks resolvers to do.
  sealed interface Action permits OverrideAction, FlushAction {}

  /// Answer with the correct records, or ask the correct name servers, until the alert ends.
  record OverrideAction(
      List<CorrectRecord> records,
      List<NameServer> nameServers,
      List<ByteString> rogueAddresses,
      List<DnsName> rogueNameServers,
      boolean insecure,
      int ttlSeconds)
      implements Action {
    public static final int MAX_TTL_SECONDS = 3_600;

    public OverrideAction {
      records = List.copyOf(records);
      nameServers = List.copyOf(nameServers);
      rogueAddresses = List.copyOf(rogueAddresses);
      rogueNameServers = List.copyOf(rogueNameServers);
      require(
          !records.isEmpty() || !nameServers.isEmpty() || insecure, "an override corrects nothing");
      require(records.size() <= StatementLimits.MAX_RECORDS, "an override has at most 64 records");
      require(
          nameServers.size() <= StatementLimits.MAX_NAME_SERVERS,
          "an override has at most 16 name servers");
      require(
          rogueAddresses.size() <= StatementLimits.MAX_ROGUE_ADDRESSES,
          "an override names at most 64 rogue addresses");
      require(
          rogueNameServers.size() <= StatementLimits.MAX_ROGUE_NAME_SERVERS,
          "an override names at most 16 rogue name servers");
      require(ttlSeconds >= 0 && ttlSeconds <= MAX_TTL_SECONDS, "a TTL is at most an hour");
      boolean cname = records.stream().anyMatch(CorrectRecord.Cname.class::isInstance);
      require(!cname || records.size() == 1, "a CNAME stands alone at its name");
    }
  }

  /// Forget what is cached at and below the names.
  record FlushAction() implements Action {}

  /// @param addresses 4 or 16 bytes each; 1 to 8
  record NameServer(DnsName name, List<ByteString> addresses) {
    public NameServer {
      addresses = List.copyOf(addresses);
      require(
          !addresses.isEmpty() && addresses.size() <= StatementLimits.MAX_NAME_SERVER_ADDRESSES,
          "a name server has 1 to 8 addresses");
      for (ByteString address : addresses) {
        require(address.size() == 4 || address.size() == 16, "an address has 4 or 16 bytes");
      }
    }
  }

  /// An owner names in advance its domains and what is right for them. It binds after seven
  /// undisputed days, where it has the disjoint paths that an override would need.
  ///
  /// @param names 1 to 64; names below them are protected too
  /// @param ownerKeys keys of the issuer that speak as the owner; empty: all its keys for SUBMIT
  /// @param submitters who may submit overrides of these names, beside the owner; empty: any
  /// @param endorsements overrides of these names need as many endorsing organizations
  record Registration(
      Header header,
      List<DnsName> names,
      List<CorrectRecord> records,
      List<NameServer> nameServers,
      List<KeyId> ownerKeys,
      List<OrganizationId> submitters,
      int endorsements)
      implements Statement {
    public Registration {
      names = List.copyOf(names);
      records = List.copyOf(records);
      nameServers = List.copyOf(nameServers);
      ownerKeys = List.copyOf(ownerKeys);
      submitters = List.copyOf(submitters);
      requireIssuer(header);
      require(header.expiresAtMillis() != 0, "a registration must expire");
      require(
          !names.isEmpty() && names.size() <= StatementLimits.MAX_NAMES,
          "a registration has 1 to 64 names");
      require(
          names.stream().allMatch(name -> name.labelCount() >= 2),
          "the root and top-level names cannot be registered");
      require(
          records.size() <= StatementLimits.MAX_RECORDS, "a registration has at most 64 records");
      require(
          nameServers.size() <= StatementLimits.MAX_NAME_SERVERS,
          "a registration has at most 16 name servers");
      require(!records.isEmpty() || !nameServers.isEmpty(), "a registration says what is correct");
      require(
          ownerKeys.size() <= StatementLimits.MAX_OWNER_KEYS,
          "a registration has at most 16 owner keys");
      require(
          submitters.size() <= StatementLimits.MAX_SUBMITTERS,
          "a registration names at most 64 submitters");
      require(
          endorsements >= 0 && endorsements <= StatementLimits.MAX_ENDORSEMENTS_ASKED,
          "a registration asks for 0 to 15 endorsements");
      boolean cname = records.stream().anyMatch(CorrectRecord.Cname.class::isInstance);
      require(!cname || records.size() == 1, "a CNAME stands alone at its name");
    }

    /// Speaks for the owner, as far as the registration decides it.
    public boolean isOwnerKey(KeyId key) {
      return ownerKeys.isEmpty() || ownerKeys.contains(key);
    }

    public boolean covers(DnsName name) {
      for (DnsName registered : names) {
        if (name.isAtOrBelow(registered)) {
          return true;
        }
      }
      return false;
    }
  }

  /// Another organization confirms an alert or a registration.
  record Endorsement(Header header, StatementId alert) implements Statement {
    public Endorsement {
      requireIssuer(header);
    }
  }

  /// Another organization contradicts an alert or a registration.
  record Dispute(Header header, StatementId alert, String reason) implements Statement {
    public Dispute {
      requireIssuer(header);
      requireEndless(header);
    }
  }

  /// Takes back an alert, an endorsement or a registration of the same issuer; or, by the owner of
  /// a registered name, an alert about it.
  record Recall(Header header, StatementId statement, String reason) implements Statement {
    public Recall {
      requireIssuer(header);
      requireEndless(header);
    }
  }

  private static void requireIssuer(Header header) {
    require(header.issuer().isPresent(), "a statement names no issuer");
  }

  /// What stops something must not end by itself, or what it stopped would begin again.
  private static void requireEndless(Header header) {
    require(header.expiresAtMillis() == 0, "such a statement does not expire");
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
