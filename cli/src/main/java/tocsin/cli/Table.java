package tocsin.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Columns of text for people: a heading in capitals, two spaces between columns, nothing else.
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... headings) {
    rows.add(List.of(headings));
  }

  Table row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  boolean isEmpty() {
    return rows.size() == 1;
  }

  /// The lines, each with a newline; `otherwise` and a newline if there are no rows.
  String orElse(String otherwise) {
    return isEmpty() ? otherwise + "\n" : toString();
  }

  @Override
  public String toString() {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i)).repeat(" ", widths[i] - row.get(i).length() + 2);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /// Figures as they stand in JSON, but for the schema.
  static String figures(Map<String, Object> fields) {
    List<String> cells = new ArrayList<>();
    fields.forEach((name, value) -> {
      if (!name.equals("schema")) {
        cells.add(name.replace('_', ' '));
        cells.add(String.valueOf(value));
      }
    });
    return fields(cells.toArray(String[]::new));
  }

  /// Pairs of a name and a value, one a line, values aligned. Pairs with an empty value are left
  /// out.
  static String fields(String... namesAndValues) {
    int width = 0;
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (!namesAndValues[i + 1].isEmpty()) {
        width = Math.max(width, namesAndValues[i].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      String name = namesAndValues[i];
      String value = namesAndValues[i + 1];
      if (!value.isEmpty()) {
        text.append(name).repeat(" ", width - name.length() + 2).append(value).append('\n');
      }
    }
    return text.toString();
  }
}
