package tocsin.trust;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
/// @param cosigners the other keys of a quorum, ascending and above `key`; empty where one key
///   signs. They are part of what is signed, so that a statement cannot be stripped of some of its
///   signatures and be taken for known
public record Header(
    NetworkId network,
    Optional<OrganizationId> issuer,
    KeyId key,
    long sequence,
    Optional<StatementId> previous,
    long issuedAtMillis,
    long expiresAtMillis,
    long slotHour,
    int slotIndex,
    List<KeyId> cosigners) {
  public static final long HOUR_MILLIS = 3_600_000;

  public Header {
    cosigners = List.copyOf(cosigners);
    require(sequence >= 1, "a sequence begins at 1");
    require((sequence == 1) == previous.isEmpty(), "only the first of a key has no predecessor");
    require(issuedAtMillis > 0, "issued-at is missing");
    require(issuedAtMillis <= StatementLimits.MAX_TIME_MILLIS, "issued-at is after the year 9999");
    require(
        expiresAtMillis <= StatementLimits.MAX_TIME_MILLIS, "expires-at is after the year 9999");
    require(
        expiresAtMillis == 0 || expiresAtMillis > issuedAtMillis, "expires before it is issued");
    require(slotHour == issuedAtMillis / HOUR_MILLIS, "the slot's hour is not that of issued-at");
    require(slotIndex >= 0, "a slot's index is negative");
    require(
        cosigners.size() < StatementLimits.MAX_SIGNATURES, "a statement has at most 16 signers");
    KeyId before = key;
    for (KeyId cosigner : cosigners) {
      require(before.compareTo(cosigner) < 0, "the signers are not ascending by key id");
      before = cosigner;
    }
  }

  /// A header for a statement that one key signs.
  public Header(
      NetworkId network,
      Optional<OrganizationId> issuer,
      KeyId key,
      long sequence,
      Optional<StatementId> previous,
      long issuedAtMillis,
      long expiresAtMillis,
      long slotHour,
      int slotIndex) {
    this(
        network,
        issuer,
        key,
        sequence,
        previous,
        issuedAtMillis,
        expiresAtMillis,
        slotHour,
        slotIndex,
        List.of());
  }

  /// The same header for a quorum of these keys, in any order.
  public Header signedBy(List<PublicKey> keys) {
    List<KeyId> ids = new ArrayList<>();
    for (PublicKey one : keys) {
      ids.add(one.id());
    }
    Collections.sort(ids);
    return new Header(
        network,
        issuer,
        ids.getFirst(),
        sequence,
        previous,
        issuedAtMillis,
        expiresAtMillis,
        slotHour,
        slotIndex,
        ids.subList(1, ids.size()));
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
