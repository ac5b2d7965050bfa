package tocsin.trust;

/// What an organization is vetted for.
public enum Role {
  /// May vouch for others.
  VETTER(1),
  /// May submit and endorse alerts.
  SUBMITTER(2);

  private final int number;

  Role(int number) {
    this.number = number;
  }

  /// Number on the wire.
  public int number() {
    return number;
  }
}
