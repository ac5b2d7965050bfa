package tocsin.node.dns;

import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.SOARecord;

/// A zone's start of authority without its serial (RFC 1035 section 3.3.13); times in seconds.
///
/// @param minimumSeconds TTL of negative answers (RFC 2308) and of the SOA itself, at most 5: a
///   name is to be looked up as corrected as soon as it is
public record Soa(
    Name primary,
    Name contact,
    int refreshSeconds,
    int retrySeconds,
    int expireSeconds,
    int minimumSeconds) {
  private static final int MAX_MINIMUM_SECONDS = 5;

  public Soa {
    if (!primary.isAbsolute() || !contact.isAbsolute()) {
      throw new IllegalArgumentException("names of a SOA end with a dot");
    }
    if (refreshSeconds < 1 || retrySeconds < 1 || expireSeconds < 1) {
      throw new IllegalArgumentException("times of a SOA are at least 1 second");
    }
    if (minimumSeconds < 0 || minimumSeconds > MAX_MINIMUM_SECONDS) {
      throw new IllegalArgumentException(
          "the minimum of a SOA is 0 to " + MAX_MINIMUM_SECONDS + " seconds");
    }
  }

  /// What our zones have: refresh 30 s as a safety net below NOTIFY, retry 5 s, and expire 1 h, so
  /// that the overrides of a dead node end at its resolvers. Knot and NSD were seen to keep to the
  /// expiry; unbound 1.17.1 goes on answering from an expired RPZ zone, so there the node's end
  /// must be told through its control channel.
  ///
  /// The contact is the root, as in BIND's own empty zones: there is nobody to write to, and a
  /// short SOA keeps negative answers below three times their question.
  public static Soa usual() {
    return new Soa(
        Name.fromConstantString("localhost."), Name.root, 30, 5, 3600, MAX_MINIMUM_SECONDS);
  }

  SOARecord at(Name origin, Serial serial) {
    return new SOARecord(
        origin,
        DClass.IN,
        minimumSeconds,
        primary,
        contact,
        serial.value(),
        refreshSeconds,
        retrySeconds,
        expireSeconds,
        minimumSeconds);
  }
}
