package tocsin.node.core;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import tocsin.trust.OrganizationId;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// Which statements a node carries: for each organization how many there are and the sum of their
/// ids, so that S(anchor), the statements of all organizations ever reachable from an anchor, has a
/// digest that costs one addition per organization.
final class CarriedSets {
  private record Tally(long count, Sha256 sum) {
    Tally plus(Tally other) {
      return new Tally(count + other.count, sum.plus(other.sum));
    }
  }

  private static final Tally NOTHING = new Tally(0, Sha256.ZERO);

  private final TreeMap<OrganizationId, Tally> byIssuer = new TreeMap<>();
  private long version;

  void appended(OrganizationId issuer, StatementId id) {
    byIssuer.merge(issuer, new Tally(1, id.hash()), Tally::plus);
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
  List<Frame.AnchorDigest> digests(
      List<OrganizationId> anchors,
      java.util.function.Function<OrganizationId, Iterable<OrganizationId>> reach) {
    List<Frame.AnchorDigest> digests = new ArrayList<>();
    for (OrganizationId anchor : anchors) {
      Tally total = NOTHING;
      for (OrganizationId organization : reach.apply(anchor)) {
        total = total.plus(byIssuer.getOrDefault(organization, NOTHING));
      }
      digests.add(new Frame.AnchorDigest(anchor, total.count(), total.sum()));
    }
    return digests;
  }
}
