package tocsin.cli;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A terminal of which a test sees everything.
final class Terminal {
  private final Map<String, String> environment;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  Terminal(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /// Runs one command.
  ///
  /// @param typed what the person types when asked; empty: nobody is there
  /// @return the exit code
  int run(String typed, String... words) {
    out.reset();
    err.reset();
    World world =
        new World(
            environment,
            new BufferedReader(new StringReader(typed)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            !typed.isEmpty());
    return Main.execute(world, words);
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
