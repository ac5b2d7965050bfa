package tocsin.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// What surrounds one run of the program: handed in, so that a test can be the world.
///
/// @param out data, and nothing else
/// @param err everything else
/// @param interactive a person sits at the terminal and can be asked
record World(
    Map<String, String> environment,
    BufferedReader in,
    PrintStream out,
    PrintStream err,
    boolean interactive) {
  /// The program as it was called: what is printed to be run must run. The launcher says it.
  String program() {
    String called = environment.getOrDefault("TOCSIN_PROGRAM", "");
    return called.isEmpty() ? "tocsin" : Words.quoted(called);
  }

  static World real() {
    boolean interactive =
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    return new World(
        System.getenv(),
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
        new PrintStream(System.out, true, StandardCharsets.UTF_8),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        interactive);
  }
}
