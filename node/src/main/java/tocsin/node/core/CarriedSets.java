package tocsin.node.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongFunction;
import tocsin.trust.OrganizationId;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;
import tocsin.trust.graph.TrustGraph;

/// Which statements a node carries: for each anchor S(anchor), the statements of all organizations
/// ever reachable from it, as a digest and, where somebody asked for them, as coded symbols.
///
/// A statement costs one addition per anchor. All organizations are added up again only when an
/// anchor comes to reach further.
final class CarriedSets {
  /// The organizations whose statements are carried for an anchor, which only grow, and what they
  /// have said in all.
  interface Reach {
    int count(OrganizationId anchor);

    boolean contains(OrganizationId anchor, OrganizationId organization);

    TrustGraph.Said said(OrganizationId anchor);
  }

  /// @param organizations how many S(anchor) had when it was added up
  private record Total(int organizations, TrustGraph.Said said) {}

  /// Issuer of what is in the log and counts for nobody.
  private static final OrganizationId NOBODY = OrganizationId.fromBytes(Sha256.ZERO.toByteString());

  /// The coded symbols of the statements of S(anchor) among the first so many of the log.
  private static final class Prefix {
    RatelessSymbols symbols = new RatelessSymbols(Limits.SYMBOLS);
    long next;
    long count;
  }

  private final Reach reach;

  private final LoggedIds ids;

  /// What stands in the log at an index.
  private final LongFunction<StatementId> log;

  /// What counted once and does not any more: to be found among the ids before the next symbols are
  /// made.
  private final TreeSet<StatementId> takenOut = new TreeSet<>();

  private final TreeMap<OrganizationId, Total> totals = new TreeMap<>();
  private final TreeMap<OrganizationId, Prefix> prefixes = new TreeMap<>();
  private long version;

  /// @param log the statement at an index of the log, which is asked for when symbols are made
  CarriedSets(Reach reach, LongFunction<StatementId> log) {
    this(reach, log, new LoggedIds());
  }

  private CarriedSets(Reach reach, LongFunction<StatementId> log, LoggedIds ids) {
    this.reach = reach;
    this.log = log;
    this.ids = ids;
  }

  /// Sets that hold what these hold and go their own way from here. The ids that both have in
  /// common are in memory once.
  CarriedSets fork(Reach itsReach, LongFunction<StatementId> itsLog) {
    CarriedSets fork = new CarriedSets(itsReach, itsLog, ids.fork());
    fork.takenOut.addAll(takenOut);
    fork.totals.putAll(totals);
    fork.version = version;
    return fork;
  }

  /// A statement stands in the log now. Asks for the reach of the anchors as it makes it. Whoever
  /// misses the mark of a key that contradicts itself is sent what stands where the mark does.
  ///
  /// @param filed what it does to what counts
  void appended(OrganizationId issuer, StatementId id, TrustGraph.Filed filed) {
    ids.add(filed.counted().orElse(id), filed.counted().isPresent() ? issuer : NOBODY);
    if (filed.equals(TrustGraph.Filed.NOTHING)) {
      return;
    }
    takenOut.addAll(filed.discounted());
    totals.replaceAll((anchor, total) ->
        reach.contains(anchor, issuer)
            ? new Total(total.organizations(), total.said().after(filed))
            : total);
    version++;
  }

  /// All together: each pass goes over all ids.
  private void takeOut() {
    if (takenOut.isEmpty()) {
      return;
    }
    List<Long> cuts = takenOut.stream().map(RatelessSymbols::cut).toList();
    for (long index : ids.find(cuts, Integer.MAX_VALUE)) {
      // Cut ids can be made alike.
      if (takenOut.contains(log.apply(index))) {
        prefixes.forEach((anchor, prefix) -> {
          if (index < prefix.next && reach.contains(anchor, ids.issuer(index))) {
            prefix.symbols.remove(ids.cut(index));
            prefix.count--;
          }
        });
        ids.setIssuer(index, NOBODY);
      }
    }
    takenOut.clear();
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
    totals.keySet().retainAll(anchors);
    prefixes.keySet().retainAll(anchors);
    List<Frame.AnchorDigest> digests = new ArrayList<>(anchors.size());
    for (OrganizationId anchor : anchors) {
      digests.add(digest(anchor));
    }
    return digests;
  }

  Frame.AnchorDigest digest(OrganizationId anchor) {
    Total total = totals.get(anchor);
    int organizations = reach.count(anchor);
    if (total == null || total.organizations() != organizations) {
      total = new Total(organizations, reach.said(anchor));
      totals.put(anchor, total);
    }
    return new Frame.AnchorDigest(anchor, total.said().statements(), total.said().idSum());
  }

  /// The coded symbols of S(anchor); empty while they are being made: then [#work] goes on.
  Optional<RatelessSymbols> symbols(OrganizationId anchor) {
    takeOut();
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
    takeOut();
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

  /// The cut id that stands for a place in the log: mostly that of the statement there.
  long cut(long index) {
    return ids.cut(index);
  }

  /// Where in the log the statements with these cut ids are.
  List<Long> find(Collection<Long> cuts) {
    return ids.find(cuts, Limits.MAX_WANTED);
  }
}
