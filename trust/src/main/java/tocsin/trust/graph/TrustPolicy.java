package tocsin.trust.graph;

import java.util.ArrayList;
import java.util.List;
import tocsin.trust.OrganizationId;
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
/// @param names rules for certain names
/// @param groups organizations that the administrator knows to be one party: each list counts once
/// @param actingBudget alerts that one organization may cause here in 24 hours, by submitting or
///   (1/2, 1/4, ...) by vouching, before a person has to approve each
public record TrustPolicy(
    int flushPaths,
    int overridePaths,
    int depth,
    boolean allowSpecialPurposeAddresses,
    long overrideMaxMillis,
    int slotQuota,
    Approval overrideApproval,
    boolean allowPublicSuffixes,
    int publicSuffixPaths,
    NameRules names,
    List<List<OrganizationId>> groups,
    int actingBudget) {
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

  /// The acting budget is so many hours of one key at its full rate, if nothing else is said: more
  /// than any honest day, less than what one stolen key could say.
  public static final int DEFAULT_BUDGET_HOURS = 4;

  public static final int MAX_ACTING_BUDGET = 10_000_000;

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

  /// With the usual rules for names, no groups and the usual budget.
  public TrustPolicy(
      int flushPaths,
      int overridePaths,
      int depth,
      boolean allowSpecialPurposeAddresses,
      long overrideMaxMillis,
      int slotQuota,
      Approval overrideApproval,
      boolean allowPublicSuffixes,
      int publicSuffixPaths) {
    this(
        flushPaths,
        overridePaths,
        depth,
        allowSpecialPurposeAddresses,
        overrideMaxMillis,
        slotQuota,
        overrideApproval,
        allowPublicSuffixes,
        publicSuffixPaths,
        NameRules.DEFAULT,
        List.of(),
        usualBudget(slotQuota));
  }

  public TrustPolicy {
    List<List<OrganizationId>> copied = new ArrayList<>();
    groups.forEach(group -> copied.add(List.copyOf(group)));
    groups = List.copyOf(copied);
    requirePaths("flush-paths", flushPaths);
    requirePaths("override-paths", overridePaths);
    requirePaths("public-suffix-paths", publicSuffixPaths);
    requireDepth(depth);
    require(
        actingBudget >= 1 && actingBudget <= MAX_ACTING_BUDGET,
        "acting-budget is 1 to " + MAX_ACTING_BUDGET);
    require(
        overrideMaxMillis > 0 && overrideMaxMillis <= DEFAULT_OVERRIDE_MAX_MILLIS,
        "override-max is at most 24 hours");
    require(slotQuota >= 1, "slot-quota is at least 1");
  }

  public static int usualBudget(int slotQuota) {
    return Math.min(DEFAULT_BUDGET_HOURS * slotQuota, MAX_ACTING_BUDGET);
  }

  static void requirePaths(String what, int paths) {
    require(paths >= 1 && paths <= MAX_PATHS, what + " is 1 to " + MAX_PATHS);
  }

  static void requireDepth(int depth) {
    require(depth >= 1 && depth <= MAX_DEPTH, "depth is 1 to " + MAX_DEPTH);
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
