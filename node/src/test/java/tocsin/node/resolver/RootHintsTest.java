package tocsin.node.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class RootHintsTest {
  static final InetAddress ROOT = InetAddress.ofLiteral("198.41.0.4");
  static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  @Test
  void needAnAddressAndAPort() {
    assertThatThrownBy(() -> new RootHints(List.of(), 53)).hasMessageContaining("at least one");
    assertThatThrownBy(() -> new RootHints(List.of(ROOT), 0)).hasMessageContaining("1 to 65535");
  }

  @Test
  void onlyALabOnLoopbackMayBeLedToLoopback() {
    RootHints world = new RootHints(List.of(ROOT), 53);
    assertThat(world.mayAsk(LOOPBACK)).isFalse();
    assertThat(world.mayAsk(InetAddress.ofLiteral("169.254.169.254"))).isFalse();
    assertThat(world.mayAsk(InetAddress.ofLiteral("192.5.6.30"))).isTrue();
    assertThat(new RootHints(List.of(LOOPBACK), 5353).mayAsk(LOOPBACK)).isTrue();
    assertThat(new RootHints(List.of(LOOPBACK, ROOT), 53).mayAsk(LOOPBACK)).isFalse();
  }
}
