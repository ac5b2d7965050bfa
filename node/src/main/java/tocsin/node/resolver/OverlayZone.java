package tocsin.node.resolver;

import java.util.List;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;

/// The overlay zone as it is served now, for resolvers that do not transfer it.
///
/// @param origin the zone's name
/// @param serial 0 to 4,294,967,295
/// @param records all but SOA and NS
public record OverlayZone(Name origin, long serial, List<Record> records) {
  private static final Name LOCALHOST = Name.fromConstantString("localhost.");
  private static final Name NOBODY = Name.fromConstantString("nobody.invalid.");

  /// RPZ's "no data" (draft-vixie-dnsop-dns-rpz section 3.2).
  private static final Name NO_DATA = Name.fromConstantString("*.");

  private static final String ACTION_PREFIX = "rpz-";

  public OverlayZone {
    records = List.copyOf(records);
    if (serial < 0 || serial > 0xffff_ffffL) {
      throw new IllegalArgumentException("a serial has 32 bits: " + serial);
    }
  }

  /// As a master file (RFC 1035 section 5): the SOA first, a record a line, all names absolute. It
  /// is written from parsed records, whose texts are escaped.
  String masterFile() {
    StringBuilder text = new StringBuilder();
    text.append(new SOARecord(origin, DClass.IN, 5, LOCALHOST, NOBODY, serial, 30, 5, 3600, 5))
        .append('\n');
    records.forEach(record -> text.append(record).append('\n'));
    return text.toString();
  }

  /// The same with aliases answered by "no data", and without triggers by address or name server. A
  /// Knot Resolver ignores a rule with an alias and gives the real answer, which is the rogue one
  /// (measured with 5.6); it knows no triggers but names.
  OverlayZone forKnot() {
    return new OverlayZone(
        origin,
        serial,
        records.stream()
            .filter(record -> !isTrigger(record.getName()))
            .map(record ->
                record instanceof CNAMERecord alias && !isAction(alias.getTarget())
                    ? new CNAMERecord(alias.getName(), DClass.IN, alias.getTTL(), NO_DATA)
                    : record)
            .toList());
  }

  /// Whether the label above the zone's own makes it a trigger of another kind than a name.
  private boolean isTrigger(Name owner) {
    int above = owner.labels() - origin.labels() - 1;
    return above >= 0 && owner.getLabelString(above).startsWith(ACTION_PREFIX);
  }

  private static boolean isAction(Name target) {
    return target.equals(Name.root)
        || target.equals(NO_DATA)
        || (target.labels() == 2 && target.getLabelString(0).startsWith(ACTION_PREFIX));
  }
}
