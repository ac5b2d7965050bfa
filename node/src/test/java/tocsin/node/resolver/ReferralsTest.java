package tocsin.node.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import tocsin.trust.DnsName;

class ReferralsTest {
  static final InetAddress SENDER = InetAddress.ofLiteral("192.0.2.1");
  static final DnsName TEST = DnsName.parse("test.");
  static final DnsName WWW = DnsName.parse("www.bank.test.");

  static Message message(int section, String... records) throws Exception {
    Message message = new Message(1);
    for (String text : records) {
      List<String> words = List.of(text.split(" ", 3));
      int type = Type.value(words.get(1));
      message.addRecord(
          Record.fromString(
              Name.fromString(words.get(0)), type, DClass.IN, 60, words.get(2), Name.root),
          type == Type.NS ? section : Section.ADDITIONAL);
    }
    return message;
  }

  static Optional<Delegation> read(String... records) throws Exception {
    return Referrals.of(SENDER, message(Section.AUTHORITY, records), TEST, WWW, false);
  }

  @Test
  void readsNameServersWithTheGlueOfThisZone() throws Exception {
    Delegation delegation =
        read(
                "bank.test. NS ns2.bank.test.",
                "bank.test. NS NS1.bank.test.",
                "bank.test. NS ns.host.example.",
                "ns1.bank.test. A 192.0.2.53",
                "ns1.bank.test. AAAA 2001:db8::53",
                "ns.host.example. A 203.0.113.66",
                "other.test. A 203.0.113.67")
            .orElseThrow();
    assertThat(delegation.zone()).isEqualTo(DnsName.parse("bank.test."));
    assertThat(delegation.nameServers())
        .containsExactly(
            Map.entry(DnsName.parse("ns.host.example."), List.of()),
            Map.entry(
                DnsName.parse("ns1.bank.test."),
                List.of(
                    InetAddress.ofLiteral("192.0.2.53"), InetAddress.ofLiteral("2001:db8::53"))),
            Map.entry(DnsName.parse("ns2.bank.test."), List.of()));
  }

  @Test
  void goesOnlyDownAndOnlyTowardsTheName() throws Exception {
    assertThat(read("test. NS ns1.bank.test.")).as("sideways").isEmpty();
    assertThat(read(". NS a.root.")).as("upwards").isEmpty();
    assertThat(read("shop.test. NS ns1.shop.test.")).as("elsewhere").isEmpty();
    assertThat(read("bank.example. NS ns1.bank.test.")).as("not this zone's to say").isEmpty();
    assertThat(read()).isEmpty();
  }

  @Test
  void namesThatNoHostHasAreLeftOut() throws Exception {
    assertThat(
            read("bank.test. NS n\\032s.bank.test.", "bank.test. NS ns1.bank.test.")
                .orElseThrow()
                .nameServers())
        .containsOnlyKeys(DnsName.parse("ns1.bank.test."));
  }

  @Test
  void anAnswerOrAFailureIsNoReferral() throws Exception {
    Message answer = message(Section.AUTHORITY, "bank.test. NS ns1.bank.test.");
    answer.getHeader().setFlag(Flags.AA);
    assertThat(Referrals.of(SENDER, answer, TEST, WWW, false)).isEmpty();
    Message failure = message(Section.AUTHORITY, "bank.test. NS ns1.bank.test.");
    failure.getHeader().setRcode(Rcode.REFUSED);
    assertThat(Referrals.of(SENDER, failure, TEST, WWW, false)).isEmpty();
  }

  @Test
  void takesTheZonesOwnWordWhereParentAndZoneHaveTheSameServers() throws Exception {
    Message own = message(Section.ANSWER, "bank.test. NS ns1.bank.test.");
    own.getHeader().setFlag(Flags.AA);
    assertThat(
            Referrals.of(SENDER, own, TEST, DnsName.parse("bank.test."), true)
                .orElseThrow()
                .nameServers())
        .containsOnlyKeys(DnsName.parse("ns1.bank.test."));
  }

  @Test
  void aDelegationToAHundredServersIsCutShort() throws Exception {
    String[] many = new String[100];
    for (int i = 0; i < many.length; i++) {
      many[i] = "bank.test. NS ns" + i + ".bank.test.";
    }
    assertThat(read(many).orElseThrow().nameServers()).hasSize(13);
  }
}
