package tocsin.simulations;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that must hold did not. The message says what, where and when, and the one command
/// that shows it again.
public final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<String> lastLines;

  Violation(String message, List<String> lastLines, @Nullable Throwable cause) {
    super(message, cause);
    this.lastLines = List.copyOf(lastLines);
  }

  /// The end of the trace, up to the violation.
  public List<String> lastLines() {
    return lastLines;
  }
}
