package tocsin.node.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/// What one reading of a configuration gathers: where each value is from, and all that is wrong.
/// For one key, a flag wins over the environment, and that over the file.
final class ConfigReader {
  private static final String PREFIX = "TOCSIN_";

  private final String file;
  private final List<String> lines;
  private final TomlParseResult toml;
  private final Map<String, Replacement> overrides = new TreeMap<>();
  private final List<ConfigProblem> problems = new ArrayList<>();
  private final List<Setting> settings = new ArrayList<>();
  private final Map<String, List<String>> known = new LinkedHashMap<>();

  /// A value that does not come from the file.
  record Replacement(String text, Setting.Origin origin) {}

  /// @param file as messages name it
  /// @param text the file's content
  ConfigReader(
      String file,
      String text,
      TomlParseResult toml,
      Map<String, String> environment,
      Map<String, String> flags) {
    this.file = file;
    this.lines = text.lines().toList();
    this.toml = toml;
    environment.forEach((variable, value) -> {
      if (variable.startsWith(PREFIX) && variable.indexOf("__") > PREFIX.length()) {
        String key =
            variable
                .substring(PREFIX.length())
                .replaceFirst("__", ".")
                .replace('_', '-')
                .toLowerCase(Locale.ROOT);
        overrides.put(key, new Replacement(value, new Setting.Origin.Environment(variable)));
      }
    });
    flags.forEach((key, value) ->
        overrides.put(key, new Replacement(value, new Setting.Origin.Flag("--set " + key))));
    for (TomlParseError error : toml.errors()) {
      problemAt(error.position(), "not TOML: " + error.getMessage(), "", "");
    }
  }

  /// The table of a section; empty if it is missing or not a table (which is then a problem).
  Section section(String name) {
    Object value = toml.get(List.of(name));
    if (value != null && !(value instanceof TomlTable)) {
      problemAt(
          toml.inputPositionOf(List.of(name)),
          "\"" + name + "\" must be a section",
          "",
          "[" + name + "]");
    }
    return new Section(
        this,
        name,
        value instanceof TomlTable table ? table : null,
        toml.inputPositionOf(List.of(name)));
  }

  TomlParseResult toml() {
    return toml;
  }

  Optional<Replacement> override(String key) {
    return Optional.ofNullable(overrides.get(key));
  }

  void knows(String section, List<String> keys) {
    known.put(section, List.copyOf(keys));
  }

  void set(Setting setting) {
    settings.add(setting);
  }

  List<Setting> settings() {
    return settings;
  }

  Setting.Origin origin(TomlPosition position) {
    return new Setting.Origin.File(file, position.line());
  }

  /// Overrides that no section has asked for.
  void refuseUnknownOverrides(List<String> laterSections) {
    overrides.forEach((key, override) -> {
      String section = key.substring(0, Math.max(0, key.indexOf('.')));
      boolean wellKnown =
          known.getOrDefault(section, List.of()).contains(key.substring(section.length() + 1));
      if (!wellKnown && !laterSections.contains(section)) {
        List<String> all = new ArrayList<>();
        known.forEach((name, keys) -> keys.forEach(each -> all.add(name + "." + each)));
        problemOf(
            override,
            "there is no setting \"" + key + "\"",
            Suggestion.closest(key, all).orElse(""));
      }
    });
  }

  void problemOf(Replacement override, String what, String attempt) {
    problems.add(new ConfigProblem(override.origin().toString(), 0, 0, "", what, "", attempt));
  }

  void problemAt(@Nullable TomlPosition position, String what, String why, String attempt) {
    if (position == null) {
      problems.add(new ConfigProblem(file, 0, 0, "", what, why, attempt));
      return;
    }
    int line = position.line();
    String source = line <= lines.size() ? lines.get(line - 1) : "";
    String where = file + ":" + line + ":" + position.column();
    problems.add(new ConfigProblem(where, line, position.column(), source, what, why, attempt));
  }

  /// All problems so far, in the order of the file.
  List<ConfigProblem> problems() {
    return problems.stream()
        .sorted(
            Comparator.comparingInt((ConfigProblem problem) ->
                    problem.line() == 0 ? Integer.MAX_VALUE : problem.line())
                .thenComparingInt(ConfigProblem::column))
        .toList();
  }
}
