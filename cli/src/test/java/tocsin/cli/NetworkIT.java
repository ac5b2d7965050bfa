package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import tools.jackson.databind.JsonNode;

/// The network of the README: three organizations with a node each, by nothing but the launcher.
/// The far one is an anchor of all and vouches for the security company; the ISP is an anchor, too.
/// So an alert of the ISP needs the security company's endorsement.
class NetworkIT {
  private static final List<String> NAMES = List.of("isp", "sec", "far");

  @TempDir Path folder;
  private final List<Process> nodes = new ArrayList<>();
  private final int[] gossip = new int[NAMES.size()];
  private final int[] dns = new int[NAMES.size()];
  private Launcher launcher;

  @BeforeEach
  void founds() throws Exception {
    launcher =
        Launcher.install(folder).with("TOCSIN_POLICY__ALLOW_SPECIAL_PURPOSE_ADDRESSES", "true");
    for (int i = 0; i < NAMES.size(); i++) {
      gossip[i] = freePort();
      dns[i] = freePort();
    }
    for (int i = 0; i < NAMES.size(); i++) {
      List<String> init =
          new ArrayList<>(
              List.of(
                  "init",
                  "--organization",
                  "The " + NAMES.get(i),
                  "--name",
                  NAMES.get(i),
                  "--listen",
                  "127.0.0.1:" + gossip[i],
                  "--dns",
                  "127.0.0.1:" + dns[i],
                  "--network",
                  "test",
                  "--yes"));
      for (int peer = 0; peer < i; peer++) {
        init.addAll(List.of("--peer", "127.0.0.1:" + gossip[peer]));
      }
      assertThat(on(NAMES.get(i), init.toArray(String[]::new)).code()).isZero();
      start(NAMES.get(i));
    }
  }

  @AfterEach
  void ends() {
    nodes.forEach(Process::destroyForcibly);
    nodes.forEach(node -> node.onExit().join());
  }

  @Test
  void anOverrideIsPendingUntilEndorsedThenServedThenRecalled() throws Exception {
    String isp = on("isp", "org", "card").out().strip();
    String sec = on("sec", "org", "card").out().strip();
    String far = on("far", "org", "card").out().strip();
    for (String node : NAMES) {
      on(node, "trust", "anchor", "add", isp, "--as", "isp", "--yes", "-o", "json").json();
      on(node, "trust", "anchor", "add", far, "--as", "far", "--yes", "-o", "json").json();
    }
    assertThat(on("isp", "trust", "anchor", "list", "-o", "json").json()).hasSize(2);
    JsonNode vouch =
        on(
                "far",
                "trust",
                "vouch",
                sec,
                "--role",
                "submitter",
                "--scope",
                "bank.test",
                "--depth",
                "0",
                "--expires",
                "30d",
                "--yes",
                "-o",
                "json")
            .json();
    assertThat(vouch.get("scopes").get(0).asString()).isEqualTo("bank.test.");
    for (String node : NAMES) {
      awaitJson(node, "2 peers", json -> json.get("peers").asInt() == 2, "status");
    }

    Launcher.Ran raised =
        on(
            "isp",
            "alert",
            "override",
            "www.bank.test",
            "--record",
            "A 192.0.2.10",
            "--rogue",
            "203.0.113.66",
            "--headline",
            "Hijacked",
            "--expires",
            "1h",
            "--yes",
            "-o",
            "json");
    String id = raised.json().get("id").asString();
    assertThat(raised.json().get("state").asString()).isEqualTo("pending");
    assertThat(raised.err()).contains("alert recall " + id);
    for (String node : NAMES) {
      awaitJson(node, "pending", json -> state(json).equals("pending"), "alert", "show", id);
    }
    JsonNode obstacle = on("far", "trust", "explain", id, "-o", "json").json();
    assertThat(obstacle.get("accepted").asBoolean()).isFalse();
    assertThat(obstacle.get("found").asInt()).isEqualTo(1);
    assertThat(served("far")).isEmpty();

    JsonNode endorsed =
        on(
                "sec",
                "alert",
                "endorse",
                id.substring(0, 10),
                "--wait",
                "applied:100%",
                "--timeout",
                "60s",
                "--yes",
                "-o",
                "json")
            .json();
    assertThat(state(endorsed)).isEqualTo("active");
    for (String node : NAMES) {
      awaitJson(node, "active", json -> state(json).equals("active"), "alert", "show", id);
      Awaitility.await(node + " serves the record")
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(served(node)).containsExactly("192.0.2.10"));
    }
    JsonNode paths = on("far", "trust", "explain", id, "-o", "json").json();
    assertThat(paths.get("accepted").asBoolean()).isTrue();
    assertThat(paths.get("paths")).hasSize(2);
    JsonNode why = on("far", "why", "www.bank.test", "-o", "json").json();
    assertThat(why.get("alerts").get(0).get("id").asString()).isEqualTo(id);

    Launcher.Ran stranger = on("sec", "alert", "recall", id, "--yes", "-o", "json");
    assertThat(stranger.code()).as("it recalls its endorsement").isZero();
    for (String node : NAMES) {
      awaitJson(node, "pending", json -> state(json).equals("pending"), "alert", "show", id);
    }
    on("isp", "alert", "recall", id, "--reason", "Over", "--yes", "-o", "json").json();
    for (String node : NAMES) {
      awaitJson(node, "recalled", json -> state(json).equals("recalled"), "alert", "show", id);
      Awaitility.await(node + " serves nothing")
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(served(node)).isEmpty());
    }
    assertThat(on("far", "log", "verify", "-o", "json").json().get("ok").asBoolean()).isTrue();
  }

  @Test
  void aStoppedNodesFolderSignsAndIsRead() throws Exception {
    String card = on("isp", "org", "card").out().strip();
    on("isp", "trust", "anchor", "add", card, "--as", "us", "--yes", "-o", "json").json();
    Process isp = nodes.getFirst();
    isp.destroy();
    assertThat(isp.waitFor(60, TimeUnit.SECONDS)).isTrue();
    JsonNode log = on("isp", "log", "verify", "-o", "json").json();
    assertThat(log.get("ok").asBoolean()).isTrue();
    assertThat(log.get("size").asInt()).isPositive();
    assertThat(on("isp", "log", "status", "-o", "json").json().get("root"))
        .isEqualTo(log.get("root"));
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    for (Path file : List.of(first, second)) {
      JsonNode signed =
          on("isp", "alert", "flush", "www.bank.test", "--offline", file.toString(), "-o", "json")
              .json();
      assertThat(signed.get("sequence").asInt()).isEqualTo(file.equals(first) ? 1 : 2);
    }
    start("isp");
    for (Path file : List.of(second, first)) {
      JsonNode submitted = on("isp", "alert", "submit", file.toString(), "-o", "json").json();
      assertThat(state(submitted)).isNotEqualTo("refused");
    }
    JsonNode third = on("isp", "alert", "flush", "a.test", "--yes", "-o", "json").json();
    assertThat(state(third)).isNotEqualTo("refused");
    assertThat(on("isp", "alert", "list", "-o", "json").json()).hasSize(3);
  }

  private interface Condition {
    boolean holds(JsonNode json);
  }

  private void awaitJson(String node, String what, Condition condition, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("-o", "json"));
    Awaitility.await(node + ": " + what)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> {
          // In this JVM: what is waited for is asked often.
          Terminal terminal = new Terminal(Map.of("TOCSIN_DIR", folder.resolve(node).toString()));
          int code = terminal.run("", all.toArray(String[]::new));
          Launcher.Ran ran = new Launcher.Ran(code, terminal.out(), terminal.err());
          assertThat(condition.holds(ran.json())).as(ran.out()).isTrue();
        });
  }

  private static String state(JsonNode alert) {
    return alert.get("state").asString();
  }

  private Launcher.Ran on(String node, String... words) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--dir", folder.resolve(node).toString()));
    return launcher.run(all.toArray(String[]::new));
  }

  /// Starts a node and waits for the line that says so.
  private void start(String node) throws IOException {
    Path errors = folder.resolve(node + ".err");
    Files.deleteIfExists(errors);
    Process process =
        launcher
            .command("run", "--dir", folder.resolve(node).toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(errors.toFile())
            .start();
    int index = NAMES.indexOf(node);
    if (index < nodes.size()) {
      nodes.set(index, process);
    } else {
      nodes.add(process);
    }
    Awaitility.await(node + " is ready")
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () -> assertThat(Files.readString(errors).lines()).as(node).contains("ready"));
  }

  /// The addresses that the node's overlay zone holds for the name.
  private List<String> served(String node) throws IOException {
    SimpleResolver resolver = new SimpleResolver(InetAddress.getLoopbackAddress());
    resolver.setPort(dns[NAMES.indexOf(node)]);
    resolver.setTCP(true);
    resolver.setTimeout(Duration.ofSeconds(10));
    Record question =
        Record.newRecord(Name.fromString("www.bank.test.alert.rpz."), Type.A, DClass.IN);
    Message answer = resolver.send(Message.newQuery(question));
    return answer.getSection(Section.ANSWER).stream().map(Record::rdataToString).toList();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
