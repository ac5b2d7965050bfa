package tocsin.node.dns;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/// What a zone answers. Immutable: another version is another value, and a query sees one of them
/// only.
sealed interface ZoneContent permits Zone, LookupZone {
  Name origin();

  /// [NameKey] of the origin; not to be changed.
  byte[] originKey();

  Serial serial();

  /// The one SOA record, owned by the origin.
  RecordSet soa();

  /// Seconds after which a secondary that cannot reach us must stop serving the zone.
  int expireSeconds();

  /// Signs the zone's answers; null if they are not signed.
  default @Nullable ZoneSigner signer() {
    return null;
  }

  /// What stands at a name at or below the origin, wildcards applied; null if there is no such
  /// name.
  ///
  /// @param key holds the [NameKey] of the name in its first `length` bytes
  @Nullable OwnerRecords find(byte[] key, int length);
}
