package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;

class RecordTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "A 192.0.2.10 > A 192.0.2.10",
        "a  192.0.2.10 > A 192.0.2.10",
        "AAAA 2001:DB8:0::10 > AAAA 2001:db8::10",
        "AAAA ::ffff:192.0.2.1 > ",
        "CNAME WWW.Bank.Test > CNAME www.bank.test.",
        "MX 10 mail.bank.test. > MX 10 mail.bank.test.",
        "MX 0 . > MX 0 .",
        "SRV 10 5 443 www.bank.test > SRV 10 5 443 www.bank.test.",
        "TXT v=spf1 > TXT \"v=spf1\"",
        "TXT \"v=spf1 -all\" \"two\" > TXT \"v=spf1 -all\" \"two\"",
        "TXT \"a \\\" b \\\\ \\007\" > TXT \"a \\\" b \\\\ \\007\"",
        "TXT \"\" > TXT \"\"",
        "CAA 0 Issue letsencrypt.org > CAA 0 issue \"letsencrypt.org\"",
        "CNAME bücher.test > CNAME xn--bcher-kva.test."
      })
  void readsAndShows(String text, String shown) {
    if (shown == null) {
      assertThatThrownBy(() -> RecordText.parse(text)).hasMessageContaining("no record");
      return;
    }
    CorrectRecord parsed = RecordText.parse(text);
    assertThat(RecordText.show(parsed)).isEqualTo(shown);
    assertThat(RecordText.parse(RecordText.show(parsed))).isEqualTo(parsed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "A",
        "A ",
        "A 192.0.2",
        "A 192.0.2.256",
        "A 192.0.2.1 192.0.2.2",
        "A www.bank.test",
        "A 2001:db8::1",
        "AAAA 192.0.2.1",
        "MX mail.bank.test",
        "MX 65536 mail.bank.test",
        "MX -1 mail.bank.test",
        "MX 10 mail..test",
        "CNAME -bank.test",
        "TXT \"open",
        "TXT end\\",
        "TXT \\999",
        "TXT \\12",
        "SRV 1 2 3",
        "CAA 256 issue x",
        "CAA 0 is-sue x",
        "NS ns1.bank.test",
        "DS 1 2 3 4",
        "SOA a b 1 2 3 4 5",
        "HTTPS 1 .",
        "192.0.2.10"
      })
  void refusesWithASentence(String text) {
    assertThatThrownBy(() -> RecordText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .isNotBlank()
        .doesNotContain("\n");
  }

  @Test
  void aNameServerHasItsAddresses() {
    var server = RecordText.nameServer("NS1.bank.test 192.0.2.53 2001:db8::53");
    assertThat(server.name()).isEqualTo(DnsName.parse("ns1.bank.test."));
    assertThat(server.addresses()).hasSize(2);
    assertThatThrownBy(() -> RecordText.nameServer("ns1.bank.test"))
        .hasMessageContaining("its name and its addresses");
    assertThatThrownBy(() -> RecordText.nameServer("ns1.bank.test elsewhere"))
        .hasMessageContaining("not an IP address");
  }
}
