package tocsin.node.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class RootHintsTest {
  @Test
  void readsAddressesWithAndWithoutAPort() {
    assertThat(RootHints.parse(List.of("198.41.0.4", "2001:503:ba3e::2:30")))
        .isEqualTo(
            new RootHints(
                List.of(
                    InetAddress.ofLiteral("198.41.0.4"),
                    InetAddress.ofLiteral("2001:503:ba3e::2:30")),
                53));
    assertThat(RootHints.parse(List.of("127.0.53.1:5353", "[::1]:5353")).port()).isEqualTo(5353);
  }

  @Test
  void refusesWhatIsNoHint() {
    assertThatThrownBy(() -> RootHints.parse(List.of())).hasMessageContaining("at least one");
    assertThatThrownBy(() -> RootHints.parse(List.of("a.root-servers.net")))
        .hasMessageContaining("not a name");
    assertThatThrownBy(() -> RootHints.parse(List.of("127.0.0.1:x")))
        .hasMessageContaining("ADDRESS:PORT");
    assertThatThrownBy(() -> RootHints.parse(List.of("127.0.0.1:0")))
        .hasMessageContaining("1 to 65535");
    assertThatThrownBy(() -> RootHints.parse(List.of("127.0.0.1:5353", "127.0.0.2")))
        .hasMessageContaining("one port");
  }

  @Test
  void onlyALabOnLoopbackMayBeLedToLoopback() {
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    assertThat(RootHints.parse(List.of("198.41.0.4")).mayAsk(loopback)).isFalse();
    assertThat(
            RootHints.parse(List.of("198.41.0.4")).mayAsk(InetAddress.ofLiteral("169.254.169.254")))
        .isFalse();
    assertThat(RootHints.parse(List.of("198.41.0.4")).mayAsk(InetAddress.ofLiteral("192.5.6.30")))
        .isTrue();
    assertThat(RootHints.parse(List.of("127.0.53.1:5353")).mayAsk(loopback)).isTrue();
  }
}
