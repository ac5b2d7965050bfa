package tocsin.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecialPurposeAddressesTest {
  private static ByteString address(String literal) {
    return ByteString.copyFrom(InetAddress.ofLiteral(literal).getAddress());
  }

  /// Java turns a literal of an IPv4-mapped address into the IPv4 address: so bytes.
  @ParameterizedTest
  @ValueSource(strings = {"5db8d822", "7f000001"})
  void mappedAddressesAreSpecialWhateverIsMapped(String v4) {
    ByteString mapped = SignaturesTest.hex("00000000000000000000ffff" + v4);
    assertThat(SpecialPurposeAddresses.blockOf(mapped)).contains("::ffff:0:0/96");
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 0.0.0.0/8",
    "10.255.255.255, 10.0.0.0/8",
    "100.64.0.0, 100.64.0.0/10",
    "100.127.255.255, 100.64.0.0/10",
    "127.0.0.1, 127.0.0.0/8",
    "169.254.169.254, 169.254.0.0/16",
    "172.16.0.0, 172.16.0.0/12",
    "172.31.255.255, 172.16.0.0/12",
    "192.0.0.9, 192.0.0.0/24",
    "192.0.2.1, 192.0.2.0/24",
    "192.168.1.1, 192.168.0.0/16",
    "198.19.255.255, 198.18.0.0/15",
    "203.0.113.66, 203.0.113.0/24",
    "224.0.0.1, 224.0.0.0/4",
    "255.255.255.255, 240.0.0.0/4",
    "'::', '::/96'",
    "'::1', '::/96'",
    "'64:ff9b::1.2.3.4', '64:ff9b::/96'",
    "'100::1', '100::/64'",
    "'2001::1', '2001::/23'",
    "'2001:1ff:ffff::', '2001::/23'",
    "'2001:db8::1', '2001:db8::/32'",
    "'2002::1', '2002::/16'",
    "'3fff:fff::1', '3fff::/20'",
    "'5f00::1', '5f00::/16'",
    "'fd00::1', 'fc00::/7'",
    "'fe80::1', 'fe80::/10'",
    "'ff02::1', 'ff00::/8'"
  })
  void special(String literal, String block) {
    assertThat(SpecialPurposeAddresses.blockOf(address(literal))).contains(block);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "93.184.216.34",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "198.20.0.0",
        "223.255.255.255",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2606:2800:220:1:248:1893:25c8:1946",
        "2a00:1450::1"
      })
  void ordinary(String literal) {
    assertThat(SpecialPurposeAddresses.blockOf(address(literal))).isEmpty();
  }
}
