package tocsin.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Configurations and what is said about them, word for word: `config-vectors.txt`.
class ConfigVectorTest {
  private static final NodeFolder FOLDER = new NodeFolder(Path.of("/srv/tocsin"));

  private record Vector(String title, String config, Map<String, String> env, String expected) {}

  @TestFactory
  List<DynamicTest> saysExactlyThis() {
    List<Vector> vectors = vectors();
    assertThat(vectors).hasSizeGreaterThan(10);
    return vectors.stream()
        .map(vector ->
            DynamicTest.dynamicTest(
                vector.title(), () -> assertThat(outcome(vector)).isEqualTo(vector.expected())))
        .toList();
  }

  private static String outcome(Vector vector) {
    try {
      ConfigFile.Loaded loaded =
          ConfigFile.parse(FOLDER, "tocsin.toml", vector.config(), vector.env(), Map.of());
      String settings =
          loaded.settings().stream()
              .filter(setting -> !(setting.origin() instanceof Setting.Origin.Default))
              .map(set -> set.key() + " = " + set.value() + "   # " + set.origin() + "\n")
              .collect(Collectors.joining());
      String warnings =
          loaded.warnings().stream()
              .map(warning -> "warning: " + warning + "\n")
              .collect(Collectors.joining());
      return settings + warnings;
    } catch (ConfigException e) {
      return e.getMessage() + "\n";
    }
  }

  /// A vector is "== title", the configuration, perhaps lines "$ VARIABLE=value" before it, "--",
  /// and what is expected.
  private static List<Vector> vectors() {
    List<Vector> vectors = new ArrayList<>();
    for (String part : text().split("(?m)^== ", -1)) {
      if (part.isBlank() || part.startsWith("#")) {
        continue;
      }
      String title = part.substring(0, part.indexOf('\n'));
      int divider = part.indexOf("\n--\n");
      Map<String, String> environment = new TreeMap<>();
      StringBuilder config = new StringBuilder();
      for (String line : part.substring(part.indexOf('\n') + 1, divider + 1).split("\n", -1)) {
        if (line.startsWith("$ ")) {
          int equals = line.indexOf('=');
          environment.put(line.substring(2, equals), line.substring(equals + 1));
        } else {
          config.append(line).append('\n');
        }
      }
      String expected = part.substring(divider + 4).strip();
      vectors.add(
          new Vector(
              title, config.toString(), environment, expected.isEmpty() ? "" : expected + "\n"));
    }
    return vectors;
  }

  private static String text() {
    try (InputStream in = ConfigVectorTest.class.getResourceAsStream("config-vectors.txt")) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
