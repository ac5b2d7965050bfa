package tocsin.node.config;

import java.util.List;
import java.util.stream.Collectors;

/// A configuration that cannot be used. Carries everything that is wrong with it, not only the
/// first.
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<ConfigProblem> problems;

  public ConfigException(List<ConfigProblem> problems) {
    super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /// In the order of the file.
  public List<ConfigProblem> problems() {
    return problems;
  }
}
