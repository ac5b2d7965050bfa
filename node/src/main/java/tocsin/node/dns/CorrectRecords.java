package tocsin.node.dns;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSOutput;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;

/// The records of alerts as records of zones: from typed fields to RDATA, never by way of text.
final class CorrectRecords {
  private CorrectRecords() {}

  static Name name(DnsName name) {
    return Names.fromWire(name.toWire().toByteArray());
  }

  /// Whether the records can stand at one name: there are some, a CNAME is alone, and no message is
  /// too small for all of a type.
  static boolean fitTogether(List<CorrectRecord> records) {
    boolean alias = records.stream().anyMatch(each -> each instanceof CorrectRecord.Cname);
    long sizeBytes =
        records.stream().mapToLong(each -> RecordSet.sizeBytes(rdata(each).length)).sum();
    return !records.isEmpty() && !(alias && records.size() > 1) && sizeBytes <= Limits.SET_BYTES;
  }

  static Record at(Name owner, long ttlSeconds, CorrectRecord data) {
    return Record.newRecord(owner, data.type(), DClass.IN, ttlSeconds, rdata(data));
  }

  private static byte[] rdata(CorrectRecord data) {
    DNSOutput out = new DNSOutput(64);
    switch (data) {
      case CorrectRecord.A a -> out.writeByteArray(a.address().toByteArray());
      case CorrectRecord.Aaaa aaaa -> out.writeByteArray(aaaa.address().toByteArray());
      case CorrectRecord.Cname cname -> name(cname.target()).toWireCanonical(out);
      case CorrectRecord.Mx mx -> {
        out.writeU16(mx.preference());
        name(mx.exchange()).toWireCanonical(out);
      }
      case CorrectRecord.Txt txt ->
          txt.strings().forEach(string -> out.writeCountedString(string.toByteArray()));
      case CorrectRecord.Srv srv -> {
        out.writeU16(srv.priority());
        out.writeU16(srv.weight());
        out.writeU16(srv.port());
        name(srv.target()).toWireCanonical(out);
      }
      case CorrectRecord.Caa caa -> {
        out.writeU8(caa.flags());
        out.writeCountedString(caa.tag().getBytes(StandardCharsets.US_ASCII));
        out.writeByteArray(caa.value().toByteArray());
      }
    }
    return out.toByteArray();
  }
}
