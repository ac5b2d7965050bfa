package tocsin.trust;

/// A node's own rules for acting; nothing from the network can change them. Times in milliseconds.
///
/// @param flushPaths independent organizations that must stand behind a flush (k of a flush)
/// @param overridePaths the same for an override
/// @param depth how many vouches may follow each other from an anchor
/// @param approveOverrides true if an administrator must approve each override
/// @param overrideMaxMillis an override is served at most this long, whatever it asks
/// @param allowSpecialPurposeAddresses corrections may point at private and test networks
/// @param allowPublicSuffixes public suffixes may be overridden, by at least three paths
/// @param flushJitterMillis stand-alone and closing flushes are spread over this time
/// @param slotQuota statements per key and hour: a network-wide agreement
public record TrustPolicy(
    int flushPaths,
    int overridePaths,
    int depth,
    boolean approveOverrides,
    long overrideMaxMillis,
    boolean allowSpecialPurposeAddresses,
    boolean allowPublicSuffixes,
    long flushJitterMillis,
    int slotQuota) {
  public static final TrustPolicy DEFAULT =
      new TrustPolicy(
          1, 2, 4, false, Statement.Alert.MAX_OVERRIDE_MILLIS, false, false, 10_000, 60);

  public TrustPolicy {
    require(flushPaths >= 1 && flushPaths <= 16, "flush-paths is 1 to 16");
    require(overridePaths >= 1 && overridePaths <= 16, "override-paths is 1 to 16");
    require(depth >= 0 && depth <= 16, "depth is 0 to 16");
    require(
        overrideMaxMillis > 0 && overrideMaxMillis <= Statement.Alert.MAX_OVERRIDE_MILLIS,
        "override-max is at most 24h");
    require(flushJitterMillis >= 0 && flushJitterMillis <= 600_000, "flush-jitter is at most 10m");
    require(slotQuota >= 1 && slotQuota <= 100_000, "slot-quota is 1 to 100,000");
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
