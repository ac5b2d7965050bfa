package tocsin.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:7401, 127.0.0.1, 7401",
    "node.example:1, node.example, 1",
    "[::1]:65535, ::1, 65535"
  })
  void hostAndPort(String text, String host, int port) {
    Addresses.HostPort parsed = Addresses.parse(text).orElseThrow();
    assertThat(parsed).isEqualTo(new Addresses.HostPort(host, port));
    assertThat(parsed.authority()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "node",
        ":1",
        "node:",
        "node:0",
        "node:65536",
        "node:-1",
        "node:1 ",
        "::1:7401",
        "[::1]",
        "[node]:1",
        "a b:1",
        "a/b:1",
        "dns:///a:1",
        "a@b:1",
        "é:1",
        "a:١"
      })
  void anythingElse(String text) {
    assertThat(Addresses.parse(text)).isEmpty();
  }

  @Test
  void inNumbers() {
    assertThat(Addresses.text(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)))
        .isEqualTo("127.0.0.1:1");
    assertThat(Addresses.text(new InetSocketAddress(InetAddress.ofLiteral("::1"), 1)))
        .isEqualTo("[0:0:0:0:0:0:0:1]:1");
  }
}
