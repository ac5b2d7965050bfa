package tocsin.node.core;

/// The state of an alert here, now.
public enum AlertState {
  /// Fewer paths so far than policy asks, or waiting for an administrator.
  PENDING,
  ACTIVE,
  /// The flush is done on all resolvers here; or, for an override, its incident is closed here.
  RESOLVED,
  RECALLED,
  EXPIRED,
  /// It can never be accepted here.
  REFUSED;

  /// In lower case, for people and scripts.
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
