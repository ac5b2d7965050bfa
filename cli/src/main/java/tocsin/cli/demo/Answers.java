package tocsin.cli.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/// What a resolver tells a client that asks for the address of a name, once.
///
/// @param text the addresses, or why there are none
/// @param ttlSeconds of the first address; 0 if there is none
record Answers(String text, long ttlSeconds) {
  /// Asks now.
  static Answers of(InetSocketAddress resolver, String name) {
    try {
      SimpleResolver client = new SimpleResolver(resolver);
      client.setTimeout(Limits.CLIENT_ANSWER);
      Message answer =
          client.send(Message.newQuery(Record.newRecord(Name.fromString(name), Type.A, DClass.IN)));
      StringBuilder text = new StringBuilder();
      long ttl = 0;
      for (Record record : answer.getSection(Section.ANSWER)) {
        if (record.getType() == Type.A) {
          ttl = text.isEmpty() ? record.getTTL() : ttl;
          text.append(text.isEmpty() ? "" : " ").append(record.rdataToString());
        }
      }
      return text.isEmpty()
          ? new Answers(Rcode.string(answer.getRcode()), 0)
          : new Answers(text.toString(), ttl);
    } catch (IOException e) {
      return new Answers("no answer", 0);
    }
  }
}
