package tocsin.node.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlKeyValue;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/// One table of the configuration while it is read: every key that is asked for is known, and
/// [#end()] refuses the others.
final class Section {
  private final ConfigReader reader;
  private final String path;
  private final @Nullable TomlTable table;
  private final @Nullable TomlPosition at;
  private final List<String> asked = new ArrayList<>();
  private boolean failed;

  /// @param path for messages and settings: "dns", "resolver.u1"
  /// @param at where it begins in the file; null if it is not there
  Section(ConfigReader reader, String path, @Nullable TomlTable table, @Nullable TomlPosition at) {
    this.reader = reader;
    this.path = path;
    this.table = table;
    this.at = at;
  }

  /// True if any value of it was wrong or missing.
  boolean failed() {
    return failed;
  }

  /// The value, or `fallback` where it is missing or wrong; then the problem is noted.
  <T> T get(String key, Kind<T> kind, T fallback) {
    String shown = kind.show().apply(fallback);
    // The example must never be a weaker setting than the default.
    Optional<T> value = optional(key, shown.equals("[]") ? kind : kind.like(shown));
    if (value.isEmpty() && !isGiven(key)) {
      reader.set(new Setting(path + "." + key, shown, new Setting.Origin.Default()));
    }
    return value.orElse(fallback);
  }

  /// The value; a missing one is a problem.
  <T> Optional<T> require(String key, Kind<T> kind) {
    Optional<T> value = optional(key, kind);
    if (value.isEmpty() && !isGiven(key)) {
      failed = true;
      reader.problemAt(
          at, "[" + shownPath() + "] has no \"" + key + "\"", "", key + " = " + kind.example());
    }
    return value;
  }

  /// The value; empty where it is missing, or wrong and noted as a problem.
  <T> Optional<T> optional(String key, Kind<T> kind) {
    asked.add(key);
    String full = path + "." + key;
    Optional<ConfigReader.Replacement> override = reader.override(full);
    if (override.isPresent()) {
      try {
        T value = kind.fromToml().apply(kind.fromText().apply(override.get().text()));
        reader.set(new Setting(full, kind.show().apply(value), override.get().origin()));
        return Optional.of(value);
      } catch (IllegalArgumentException e) {
        failed = true;
        reader.problemOf(override.get(), full + ": " + said(e), "");
        return Optional.empty();
      }
    }
    return fromFile(key, kind, full);
  }

  private <T> Optional<T> fromFile(String key, Kind<T> kind, String full) {
    if (table == null) {
      return Optional.empty();
    }
    Object given = table.get(List.of(key));
    if (given == null) {
      return Optional.empty();
    }
    try {
      T value = kind.fromToml().apply(given);
      TomlPosition position = valuePosition(key);
      reader.set(new Setting(full, kind.show().apply(value), reader.origin(position)));
      return Optional.of(value);
    } catch (Kind.BadItems e) {
      failed = true;
      e.items()
          .forEach((index, what) -> {
            TomlPosition place =
                given instanceof TomlArray array
                    ? array.inputPositionOf(index)
                    : valuePosition(key);
            reader.problemAt(place, full + ": " + what, "", key + " = " + kind.example());
          });
    } catch (IllegalArgumentException e) {
      failed = true;
      reader.problemAt(
          valuePosition(key), full + ": " + e.getMessage(), "", key + " = " + kind.example());
    }
    return Optional.empty();
  }

  private static String said(IllegalArgumentException e) {
    return e instanceof Kind.BadItems list
        ? String.join("; ", list.items().values())
        : String.valueOf(e.getMessage());
  }

  boolean isGiven(String key) {
    return reader.override(path + "." + key).isPresent()
        || (table != null && table.get(List.of(key)) != null);
  }

  /// A problem with the value of a key, at its place.
  void problem(String key, String what, String why, String attempt) {
    failed = true;
    Optional<ConfigReader.Replacement> override = reader.override(path + "." + key);
    if (override.isPresent()) {
      reader.problemOf(override.get(), path + "." + key + ": " + what, attempt);
    } else {
      reader.problemAt(valuePosition(key), path + "." + key + ": " + what, why, attempt);
    }
  }

  /// The sections of an array of tables, such as `[[resolver]]`; anything else there is a problem.
  List<Section> tables(String key) {
    asked.add(key);
    Object value = table == null ? null : table.get(List.of(key));
    String full = path.isEmpty() ? key : path + "." + key;
    List<Section> sections = new ArrayList<>();
    if (value == null) {
      return sections;
    }
    if (value instanceof TomlArray array
        && !array.isEmpty()
        && array.toList().stream().allMatch(TomlTable.class::isInstance)) {
      for (int i = 0; i < array.size(); i++) {
        TomlTable each = array.getTable(i);
        String name = each.get(List.of("name")) instanceof String text ? text : "" + (i + 1);
        sections.add(new Section(reader, full + "." + name, each, array.inputPositionOf(i)));
      }
    } else if (!(value instanceof TomlArray array && array.isEmpty())) {
      failed = true;
      reader.problemAt(
          valuePosition(key),
          "\"" + full + "\" must be a list of sections",
          "",
          "[[" + full + "]]");
    }
    return sections;
  }

  /// Refuses every key that nobody asked for.
  void end() {
    reader.knows(path, asked);
    if (table == null) {
      return;
    }
    for (String key : table.keySet()) {
      if (!asked.contains(key)) {
        failed = true;
        reader.problemAt(
            table.inputPositionOf(List.of(key)),
            "unknown key \"" + key + "\" in [" + shownPath() + "]",
            "",
            Suggestion.closest(key, asked).orElseGet(() -> "one of " + String.join(", ", asked)));
      }
    }
  }

  private String shownPath() {
    // An item of an array of tables is shown with its name, which is no part of the TOML path.
    return path.startsWith("resolver.")
        ? "[resolver]"
        : path.startsWith("dns.tsig.") ? "[dns.tsig]" : path;
  }

  /// Where the value stands; where only its key's place is known, that.
  private TomlPosition valuePosition(String key) {
    if (table == null) {
      return TomlPosition.positionAt(1, 1);
    }
    TomlKeyValue entry = table.entry(List.of(key));
    if (entry != null) {
      return entry.value().position();
    }
    TomlPosition position = table.inputPositionOf(List.of(key));
    return position == null ? TomlPosition.positionAt(1, 1) : position;
  }
}
