package tocsin.trust.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import tocsin.trust.DnsName;
import tocsin.trust.KeyUse;
import tocsin.trust.OrganizationId;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// What ends an alert before its time. Each ending, once it holds, holds whatever withdrawals,
/// revocations, recalls and expiries come later: see [View].
final class Endings {
  private final Web web;
  private final TrustGraph graph;
  private final Registrations registrations;

  Endings(Web web, Registrations registrations) {
    this.web = web;
    this.graph = web.graph();
    this.registrations = registrations;
  }

  /// @param by organizations with standing for the names that dispute the alert
  /// @param decisive they are as many disjoint ones as the alert needs
  record Disputes(NavigableSet<OrganizationId> by, boolean decisive) {
    static final Disputes NONE = new Disputes(Collections.emptyNavigableSet(), false);
  }

  Optional<AlertStatus> ending(Seen<Statement.Alert> alert, long nowMillis) {
    return recall(alert)
        .or(() -> closingFlush(alert, nowMillis).map(AlertStatus.Closed::new))
        .or(() -> successor(alert, nowMillis).map(AlertStatus.Superseded::new));
  }

  /// One signature of the submitter is enough, or one of the owner of one of its names.
  private Optional<AlertStatus> recall(Seen<Statement.Alert> alert) {
    for (Seen<Statement.Recall> recall : graph.recallsOf(alert.id())) {
      if (Signers.isBySame(graph, recall, alert.issuer())
          || (Signers.isBySame(graph, recall, recall.issuer())
              && isByOwner(alert.statement(), recall))) {
        return Optional.of(new AlertStatus.Recalled(recall.id(), recall.issuer()));
      }
    }
    return Optional.empty();
  }

  private boolean isByOwner(Statement.Alert alert, Seen<? extends Statement> stop) {
    return registrations.isOwner(alert, stop.issuer(), stop.header().key(), stop.firstSeenMillis());
  }

  /// A flush of the same incident ends an override issued before it, if it is by the same submitter
  /// or the owner of one of its names, or itself has the paths that the override needs, for the
  /// names of both.
  private Optional<StatementId> closingFlush(Seen<Statement.Alert> alert, long nowMillis) {
    if (alert.statement().action() instanceof Statement.FlushAction) {
      return Optional.empty();
    }
    StatementId incident = alert.statement().incident().orElse(alert.id());
    for (StatementId follower : graph.alertFile(incident).followers()) {
      Seen<Statement.Alert> flush = graph.alert(follower).orElseThrow();
      if (flush.statement().action() instanceof Statement.FlushAction
          && isCloser(flush, alert, nowMillis)) {
        return Optional.of(follower);
      }
    }
    return Optional.empty();
  }

  private boolean isCloser(
      Seen<Statement.Alert> flush, Seen<Statement.Alert> override, long nowMillis) {
    long issuedAt = flush.header().issuedAtMillis();
    if (issuedAt > nowMillis + TrustPolicy.MAX_CLOCK_SKEW_MILLIS
        || issuedAt < override.header().issuedAtMillis()
        || (flush.statement().exercise() && !override.statement().exercise())) {
      return false;
    }
    if (flush.issuer().equals(override.issuer()) || isByOwner(override.statement(), flush)) {
      return graph.speaker(flush.issuer()).everSpoke(flush.header(), KeyUse.SUBMIT);
    }
    TreeSet<DnsName> names = new TreeSet<>(flush.statement().names());
    names.addAll(override.statement().names());
    int required = required(override, View.asOf(flush.firstSeenMillis()));
    return pathsAsOfFirstSeen(flush, List.copyOf(names)) >= required;
  }

  /// A later alert of the same issuer that says so replaces this one, once it has had the paths
  /// that it needs.
  private Optional<StatementId> successor(Seen<Statement.Alert> alert, long nowMillis) {
    for (StatementId id : graph.alertFile(alert.id()).successors()) {
      Seen<Statement.Alert> successor = graph.alert(id).orElseThrow();
      Statement.Alert statement = successor.statement();
      if (successor.issuer().equals(alert.issuer())
          && (alert.statement().exercise() || !statement.exercise())
          && statement.header().issuedAtMillis() <= nowMillis + TrustPolicy.MAX_CLOCK_SKEW_MILLIS
          && ContentGuards.objection(statement, web.policy()).isEmpty()
          && pathsAsOfFirstSeen(successor, statement.names())
              >= required(successor, View.asOf(successor.firstSeenMillis()))) {
        return Optional.of(id);
      }
    }
    return Optional.empty();
  }

  private int required(Seen<Statement.Alert> alert, View view) {
    return registrations.required(alert.statement(), view);
  }

  /// Disjoint paths to an alert in the web as it stood when the alert was first seen; vouches and
  /// endorsements that came later count.
  private int pathsAsOfFirstSeen(Seen<Statement.Alert> alert, List<DnsName> names) {
    View view = View.asOf(alert.firstSeenMillis());
    if (!Signers.submitterStands(graph, alert, view)) {
      return 0;
    }
    NavigableSet<OrganizationId> signers = Signers.endorsers(graph, alert, view);
    signers.add(alert.issuer());
    NavigableSet<OrganizationId> owners =
        registrations.owners(alert, registrations.binding(names, view), view);
    return web.reachTo(signers, view, names).toSubmitters(signers, owners).paths().size();
  }

  /// Disputes in the order in which they were first seen, each in the web as it stood then.
  Disputes disputes(Seen<Statement.Alert> alert) {
    List<Seen<Statement.Dispute>> disputes = new ArrayList<>();
    for (Seen<Statement.Dispute> it : graph.alertFile(alert.id()).disputes().values()) {
      if (graph.speaker(it.issuer()).everSpoke(it.header(), KeyUse.SUBMIT, KeyUse.ENDORSE)) {
        disputes.add(it);
      }
    }
    disputes.sort(
        Comparator.<Seen<Statement.Dispute>>comparingLong(Seen::firstSeenMillis)
            .thenComparing(Seen::id));
    if (disputes.isEmpty()) {
      return Disputes.NONE;
    }
    int required = ContentGuards.requiredPaths(alert.statement(), web.policy());
    NavigableSet<OrganizationId> by = new TreeSet<>();
    boolean decisive = false;
    for (Seen<Statement.Dispute> dispute : disputes) {
      if (!by.contains(dispute.issuer())) {
        NavigableSet<OrganizationId> ends = new TreeSet<>(by);
        ends.add(dispute.issuer());
        Reach reach =
            web.reachTo(ends, View.asOf(dispute.firstSeenMillis()), alert.statement().names());
        if (reach.isSubmitter(dispute.issuer())) {
          by.add(dispute.issuer());
          decisive =
              decisive
                  || (by.size() >= required && reach.toSubmitters(by).paths().size() >= required);
        }
      }
    }
    return new Disputes(by, decisive);
  }
}
