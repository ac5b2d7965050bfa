package tocsin.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/// `--set policy.depth=3`: a value of the configuration from the command line.
final class Settings {
  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set a value of the configuration, such as policy.depth=3.")
  Map<String, String> values = new LinkedHashMap<>();
}
