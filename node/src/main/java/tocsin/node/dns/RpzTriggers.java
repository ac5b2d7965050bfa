package tocsin.node.dns;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import tocsin.node.core.Overlay;

/// Triggers of an overlay by address and by name server (draft-vixie-dnsop-dns-rpz sections 4.1.3
/// to 4.3), each with the action NXDOMAIN: nobody is led there, and nobody elsewhere.
final class RpzTriggers {
  private static final Name ADDRESS = Name.fromConstantString("rpz-ip");
  private static final Name SERVER_ADDRESS = Name.fromConstantString("rpz-nsip");
  private static final Name SERVER_NAME = Name.fromConstantString("rpz-nsdname");
  private static final int IPV4_BYTES = 4;

  private RpzTriggers() {}

  /// Adds the trigger's records; none if it does not fit below the origin.
  static void put(Name origin, Overlay.Trigger trigger, List<Record> records) {
    switch (trigger) {
      case Overlay.Trigger.Address(ByteString address) -> {
        Name subject = subject(address);
        put(origin, SERVER_ADDRESS, subject, records);
        put(origin, ADDRESS, subject, records);
      }
      case Overlay.Trigger.NameServer(var name) ->
          put(origin, SERVER_NAME, CorrectRecords.name(name), records);
    }
  }

  /// True if a trigger was in the zone and is not any more. unbound 1.17.1 goes on with triggers
  /// that a difference takes away, and forgets them when it gets the whole zone.
  static boolean isAnyGone(VersionedZone before, VersionedZone after) {
    Set<Name> gone = owners(before.zone());
    gone.removeAll(owners(after.zone()));
    return !gone.isEmpty();
  }

  private static Set<Name> owners(Zone zone) {
    Set<Name> owners = new TreeSet<>();
    int labels = zone.origin().labels();
    for (Record record : zone.records()) {
      Name owner = record.getName();
      int above = owner.labels() - labels - 1;
      if (above >= 0 && owner.getLabelString(above).startsWith("rpz-")) {
        owners.add(owner);
      }
    }
    return owners;
  }

  private static void put(Name origin, Name kind, Name subject, List<Record> records) {
    Name below = Names.below(kind, origin);
    if (Names.fits(subject, below)) {
      records.add(
          new CNAMERecord(Names.below(subject, below), DClass.IN, RpzZone.TTL_SECONDS, Name.root));
    }
  }

  /// A single address, "32.66.113.0.203." or "128.66.zz.bad.db8.2001.": its parts from the end, the
  /// prefix length before them; `zz` stands for the longest run of zeros.
  private static Name subject(ByteString address) {
    StringBuilder text = new StringBuilder();
    text.append(address.size() * Byte.SIZE);
    if (address.size() == IPV4_BYTES) {
      for (int i = IPV4_BYTES - 1; i >= 0; i--) {
        text.append('.').append(address.byteAt(i) & 0xff);
      }
    } else {
      appendGroups(address, text);
    }
    try {
      return Name.fromString(text.append('.').toString());
    } catch (TextParseException e) {
      throw new AssertionError("digits, letters and dots are a name: " + text, e);
    }
  }

  private static void appendGroups(ByteString address, StringBuilder text) {
    int[] groups = new int[address.size() / 2];
    for (int i = 0; i < groups.length; i++) {
      groups[i] =
          ((address.byteAt(2 * i) & 0xff) << Byte.SIZE) | (address.byteAt(2 * i + 1) & 0xff);
    }
    int zeros = 0;
    int zerosEnd = -1;
    int run = 0;
    for (int i = 0; i < groups.length; i++) {
      run = groups[i] == 0 ? run + 1 : 0;
      if (run > zeros) {
        zeros = run;
        zerosEnd = i;
      }
    }
    for (int i = groups.length - 1; i >= 0; i--) {
      // A single zero is written as one: BIND refuses "zz" in its place.
      if (zeros > 1 && i == zerosEnd) {
        text.append(".zz");
        i -= zeros - 1;
      } else {
        text.append('.').append(Integer.toHexString(groups[i]));
      }
    }
  }
}
