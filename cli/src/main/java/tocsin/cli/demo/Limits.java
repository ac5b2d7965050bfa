package tocsin.cli.demo;

import java.time.Duration;

/// The demonstration's limits and paces, each with its reason.
final class Limits {
  /// The story has five organizations; it needs every one.
  static final int MIN_NODES = 5;

  /// Each further node costs about a second of a core at the start.
  static final int MAX_NODES = 9;

  /// Nodes open databases and make keys; on a busy machine that takes a while.
  static final Duration START = Duration.ofSeconds(60);

  /// What takes milliseconds when the machine is quiet.
  static final Duration STEP = Duration.ofSeconds(20);

  /// Between two looks at a node or at the customers' tally. Figures do not depend on it.
  static final Duration LOOK = Duration.ofMillis(4);

  /// Between two questions of one customer: at most 200 a second for each resolver.
  static final Duration PROBE = Duration.ofMillis(5);

  /// A customer's patience with one question.
  static final Duration ANSWER = Duration.ofSeconds(1);

  /// A client that wants to be sure.
  static final Duration CLIENT_ANSWER = Duration.ofSeconds(3);

  /// For the eye, between two scenes, on a terminal only.
  static final Duration PAUSE = Duration.ofMillis(350);

  /// A replay inside a private network that was told to end.
  static final Duration CHILD_END = Duration.ofSeconds(10);

  /// Ports for the nodes are looked for here: below those that systems give to clients (Linux:
  /// 32768 and up), so that nobody takes one between the look and the start by chance.
  static final int FIRST_PORT = 20_000;

  static final int LAST_PORT = 32_000;

  private Limits() {}
}
