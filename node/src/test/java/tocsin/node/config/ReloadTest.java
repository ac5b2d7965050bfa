package tocsin.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a configuration that is read again changes at once, and what waits for a restart.
class ReloadTest {
  private static final String BASE =
      """
      [[resolver]]
      name = "u1"
      kind = "unbound"
      address = "127.0.0.1:5301"
      control = "/run/u1"
      [[resolver]]
      name = "u2"
      kind = "unbound"
      address = "127.0.0.1:5302"
      control = "/run/u2"
      """;

  @TempDir Path folder;

  private NodeConfig config(String text) {
    try {
      return ConfigFile.parse(new NodeFolder(folder), "tocsin.toml", text, Map.of(), Map.of())
          .config();
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  private Reload reload(String next) {
    NodeConfig before = config(BASE);
    return Reload.of(before, before, config(next));
  }

  @Test
  void theSameChangesNothing() {
    Reload reload = reload(BASE);
    assertThat(reload).isEqualTo(Reload.of(config(BASE), config(BASE), config(BASE)));
    assertThat(reload.running()).isEqualTo(config(BASE));
    assertThat(reload.needRestart()).isEmpty();
    assertThat(reload.added()).isEmpty();
    assertThat(reload.changed()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          node          | name = "other"
          node          | network = "test"
          node          | mode = "shadow"
          gossip        | listen = "0.0.0.0:1"
          gossip        | advertise = "node.example.net:7353"
          control       | socket = "other.sock"
          dns           | listen = "127.0.0.1:1"
          dns           | rpz = "other.rpz."
          dns           | lookup = "other.test."
          dns           | allow-transfer = []
          verification  | root-hints = ["192.0.2.1"]
          policy        | slot-quota = 61
          """)
  void thisWaitsForARestart(String section, String line) {
    Reload reload = reload("[" + section + "]\n" + line + "\n" + BASE);
    assertThat(reload.needRestart()).containsExactly(section + "." + line.split(" ", 2)[0]);
    if (!section.equals("policy")) {
      assertThat(reload.running()).isEqualTo(config(BASE));
    }
    // It is said each time, until the restart or until it is taken back.
    NodeConfig next = config("[" + section + "]\n" + line + "\n" + BASE);
    assertThat(Reload.of(config(BASE), reload.running(), next).needRestart()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gossip        | bootstrap = ["127.0.0.1:7402"]
          dns           | also-notify = ["127.0.0.1:5303"]
          policy        | override-paths = 3
          policy        | override-approval = "manual"
          policy        | flush-jitter = "0s"
          log           | level = "debug"
          """)
  void thisChangesAtOnce(String section, String line) {
    String next = "[" + section + "]\n" + line + "\n" + BASE;
    assertThat(reload(next).needRestart()).isEmpty();
    assertThat(reload(next).running()).isEqualTo(config(next));
    assertThat(reload(next).running()).isNotEqualTo(config(BASE));
  }

  @Test
  void resolversComeGoAndChange() {
    String next = BASE.replace("u2", "u3").replace("127.0.0.1:5301", "127.0.0.1:5399");
    Reload reload = reload(next);
    assertThat(reload.needRestart()).isEmpty();
    assertThat(reload.changed()).extracting(ResolverConfig::name).containsExactly("u1");
    assertThat(reload.added()).extracting(ResolverConfig::name).containsExactly("u3");
    assertThat(reload.running().resolvers())
        .extracting(ResolverConfig::name)
        .containsExactly("u1", "u3");
  }

  @Test
  void whomToTellStaysWithTheKeysThatItWasCheckedAgainst() throws IOException {
    Files.writeString(folder.resolve("k"), "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3JldA==\n");
    Files.setPosixFilePermissions(
        folder.resolve("k"), PosixFilePermissions.fromString("rw-------"));
    String next =
        """
        [dns]
        also-notify = ["127.0.0.1:5303 key:k"]
        [[dns.tsig]]
        name = "k"
        algorithm = "hmac-sha256"
        secret-file = "k"
        """
            + BASE;
    assertThat(reload(next).needRestart()).containsExactly("dns.also-notify", "dns.tsig");
    assertThat(reload(next).running()).isEqualTo(config(BASE));
  }
}
