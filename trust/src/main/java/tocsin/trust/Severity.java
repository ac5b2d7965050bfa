package tocsin.trust;

/// How bad it is; the words of CAP 1.2.
public enum Severity {
  MINOR(1),
  MODERATE(2),
  SEVERE(3),
  EXTREME(4);

  private final int number;

  Severity(int number) {
    this.number = number;
  }

  /// Number on the wire.
  public int number() {
    return number;
  }
}
