package tocsin.trust.graph;

import tocsin.trust.Statement;

/// The administrator's rules for acting on alerts. Local: nothing that arrives from the network can
/// change them.
///
/// @param flushPaths vertex-disjoint paths from the anchors that a flush needs; from 1
/// @param overridePaths the same for an override; and how many disjoint organizations revoke one
/// @param depth how many vouches may follow one another on a path; 1 to [#MAX_DEPTH]
/// @param allowSpecialPurposeAddresses corrections may point at private and test addresses
/// @param overrideMaxMillis an override ends after this time, whatever it says
/// @param slotQuota statements per key and hour; a network-wide agreement
/// @param overrideApproval whether a person here confirms each override
/// @param allowPublicSuffixes names under which others register may be overridden, with
///   `publicSuffixPaths`
/// @param publicSuffixPaths paths that such an override needs
public record TrustPolicy(
    int flushPaths,
    int overridePaths,
    int depth,
    boolean allowSpecialPurposeAddresses,
    long overrideMaxMillis,
    int slotQuota,
    Approval overrideApproval,
    boolean allowPublicSuffixes,
    int publicSuffixPaths) {
  public static final int DEFAULT_FLUSH_PATHS = 1;
  public static final int DEFAULT_OVERRIDE_PATHS = 2;
  public static final int DEFAULT_DEPTH = 4;
  public static final long DEFAULT_OVERRIDE_MAX_MILLIS = Statement.Alert.MAX_OVERRIDE_MILLIS;
  public static final int DEFAULT_SLOT_QUOTA = 60;
  public static final int DEFAULT_PUBLIC_SUFFIX_PATHS = 3;

  /// More paths than anybody has anchors.
  public static final int MAX_PATHS = 16;

  /// Nodes carry what is within this depth, so no policy can look further.
  public static final int MAX_DEPTH = ReachableOrganizations.DEPTH;

  /// How far an issuer's clock may be ahead of ours.
  public static final long MAX_CLOCK_SKEW_MILLIS = 5 * 60_000;

  public enum Approval {
    AUTOMATIC,
    MANUAL
  }

  public static final TrustPolicy DEFAULT =
      new TrustPolicy(
          DEFAULT_FLUSH_PATHS,
          DEFAULT_OVERRIDE_PATHS,
          DEFAULT_DEPTH,
          false,
          DEFAULT_OVERRIDE_MAX_MILLIS,
          DEFAULT_SLOT_QUOTA,
          Approval.AUTOMATIC,
          false,
          DEFAULT_PUBLIC_SUFFIX_PATHS);

  public TrustPolicy {
    require(flushPaths >= 1 && flushPaths <= MAX_PATHS, "flush-paths is 1 to 16");
    require(overridePaths >= 1 && overridePaths <= MAX_PATHS, "override-paths is 1 to 16");
    require(
        publicSuffixPaths >= 1 && publicSuffixPaths <= MAX_PATHS, "public-suffix-paths is 1 to 16");
    require(depth >= 1 && depth <= MAX_DEPTH, "depth is 1 to " + MAX_DEPTH);
    require(
        overrideMaxMillis > 0 && overrideMaxMillis <= DEFAULT_OVERRIDE_MAX_MILLIS,
        "override-max is at most 24 hours");
    require(slotQuota >= 1, "slot-quota is at least 1");
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
