package tocsin.node.core;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import tocsin.storage.StatementLog;
import tocsin.trust.DnsName;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// What a node that does not run any more may have left at the resolvers beside it, from its log:
/// for whoever takes it back in its place.
public final class Leftovers {
  /// One override that was begun and not yet cleared everywhere.
  ///
  /// @param nameServers zones whose name servers it corrected
  /// @param insecure zones for which it placed negative trust anchors
  /// @param flushed tops of the subtrees to flush when it is taken back
  public record Left(
      StatementId override,
      List<DnsName> nameServers,
      List<DnsName> insecure,
      List<DnsName> flushed) {
    public Left {
      nameServers = List.copyOf(nameServers);
      insecure = List.copyOf(insecure);
      flushed = List.copyOf(flushed);
    }
  }

  private Leftovers() {}

  /// All of them; nothing is changed.
  public static List<Left> of(StatementLog log) {
    List<Left> left = new ArrayList<>();
    for (String key : log.recallAll(Facts.BEGUN).keySet()) {
      StatementId id = StatementId.fromHex(key.substring(Facts.BEGUN.length()));
      log.get(id)
          .map(entry -> entry.envelope().statement())
          .ifPresent(statement -> {
            if (statement instanceof Statement.Alert alert
                && alert.action() instanceof Statement.OverrideAction action) {
              TreeSet<DnsName> apexes = new TreeSet<>();
              alert.names().forEach(name -> apexes.add(Plan.flushApex(name)));
              left.add(
                  new Left(
                      id,
                      action.nameServers().isEmpty() ? List.of() : alert.names(),
                      action.insecure() ? alert.names() : List.of(),
                      List.copyOf(apexes)));
            }
          });
    }
    return left;
  }

  /// The serial after all that were ever served, noted in the log; it counts from the log's next
  /// commit on.
  public static long nextSerial(StatementLog log, long nowMillis) {
    long last = Facts.number(log, Facts.SERIAL).orElse(0);
    long next = Math.max((last + 1) & 0xffff_ffffL, nowMillis / 1_000 & 0xffff_ffffL);
    log.remember(Facts.SERIAL, Facts.number(next));
    return next;
  }
}
