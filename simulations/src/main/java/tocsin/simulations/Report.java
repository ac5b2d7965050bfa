package tocsin.simulations;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What came of one run that kept all its promises.
public sealed interface Report {
  String scenario();

  int nodes();

  long seed();

  /// Hash of all events and effects in order: the same for the same seed.
  String trace();

  /// How many events and effects.
  long events();

  /// How long it took, in there.
  long virtualMillis();

  /// Everything else, by name, in the order in which people read it.
  Map<String, Object> figures();

  /// What is too long to be read, for pictures: lists of numbers by name.
  default Map<String, Object> curves() {
    return Map.of();
  }

  /// A day with faults, crashes and an incident.
  ///
  /// @param statements in every log at the end
  /// @param crashes of nodes
  /// @param ending how the incident ended: flush, recall or expiry
  /// @param activeEverywhereMillis from the submission of the endorsed override to its being active
  ///   at the last node, faults and crashes included
  /// @param rogueAnswers to clients between hijack and protection at all resolvers
  /// @param rogueAnswersWithout the same by resolvers that have no node beside them, from the
  ///   hijack to the end
  /// @param tailWithoutHours how long those would go on after the repair
  /// @param longestQueue most frames that were under way in one direction of a stream
  record BadDay(
      String scenario,
      int nodes,
      long seed,
      String trace,
      long events,
      long virtualMillis,
      long statements,
      int crashes,
      String ending,
      long activeEverywhereMillis,
      long rogueAnswers,
      long rogueAnswersWithout,
      double tailWithoutHours,
      int longestQueue,
      Story story)
      implements Report {
    @Override
    public Map<String, Object> figures() {
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("statements", statements);
      figures.put("crashes", crashes);
      figures.put("ending", ending);
      figures.put("active_everywhere_ms", activeEverywhereMillis);
      figures.put("rogue_answers", rogueAnswers);
      figures.put("rogue_answers_without", rogueAnswersWithout);
      figures.put("tail_without_h", tailWithoutHours);
      figures.put("longest_queue", longestQueue);
      return figures;
    }

    @Override
    public Map<String, Object> curves() {
      Map<String, Object> curves = new LinkedHashMap<>();
      curves.put("story_bucket_s", story.bucketSeconds());
      curves.put("rogue_share", story.withNode());
      curves.put("rogue_share_without", story.without());
      return curves;
    }
  }

  /// What customers were answered, from the beginning on.
  ///
  /// @param withNode the share of answers that were the hijacker's, for each bucket of time, at
  ///   resolvers beside nodes
  /// @param without the same at the same resolvers without nodes
  record Story(
      double bucketSeconds, List<Double> withNode, List<Double> without, List<Mark> marks) {
    public Story {
      withNode = List.copyOf(withNode);
      without = List.copyOf(without);
      marks = List.copyOf(marks);
    }
  }

  /// Something that happened.
  ///
  /// @param seconds from the beginning
  record Mark(double seconds, String words) {}

  /// How news spread. Times in milliseconds from the moment an alert is handed in.
  ///
  /// @param conditions in words
  /// @param alerts raised, each at a node drawn by chance
  /// @param missing pairs of an alert and an honest node that does not have it in the end: 0, or it
  ///   is no report
  /// @param arrival into the logs of all honest nodes that were up all the time
  /// @param bound the same by shortest paths over the complete latency graph: no protocol is faster
  /// @param copiesPerDelivery whole statements received, duplicates among them, for each one needed
  /// @param bytesPerDelivery all that was sent meanwhile, for each one needed
  /// @param streamsPerNode on average
  /// @param journey of the first alert
  /// @param baselines what other protocols do in the same place
  record Spreading(
      String scenario,
      int nodes,
      long seed,
      String trace,
      long events,
      long virtualMillis,
      String conditions,
      int alerts,
      long missing,
      Curve arrival,
      Curve bound,
      double copiesPerDelivery,
      double bytesPerDelivery,
      double streamsPerNode,
      Journey journey,
      List<Baseline> baselines)
      implements Report {
    public Spreading {
      baselines = List.copyOf(baselines);
    }

    /// The same beside what other protocols do.
    Spreading beside(List<Baseline> others) {
      return new Spreading(
          scenario,
          nodes,
          seed,
          trace,
          events,
          virtualMillis,
          conditions,
          alerts,
          missing,
          arrival,
          bound,
          copiesPerDelivery,
          bytesPerDelivery,
          streamsPerNode,
          journey,
          others);
    }

    /// How many times the physical bound the slowest hundredth takes at least.
    public double p99ToBound() {
      return arrival.p99() / bound.p99();
    }

    @Override
    public Map<String, Object> figures() {
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("conditions", conditions);
      figures.put("alerts", alerts);
      figures.put("missing", missing);
      figures.put("p50_ms", arrival.p50());
      figures.put("p99_ms", arrival.p99());
      figures.put("max_ms", arrival.max());
      figures.put("bound_p50_ms", bound.p50());
      figures.put("bound_p99_ms", bound.p99());
      figures.put("bound_max_ms", bound.max());
      figures.put("p99_to_bound", round(p99ToBound(), 100));
      figures.put("copies_per_delivery", round(copiesPerDelivery, 100));
      figures.put("bytes_per_delivery", Math.round(bytesPerDelivery));
      figures.put("streams_per_node", round(streamsPerNode, 10));
      for (Baseline it : baselines) {
        figures.put(it.key() + "_p50_ms", it.arrival().p50());
        figures.put(it.key() + "_p99_ms", it.arrival().p99());
        figures.put(it.key() + "_max_ms", it.arrival().max());
        figures.put(it.key() + "_missing", it.missing());
        figures.put(it.key() + "_copies_per_delivery", round(it.copiesPerDelivery(), 100));
        figures.put(it.key() + "_bytes_per_delivery", Math.round(it.bytesPerDelivery()));
      }
      return figures;
    }

    @Override
    public Map<String, Object> curves() {
      Map<String, Object> curves = new LinkedHashMap<>();
      curves.put("arrival_ms", arrival.points());
      curves.put("bound_ms", bound.points());
      for (Baseline it : baselines) {
        curves.put(it.key() + "_specification", it.specification());
        curves.put(it.key() + "_ms", it.arrival().points());
      }
      curves.put("journey_from", journey.from());
      Map<String, Object> stops = new LinkedHashMap<>();
      journey.stops().forEach(stop -> stops.put(stop.code(), stop.deciles()));
      curves.put("journey_deciles_ms", stops);
      return curves;
    }
  }

  /// What a trial of the network has shown: figures by name, in the order in which people read
  /// them. Every promise was kept, or there would be no report.
  ///
  /// @param arrivals how news spread, if that was looked at, and by the lower bound
  record Findings(
      String scenario,
      int nodes,
      long seed,
      String trace,
      long events,
      long virtualMillis,
      Map<String, Object> figures,
      List<Arrival> arrivals)
      implements Report {
    public Findings {
      figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
      arrivals = List.copyOf(arrivals);
    }

    @Override
    public Map<String, Object> curves() {
      Map<String, Object> curves = new LinkedHashMap<>();
      arrivals.forEach(it -> curves.put(it.key() + "_ms", it.curve().points()));
      return curves;
    }
  }

  /// How news reached some.
  ///
  /// @param key a word
  /// @param name of those, for people
  record Arrival(String key, String name, Curve curve) {}

  /// In milliseconds, to a tenth.
  record Quantiles(double p50, double p99, double max) {
    /// @param nanos any order, at least one
    static Quantiles of(Iterable<Long> nanos) {
      List<Long> sorted = new ArrayList<>();
      nanos.forEach(sorted::add);
      Collections.sort(sorted);
      return new Quantiles(
          millis(sorted.get(sorted.size() / 2)),
          millis(sorted.get((int) ((sorted.size() - 1) * 0.99))),
          millis(sorted.getLast()));
    }
  }

  /// Another protocol over the same network, with the same alerts.
  ///
  /// @param key a word
  /// @param name for people
  /// @param specification what it was built from, in a sentence
  /// @param missing pairs of an alert and an honest node that it never reached
  record Baseline(
      String key,
      String name,
      String specification,
      Curve arrival,
      long missing,
      double copiesPerDelivery,
      double bytesPerDelivery) {}

  /// One alert on its way around the world.
  ///
  /// @param from code of the country where it was raised
  record Journey(String from, List<Stop> stops) {
    public Journey {
      stops = List.copyOf(stops);
    }
  }

  /// A country that an alert comes to.
  ///
  /// @param north degrees
  /// @param east degrees
  /// @param nodes there that count
  /// @param deciles 11 times in milliseconds, ascending: when the first node there has it, when a
  ///   tenth of them, and so on up to the last
  record Stop(
      String code, String name, double north, double east, int nodes, List<Double> deciles) {
    public Stop {
      deciles = List.copyOf(deciles);
    }

    public double firstMillis() {
      return deciles.getFirst();
    }

    public double medianMillis() {
      return deciles.get(deciles.size() / 2);
    }

    public double lastMillis() {
      return deciles.getLast();
    }

    /// The share of its nodes that have it by this time, 0 to 1, to a tenth.
    double shareBy(double millis) {
      if (millis < firstMillis()) {
        return 0;
      }
      long reached = deciles.stream().skip(1).filter(it -> it <= millis).count();
      return Math.max(reached / (deciles.size() - 1.0), 1.0 / nodes);
    }
  }

  /// How many have it by when: times at which each further half percent has it, in milliseconds.
  ///
  /// @param points 201 of them, ascending: the first is the earliest arrival, the last the latest
  record Curve(List<Double> points, double p99) {
    private static final int PARTS = 200;

    public Curve {
      points = List.copyOf(points);
    }

    /// @param nanos any order, at least one
    static Curve of(List<Long> nanos) {
      return of(nanos.stream().mapToLong(Long::longValue).sorted().toArray());
    }

    /// @param nanos ascending, at least one
    static Curve of(long[] nanos) {
      List<Double> points = new ArrayList<>();
      for (int i = 0; i <= PARTS; i++) {
        points.add(millis(nanos[(int) ((nanos.length - 1L) * i / PARTS)]));
      }
      return new Curve(points, millis(nanos[(int) ((nanos.length - 1) * 0.99)]));
    }

    public double p50() {
      return points.get(PARTS / 2);
    }

    public double max() {
      return points.getLast();
    }
  }

  /// To a tenth.
  static double millis(long nanos) {
    return Math.round(nanos / 1e5) / 10.0;
  }

  private static double round(double value, int parts) {
    return Math.round(value * parts) / (double) parts;
  }
}
