package tocsin.trust.graph;

/// From which moment the web of trust is looked at.
///
/// Whether something *acts* is judged in the web as it is now. Whether something was *stopped* (by
/// a dispute, a closing flush, a successor, a revocation of an organization) is judged in the web
/// as it stood when this node first saw what stops it, so that a later withdrawal or revocation
/// never revives what was stopped, and so that a party already expelled cannot stop anything any
/// more.
///
/// @param atMillis expiry is judged at this time
/// @param stopsUntilMillis withdrawals and revocations first seen up to this time are in force
/// @param latestProfiles keys must be listed in the latest profile; else: in any valid version
record View(long atMillis, long stopsUntilMillis, boolean latestProfiles) {
  static View now(long nowMillis) {
    return new View(nowMillis, Long.MAX_VALUE, true);
  }

  static View asOf(long firstSeenMillis) {
    return new View(firstSeenMillis, firstSeenMillis, false);
  }
}
