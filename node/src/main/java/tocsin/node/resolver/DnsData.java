package tocsin.node.resolver;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CAARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;

/// Between our names and records and dnsjava's.
final class DnsData {
  private DnsData() {}

  static Name name(DnsName name) {
    try {
      return new Name(name.toWire().toByteArray());
    } catch (IOException e) {
      throw new AssertionError("a DnsName is a valid name", e);
    }
  }

  /// Any name as text, lower case, escaped by RFC 4343, with its trailing dot.
  static String text(Name name) {
    return name.toString().toLowerCase(Locale.ROOT);
  }

  static Answer.Data data(Record record) {
    return new Answer.Data(text(record), ByteString.copyFrom(record.rdataToWireCanonical()));
  }

  private static String text(Record record) {
    String text = record.rdataToString();
    // In these types nothing but names has letters, and names have no case.
    return switch (record.getType()) {
      case Type.CNAME, Type.NS, Type.PTR, Type.DNAME, Type.MX, Type.SRV, Type.AAAA ->
          text.toLowerCase(Locale.ROOT);
      default -> text;
    };
  }

  /// The record at this name, TTL 0.
  static Record record(DnsName owner, CorrectRecord record) {
    Name name = name(owner);
    return switch (record) {
      case CorrectRecord.A a -> new ARecord(name, DClass.IN, 0, address(a.address()));
      case CorrectRecord.Aaaa aaaa -> new AAAARecord(name, DClass.IN, 0, address(aaaa.address()));
      case CorrectRecord.Cname cname -> new CNAMERecord(name, DClass.IN, 0, name(cname.target()));
      case CorrectRecord.Mx mx ->
          new MXRecord(name, DClass.IN, 0, mx.preference(), name(mx.exchange()));
      case CorrectRecord.Txt txt -> txt(name, txt);
      case CorrectRecord.Srv srv ->
          new SRVRecord(
              name, DClass.IN, 0, srv.priority(), srv.weight(), srv.port(), name(srv.target()));
      case CorrectRecord.Caa caa ->
          new CAARecord(name, DClass.IN, 0, caa.flags(), caa.tag(), quoted(caa.value()));
    };
  }

  private static Record txt(Name name, CorrectRecord.Txt txt) {
    List<String> strings = new ArrayList<>();
    txt.strings().forEach(string -> strings.add(quoted(string)));
    return new TXTRecord(name, DClass.IN, 0, strings);
  }

  /// Bytes in the form that dnsjava reads back into the same bytes: `\DDD` for what is not a plain
  /// character.
  private static String quoted(ByteString bytes) {
    StringBuilder quoted = new StringBuilder();
    for (int i = 0; i < bytes.size(); i++) {
      int b = bytes.byteAt(i) & 0xff;
      if (b > 0x20 && b < 0x7f && b != '"' && b != '\\') {
        quoted.append((char) b);
      } else {
        quoted.append(String.format(Locale.ROOT, "\\%03d", b));
      }
    }
    return quoted.toString();
  }

  static InetAddress address(ByteString bytes) {
    try {
      return InetAddress.getByAddress(bytes.toByteArray());
    } catch (UnknownHostException e) {
      throw new AssertionError("an address has 4 or 16 bytes", e);
    }
  }

  /// A name of the network as ours.
  ///
  /// @throws TextParseException if it has characters that no host name has
  static DnsName dnsName(Name name) throws TextParseException {
    try {
      return DnsName.of(name.toString());
    } catch (IllegalArgumentException e) {
      throw new TextParseException(name.toString(), e.getMessage());
    }
  }
}
