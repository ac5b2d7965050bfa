package tocsin.node.lab;

import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SetResponse;
import org.xbill.DNS.Type;
import org.xbill.DNS.Zone;

/// What an authoritative server says out of its zones (RFC 1034 section 4.3.2): answers, referrals
/// with glue, NODATA, NXDOMAIN, REFUSED elsewhere. Wildcards reach one label deep only, as far as
/// dnsjava's zone finds them.
final class AuthoritativeAnswers {
  private AuthoritativeAnswers() {}

  /// The answer to the query's one question from the closest of the zones.
  static Message answer(Message query, List<Zone> zones) {
    Message answer = answerTo(query);
    Record question = query.getQuestion();
    if (query.getHeader().getOpcode() != Opcode.QUERY) {
      answer.getHeader().setRcode(Rcode.NOTIMP);
      return answer;
    }
    Zone zone = closest(question.getName(), zones);
    if (zone == null
        || question.getDClass() != DClass.IN
        || question.getType() == Type.AXFR
        || question.getType() == Type.IXFR) {
      answer.getHeader().setRcode(Rcode.REFUSED);
      return answer;
    }
    fill(answer, zone, question.getName(), question.getType());
    return answer;
  }

  /// An empty answer with the query's id, question, opcode and RD bit.
  static Message answerTo(Message query) {
    Message answer = new Message(query.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setOpcode(query.getHeader().getOpcode());
    if (query.getHeader().getFlag(Flags.RD)) {
      answer.getHeader().setFlag(Flags.RD);
    }
    answer.addRecord(query.getQuestion(), Section.QUESTION);
    return answer;
  }

  private static @org.jspecify.annotations.Nullable Zone closest(Name name, List<Zone> zones) {
    Zone best = null;
    for (Zone zone : zones) {
      if (name.subdomain(zone.getOrigin())
          && (best == null || zone.getOrigin().labels() > best.getOrigin().labels())) {
        best = zone;
      }
    }
    return best;
  }

  private static void fill(Message answer, Zone zone, Name name, int type) {
    SetResponse found = zone.findRecords(name, type);
    if (found.isDelegation()) {
      for (Record ns : found.getNS().rrs()) {
        answer.addRecord(ns, Section.AUTHORITY);
        addGlue(answer, zone, ((NSRecord) ns).getTarget());
      }
      return;
    }
    answer.getHeader().setFlag(Flags.AA);
    if (found.isCNAME()) {
      CNAMERecord alias = found.getCNAME();
      answer.addRecord(alias, Section.ANSWER);
      return;
    }
    if (found.isSuccessful()) {
      for (RRset set : found.answers()) {
        for (Record record : set.rrs()) {
          answer.addRecord(record, Section.ANSWER);
          if (record instanceof NSRecord ns) {
            addGlue(answer, zone, ns.getTarget());
          }
        }
      }
      return;
    }
    if (found.isNXDOMAIN()) {
      answer.getHeader().setRcode(Rcode.NXDOMAIN);
    }
    answer.addRecord(zone.getSOA(), Section.AUTHORITY);
  }

  private static void addGlue(Message answer, Zone zone, Name server) {
    RRset addresses = zone.findExactMatch(server, Type.A);
    if (addresses != null) {
      List<Record> glue = new ArrayList<>(addresses.rrs());
      for (Record record : glue) {
        if (record instanceof ARecord
            && answer.getSection(Section.ADDITIONAL).stream().noneMatch(record::equals)) {
          answer.addRecord(record, Section.ADDITIONAL);
        }
      }
    }
  }
}
