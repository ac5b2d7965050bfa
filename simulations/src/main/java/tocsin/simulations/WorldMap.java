package tocsin.simulations;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Where in the world nodes stand, and how far it is between them: measured round-trip times
/// between countries (RIPE Atlas; the source stands in `country-rtt.csv`), and a share of nodes for
/// each.
final class WorldMap {
  /// From a node to its country's middle: the last mile.
  private static final long LAST_MILE_MIN_NANOS = Agenda.MILLI / 2;

  private static final long LAST_MILE_MAX_NANOS = 3 * Agenda.MILLI;

  /// @param north degrees
  /// @param east degrees
  record Country(String code, String name, double north, double east) {}

  private record Place(int country, long lastMileNanos) {}

  private final List<Country> countries = new ArrayList<>();
  private final List<Double> shares = new ArrayList<>();
  private final TreeMap<String, Place> places = new TreeMap<>();
  private final RandomGenerator chance;
  private final long[][] halfNanos;

  WorldMap(Chance chance) {
    this.chance = chance.stream("world map");
    TreeMap<String, Country> known = new TreeMap<>();
    for (String[] row : rows("countries.csv")) {
      known.put(
          row[0],
          new Country(row[0], row[1], Double.parseDouble(row[2]), Double.parseDouble(row[3])));
    }
    List<String[]> rows = rows("country-rtt.csv");
    TreeMap<String, Integer> index = new TreeMap<>();
    for (String[] row : rows) {
      if (!index.containsKey(row[0])) {
        index.put(row[0], countries.size());
        countries.add(Objects.requireNonNull(known.get(row[0]), "a country without a place"));
        shares.add(Double.parseDouble(row[4]));
      }
    }
    halfNanos = new long[countries.size()][countries.size()];
    for (String[] row : rows) {
      int a = number(index, row[0]);
      int b = number(index, row[1]);
      long half = (long) (Double.parseDouble(row[2]) * Agenda.MILLI / 2);
      halfNanos[a][b] = half;
      halfNanos[b][a] = half;
    }
  }

  private static int number(Map<String, Integer> index, String country) {
    return Objects.requireNonNull(index.get(country), "a country without a share");
  }

  private static List<String[]> rows(String resource) {
    try (InputStream in = Objects.requireNonNull(WorldMap.class.getResourceAsStream(resource))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .skip(1)
          .map(line -> line.split(",", -1))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("a resource of this module cannot be read", e);
    }
  }

  /// Puts somebody somewhere.
  void place(String address) {
    double draw = chance.nextDouble() * shares.stream().mapToDouble(it -> it).sum();
    int country = 0;
    while (country < countries.size() - 1 && draw >= shares.get(country)) {
      draw -= shares.get(country);
      country++;
    }
    places.put(
        address, new Place(country, chance.nextLong(LAST_MILE_MIN_NANOS, LAST_MILE_MAX_NANOS)));
  }

  /// In the same place as another, as near as can be.
  void placeBeside(String address, String other) {
    places.put(address, new Place(placeOf(other).country, LAST_MILE_MIN_NANOS));
  }

  /// One direction.
  long latencyNanos(String one, String other) {
    Place a = placeOf(one);
    Place b = placeOf(other);
    return halfNanos[a.country][b.country] + a.lastMileNanos + b.lastMileNanos;
  }

  private Place placeOf(String address) {
    return Objects.requireNonNull(places.get(address), "nobody put it anywhere");
  }

  List<Country> countries() {
    return countries;
  }

  /// Its place in [#countries()].
  int countryOf(String address) {
    return placeOf(address).country;
  }

  /// How early anybody could know anything, whatever the protocol: shortest paths over the complete
  /// graph of those who were placed. Whoever passes something on is best the one of his country
  /// with the shortest last mile, so it is enough to look at countries (Floyd 1962, Warshall 1962),
  /// and it costs as much for ten thousand nodes as for ten.
  Bound bound() {
    int n = countries.size();
    long[] bestMile = new long[n];
    java.util.Arrays.fill(bestMile, Long.MAX_VALUE / 8);
    places
        .values()
        .forEach(it -> bestMile[it.country] = Math.min(bestMile[it.country], it.lastMileNanos));
    long[][] best = new long[n][];
    for (int i = 0; i < n; i++) {
      best[i] = halfNanos[i].clone();
    }
    for (int via = 0; via < n; via++) {
      for (int from = 0; from < n; from++) {
        for (int to = 0; to < n; to++) {
          best[from][to] =
              Math.min(best[from][to], best[from][via] + 2 * bestMile[via] + best[via][to]);
        }
      }
    }
    return (from, to) -> {
      Place a = placeOf(from);
      Place b = placeOf(to);
      return from.equals(to) ? 0 : best[a.country][b.country] + a.lastMileNanos + b.lastMileNanos;
    };
  }

  /// The physical lower bound.
  interface Bound {
    long nanos(String from, String to);
  }
}
