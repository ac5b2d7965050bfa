package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The launcher as an operator has it: a program without its sources, reached through a link, from
/// another folder.
final class Launcher {
  private static final long PATIENCE_SECONDS = 300;

  private final Path program;
  private final Path elsewhere;
  private final Map<String, String> environment = new TreeMap<>();

  private Launcher(Path program, Path elsewhere) {
    this.program = program;
    this.elsewhere = elsewhere;
  }

  record Ran(int code, String out, String err) {
    /// What a command that must succeed printed as JSON.
    JsonNode json() {
      assertThat(code).as("%s%s", out, err).isZero();
      return new JsonMapper().readTree(out);
    }
  }

  /// Lays the built program out in a folder of its own, so that nothing is built by a test.
  static Launcher install(Path folder) throws IOException {
    Path module = Path.of("").toAbsolutePath();
    Path target = module.resolve("target");
    assumeTrue(
        Files.exists(target.resolve("tocsin-cli.jar")) && Files.isDirectory(target.resolve("lib")),
        "the program is not packaged: run mvn verify, not a single goal");
    // Not in the test's own folder: JUnit warns of links that lead out of it.
    Path home = Files.createDirectories(target.resolve("launcher/program"));
    Path bin = Files.createDirectories(target.resolve("launcher/bin"));
    Files.createDirectories(home.resolve("cli"));
    Path program = home.resolve("tocsin");
    Files.copy(module.resolveSibling("tocsin"), program, StandardCopyOption.REPLACE_EXISTING);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Path link = bin.resolve("tocsin");
    link(home.resolve("cli/target"), target);
    link(link, Path.of("../program/tocsin"));
    return new Launcher(link, Files.createDirectories(folder.resolve("some where else")));
  }

  private static void link(Path link, Path target) throws IOException {
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, target);
  }

  /// Sets a variable for all that is started from now on.
  Launcher with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  ProcessBuilder command(String... words) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).directory(elsewhere.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    return builder;
  }

  Ran run(String... words) throws IOException, InterruptedException {
    Path out = Files.createTempFile(elsewhere, "out", "");
    Path err = Files.createTempFile(elsewhere, "err", "");
    Process process =
        command(words).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    process.getOutputStream().close();
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .as("tocsin %s ends", List.of(words))
          .isTrue();
      return new Ran(
          process.exitValue(),
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    } finally {
      process.destroyForcibly();
    }
  }
}
