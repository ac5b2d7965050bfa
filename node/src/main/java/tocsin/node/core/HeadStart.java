package tocsin.node.core;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeSet;
import tocsin.trust.OrganizationId;
import tocsin.trust.StatementId;
import tocsin.trust.graph.Judge;
import tocsin.trust.graph.TrustGraph;

/// What is sent before the rest to a peer that lacks much of this log: the alerts that are live
/// now, with the profiles and vouches on the paths that lead to their signers, without which the
/// peer could not take them in. What acts comes first, and the newest of it.
///
/// In the order of the log, a node that lacks a million statements would learn last what is going
/// on today.
final class HeadStart {
  private static final Comparator<IncidentBook.Standing> URGENCY =
      Comparator.comparing((IncidentBook.Standing it) -> it.state() != AlertState.ACTIVE)
          .thenComparingLong(it -> -it.entry().index());

  private final TrustGraph graph;
  private final Judge judge;
  private final long nowMillis;
  private final TreeSet<OrganizationId> introduced = new TreeSet<>();
  private final SequencedSet<StatementId> ids = new LinkedHashSet<>();

  private HeadStart(TrustGraph graph, Judge judge, long nowMillis) {
    this.graph = graph;
    this.judge = judge;
    this.nowMillis = nowMillis;
  }

  /// [Limits#MAX_HEAD_START] at most, and those of one alert more.
  static List<StatementId> of(
      IncidentBook incidents, TrustGraph graph, Judge judge, long nowMillis) {
    HeadStart start = new HeadStart(graph, judge, nowMillis);
    incidents.live().values().stream()
        .filter(it -> it.state() == AlertState.ACTIVE || it.state() == AlertState.PENDING)
        .sorted(URGENCY)
        .takeWhile(_ -> start.ids.size() < Limits.MAX_HEAD_START)
        .forEach(start::add);
    return List.copyOf(start.ids);
  }

  private void add(IncidentBook.Standing standing) {
    introduce(standing.judgement().submitter());
    standing.judgement().endorsers().forEach(this::introduce);
    ids.add(standing.id());
    ids.addAll(graph.saidOf(standing.id()));
  }

  private void introduce(OrganizationId signer) {
    if (introduced.add(signer)) {
      for (List<OrganizationId> path : judge.explain(signer, nowMillis).paths()) {
        for (int place = 0; place < path.size(); place++) {
          if (place > 0) {
            ids.addAll(graph.vouchIds(path.get(place - 1), path.get(place)));
          }
          ids.addAll(graph.profileIds(path.get(place)));
        }
      }
    }
  }
}
