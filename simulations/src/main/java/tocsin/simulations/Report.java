package tocsin.simulations;

import java.util.Collections;
import java.util.LinkedHashMap;
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
      int longestQueue)
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
  }

  /// How news spread. Times in milliseconds from the moment an alert is handed in.
  ///
  /// @param alerts raised, each at a node drawn by chance
  /// @param missing pairs of an alert and a node that does not have it: 0, or it is no report
  /// @param arrival into the logs of all nodes
  /// @param bound the same by shortest paths over the complete latency graph: no protocol is faster
  /// @param copiesPerDelivery whole statements received, duplicates among them, for each one needed
  /// @param streamsPerNode on average
  record Spreading(
      String scenario,
      int nodes,
      long seed,
      String trace,
      long events,
      long virtualMillis,
      int alerts,
      long missing,
      Quantiles arrival,
      Quantiles bound,
      double copiesPerDelivery,
      double streamsPerNode)
      implements Report {
    @Override
    public Map<String, Object> figures() {
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("alerts", alerts);
      figures.put("missing", missing);
      figures.put("p50_ms", arrival.p50());
      figures.put("p99_ms", arrival.p99());
      figures.put("max_ms", arrival.max());
      figures.put("bound_p50_ms", bound.p50());
      figures.put("bound_p99_ms", bound.p99());
      figures.put("bound_max_ms", bound.max());
      figures.put("p99_to_bound", round(arrival.p99() / bound.p99(), 100));
      figures.put("copies_per_delivery", round(copiesPerDelivery, 100));
      figures.put("streams_per_node", round(streamsPerNode, 10));
      return figures;
    }

    private static double round(double value, int parts) {
      return Math.round(value * parts) / (double) parts;
    }
  }

  /// What a trial of the network has shown: figures by name, in the order in which people read
  /// them. Every promise was kept, or there would be no report.
  record Findings(
      String scenario,
      int nodes,
      long seed,
      String trace,
      long events,
      long virtualMillis,
      Map<String, Object> figures)
      implements Report {
    public Findings {
      figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }
  }

  /// In milliseconds, to a tenth.
  record Quantiles(double p50, double p99, double max) {
    /// @param nanos any order, at least one
    static Quantiles of(Iterable<Long> nanos) {
      java.util.ArrayList<Long> sorted = new java.util.ArrayList<>();
      nanos.forEach(sorted::add);
      java.util.Collections.sort(sorted);
      return new Quantiles(
          millis(sorted.get(sorted.size() / 2)),
          millis(sorted.get((int) ((sorted.size() - 1) * 0.99))),
          millis(sorted.getLast()));
    }

    private static double millis(long nanos) {
      return Math.round(nanos / 1e5) / 10.0;
    }
  }
}
