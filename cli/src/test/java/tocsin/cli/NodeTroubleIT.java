package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
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

  /// The last checkpoint of the log that was backed up says nothing of the one that was restored.
  @Test
  void aRestoredLogShowsNoCheckpointOfTheOldOne() throws Exception {
    try (NodeProcess node = new NodeProcess(folder, "a")) {
      node.start();
      Awaitility.await("a checkpoint")
          .atMost(Duration.ofSeconds(90))
          .until(() -> !node.json("log", "status").get("checkpoint").asString().isEmpty());
      Path backup = folder.resolve("backup");
      assertThat(node.run("log", "backup", backup.toString())).isZero();
      node.stop();
      Path data = node.folder.resolve("data");
      assertThat(node.run("log", "restore", backup.toString())).isEqualTo(1);
      Files.move(data, folder.resolve("old"));
      assertThat(node.json("log", "restore", backup.toString()).get("size").asLong()).isEqualTo(1);
      assertThat(node.json("log", "status").get("checkpoint").asString()).isEmpty();
      Path export = folder.resolve("log.tocsin");
      assertThat(node.run("log", "export", export.toString())).isZero();
      assertThat(node.json("log", "verify", export.toString()).get("ok").asBoolean()).isTrue();
    }
  }

  /// What the disk has lost is found by the scrub, though nobody asks for it.
  @Test
  void aLogThatIsDamagedWhileItsNodeRunsHaltsIt() throws Exception {
    try (NodeProcess node = new NodeProcess(folder, "a")) {
      node.edit("# scrub = \"24h\"", "scrub = \"1m\"");
      node.start();
      becomesItsOwnAnchor(node);
      assertThat(node.run("alert", "flush", "www.bank.test", "--yes")).isZero();
      node.stop();
      // Opening has written tables of what stood in the write-ahead log.
      node.start();
      int damaged = 0;
      for (String database : List.of("statements", "indices")) {
        try (Stream<Path> files = Files.list(node.folder.resolve("data").resolve(database))) {
          for (Path table : files.filter(it -> it.toString().endsWith(".sst")).toList()) {
            byte[] zeros = new byte[(int) Files.size(table)];
            Files.write(table, zeros, StandardOpenOption.WRITE);
            damaged++;
          }
        }
      }
      assertThat(damaged).isPositive();
      assertThat(node.exitCode()).isEqualTo(3);
      assertThat(node.errors())
          .containsPattern("error: the node has halted: the log in .* is damaged: .*log repair")
          .doesNotContain("\tat ");
      // And it does not start on that either.
      node.launch();
      assertThat(node.exitCode()).isEqualTo(3);
    }
  }

  /// The organization is its own anchor here, and a flush needs one path: each command is one
  /// statement. The node is killed at some moment while they come, one after the other.
  @Test
  void whatWasAcknowledgedIsThereAfterEachKill() throws Exception {
    try (NodeProcess node = new NodeProcess(folder, "a")) {
      node.edit("# slot-quota = 60", "slot-quota = 10000");
      node.start();
      becomesItsOwnAnchor(node);
      Random random = new Random(7);
      List<String> acknowledged = new ArrayList<>();
      for (int round = 0; round < 3; round++) {
        int before = acknowledged.size();
        Thread killer = new Thread(() -> killSometime(node, 100 + random.nextInt(400)));
        killer.start();
        for (int i = 0; killer.isAlive() || acknowledged.size() == before; i++) {
          if (!killer.isAlive()) {
            // So early that nothing was acknowledged in this round.
            node.start();
          }
          String name = "n" + round + "-" + i + ".bank.test";
          node.acknowledged("alert", "flush", name, "--yes").ifPresent(acknowledged::add);
        }
        killer.join();
        node.kill();
        node.start();
        for (String id : acknowledged) {
          node.awaitState(id, "resolved");
        }
      }
      assertThat(node.json("log", "verify").get("ok").asBoolean()).isTrue();
      // The profile, and the flushes; some may have been taken that nobody was told of.
      int size = node.json("log", "status").get("size").asInt();
      assertThat(size).isBetween(1 + acknowledged.size(), 4 + acknowledged.size());
      node.stop();
      assertThat(node.json("log", "verify").get("size").asInt()).isEqualTo(size);
    }
  }

  private static void killSometime(NodeProcess node, int afterMillis) {
    try {
      Thread.sleep(afterMillis);
      node.kill();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aHangupReadsTheConfigurationAgainAndAMistakeChangesNothing() throws Exception {
    try (NodeProcess node = new NodeProcess(folder, "a")) {
      node.start();
      becomesItsOwnAnchor(node);
      String pending = override(node, "www.bank.test");
      node.awaitState(pending, "pending");

      node.edit("override-paths = 2", "override-paths = 1");
      Path config = node.folder.resolve("tocsin.toml");
      Files.writeString(
          config,
          """
          [[resolver]]
          name = "u1"
          kind = "unbound"
          address = "127.0.0.1:1"
          control = "no.sock"
          """,
          StandardOpenOption.APPEND);
      node.hangup(1, "the configuration was read again and is in force");
      node.awaitState(pending, "active");
      assertThat(node.json("resolver", "list").get(0).get("name").asString()).isEqualTo("u1");

      node.edit("override-paths = 1", "override-paths = \"one\"\noverride-path = 3");
      node.hangup(1, "the configuration is not taken up, the old one stays: 2 things are wrong");
      assertThat(node.errors()).containsPattern("tocsin.toml:\\d+:\\d+: policy.override-paths");
      node.awaitState(override(node, "shop.bank.test"), "active");

      node.edit("override-paths = \"one\"\noverride-path = 3", "override-paths = 1");
      node.edit("listen = \"127.0.0.1:" + node.dns, "listen = \"127.0.0.2:" + node.dns);
      String text = Files.readString(config);
      Files.writeString(config, text.substring(0, text.indexOf("[[resolver]]\nname = \"u1\"")));
      node.edit("name = \"a\"", "name = \"b\"");
      node.hangup(2, "the configuration was read again and is in force");
      assertThat(node.errors()).contains("a restart is needed for node.name, dns.listen");
      assertThat(node.json("resolver", "list")).isEmpty();
      assertThat(node.json("status").get("name").asString()).isEqualTo("a");
      node.stop();
    }
  }

  private static String override(NodeProcess node, String name) {
    return node.json("alert", "override", name, "--record", "A 192.0.2.10", "--yes")
        .get("id")
        .asString();
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

  private static void becomesItsOwnAnchor(NodeProcess node) throws Exception {
    assertThat(node.run("trust", "anchor", "add", node.text("org", "card"), "--as", "own"))
        .isZero();
  }
}
