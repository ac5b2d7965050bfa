package tocsin.simulations;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// When each of some alerts came to each of many nodes, whatever the protocol that brought it.
final class ArrivalTimes {
  private static final long NEVER = Long.MAX_VALUE;

  private final List<String> addresses;
  private final WorldMap map;
  private final List<Integer> origins = new ArrayList<>();
  private final List<Long> raisedNanos = new ArrayList<>();
  private final List<long[]> times = new ArrayList<>();

  /// Those who were down, or tell nobody: they are no measure of how fast the others are.
  private final List<boolean[]> excluded = new ArrayList<>();

  /// @param addresses of all nodes, each with its place on the map
  ArrivalTimes(List<String> addresses, WorldMap map) {
    this.addresses = List.copyOf(addresses);
    this.map = map;
  }

  /// One more alert; returns its number.
  int raised(int origin, long nanos) {
    long[] never = new long[addresses.size()];
    Arrays.fill(never, NEVER);
    origins.add(origin);
    raisedNanos.add(nanos);
    times.add(never);
    excluded.add(new boolean[addresses.size()]);
    return origins.size() - 1;
  }

  int alerts() {
    return origins.size();
  }

  /// Only the first time counts. True if it was.
  boolean arrived(int alert, int node, long nanos) {
    long[] of = times.get(alert);
    if (of[node] != NEVER) {
      return false;
    }
    of[node] = nanos;
    return true;
  }

  /// This node's time with this alert does not count.
  void exclude(int alert, int node) {
    excluded.get(alert)[node] = true;
  }

  boolean has(int alert, int node) {
    return times.get(alert)[node] != NEVER;
  }

  /// Pairs of an alert and a node that count.
  long counted() {
    long count = 0;
    for (int alert = 0; alert < alerts(); alert++) {
      for (int node = 0; node < addresses.size(); node++) {
        count += counts(alert, node) ? 1 : 0;
      }
    }
    return count;
  }

  private boolean counts(int alert, int node) {
    return !excluded.get(alert)[node] && times.get(alert)[node] != NEVER;
  }

  /// From the moment an alert is handed in.
  Report.Curve arrival() {
    return curve((alert, node) -> times.get(alert)[node] - raisedNanos.get(alert));
  }

  /// The same for the physical lower bound.
  Report.Curve bound() {
    WorldMap.Bound bound = map.bound();
    return curve(
        (alert, node) -> bound.nanos(addresses.get(origins.get(alert)), addresses.get(node)));
  }

  private interface Measure {
    long nanos(int alert, int node);
  }

  private Report.Curve curve(Measure measure) {
    long[] all = new long[(int) counted()];
    int next = 0;
    for (int alert = 0; alert < alerts(); alert++) {
      for (int node = 0; node < addresses.size(); node++) {
        if (counts(alert, node)) {
          all[next++] = measure.nanos(alert, node);
        }
      }
    }
    Arrays.sort(all);
    return Report.Curve.of(all);
  }

  /// How one alert went around the world.
  Report.Journey journey(int alert) {
    List<WorldMap.Country> countries = map.countries();
    List<Report.Stop> stops = new ArrayList<>();
    for (int country = 0; country < countries.size(); country++) {
      List<Long> here = new ArrayList<>();
      for (int node = 0; node < addresses.size(); node++) {
        if (map.countryOf(addresses.get(node)) == country && counts(alert, node)) {
          here.add(times.get(alert)[node] - raisedNanos.get(alert));
        }
      }
      if (!here.isEmpty()) {
        here.sort(null);
        WorldMap.Country it = countries.get(country);
        stops.add(
            new Report.Stop(
                it.code(), it.name(), it.north(), it.east(), here.size(), deciles(here)));
      }
    }
    String from = countries.get(map.countryOf(addresses.get(origins.get(alert)))).code();
    return new Report.Journey(from, stops);
  }

  private static List<Double> deciles(List<Long> ascending) {
    List<Double> deciles = new ArrayList<>();
    for (int i = 0; i <= 10; i++) {
      deciles.add(Report.millis(ascending.get((ascending.size() - 1) * i / 10)));
    }
    return deciles;
  }
}
