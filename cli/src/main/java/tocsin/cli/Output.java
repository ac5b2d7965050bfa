package tocsin.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Data on standard output, as the operator wants it. What is printed are plain maps, lists, texts
/// and numbers in a fixed order; ids are in full, only tables shorten them.
final class Output {
  private final Format format;
  private final PrintStream out;

  Output(Format format, PrintStream out) {
    this.format = format;
    this.out = out;
  }

  /// Makes the table only if one is wanted.
  interface Shown {
    String text();
  }

  Format format() {
    return format;
  }

  /// One thing.
  void one(Map<String, Object> fields, Shown table) {
    switch (format) {
      case TABLE -> printText(Printable.lines(table.text()));
      case JSON -> printJson(json(true).writeValueAsString(fields));
      case NDJSON -> printJson(json(false).writeValueAsString(fields));
      case YAML -> printText(Printable.lines(yaml().writeValueAsString(fields)));
    }
  }

  /// Several things of one kind.
  void list(List<Map<String, Object>> items, Shown table) {
    switch (format) {
      case TABLE -> printText(Printable.lines(table.text()));
      case JSON -> printJson(json(true).writeValueAsString(items));
      case NDJSON -> {
        ObjectMapper mapper = json(false);
        items.forEach(item -> printJson(mapper.writeValueAsString(item)));
      }
      case YAML -> printText(Printable.lines(yaml().writeValueAsString(items)));
    }
  }

  /// Text that is data as it is (a card, a completion script).
  void text(String text) {
    printText(text);
  }

  private void printJson(String json) {
    printText(Printable.json(json));
  }

  private void printText(String text) {
    if (text.isEmpty()) {
      return;
    }
    // println would use the system's line separator.
    out.print(text.endsWith("\n") ? text : text + "\n");
    out.flush();
  }

  private static ObjectMapper json(boolean indented) {
    return JsonMapper.builder().configure(SerializationFeature.INDENT_OUTPUT, indented).build();
  }

  private static ObjectMapper yaml() {
    return new YAMLMapper();
  }
}
