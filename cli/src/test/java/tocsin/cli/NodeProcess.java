package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// A node in a JVM of its own, as an operator runs it, and commands on its folder.
final class NodeProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  final Path folder;
  final int gossip = freePort();
  final int dns = freePort();
  private final Path errors;
  private @Nullable Process process;

  /// Initializes a folder.
  NodeProcess(Path parent, String name) throws IOException {
    folder = parent.resolve(name);
    errors = parent.resolve(name + ".err");
    assertThat(
            run(
                "init",
                "--organization",
                "Organization " + name,
                "--name",
                name,
                "--listen",
                "127.0.0.1:" + gossip,
                "--dns",
                "127.0.0.1:" + dns,
                "--network",
                "test",
                "--yes"))
        .isZero();
    edit("# flush-jitter = \"10s\"", "flush-jitter = \"0s\"");
    edit("# allow-special-purpose-addresses = false", "allow-special-purpose-addresses = true");
  }

  private NodeProcess(NodeProcess other) {
    folder = other.folder;
    errors = other.errors.resolveSibling("twin.err");
  }

  private NodeProcess(Path folder) {
    this.folder = folder;
    errors = folder.resolveSibling(folder.getFileName() + ".err");
  }

  /// On a folder that was initialized already.
  static NodeProcess on(Path folder) {
    return new NodeProcess(folder);
  }

  /// Another process on the same folder.
  NodeProcess twin() {
    return new NodeProcess(this);
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Replaces text in the configuration; the text must be there.
  void edit(String before, String after) throws IOException {
    Path file = folder.resolve("tocsin.toml");
    String text = Files.readString(file);
    assertThat(text).contains(before);
    Files.writeString(file, text.replace(before, after));
  }

  void bootstrap(NodeProcess other) throws IOException {
    edit("bootstrap = []", "bootstrap = [\"127.0.0.1:" + other.gossip + "\"]");
  }

  /// Starts it without waiting.
  NodeProcess launch(String... jvmFlags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-Djdk.tls.server.newSessionTicketCount=0",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx128m"));
    command.addAll(List.of(jvmFlags));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            "tocsin.cli.Main",
            "run",
            "--dir",
            folder.toString()));
    // A build that was started by nohup hands its ignored SIGHUP on: this test is about that
    // signal.
    command.addAll(0, List.of("env", "--default-signal=HUP"));
    process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(errors.toFile())
            .start();
    return this;
  }

  /// Starts it and waits until it says that it is ready.
  NodeProcess start(String... jvmFlags) throws IOException {
    launch(jvmFlags);
    Awaitility.await(folder + " is ready")
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> {
          assertThat(process().isAlive()).as("%s", errors()).isTrue();
          return errors().lines().anyMatch("ready"::equals);
        });
    return this;
  }

  private Process process() {
    return Objects.requireNonNull(process, "started first");
  }

  String errors() {
    try {
      return Files.exists(errors) ? Files.readString(errors) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int exitCode() throws InterruptedException {
    assertThat(process().waitFor(90, TimeUnit.SECONDS)).as("it ends by itself").isTrue();
    return process().exitValue();
  }

  /// SIGHUP: the configuration is to be read again. Waits until the node says so many times, in
  /// all, what came of it.
  void hangup(int answers, String said) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-HUP", Long.toString(process().pid())).inheritIO().start();
    assertThat(kill.waitFor()).isZero();
    Awaitility.await(said)
        .atMost(Duration.ofSeconds(60))
        .until(() -> errors().lines().filter(line -> line.contains(said)).count() == answers);
  }

  long pid() {
    return process().pid();
  }

  void kill() throws InterruptedException {
    process().destroyForcibly().waitFor();
  }

  void stop() throws InterruptedException {
    process().destroy();
    assertThat(process().waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  /// Runs a command on this folder, in this JVM; its exit code.
  int run(String... words) {
    return terminal(words).code;
  }

  record Ran(int code, String out, String err) {}

  private Ran terminal(String... words) {
    Terminal terminal = new Terminal(Map.of("TOCSIN_DIR", folder.toString()));
    int code = terminal.run("", words);
    return new Ran(code, terminal.out(), terminal.err());
  }

  /// Runs a command that must succeed, and returns its JSON.
  JsonNode json(String... words) {
    return json(0, words);
  }

  /// Runs a command that ends with this code, and returns its JSON.
  JsonNode json(int code, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("-o", "json"));
    Ran ran = terminal(all.toArray(String[]::new));
    assertThat(ran.code()).as("%s: %s", all, ran.err()).isEqualTo(code);
    return JSON.readTree(ran.out());
  }

  /// The id of the alert that a command raised; empty if the node was not there any more to say so.
  Optional<String> acknowledged(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("-o", "json"));
    Ran ran = terminal(all.toArray(String[]::new));
    return ran.code() == 0
        ? Optional.of(JSON.readTree(ran.out()).get("id").asString())
        : Optional.empty();
  }

  /// One line of text that a command prints.
  String text(String... words) {
    Ran ran = terminal(words);
    assertThat(ran.code()).as("%s: %s", List.of(words), ran.err()).isZero();
    return ran.out().strip();
  }

  /// Waits until an alert is in a state here.
  void awaitState(String alert, String state) {
    Awaitility.await(alert + " is " + state + " at " + folder)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> {
          Ran ran = terminal("alert", "show", alert, "-o", "json");
          assertThat(ran.code()).as(ran.err()).isZero();
          assertThat(JSON.readTree(ran.out()).get("state").asString()).isEqualTo(state);
        });
  }

  @Override
  public void close() {
    if (process != null && process.isAlive()) {
      process.destroyForcibly().onExit().join();
    }
  }
}
