package tocsin.cli.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Of measured times: the one below which so many of them lie.
public final class Percentiles {
  private Percentiles() {}

  /// p50, p99 and max.
  ///
  /// @param times one at least
  public static <T extends Number & Comparable<T>> Map<String, Object> of(List<T> times) {
    List<T> sorted = times.stream().sorted().toList();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("p50", at(sorted, 0.5));
    map.put("p99", at(sorted, 0.99));
    map.put("max", sorted.getLast());
    return map;
  }

  /// @param sorted ascending
  /// @param part 0 to 1
  static <T> T at(List<T> sorted, double part) {
    return sorted.get((int) ((sorted.size() - 1) * part));
  }
}
