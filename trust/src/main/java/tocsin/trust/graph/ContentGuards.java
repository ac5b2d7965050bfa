package tocsin.trust.graph;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.SpecialPurposeAddresses;
import tocsin.trust.Statement;

/// What an alert may never say, whoever says it; and how many paths it needs for what it says.
final class ContentGuards {
  private ContentGuards() {}

  /// Empty if there is nothing against it.
  static Optional<AlertStatus.Refused> objection(Statement.Alert alert, TrustPolicy policy) {
    if (alert.header().slotIndex() >= policy.slotQuota()) {
      return refused(Guard.OVER_QUOTA, "its key has used up its slots of that hour");
    }
    return switch (alert.action()) {
      case Statement.FlushAction _ -> Optional.empty();
      case Statement.OverrideAction override ->
          names(alert, policy)
              .or(() -> addresses(override, policy))
              .or(() -> records(alert, override));
    };
  }

  private static Optional<AlertStatus.Refused> names(Statement.Alert alert, TrustPolicy policy) {
    for (DnsName name : alert.names()) {
      if (name.isRoot()) {
        return refused(Guard.ROOT_OR_TOP_LEVEL, "the root is never overridden");
      }
      if (isMagic(name)) {
        return refused(
            Guard.RPZ_MAGIC, name + " would be an instruction in a response policy zone");
      }
      if (name.labelCount() == 1) {
        return refused(
            Guard.ROOT_OR_TOP_LEVEL, name + " is a top-level name, which is never overridden");
      }
      if (!policy.allowPublicSuffixes() && PublicSuffixes.contains(name)) {
        return refused(
            Guard.PUBLIC_SUFFIX, name + " is a public suffix, under which others register");
      }
    }
    return policy
        .names()
        .never(alert)
        .flatMap(never ->
            refused(Guard.NEVER_OVERRIDDEN, never + " is never overridden here (never-override)"));
  }

  private static Optional<AlertStatus.Refused> addresses(
      Statement.OverrideAction override, TrustPolicy policy) {
    if (policy.allowSpecialPurposeAddresses()) {
      return Optional.empty();
    }
    for (CorrectRecord record : override.records()) {
      Optional<AlertStatus.Refused> objection =
          switch (record) {
            case CorrectRecord.A a -> address(a.address());
            case CorrectRecord.Aaaa aaaa -> address(aaaa.address());
            case CorrectRecord.Cname _,
                CorrectRecord.Mx _,
                CorrectRecord.Txt _,
                CorrectRecord.Srv _,
                CorrectRecord.Caa _ ->
                Optional.empty();
          };
      if (objection.isPresent()) {
        return objection;
      }
    }
    for (Statement.NameServer server : override.nameServers()) {
      for (ByteString address : server.addresses()) {
        Optional<AlertStatus.Refused> objection = address(address);
        if (objection.isPresent()) {
          return objection;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<AlertStatus.Refused> address(ByteString address) {
    return SpecialPurposeAddresses.blockOf(address)
        .flatMap(block ->
            refused(
                Guard.SPECIAL_PURPOSE_ADDRESS,
                "a correction points into " + block + ", a special-purpose address block (IANA)"));
  }

  private static Optional<AlertStatus.Refused> records(
      Statement.Alert alert, Statement.OverrideAction override) {
    for (CorrectRecord record : override.records()) {
      Optional<DnsName> target =
          switch (record) {
            case CorrectRecord.Cname cname -> Optional.of(cname.target());
            case CorrectRecord.Mx mx -> Optional.of(mx.exchange());
            case CorrectRecord.Srv srv -> Optional.of(srv.target());
            case CorrectRecord.A _,
                CorrectRecord.Aaaa _,
                CorrectRecord.Txt _,
                CorrectRecord.Caa _ ->
                Optional.empty();
          };
      if (target.isPresent() && (target.get().isRoot() || isMagic(target.get()))) {
        return refused(
            Guard.RPZ_MAGIC,
            "a record points at " + target.get() + ", which a response policy zone obeys");
      }
      if (record instanceof CorrectRecord.Cname cname && pointsAtItself(alert, cname.target())) {
        return refused(
            Guard.RPZ_MAGIC,
            "a CNAME points at the overridden name "
                + cname.target()
                + ", which a response policy zone takes for \"pass through\"");
      }
    }
    return Optional.empty();
  }

  /// `rpz-passthru.`, `rpz-drop.`, `rpz-tcp-only.` as targets, `rpz-ip` and its like as triggers
  /// (draft-vixie-dnsop-dns-rpz-00, sections 3 and 4): nothing at or below a last label that begins
  /// with "rpz-" is a name for us.
  private static boolean isMagic(DnsName name) {
    List<String> labels = name.labels();
    return !labels.isEmpty() && labels.getLast().startsWith("rpz-");
  }

  private static boolean pointsAtItself(Statement.Alert alert, DnsName target) {
    for (DnsName name : alert.names()) {
      if (target.equals(name) || (alert.subtree() && target.isAtOrBelow(name))) {
        return true;
      }
    }
    return false;
  }

  /// How many disjoint paths the alert needs by policy: the maximum over its names. A flush of a
  /// name under which many register needs as many as an override: alone, nobody empties the world's
  /// caches.
  static int requiredPaths(Statement.Alert alert, TrustPolicy policy) {
    return switch (alert.action()) {
      case Statement.OverrideAction _ ->
          requiredOverridePaths(alert.names(), alert.subtree(), policy);
      case Statement.FlushAction _ -> requiredFlushPaths(alert.names(), policy);
    };
  }

  static int requiredFlushPaths(List<DnsName> names, TrustPolicy policy) {
    int required = 1;
    for (DnsName name : names) {
      required = Math.max(required, policy.names().flushPaths(name, policy.flushPaths()));
    }
    return isWide(names) ? Math.max(required, policy.overridePaths()) : required;
  }

  static int requiredOverridePaths(List<DnsName> names, boolean subtree, TrustPolicy policy) {
    int required = 1;
    for (DnsName name : names) {
      required = Math.max(required, policy.names().overridePaths(name, policy.overridePaths()));
    }
    if (policy.names().isFamous(names, subtree)) {
      required = Math.max(required, policy.names().famousPaths());
    }
    return isWide(names) ? Math.max(required, policy.publicSuffixPaths()) : required;
  }

  private static boolean isWide(List<DnsName> names) {
    for (DnsName name : names) {
      if (name.labelCount() < 2 || PublicSuffixes.contains(name)) {
        return true;
      }
    }
    return false;
  }

  private static Optional<AlertStatus.Refused> refused(Guard guard, String reason) {
    return Optional.of(new AlertStatus.Refused(guard, reason));
  }
}
