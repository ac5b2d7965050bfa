package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nodes in processes of their own, in trouble.
final class NodeTroubleIT {
  @TempDir Path folder;

  @Test
  void runsWithNativeAccessAndUnsafeDeniedElsewhere() throws Exception {
    try (NodeProcess node = new NodeProcess(folder, "a")) {
      node.start("--illegal-native-access=deny", "--sun-misc-unsafe-memory-access=deny");
      assertThat(node.json("status").get("schema").asString()).isEqualTo("tocsin.status/v1");
      node.stop();
      assertThat(node.errors()).doesNotContain("WARNING");
    }
  }

  @Test
  void twoNodesOnOneFolder() throws Exception {
    try (NodeProcess node = new NodeProcess(folder, "a")) {
      node.start();
      try (NodeProcess second = node.twin()) {
        second.launch();
        assertThat(second.exitCode()).isEqualTo(3);
        assertThat(second.errors()).contains("in use");
      }
      assertThat(node.run("status")).isZero();
    }
  }

  @Test
  void aPortInUse() throws Exception {
    try (NodeProcess node = new NodeProcess(folder, "a");
        NodeProcess other = new NodeProcess(folder, "b")) {
      node.start();
      other.edit("listen = \"127.0.0.1:" + other.dns, "listen = \"127.0.0.1:" + node.dns);
      other.launch();
      assertThat(other.exitCode()).isEqualTo(3);
      assertThat(other.errors()).contains(Integer.toString(node.dns)).doesNotContain("\tat ");
    }
  }

  @Test
  void allErrorsOfAConfigurationAtOnceWithLineAndColumn() throws Exception {
    try (NodeProcess node = new NodeProcess(folder, "a")) {
      node.edit("mode = \"enforce\"", "mood = \"enforce\"\nmode = 3");
      node.edit("listen = \"127.0.0.1:" + node.dns, "listen = \"127.0.0.999:" + node.dns);
      node.launch();
      assertThat(node.exitCode()).isEqualTo(3);
      assertThat(node.errors())
          .containsPattern("tocsin.toml:\\d+:\\d+")
          .contains("mood")
          .contains("mode")
          .contains("127.0.0.999");
    }
  }

  /// The organization is its own anchor here, and a flush needs one path: each command is one
  /// acknowledged statement.
  @Test
  void whatWasAcknowledgedIsThereAfterEachKill() throws Exception {
    try (NodeProcess node = new NodeProcess(folder, "a")) {
      node.start();
      assertThat(node.run("trust", "anchor", "add", node.text("org", "card"), "--as", "own"))
          .isZero();
      List<String> acknowledged = new ArrayList<>();
      for (int round = 0; round < 4; round++) {
        for (int i = 0; i < 3; i++) {
          String name = "n" + round + "-" + i + ".bank.test";
          acknowledged.add(node.json("alert", "flush", name, "--yes").get("id").asString());
        }
        node.kill();
        node.start();
        for (String id : acknowledged) {
          node.awaitState(id, "resolved");
        }
      }
      assertThat(node.json("log", "verify").get("ok").asBoolean()).isTrue();
      // Profile and flushes, each once.
      assertThat(node.json("log", "status").get("size").asInt()).isEqualTo(1 + acknowledged.size());
      node.stop();
      assertThat(node.json("log", "verify").get("size").asInt()).isEqualTo(1 + acknowledged.size());
    }
  }

  @Test
  void aNodeThatWasStoppedDuringTheAlertCatchesUp() throws Exception {
    try (NodeProcess a = new NodeProcess(folder, "a");
        NodeProcess b = new NodeProcess(folder, "b")) {
      b.bootstrap(a);
      a.start();
      b.start();
      for (NodeProcess node : List.of(a, b)) {
        for (NodeProcess anchor : List.of(a, b)) {
          assertThat(
                  node.run(
                      "trust",
                      "anchor",
                      "add",
                      anchor.text("org", "card"),
                      "--as",
                      anchor.folder.getFileName().toString()))
              .isZero();
        }
      }
      Awaitility.await()
          .untilAsserted(() -> assertThat(b.json("status").get("peers").asInt()).isEqualTo(1));
      b.stop();
      String missed =
          a.json("alert", "override", "www.bank.test", "--record", "A 192.0.2.10", "--yes")
              .get("id")
              .asString();
      b.start();
      b.awaitState(missed, "pending");
      assertThat(b.run("alert", "endorse", missed, "--yes")).isZero();
      b.awaitState(missed, "active");
      a.awaitState(missed, "active");
      assertThat(a.json("log", "status").get("size").asInt())
          .isEqualTo(b.json("log", "status").get("size").asInt());

      // Recalled while b is away again: it learns that too.
      b.kill();
      assertThat(a.run("alert", "recall", missed, "--yes")).isZero();
      b.start();
      b.awaitState(missed, "recalled");
    }
  }
}
