package tocsin.simulations;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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

  private record Place(int country, long lastMileNanos) {}

  private final List<String> countries = new ArrayList<>();
  private final List<Double> shares = new ArrayList<>();
  private final TreeMap<String, Place> places = new TreeMap<>();
  private final RandomGenerator chance;
  private final long[][] halfNanos;

  WorldMap(Chance chance) {
    this.chance = chance.stream("world map");
    List<String[]> rows = rows();
    TreeMap<String, Integer> index = new TreeMap<>();
    for (String[] row : rows) {
      if (!index.containsKey(row[0])) {
        index.put(row[0], countries.size());
        countries.add(row[0]);
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

  private static List<String[]> rows() {
    try (InputStream in =
        Objects.requireNonNull(WorldMap.class.getResourceAsStream("country-rtt.csv"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#") && !line.startsWith("a,"))
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

  String country(String address) {
    return countries.get(placeOf(address).country);
  }

  /// When each could know at the earliest what the first knows at 0: shortest paths over the
  /// complete graph (Dijkstra 1959), whatever any protocol does.
  List<Long> lowerBoundNanos(List<String> addresses, int origin) {
    int n = addresses.size();
    long[] best = new long[n];
    boolean[] done = new boolean[n];
    Arrays.fill(best, Long.MAX_VALUE);
    best[origin] = 0;
    for (int round = 0; round < n; round++) {
      int next = -1;
      for (int i = 0; i < n; i++) {
        if (!done[i] && (next < 0 || best[i] < best[next])) {
          next = i;
        }
      }
      done[next] = true;
      for (int i = 0; i < n; i++) {
        if (!done[i]) {
          best[i] =
              Math.min(best[i], best[next] + latencyNanos(addresses.get(next), addresses.get(i)));
        }
      }
    }
    return Arrays.stream(best).boxed().toList();
  }
}
