package tocsin.simulations;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import tocsin.storage.LogEntry;
import tocsin.storage.StatementLog;
import tocsin.trust.DnsName;
import tocsin.trust.Header;
import tocsin.trust.KeyId;
import tocsin.trust.OrganizationId;
import tocsin.trust.Role;
import tocsin.trust.Sha256;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;
import tocsin.trust.graph.TrustPolicy;

/// What a log says, read by other means than the node's own: statement by statement from the log,
/// in plain maps, with the simplest flow there is. It shares no code with `Judge`, and knows as
/// much of the rules as scenarios use: no groups, no rules for names, no registrations.
final class Oracle {
  /// How an alert stands.
  enum Verdict {
    /// Too few paths, or its signer is void.
    UNFOUNDED,
    ACTIVE,
    /// Recalled, closed or replaced.
    ENDED,
    EXPIRED
  }

  private record Said(OrganizationId issuer, Header header, StatementId id, Statement statement) {}

  /// Expiries are looked at by the minute.
  private static final long MINUTE_MILLIS = 60_000;

  private record Asked(List<OrganizationId> anchors, StatementId alert, long minute) {}

  /// What stands in a log, without the order in which it came.
  private static final class Reading {
    final TreeMap<OrganizationId, Statement.Profile> profiles = new TreeMap<>();
    final TreeMap<OrganizationId, List<Said>> vouchesBy = new TreeMap<>();
    final TreeMap<StatementId, OrganizationId> withdrawn = new TreeMap<>();

    /// Key by the number of its last good statement.
    final TreeMap<KeyId, Long> revoked = new TreeMap<>();

    final TreeMap<StatementId, Said> alerts = new TreeMap<>();
    final TreeMap<StatementId, List<Said>> endorsements = new TreeMap<>();
    final TreeMap<StatementId, List<Said>> recalls = new TreeMap<>();
    final TreeMap<StatementId, List<Said>> closers = new TreeMap<>();

    /// Key by the lowest number that it gave twice, or whose slot it gave twice.
    final TreeMap<KeyId, Long> contradicts = new TreeMap<>();

    /// Statements that share key and number, or key and slot, with another one.
    final TreeSet<StatementId> contradicted = new TreeSet<>();

    /// What was counted already; only looked up.
    final HashMap<Asked, Integer> paths = new HashMap<>();
  }

  /// Readings kept: nodes that hold the same share one.
  private static final int READINGS = 64;

  private final TrustPolicy policy;
  private final Map<Sha256, Reading> readings =
      new LinkedHashMap<>(READINGS, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Sha256, Reading> eldest) {
          return size() > READINGS;
        }
      };

  Oracle(TrustPolicy policy) {
    this.policy = policy;
  }

  /// @param set sum of the ids in the log
  /// @param nowMillis by whose clock it is judged
  Verdict verdict(
      StatementLog log,
      Sha256 set,
      SortedSet<OrganizationId> anchors,
      StatementId alert,
      long nowMillis) {
    Reading reading = reading(log, set);
    Said said = reading.alerts.get(alert);
    if (said == null) {
      return Verdict.UNFOUNDED;
    }
    Statement.Alert it = (Statement.Alert) said.statement();
    if (isEnded(reading, said)) {
      return Verdict.ENDED;
    }
    if (it.header().isExpiredAt(nowMillis)) {
      return Verdict.EXPIRED;
    }
    int required =
        it.action() instanceof Statement.OverrideAction
            ? policy.overridePaths()
            : policy.flushPaths();
    return paths(reading, anchors, said, nowMillis) >= required
        ? Verdict.ACTIVE
        : Verdict.UNFOUNDED;
  }

  /// How many vertex-disjoint paths lead from the anchors to the alert.
  int paths(
      StatementLog log,
      Sha256 set,
      SortedSet<OrganizationId> anchors,
      StatementId alert,
      long nowMillis) {
    Reading reading = reading(log, set);
    Said said = reading.alerts.get(alert);
    return said == null ? 0 : paths(reading, anchors, said, nowMillis);
  }

  /// Sum of the ids of S(anchor), read off a log; without what shares its key and its number, or
  /// its slot, with another one, but with the keys of these: of such statements each node keeps
  /// some as evidence, and not all nodes the same.
  Sha256 carried(StatementLog log, Sha256 set, OrganizationId anchor) {
    Reading reading = reading(log, set);
    TreeMap<OrganizationId, Integer> depths = new TreeMap<>();
    ArrayDeque<OrganizationId> waiting = new ArrayDeque<>();
    depths.put(anchor, TrustPolicy.MAX_DEPTH);
    waiting.add(anchor);
    while (!waiting.isEmpty()) {
      OrganizationId issuer = waiting.remove();
      int depth = depths.getOrDefault(issuer, 0);
      for (Said said : reading.vouchesBy.getOrDefault(issuer, List.of())) {
        Statement.Vouch vouch = (Statement.Vouch) said.statement();
        int further = vouch.roles().contains(Role.VETTER) ? Math.min(vouch.depth(), depth - 1) : 0;
        if (depth > 0 && further > depths.getOrDefault(vouch.subject(), -1)) {
          depths.put(vouch.subject(), further);
          waiting.add(vouch.subject());
        }
      }
    }
    Sha256 sum = Sha256.ZERO;
    TreeSet<KeyId> contradicting = new TreeSet<>();
    for (LogEntry entry : log.scan(0, Integer.MAX_VALUE)) {
      StatementId id = entry.envelope().id();
      if (depths.containsKey(entry.envelope().issuer())) {
        if (!reading.contradicted.contains(id)) {
          sum = sum.plus(id.hash());
        } else if (contradicting.add(entry.envelope().statement().header().key())) {
          sum = sum.plus(entry.envelope().statement().header().key().hash());
        }
      }
    }
    return sum;
  }

  // ---- reading

  private Reading reading(StatementLog log, Sha256 set) {
    Reading known = readings.get(set);
    if (known == null) {
      known = read(log);
      readings.put(set, known);
    }
    return known;
  }

  private static Reading read(StatementLog log) {
    Reading reading = new Reading();
    TreeMap<KeyId, TreeMap<Long, StatementId>> slots = new TreeMap<>();
    TreeMap<KeyId, TreeMap<Long, StatementId>> numbers = new TreeMap<>();
    TreeMap<StatementId, Long> sequences = new TreeMap<>();
    List<Said> revocations = new ArrayList<>();
    for (LogEntry entry : log.scan(0, Integer.MAX_VALUE)) {
      Statement statement = entry.envelope().statement();
      Header header = statement.header();
      StatementId id = entry.envelope().id();
      Said said = new Said(entry.envelope().issuer(), header, id, statement);
      sequences.put(id, header.sequence());
      StatementId withNumber =
          numbers
              .computeIfAbsent(header.key(), _ -> new TreeMap<>())
              .putIfAbsent(header.sequence(), id);
      StatementId inSlot =
          slots
              .computeIfAbsent(header.key(), _ -> new TreeMap<>())
              .putIfAbsent(header.slotHour() << 16 | header.slotIndex(), id);
      Stream.concat(Stream.ofNullable(withNumber), Stream.ofNullable(inSlot))
          .forEach(first -> {
            long from = Math.min(header.sequence(), sequences.getOrDefault(first, 0L));
            reading.contradicts.merge(header.key(), from, Math::min);
            reading.contradicted.addAll(List.of(first, id));
          });
      switch (statement) {
        case Statement.Profile it -> {
          Statement.Profile before = reading.profiles.get(said.issuer());
          if (before == null || before.version() < it.version()) {
            reading.profiles.put(said.issuer(), it);
          }
        }
        case Statement.Vouch _ ->
            reading.vouchesBy.computeIfAbsent(said.issuer(), _ -> new ArrayList<>()).add(said);
        case Statement.VouchWithdrawal it ->
            it.vouches().forEach(vouch -> reading.withdrawn.put(vouch, said.issuer()));
        case Statement.Revocation _ -> revocations.add(said);
        case Statement.Alert it -> {
          reading.alerts.put(id, said);
          it.incident().ifPresent(incident -> put(reading.closers, incident, said));
        }
        case Statement.Endorsement it -> put(reading.endorsements, it.alert(), said);
        case Statement.Recall it -> put(reading.recalls, it.statement(), said);
        case Statement.Dispute _, Statement.Registration _ -> {}
      }
    }
    for (Said said : revocations) {
      if (((Statement.Revocation) said.statement()).target() instanceof Statement.Revoked.Key key
          && hasRoot(reading, said)) {
        long good = key.lastGood().map(last -> sequences.getOrDefault(last, 0L)).orElse(0L);
        reading.revoked.merge(key.key(), good, Math::min);
      }
    }
    return reading;
  }

  private static void put(SortedMap<StatementId, List<Said>> map, StatementId about, Said said) {
    map.computeIfAbsent(about, _ -> new ArrayList<>()).add(said);
  }

  private static boolean hasRoot(Reading reading, Said said) {
    return Optional.ofNullable(reading.profiles.get(said.issuer())).stream()
        .flatMap(profile -> profile.roots().stream())
        .anyMatch(root -> root.id().equals(said.header().key()));
  }

  // ---- judging

  /// What starts something counts if its key is its issuer's, and neither revoked nor in two hands.
  private static boolean isGood(Reading reading, Said said, long nowMillis) {
    boolean listed =
        Optional.ofNullable(reading.profiles.get(said.issuer())).stream()
            .flatMap(profile -> profile.keys().stream())
            .anyMatch(key -> key.key().id().equals(said.header().key()));
    long number = said.header().sequence();
    return listed
        && !said.header().isExpiredAt(nowMillis)
        && number <= reading.revoked.getOrDefault(said.header().key(), Long.MAX_VALUE)
        && number < reading.contradicts.getOrDefault(said.header().key(), Long.MAX_VALUE);
  }

  private static boolean isEnded(Reading reading, Said alert) {
    for (Said recall : reading.recalls.getOrDefault(alert.id(), List.of())) {
      if (recall.issuer().equals(alert.issuer())) {
        return true;
      }
    }
    for (Said flush : reading.closers.getOrDefault(alert.id(), List.of())) {
      if (flush.issuer().equals(alert.issuer())
          && ((Statement.Alert) flush.statement()).action() instanceof Statement.FlushAction) {
        return true;
      }
    }
    return false;
  }

  private int paths(
      Reading reading, SortedSet<OrganizationId> anchors, Said alert, long nowMillis) {
    Asked asked = new Asked(List.copyOf(anchors), alert.id(), nowMillis / MINUTE_MILLIS);
    Integer known = reading.paths.get(asked);
    if (known == null) {
      known = count(reading, anchors, alert, nowMillis);
      reading.paths.put(asked, known);
    }
    return known;
  }

  private int count(
      Reading reading, SortedSet<OrganizationId> anchors, Said alert, long nowMillis) {
    if (!isGood(reading, alert, nowMillis)) {
      return 0;
    }
    List<DnsName> names = ((Statement.Alert) alert.statement()).names();
    Web web = new Web(reading, anchors, names, nowMillis);
    TreeSet<OrganizationId> signers = new TreeSet<>();
    signers.add(alert.issuer());
    for (Said endorsement : reading.endorsements.getOrDefault(alert.id(), List.of())) {
      boolean takenBack =
          reading.recalls.getOrDefault(endorsement.id(), List.of()).stream()
              .anyMatch(recall -> recall.issuer().equals(endorsement.issuer()));
      if (isGood(reading, endorsement, nowMillis) && !takenBack) {
        signers.add(endorsement.issuer());
      }
    }
    signers.retainAll(web.submitters);
    return web.disjointPaths(anchors, signers);
  }

  /// Who may vouch and submit, and the greatest number of disjoint paths by augmenting one at a
  /// time (Ford and Fulkerson 1956), each organization once.
  private final class Web {
    final TreeSet<OrganizationId> submitters = new TreeSet<>();
    private final TreeMap<OrganizationId, Integer> depths = new TreeMap<>();
    private final TreeMap<OrganizationId, TreeSet<OrganizationId>> edges = new TreeMap<>();

    Web(Reading reading, SortedSet<OrganizationId> anchors, List<DnsName> names, long nowMillis) {
      submitters.addAll(anchors);
      anchors.forEach(anchor -> depths.put(anchor, policy.depth()));
      boolean changed = true;
      while (changed) {
        changed = false;
        for (OrganizationId issuer : List.copyOf(depths.keySet())) {
          int depth = depths.getOrDefault(issuer, 0);
          for (Said said : reading.vouchesBy.getOrDefault(issuer, List.of())) {
            Statement.Vouch vouch = (Statement.Vouch) said.statement();
            boolean admissible =
                depth >= 1
                    && isGood(reading, said, nowMillis)
                    && !issuer.equals(reading.withdrawn.get(said.id()))
                    && names.stream()
                        .allMatch(name -> vouch.scopes().stream().anyMatch(name::isAtOrBelow))
                    && !anchors.contains(vouch.subject());
            if (!admissible) {
              continue;
            }
            edges.computeIfAbsent(issuer, _ -> new TreeSet<>()).add(vouch.subject());
            if (vouch.roles().contains(Role.SUBMITTER)) {
              submitters.add(vouch.subject());
            }
            int further =
                vouch.roles().contains(Role.VETTER) ? Math.min(vouch.depth(), depth - 1) : 0;
            if (further > depths.getOrDefault(vouch.subject(), -1)) {
              depths.put(vouch.subject(), further);
              changed = true;
            }
          }
        }
      }
    }

    int disjointPaths(SortedSet<OrganizationId> anchors, SortedSet<OrganizationId> signers) {
      // next[A] = B: a path goes from A to B; ends at a signer.
      TreeMap<OrganizationId, OrganizationId> next = new TreeMap<>();
      TreeMap<OrganizationId, OrganizationId> previous = new TreeMap<>();
      TreeSet<OrganizationId> starts = new TreeSet<>();
      TreeSet<OrganizationId> ends = new TreeSet<>();
      int paths = 0;
      while (augment(anchors, signers, next, previous, starts, ends)) {
        paths++;
      }
      return paths;
    }

    /// A vertex is reached at its entry or at its exit; on a path, the only way from the entry is
    /// back along the path.
    private record Place(OrganizationId organization, boolean exit) {}

    private boolean augment(
        SortedSet<OrganizationId> anchors,
        SortedSet<OrganizationId> signers,
        SortedMap<OrganizationId, OrganizationId> next,
        SortedMap<OrganizationId, OrganizationId> previous,
        SortedSet<OrganizationId> starts,
        SortedSet<OrganizationId> ends) {
      LinkedHashMap<Place, Optional<Place>> from = new LinkedHashMap<>();
      ArrayDeque<Place> waiting = new ArrayDeque<>();
      for (OrganizationId anchor : anchors) {
        if (!starts.contains(anchor)) {
          reach(new Place(anchor, false), Optional.empty(), from, waiting);
        }
      }
      while (!waiting.isEmpty()) {
        Place place = waiting.remove();
        OrganizationId here = place.organization();
        boolean used = starts.contains(here) || previous.containsKey(here);
        Optional<Place> by = Optional.of(place);
        if (!place.exit()) {
          if (!used) {
            reach(new Place(here, true), by, from, waiting);
          } else if (previous.containsKey(here)) {
            // Against the path that comes in here.
            OrganizationId before = previous.get(here);
            if (before != null) {
              reach(new Place(before, true), by, from, waiting);
            }
          }
          continue;
        }
        if (signers.contains(here) && !ends.contains(here)) {
          apply(place, from, next, previous, starts, ends);
          return true;
        }
        for (OrganizationId subject : edges.getOrDefault(here, new TreeSet<>())) {
          if (!subject.equals(next.get(here))) {
            reach(new Place(subject, false), by, from, waiting);
          }
        }
        if (used) {
          // Against the path through here.
          reach(new Place(here, false), by, from, waiting);
        }
      }
      return false;
    }

    private void reach(
        Place place,
        Optional<Place> by,
        Map<Place, Optional<Place>> from,
        ArrayDeque<Place> waiting) {
      if (from.putIfAbsent(place, by) == null) {
        waiting.add(place);
      }
    }

    private void apply(
        Place end,
        Map<Place, Optional<Place>> from,
        SortedMap<OrganizationId, OrganizationId> next,
        SortedMap<OrganizationId, OrganizationId> previous,
        SortedSet<OrganizationId> starts,
        SortedSet<OrganizationId> ends) {
      ends.add(end.organization());
      List<Place> way = new ArrayList<>();
      for (Optional<Place> at = Optional.of(end); at.isPresent(); ) {
        way.addFirst(at.get());
        at = from.getOrDefault(at.get(), Optional.empty());
      }
      starts.add(way.getFirst().organization());
      // What the new way takes back first, then what it adds.
      for (int i = 1; i < way.size(); i++) {
        Place one = way.get(i - 1);
        Place two = way.get(i);
        if (!one.exit() && two.exit() && !one.organization().equals(two.organization())) {
          next.remove(two.organization());
          previous.remove(one.organization());
        }
      }
      for (int i = 1; i < way.size(); i++) {
        Place one = way.get(i - 1);
        Place two = way.get(i);
        if (one.exit() && !two.exit() && !one.organization().equals(two.organization())) {
          next.put(one.organization(), two.organization());
          previous.put(two.organization(), one.organization());
        }
      }
    }
  }
}
