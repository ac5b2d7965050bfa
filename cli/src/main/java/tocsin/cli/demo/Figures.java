package tocsin.cli.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What scripts get: what was measured, and what was seen.
public final class Figures {
  private final List<Map<String, Object>> steps = new ArrayList<>();
  private final Map<String, Map<String, Object>> resolvers = new LinkedHashMap<>();
  private final Map<String, Map<String, Object>> nodes = new LinkedHashMap<>();
  private final Map<String, Object> fake = new LinkedHashMap<>(Map.of("refused", false));
  private final Map<String, Object> single = new LinkedHashMap<>();
  private final Map<String, Object> sums = new LinkedHashMap<>();
  private boolean complete;

  void step(String word, boolean ok, long millis, String detail) {
    Map<String, Object> step = new LinkedHashMap<>();
    step.put("step", word);
    step.put("ok", ok);
    step.put("millis", millis);
    step.put("detail", detail);
    steps.add(step);
  }

  Map<String, Object> resolver(String name) {
    return resolvers.computeIfAbsent(name, Figures::named);
  }

  Map<String, Object> node(String name) {
    return nodes.computeIfAbsent(name, Figures::named);
  }

  private static Map<String, Object> named(String name) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", name);
    return map;
  }

  void fake(boolean refused, String reason) {
    fake.put("refused", refused);
    fake.put("reason", reason);
  }

  /// One corrupt member by itself.
  void single(String state, String reason, List<String> obstacle) {
    single.put("state", state);
    single.put("reason", reason);
    single.put("obstacle", obstacle);
  }

  void sum(String name, Object value) {
    sums.put(name, value);
  }

  /// Every scene was played.
  void complete() {
    complete = true;
  }

  /// Every step was observed.
  public boolean ok() {
    return complete && steps.stream().allMatch(step -> Boolean.TRUE.equals(step.get("ok")));
  }

  /// One object, `tocsin.demo/v1`.
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.demo/v1");
    fields.put("ok", ok());
    fields.put("resolvers", List.copyOf(resolvers.values()));
    fields.put("nodes", List.copyOf(nodes.values()));
    fields.put("exposure_ms", null);
    fields.put("fake", fake);
    fields.put("corrupt_member", single);
    fields.put("steps", steps);
    fields.putAll(sums);
    return fields;
  }
}
