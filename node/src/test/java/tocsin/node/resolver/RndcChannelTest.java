package tocsin.node.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where BIND's control channel is found, and what comes of one that is not BIND's. That a real one
/// is driven is `BindIT`'s business.
final class RndcChannelTest {
  private static final String KEY =
      """
      # made by rndc-confgen
      key "rndc-key" {
        algorithm hmac-sha256; // the usual one
        secret "c2VjcmV0IG9mIGEgdGVzdA==";
      };
      """;

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("rndc.conf"), text);
  }

  private static Optional<RndcKey> key(String... words) {
    return RndcKey.of(List.of(words));
  }

  @Test
  void aKeyFileAloneMeansTheUsualPlace() throws IOException {
    RndcKey key = key("rndc", "-k", file(KEY).toString()).orElseThrow();
    assertThat(key.address())
        .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 953));
    assertThat(key.algorithm()).isEqualTo("HmacSHA256");
    assertThat(key.secret()).isEqualTo(ByteString.copyFromUtf8("secret of a test"));
    assertThat(key.toString()).isEqualTo("127.0.0.1:953").doesNotContain("secret");
  }

  /// Every hundredth secret has what looks like a comment in it.
  @Test
  void aSecretIsNoComment() throws IOException {
    Path file =
        file(
            """
            key rndc-key { algorithm hmac-sha256; secret "c2VjcmV0//8gb2YgYQ=="; };
            options { default-key rndc-key; };
            """);
    assertThat(key("rndc", "-c", file.toString()).orElseThrow().secret())
        .isEqualTo(ByteString.fromHex("736563726574ffff206f662061"));
  }

  @Test
  void aConfigurationNamesKeyAndPlaceAndTheCommandMayOverrule() throws IOException {
    String other = KEY.replace("rndc-key", "other").replace("hmac-sha256", "HMAC-SHA512");
    Path file =
        file(
            other
                + KEY
                + "options { default-key \"rndc-key\"; default-server 127.0.0.9;"
                + " default-port 9953; };\n");
    RndcKey key = key("/usr/sbin/rndc", "-c", file.toString()).orElseThrow();
    assertThat(key.toString()).isEqualTo("127.0.0.9:9953");
    assertThat(key.code()).isEqualTo(163);
    key = key("rndc", "-c", file.toString(), "-y", "other", "-s", "::1", "-p", "1").orElseThrow();
    assertThat(key.code()).isEqualTo(165);
    assertThat(key.address().getPort()).isEqualTo(1);
  }

  @Test
  void whatIsNotUnderstoodIsLeftToTheCommand() throws IOException {
    String file = file(KEY).toString();
    assertThat(key("sudo", "rndc", "-k", file)).isEmpty();
    assertThat(key("rndc", "-k", file, "-V")).isEmpty();
    assertThat(key("rndc", "-k", folder.resolve("missing").toString())).isEmpty();
    assertThat(key("rndc", "-k", file, "-y", "unknown")).isEmpty();
    assertThat(key("rndc", "-k", file(KEY.replace("sha256", "rot13")).toString())).isEmpty();
    assertThat(key("rndc", "-k", file(KEY + "server localhost { };").toString())).isEmpty();
    assertThat(key("rndc", "-k", file(KEY + "include \"x\";").toString())).isEmpty();
    assertThat(key("rndc", "-k", file(KEY.replace("c2Vj", "!!")).toString())).isEmpty();
  }

  /// Lengths that lie, tables that end too early, signatures that are none, silence.
  @Test
  void anythingButBindIsOneSentence() throws Exception {
    Random random = new Random(11);
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
      Thread.ofPlatform().daemon().start(() -> answer(server, random));
      RndcKey key =
          new RndcKey(
              new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), server.getLocalPort()),
              "HmacSHA256",
              163,
              ByteString.copyFromUtf8("secret of a test"));
      for (int i = 0; i < 200; i++) {
        assertThatThrownBy(() ->
                new RndcChannel(key)
                    .run(List.of("zonestatus", "alert.rpz."), Duration.ofSeconds(5)))
            .isInstanceOf(ResolverException.class)
            .hasMessageStartingWith("the control channel 127.0.0.1:")
            .hasMessageNotContaining("\n");
      }
    }
  }

  private static void answer(ServerSocket server, Random random) {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        DataInputStream in = new DataInputStream(client.getInputStream());
        in.readFully(new byte[in.readInt()]);
        DataOutputStream out = new DataOutputStream(client.getOutputStream());
        byte[] body = new byte[random.nextInt(60)];
        random.nextBytes(body);
        switch (random.nextInt(4)) {
          case 0 -> out.writeInt(random.nextInt());
          case 1 -> {
            // Hangs up.
          }
          default -> {
            out.writeInt(4 + body.length);
            out.writeInt(1);
            out.write(body);
          }
        }
      } catch (IOException e) {
        // The client has given up, or the test is over.
      }
    }
  }
}
