package tocsin.cli;

import java.util.Locale;

/// How data is printed.
enum Format {
  TABLE,
  JSON,
  NDJSON,
  YAML;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
