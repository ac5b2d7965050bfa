package tocsin.trust;

import java.util.Optional;

/// What every statement carries; `proto/envelope.proto` and `statement.proto` say it field by
/// field.
///
/// @param issuer who speaks; empty in a genesis profile only
/// @param key the signing key; for a quorum, the lowest of those that sign
/// @param sequence the key's own count of its statements, from 1
/// @param previous the key's statement before this one; empty iff sequence is 1
/// @param issuedAtMillis Unix time by the issuer's clock: a claim
/// @param expiresAtMillis void from then on; 0 if it does not expire
/// @param slotHour issuedAtMillis / 3,600,000
/// @param slotIndex index within that hour, below the network's quota
public record Header(
    NetworkId network,
    Optional<OrganizationId> issuer,
    KeyId key,
    long sequence,
    Optional<StatementId> previous,
    long issuedAtMillis,
    long expiresAtMillis,
    long slotHour,
    int slotIndex) {
  public static final long HOUR_MILLIS = 3_600_000;

  public Header {
    require(sequence >= 1, "a sequence begins at 1");
    require((sequence == 1) == previous.isEmpty(), "only the first of a key has no predecessor");
    require(issuedAtMillis > 0, "issued-at is missing");
    require(
        expiresAtMillis == 0 || expiresAtMillis > issuedAtMillis, "expires before it is issued");
    require(slotHour == issuedAtMillis / HOUR_MILLIS, "the slot's hour is not that of issued-at");
    require(slotIndex >= 0, "a slot's index is negative");
  }

  /// True from the moment that it names; never, for a statement that does not expire.
  public boolean isExpiredAt(long nowMillis) {
    return expiresAtMillis != 0 && nowMillis >= expiresAtMillis;
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
