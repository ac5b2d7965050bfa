package tocsin.node.dns;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A program that is not ours.
record Tool(Path path) {
  private static final int TIMEOUT_SECONDS = 20;

  /// The program; without it the test is skipped, or fails where TOCSIN_REQUIRE_RESOLVERS lists it.
  static Tool require(String name) {
    Optional<Path> found =
        Stream.concat(
                Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1)),
                Stream.of("/usr/sbin", "/usr/bin"))
            .map(folder -> Path.of(folder, name))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isEmpty()) {
      String required = System.getenv().getOrDefault("TOCSIN_REQUIRE_RESOLVERS", "");
      if (Arrays.asList(required.split("[, ]+", -1)).contains(name)) {
        fail(name + " is not installed, and TOCSIN_REQUIRE_RESOLVERS lists it");
      }
    }
    assumeTrue(found.isPresent(), name + " is not installed");
    return new Tool(found.orElseThrow());
  }

  /// Runs it to its end and gives all that it said.
  String run(String... arguments) {
    return run(List.of(arguments));
  }

  String run(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(path.toString()));
    command.addAll(arguments);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        fail(command + " did not end");
      }
      return said;
    } catch (IOException e) {
      return fail(command + " did not run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return fail(command + " was interrupted", e);
    }
  }
}
