package tocsin.cli;

/// What a command's exit says to scripts.
enum ExitCode {
  OK(0),
  FAILED(1),
  USAGE(2),
  /// The configuration is wrong, or the node has halted.
  HALTED(3),
  UNREACHABLE(4),
  /// Not trusted, or refused by policy.
  REFUSED(5),
  NOT_FOUND(6),
  /// Partly done, or timed out while waiting.
  PARTIAL(7),
  /// A check found problems.
  PROBLEMS(8);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
