package tocsin.node.dns;

/// The serial of a zone: 32 bits in the circular order of RFC 1982.
///
/// @param value 0 to 4,294,967,295
public record Serial(long value) {
  private static final long MODULUS = 1L << 32;
  private static final long HALF = 1L << 31;

  public Serial {
    if (value < 0 || value >= MODULUS) {
      throw new IllegalArgumentException("a serial has 32 bits, " + value + " has not");
    }
  }

  /// The serial for the version after `previous`: max(previous + 1, the time), in circular order,
  /// so that it never goes back, whatever the clock does. Whoever calls this makes the result
  /// durable before it is served.
  ///
  /// @param unixSeconds seconds since 1970, of which the low 32 bits count
  public static Serial next(Serial previous, long unixSeconds) {
    Serial time = new Serial(Math.floorMod(unixSeconds, MODULUS));
    return time.isAfter(previous) ? time : new Serial((previous.value + 1) % MODULUS);
  }

  /// Whether this one is newer. False in both directions for two serials exactly half the circle
  /// apart, where RFC 1982 leaves the order undefined.
  public boolean isAfter(Serial other) {
    long distance = Math.floorMod(value - other.value, MODULUS);
    return distance > 0 && distance < HALF;
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
