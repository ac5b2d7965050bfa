package tocsin.trust;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The order of lists on the wire: ascending, each element once. Contacts and the strings of a TXT
/// record are in their author's order.
final class StatementOrder {
  private static final Comparator<ByteString> BYTES =
      ByteString.unsignedLexicographicalComparator();
  private static final Comparator<CorrectRecord> RECORDS =
      Comparator.comparing(record -> AlertWriter.record(record).toByteString(), BYTES);

  private StatementOrder() {}

  static Statement canonical(Statement statement) {
    return switch (statement) {
      case Statement.Profile it ->
          new Statement.Profile(
              it.header(),
              it.version(),
              it.legalName(),
              it.country(),
              it.webSite(),
              it.contacts(),
              ascending(it.roots(), Comparator.comparing(PublicKey::id)),
              it.threshold(),
              operationalKeys(it.keys()),
              it.group());
      case Statement.Vouch it ->
          new Statement.Vouch(
              it.header(),
              it.subject(),
              ascending(it.roles(), Comparator.naturalOrder()),
              ascending(it.scopes(), Comparator.naturalOrder()),
              it.depth(),
              it.vetting());
      case Statement.VouchWithdrawal it ->
          new Statement.VouchWithdrawal(
              it.header(), ascending(it.vouches(), Comparator.naturalOrder()), it.reason());
      case Statement.Alert it ->
          new Statement.Alert(
              it.header(),
              ascending(it.names(), Comparator.naturalOrder()),
              it.subtree(),
              action(it.action()),
              it.incident(),
              it.supersedes(),
              it.severity(),
              it.headline(),
              it.evidence(),
              it.exercise());
      case Statement.Registration it ->
          new Statement.Registration(
              it.header(),
              ascending(it.names(), Comparator.naturalOrder()),
              ascending(it.records(), RECORDS),
              nameServers(it.nameServers()),
              ascending(it.ownerKeys(), Comparator.naturalOrder()),
              ascending(it.submitters(), Comparator.naturalOrder()),
              it.endorsements());
      case Statement.Revocation it -> it;
      case Statement.Endorsement it -> it;
      case Statement.Dispute it -> it;
      case Statement.Recall it -> it;
    };
  }

  private static List<Statement.OperationalKey> operationalKeys(
      List<Statement.OperationalKey> keys) {
    List<Statement.OperationalKey> ordered = new ArrayList<>();
    for (Statement.OperationalKey it : keys) {
      ordered.add(
          new Statement.OperationalKey(
              it.key(),
              ascending(it.uses(), Comparator.naturalOrder()),
              it.notBeforeMillis(),
              it.notAfterMillis(),
              it.address()));
    }
    return ascending(ordered, Comparator.comparing(key -> key.key().id()));
  }

  private static Statement.Action action(Statement.Action action) {
    return switch (action) {
      case Statement.FlushAction flush -> flush;
      case Statement.OverrideAction it ->
          new Statement.OverrideAction(
              ascending(it.records(), RECORDS),
              nameServers(it.nameServers()),
              ascending(it.rogueAddresses(), BYTES),
              ascending(it.rogueNameServers(), Comparator.naturalOrder()),
              it.insecure(),
              it.ttlSeconds());
    };
  }

  private static List<Statement.NameServer> nameServers(List<Statement.NameServer> servers) {
    List<Statement.NameServer> ordered = new ArrayList<>();
    for (Statement.NameServer server : servers) {
      ordered.add(new Statement.NameServer(server.name(), ascending(server.addresses(), BYTES)));
    }
    return ascending(ordered, Comparator.comparing(Statement.NameServer::name));
  }

  private static <T> List<T> ascending(List<T> list, Comparator<? super T> order) {
    List<T> sorted = new ArrayList<>(list);
    sorted.sort(order);
    List<T> distinct = new ArrayList<>(sorted.size());
    for (T element : sorted) {
      if (distinct.isEmpty() || order.compare(distinct.getLast(), element) != 0) {
        distinct.add(element);
      }
    }
    return distinct;
  }
}
