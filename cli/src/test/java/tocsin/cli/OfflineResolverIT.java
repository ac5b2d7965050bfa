package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.UnboundProcess;
import tools.jackson.databind.JsonNode;

/// `tocsin resolver test` at an unbound that has lost the internet.
@Timeout(180)
final class OfflineResolverIT {
  @TempDir Path folder;

  private static Map<String, JsonNode> test(NodeProcess node, int code) {
    Map<String, JsonNode> steps = new LinkedHashMap<>();
    node.json(code, "resolver", "test")
        .forEach(step -> steps.put(step.get("step").asString(), step));
    return steps;
  }

  private static JsonNode step(Map<String, JsonNode> steps, String name) {
    return Objects.requireNonNull(steps.get(name), () -> name + " is not among " + steps);
  }

  private static void isTold(Map<String, JsonNode> steps, String how) {
    for (String fine :
        new String[] {
          "overlay zone transferred", "overlay answered from", "flush", "overlay withdrawn"
        }) {
      assertThat(step(steps, fine).get("ok").asBoolean()).as("%s", steps).isTrue();
    }
    JsonNode wrong = step(steps, "answers questions");
    assertThat(wrong.get("ok").asBoolean()).isFalse();
    assertThat(wrong.get("detail").asString())
        .contains(how)
        .contains("tocsin-canary.example.")
        .contains("does it reach the root name servers, or its forwarder");
  }

  /// Until it is closed.
  private static void answerServfail(DatagramSocket socket) {
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(new byte[4_096], 4_096);
        socket.receive(packet);
        byte[] message = packet.getData();
        message[2] |= (byte) 0x80;
        message[3] = (byte) ((message[3] & 0xf0) | 2);
        socket.send(packet);
      }
    } catch (IOException e) {
      // Closed: it was of use for long enough.
    }
  }

  @Test
  void whatIsWrongIsSaidInTheEnd() throws Exception {
    assumeTrue(UnboundProcess.find().isPresent(), "unbound is not installed");
    Optional<LabInternet> internet = LabInternet.startOnPort53();
    assumeTrue(internet.isPresent(), "port 53 of 127.0.53.1 may not be bound");
    LabInternet lab = internet.get();
    InetAddress root = lab.rootAddress();
    try (NodeProcess node = new NodeProcess(folder, "n");
        UnboundProcess unbound =
            UnboundProcess.start(
                UnboundProcess.Settings.of(
                    lab,
                    "alert.rpz.",
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), node.dns)))) {
      Files.writeString(
          node.folder.resolve("tocsin.toml"),
          "\n[[resolver]]\nname = \"u1\"\naddress = \"127.0.0.1:"
              + unbound.address().getPort()
              + "\"\n"
              + String.join("\n", unbound.section())
              + "\n",
          StandardOpenOption.APPEND);
      node.start();
      assertThat(step(test(node, 0), "answers questions").get("detail").asString())
          .isEqualTo("NXDOMAIN");

      // Nobody listens where the root was: unbound tries again and again.
      lab.close();
      long begun = System.nanoTime();
      isTold(test(node, 8), "gave no answer");
      assertThat(System.nanoTime() - begun).isLessThan(60_000_000_000L);

      // A root that is of no use.
      try (DatagramSocket useless = new DatagramSocket(new InetSocketAddress(root, 53))) {
        Thread.ofVirtual().start(() -> answerServfail(useless));
        unbound.restart();
        isTold(test(node, 8), "SERVFAIL");
      }
    } finally {
      lab.close();
    }
  }
}
