package tocsin.node.core;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import tocsin.trust.OrganizationId;
import tocsin.trust.StatementId;
import tocsin.trust.graph.TrustGraph;

/// Which statements a node carries: for each S(anchor), the statements of all organizations ever
/// reachable from an anchor, how many there are and the sum of their ids. One more statement costs
/// one addition per anchor; only where the set of organizations has grown are they all added up
/// again.
final class CarriedSets {
  /// @param organizations how many S(anchor) had when it was added up; it only grows
  private record Total(int organizations, TrustGraph.Said said) {}

  private final TrustGraph graph;
  private final TreeMap<OrganizationId, Total> totals = new TreeMap<>();
  private long version;

  CarriedSets(TrustGraph graph) {
    this.graph = graph;
  }

  /// A statement has been filed in the graph, which did not hold it before.
  void appended(OrganizationId issuer, StatementId id) {
    TrustGraph.Said one = new TrustGraph.Said(1, id.hash());
    totals.replaceAll((anchor, total) ->
        graph.isCarried(anchor, issuer)
            ? new Total(total.organizations(), total.said().plus(one))
            : total);
    version++;
  }

  /// Other anchors are carried now.
  void changed() {
    version++;
  }

  /// Grows with every change of what is carried.
  long version() {
    return version;
  }

  /// One digest per anchor.
  List<Frame.AnchorDigest> digests(List<OrganizationId> anchors) {
    totals.keySet().retainAll(anchors);
    List<Frame.AnchorDigest> digests = new ArrayList<>();
    for (OrganizationId anchor : anchors) {
      Total total = totals.get(anchor);
      if (total == null || total.organizations() != graph.carriedCount(anchor)) {
        total = new Total(graph.carriedCount(anchor), graph.saidFor(anchor));
        totals.put(anchor, total);
      }
      digests.add(new Frame.AnchorDigest(anchor, total.said().statements(), total.said().idSum()));
    }
    return digests;
  }
}
