package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Name;

/// What operators write: transfer entries, NOTIFY targets, keys.
class ConfigurationTest {
  private static final TsigKey KEY =
      TsigKey.of("Node-Key", "hmac-sha256", ByteString.copyFromUtf8("secret"));
  private static final TsigKey OTHER =
      TsigKey.of("other", "hmac-sha256", ByteString.copyFromUtf8("secret"));

  @ParameterizedTest
  @CsvSource({
    "127.0.0.11, 127.0.0.11, none, true",
    "127.0.0.11, 127.0.0.11, node-key, true",
    "127.0.0.11, 127.0.0.12, node-key, false",
    "key:node-key, 192.0.2.1, node-key, true",
    "key:NODE-KEY., 192.0.2.1, node-key, true",
    "key:node-key, 192.0.2.1, other, false",
    "key:node-key, 192.0.2.1, none, false",
    "192.0.2.7 key:node-key, 192.0.2.7, node-key, true",
    "192.0.2.7 key:node-key, 192.0.2.7, none, false",
    "192.0.2.7 key:node-key, 192.0.2.7, other, false",
    "192.0.2.7 key:node-key, 192.0.2.8, node-key, false",
    "2001:db8::1, 2001:db8:0::1, none, true",
    "2001:db8::1, 2001:db8::2, none, false",
  })
  void anEntryAllows(String entry, String client, String key, boolean allowed) {
    TsigKey signer = key.equals("none") ? null : key.equals("other") ? OTHER : KEY;
    TransferAcl acl = TransferAcl.parse(List.of(entry));
    assertThat(acl.allows(InetAddress.ofLiteral(client), signer)).isEqualTo(allowed);
    // Any entry suffices, and none allows nobody.
    assertThat(
            TransferAcl.parse(List.of("198.51.100.1", entry))
                .allows(InetAddress.ofLiteral(client), signer))
        .isEqualTo(allowed);
    assertThat(TransferAcl.NONE.allows(InetAddress.ofLiteral(client), signer)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "127.0.0.0/8",
        "127.0.0.1:53",
        "key:",
        "key:a..b",
        "key:a 127.0.0.1",
        "127.0.0.1 127.0.0.2",
        "127.0.0.1 key:a key:b",
        "127.0.0.1 node-key"
      })
  void badEntriesAreSaidToBeBad(String entry) {
    assertThatThrownBy(() -> TransferAcl.parse(List.of(entry)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"");
  }

  @Test
  void targetsOfNotify() {
    assertThat(NotifyTarget.parse("127.0.0.1:5301"))
        .isEqualTo(
            new NotifyTarget(
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 5301), Optional.empty()));
    assertThat(NotifyTarget.parse("[2001:db8::1]:53 key:Node-Key").key())
        .contains(Name.fromConstantString("node-key."));
    assertThat(NotifyTarget.parse("127.0.0.1:5302 key:node-key"))
        .hasToString("127.0.0.1:5302 key:node-key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:0",
        "127.0.0.1:65536",
        "127.0.0.1:dns",
        "localhost:53",
        "2001:db8::1:53",
        "127.0.0.1:53 node-key",
        "127.0.0.1:53 key:a key:b"
      })
  void badTargetsAreSaidToBeBad(String target) {
    assertThatThrownBy(() -> NotifyTarget.parse(target))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"");
  }

  @Test
  void badKeysAreSaidToBeBad() {
    ByteString secret = ByteString.copyFromUtf8("secret");
    assertThatThrownBy(() -> TsigKey.of("k", "hmac-md5", secret))
        .hasMessageContaining("hmac-md5")
        .hasMessageContaining("hmac-sha256");
    assertThatThrownBy(() -> TsigKey.of("a..b", "hmac-sha256", secret))
        .hasMessageContaining("a..b");
    assertThatThrownBy(() -> TsigKey.of("k", "hmac-sha256", ByteString.EMPTY))
        .hasMessageContaining("empty");
  }

  @Test
  void aServerWithKeysThatDoNotFitIsRefused() {
    InetSocketAddress listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    assertThatThrownBy(
            () -> new DnsServer(listen, List.of(KEY), TransferAcl.parse(List.of("key:other"))))
        .hasMessageContaining("other")
        .hasMessageContaining("not configured");
    assertThatThrownBy(() -> new DnsServer(listen, List.of(KEY, KEY), TransferAcl.NONE))
        .hasMessageContaining("node-key");
  }
}
