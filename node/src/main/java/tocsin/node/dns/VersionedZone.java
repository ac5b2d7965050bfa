package tocsin.node.dns;

import java.util.Collection;
import org.xbill.DNS.Record;

/// A zone and how it came to be what it is: what a server is given. Immutable.
public record VersionedZone(Zone zone, ZoneJournal journal) {
  /// A first version, without a past.
  public static VersionedZone first(Zone zone) {
    return new VersionedZone(zone, ZoneJournal.EMPTY);
  }

  /// The same zone without a past: whoever holds another version gets it whole.
  public VersionedZone withoutPast() {
    return first(zone);
  }

  /// The next version, with these records instead. The same serial with the same records is this
  /// version again, so that an effect that is repeated does nothing.
  ///
  /// @throws IllegalArgumentException if the serial would go back, or stay with other records
  public VersionedZone next(Serial serial, Collection<? extends Record> records) {
    Zone next = zone.with(serial, records);
    ZoneDifference difference = ZoneDifference.between(zone, next);
    if (serial.equals(zone.serial()) && difference.isEmpty()) {
      return this;
    }
    if (!serial.isAfter(zone.serial())) {
      throw new IllegalArgumentException(
          "the serial of " + zone.origin() + " cannot go from " + zone.serial() + " to " + serial);
    }
    return new VersionedZone(next, journal.plus(difference));
  }
}
