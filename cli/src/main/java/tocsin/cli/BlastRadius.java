package tocsin.cli;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import tocsin.proto.WhyAnswer;
import tocsin.proto.WhyRequest;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Statement;

/// Before an override is signed: what resolvers answer now, beside what they will.
final class BlastRadius {
  private BlastRadius() {}

  static void confirm(
      Session session,
      List<DnsName> names,
      boolean subtree,
      Statement.OverrideAction action,
      boolean exercise)
      throws Failure {
    if (session.yes()) {
      return;
    }
    NodeClient node = session.node();
    session.tell(
        exercise
            ? "An exercise: every node shows it, and no resolver changes its answers."
            : "Every node that believes you will make its resolvers answer this for everybody:");
    for (DnsName name : names) {
      session.tell("");
      session.tell("  " + Names.shown(name.toString()) + (subtree ? " and every name below" : ""));
      for (WhyAnswer answer : now(node, name)) {
        String records =
            answer.getRecordsCount() == 0
                ? answer.getResponseCode()
                : String.join(", ", answer.getRecordsList());
        session.tell("    now at " + answer.getResolver() + ": " + Printable.line(records));
      }
      for (CorrectRecord record : action.records()) {
        session.tell("    then: " + RecordText.show(record));
      }
      for (Statement.NameServer server : action.nameServers()) {
        session.tell("    then: name server " + server.name());
      }
      if (action.insecure()) {
        session.tell("    then: not validated by DNSSEC");
      }
    }
    blocked(session, action);
    session.tell("");
    String first = names.getFirst().toString();
    session.confirm(
        "This is signed in your organization's name and kept for ever.",
        first.substring(0, first.length() - 1));
  }

  /// What nodes do with the rogue data if their policy wants it: that reaches beyond these names.
  private static void blocked(Session session, Statement.OverrideAction action) {
    List<String> rogue = new ArrayList<>();
    action.rogueNameServers().forEach(name -> rogue.add(Names.shown(name.toString())));
    for (ByteString address : action.rogueAddresses()) {
      rogue.add(
          RecordText.show(
                  address.size() == IPV4_BYTES
                      ? new CorrectRecord.A(address)
                      : new CorrectRecord.Aaaa(address))
              .replaceFirst("^A+ ", ""));
    }
    if (!rogue.isEmpty()) {
      session.tell("");
      session.tell(
          "  Nodes with rogue-triggers in their policy deny every name behind these, others' too:");
      rogue.forEach(one -> session.tell("    " + one));
    }
  }

  private static final int IPV4_BYTES = 4;

  private static List<WhyAnswer> now(NodeClient node, DnsName name) throws Failure {
    WhyRequest request = WhyRequest.newBuilder().setName(name.toString()).build();
    return node.call(control -> control.why(request)).getAnswersList();
  }
}
