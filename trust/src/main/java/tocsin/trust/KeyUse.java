package tocsin.trust;

/// What an operational key may be used for.
public enum KeyUse {
  SUBMIT(1),
  ENDORSE(2),
  VOUCH(3),
  /// The TLS key of a node.
  NODE(4);

  private final int number;

  KeyUse(int number) {
    this.number = number;
  }

  /// Number on the wire.
  public int number() {
    return number;
  }
}
