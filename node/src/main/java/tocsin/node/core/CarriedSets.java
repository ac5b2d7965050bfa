package tocsin.node.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import tocsin.trust.OrganizationId;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// Which statements a node carries: for each anchor S(anchor), the statements of all organizations
/// ever reachable from it, as a digest and, where somebody asked for them, as coded symbols.
///
/// A statement costs one addition per anchor. All is counted anew, organization by organization,
/// only when an anchor comes to reach further.
final class CarriedSets {
  /// The organizations whose statements are carried for an anchor; they only grow.
  interface Reach {
    int count(OrganizationId anchor);

    boolean contains(OrganizationId anchor, OrganizationId organization);

    Iterable<OrganizationId> all(OrganizationId anchor);
  }

  private record Tally(long count, Sha256 sum) {
    Tally plus(Tally other) {
      return new Tally(count + other.count, sum.plus(other.sum));
    }
  }

  private static final Tally NOTHING = new Tally(0, Sha256.ZERO);

  /// S(anchor) as it was when the anchor reached so many.
  private static final class Total {
    int reached;
    Tally tally = NOTHING;
  }

  /// The coded symbols of the statements of S(anchor) among the first so many of the log.
  private static final class Prefix {
    RatelessSymbols symbols = new RatelessSymbols(Limits.SYMBOLS);
    long next;
    long count;
  }

  private final Reach reach;

  /// Not to be changed any more: forks read it.
  private NavigableMap<OrganizationId, Tally> before;

  private TreeMap<OrganizationId, Tally> byIssuer = new TreeMap<>();
  private final LoggedIds ids;
  private final TreeMap<OrganizationId, Total> totals = new TreeMap<>();
  private final TreeMap<OrganizationId, Prefix> prefixes = new TreeMap<>();
  private long version;

  CarriedSets(Reach reach) {
    this(reach, Collections.emptyNavigableMap(), new LoggedIds());
  }

  private CarriedSets(Reach reach, NavigableMap<OrganizationId, Tally> before, LoggedIds ids) {
    this.reach = reach;
    this.before = before;
    this.ids = ids;
  }

  /// Sets that hold what these hold and go their own way from here. What both have in common is in
  /// memory once, as long as nothing is added here.
  CarriedSets fork(Reach itsReach) {
    if (!byIssuer.isEmpty()) {
      TreeMap<OrganizationId, Tally> both = new TreeMap<>(before);
      both.putAll(byIssuer);
      before = both;
      byIssuer = new TreeMap<>();
    }
    CarriedSets fork = new CarriedSets(itsReach, before, ids.fork());
    totals.forEach((anchor, total) -> {
      Total copy = new Total();
      copy.reached = total.reached;
      copy.tally = total.tally;
      fork.totals.put(anchor, copy);
    });
    fork.version = version;
    return fork;
  }

  /// A statement stands in the log now. Asks for the reach of the anchors as it makes it.
  void appended(OrganizationId issuer, StatementId id) {
    ids.add(id, issuer);
    Tally one = new Tally(1, id.hash());
    byIssuer.put(issuer, of(issuer).plus(one));
    totals.forEach((anchor, total) -> {
      if (total.reached == reach.count(anchor) && reach.contains(anchor, issuer)) {
        total.tally = total.tally.plus(one);
      }
    });
    version++;
  }

  private Tally of(OrganizationId issuer) {
    Tally own = byIssuer.get(issuer);
    return own != null ? own : before.getOrDefault(issuer, NOTHING);
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
  List<Frame.AnchorDigest> digests(Collection<OrganizationId> anchors) {
    List<Frame.AnchorDigest> digests = new ArrayList<>(anchors.size());
    for (OrganizationId anchor : anchors) {
      digests.add(digest(anchor));
    }
    return digests;
  }

  Frame.AnchorDigest digest(OrganizationId anchor) {
    Total total = totals.computeIfAbsent(anchor, _ -> new Total());
    int reached = reach.count(anchor);
    if (total.reached != reached) {
      total.reached = reached;
      total.tally = NOTHING;
      for (OrganizationId organization : reach.all(anchor)) {
        total.tally = total.tally.plus(of(organization));
      }
    }
    return new Frame.AnchorDigest(anchor, total.tally.count(), total.tally.sum());
  }

  /// The coded symbols of S(anchor); empty while they are being made: then [#work] goes on.
  Optional<RatelessSymbols> symbols(OrganizationId anchor) {
    Prefix prefix = prefixes.computeIfAbsent(anchor, _ -> new Prefix());
    if (prefix.next == ids.size() && prefix.count != digest(anchor).count()) {
      // An organization whose statements had come for another anchor's sake is carried for this one
      // too since then.
      prefix.symbols = new RatelessSymbols(Limits.SYMBOLS);
      prefix.next = 0;
      prefix.count = 0;
    }
    work();
    return prefix.next == ids.size() ? Optional.of(prefix.symbols) : Optional.empty();
  }

  /// Brings the symbols that somebody asked for up to date, by so many statements at most.
  ///
  /// @return false if something is left to be done
  boolean work() {
    int left = Limits.CODED_PER_TURN;
    for (var entry : prefixes.entrySet()) {
      Prefix prefix = entry.getValue();
      while (prefix.next < ids.size() && left > 0) {
        if (reach.contains(entry.getKey(), ids.issuer(prefix.next))) {
          prefix.symbols.add(ids.cut(prefix.next));
          prefix.count++;
        }
        prefix.next++;
        left--;
      }
    }
    return left > 0 || isUpToDate();
  }

  boolean isUpToDate() {
    for (Prefix prefix : prefixes.values()) {
      if (prefix.next < ids.size()) {
        return false;
      }
    }
    return true;
  }

  /// Where in the log the statements with these cut ids are.
  List<Long> find(Collection<Long> cuts) {
    return ids.find(cuts, Limits.MAX_WANTED);
  }
}
