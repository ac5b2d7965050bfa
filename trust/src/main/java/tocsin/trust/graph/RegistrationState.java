package tocsin.trust.graph;

/// How a registration of names stands on one node.
public enum RegistrationState {
  /// Not seven days old here.
  WAITING,
  /// Fewer disjoint paths than an override of its names needs lead to it or its owner.
  PENDING,
  BINDING,
  /// Disputed before it bound, or by as many as could have raised an override.
  BLOCKED,
  RECALLED,
  EXPIRED,
  /// Its key does not speak for its owner.
  VOID;

  /// One word, for people and scripts.
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
