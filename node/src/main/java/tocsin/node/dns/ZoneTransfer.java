package tocsin.node.dns;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Type;

/// The answer to one AXFR (RFC 5936) or IXFR (RFC 1995), written message by message as the client
/// takes them. It holds one version of the zone, whatever is served meanwhile.
final class ZoneTransfer {
  private final Reply reply;
  private final int zoneNameBytes;
  private final boolean whole;

  /// The records in order: a list of lists, so that nothing is copied.
  private final List<List<OwnerRecords>> parts;

  // The next record.
  private int part;
  private int owner;
  private int set;
  private int at;

  private ZoneTransfer(Reply reply, Zone zone, boolean whole, List<List<OwnerRecords>> parts) {
    this.reply = reply;
    this.zoneNameBytes = zone.origin().length();
    this.whole = whole;
    this.parts = parts;
  }

  /// The whole zone, between its SOA and its SOA.
  static ZoneTransfer whole(Reply reply, Zone zone) {
    List<OwnerRecords> soa = List.of(zone.soaWithOwner());
    return new ZoneTransfer(reply, zone, true, List.of(soa, zone.table().values(), soa));
  }

  /// The SOA alone: nothing is new, or the answer is too large for UDP.
  static ZoneTransfer soaOnly(Reply reply, Zone zone) {
    return new ZoneTransfer(reply, zone, false, List.of(List.of(zone.soaWithOwner())));
  }

  /// What a client that has `serial` lacks; the whole zone where that is not known, and also where
  /// the client is ahead of us.
  static ZoneTransfer since(Reply reply, Zone zone, ZoneJournal journal, @Nullable Serial serial) {
    if (serial == null) {
      return whole(reply, zone);
    }
    if (serial.equals(zone.serial())) {
      return soaOnly(reply, zone);
    }
    return journal
        .since(serial)
        .filter(way -> way.getLast().to().equals(zone.serial()))
        .filter(way -> way.size() == 1 || !passesTheEnd(way))
        .map(way -> chain(reply, zone, way))
        .orElseGet(() -> whole(reply, zone));
  }

  /// Whether the serials of the chain begin anew: NSD 4.6.1 takes such a step alone, but no chain
  /// with it, and never asks for anything else.
  private static boolean passesTheEnd(List<ZoneDifference> way) {
    return way.getLast().to().value() < way.getFirst().from().value();
  }

  private static ZoneTransfer chain(Reply reply, Zone zone, List<ZoneDifference> way) {
    List<List<OwnerRecords>> parts = new ArrayList<>(4 * way.size() + 2);
    List<OwnerRecords> soa = List.of(zone.soaWithOwner());
    parts.add(soa);
    for (ZoneDifference step : way) {
      parts.add(List.of(step.oldSoa()));
      parts.add(step.removed());
      parts.add(List.of(step.newSoa()));
      parts.add(step.added());
    }
    parts.add(soa);
    return new ZoneTransfer(reply, zone, false, parts);
  }

  /// Whether it sends the whole zone.
  boolean isWhole() {
    return whole;
  }

  /// Whether all was written.
  boolean done() {
    return part == parts.size();
  }

  /// Writes the next message, of at most `limitBytes` where its records allow.
  void write(MessageWriter out, int limitBytes) {
    reply.begin(out);
    int room = limitBytes - reply.tailBytes();
    while (!done()) {
      List<OwnerRecords> owners = parts.get(part);
      if (owner == owners.size()) {
        part++;
        owner = 0;
        continue;
      }
      OwnerRecords records = owners.get(owner);
      if (set == records.sets().size()) {
        owner++;
        set = 0;
        continue;
      }
      RecordSet current = records.sets().get(set);
      int relativeBytes = records.owner().length - zoneNameBytes;
      int recordBytes = relativeBytes + current.after(at) - at;
      if (reply.answers() > 0 && out.position() + recordBytes > room) {
        break;
      }
      out.bytes(records.owner(), 0, relativeBytes);
      out.u16(RecordSet.POINTER);
      current.writeUnowned(out, at);
      reply.countAnswer();
      at = current.after(at);
      if (at == current.sizeBytes()) {
        at = 0;
        set++;
      }
    }
    reply.end(out);
  }

  /// Whether all of it fits one datagram.
  boolean fits(MessageWriter out, int limitBytes) {
    reply.begin(out);
    long bytes = (long) out.position() + reply.tailBytes();
    for (List<OwnerRecords> owners : parts) {
      for (OwnerRecords records : owners) {
        int relativeBytes = records.owner().length - zoneNameBytes;
        for (RecordSet each : records.sets()) {
          bytes += each.sizeBytes() + (long) relativeBytes * each.count();
        }
        if (bytes > limitBytes) {
          return false;
        }
      }
    }
    return true;
  }

  /// Whether a type asks for a transfer.
  static boolean is(int type) {
    return type == Type.AXFR || type == Type.IXFR;
  }
}
