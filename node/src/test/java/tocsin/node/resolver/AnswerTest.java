package tocsin.node.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;

class AnswerTest {
  static final DnsName WWW = DnsName.parse("www.bank.test.");

  static Answer answer(int type, int rcode, String... records) throws Exception {
    Message message = new Message(1);
    message.getHeader().setRcode(rcode);
    for (String text : records) {
      List<String> words = List.of(text.split(" ", 3));
      message.addRecord(
          Record.fromString(
              Name.fromString(words.get(0)),
              Type.value(words.get(1)),
              DClass.IN,
              60,
              words.get(2),
              Name.root),
          Section.ANSWER);
    }
    return Answer.of(new Question(WWW, type), message);
  }

  static CorrectRecord a(int... bytes) {
    byte[] address = {(byte) bytes[0], (byte) bytes[1], (byte) bytes[2], (byte) bytes[3]};
    return new CorrectRecord.A(ByteString.copyFrom(address));
  }

  @Test
  void isOfARecordSetWhateverItsOrderAndCase() throws Exception {
    Answer two = answer(Type.A, 0, "WWW.Bank.Test. A 192.0.2.2", "www.bank.test. A 192.0.2.1");
    assertThat(two.texts()).containsExactly("192.0.2.1", "192.0.2.2");
    assertThat(two.isOf(List.of(a(192, 0, 2, 1), a(192, 0, 2, 2)))).isTrue();
    assertThat(two.isOf(List.of(a(192, 0, 2, 1)))).as("one too many").isFalse();
    assertThat(two.isOf(List.of(a(192, 0, 2, 1), a(192, 0, 2, 2), a(192, 0, 2, 3))))
        .as("one missing")
        .isFalse();
  }

  @Test
  void comparesEveryKindOfRecord() throws Exception {
    ByteString text = ByteString.copyFromUtf8("v=spf1 \"é\" \\ -all");
    List<CorrectRecord> all =
        List.of(
            new CorrectRecord.Aaaa(
                ByteString.copyFrom(java.net.InetAddress.ofLiteral("2001:db8::1").getAddress())),
            new CorrectRecord.Mx(10, DnsName.parse("mail.bank.test.")),
            new CorrectRecord.Txt(List.of(text, ByteString.copyFromUtf8("second"))),
            new CorrectRecord.Srv(1, 2, 443, DnsName.parse("web.bank.test.")),
            new CorrectRecord.Caa(0, "issue", ByteString.copyFromUtf8("ca.test; a=b")));
    for (CorrectRecord one : all) {
      Record record = DnsData.record(WWW, one);
      Message message = new Message(1);
      message.addRecord(
          Record.fromWire(record.toWire(Section.ANSWER), Section.ANSWER), Section.ANSWER);
      Answer given = Answer.of(new Question(WWW, one.type()), message);
      assertThat(given.isOf(all)).as(given.toString()).isTrue();
      assertThat(given.isOf(List.of(a(192, 0, 2, 1))))
          .as("no such type is listed: %s", given)
          .isFalse();
    }
    Answer otherCase = answer(Type.MX, 0, "www.bank.test. MX 10 MAIL.bank.test.");
    assertThat(otherCase.isOf(all)).isTrue();
    assertThat(otherCase.texts()).containsExactly("10 mail.bank.test.");
    byte[] txt = DnsData.record(WWW, all.get(2)).rdataToWireCanonical();
    assertThat(ByteString.copyFrom(txt).substring(1, 1 + text.size())).isEqualTo(text);
  }

  @Test
  void followsAliasesAndComparesTheFirst() throws Exception {
    Answer chain =
        answer(
            Type.A,
            0,
            "cdn.test. A 192.0.2.9",
            "www.bank.test. CNAME Shop.test.",
            "shop.test. CNAME cdn.test.",
            "stray.test. A 203.0.113.1");
    assertThat(chain.aliases()).containsExactly("shop.test.", "cdn.test.");
    assertThat(chain.texts()).containsExactly("192.0.2.9");
    assertThat(chain.isOf(List.of(new CorrectRecord.Cname(DnsName.parse("shop.test."))))).isTrue();
    assertThat(chain.isOf(List.of(new CorrectRecord.Cname(DnsName.parse("cdn.test."))))).isFalse();
    Answer alias = answer(Type.CNAME, 0, "www.bank.test. CNAME Shop.test.");
    assertThat(alias.texts()).containsExactly("shop.test.");
    assertThat(alias.isOf(List.of(new CorrectRecord.Cname(DnsName.parse("shop.test."))))).isTrue();
  }

  @Test
  void aLoopOfAliasesEnds() throws Exception {
    Answer loop = answer(Type.A, 0, "www.bank.test. CNAME b.test.", "b.test. CNAME www.bank.test.");
    assertThat(loop.data()).isEmpty();
    assertThat(loop.aliases()).hasSize(2);
  }

  @Test
  void nothingIsRightWhereNothingIsListedAndAServerFailureNever() throws Exception {
    assertThat(answer(Type.AAAA, Rcode.NOERROR).isOf(List.of(a(192, 0, 2, 1)))).isTrue();
    assertThat(answer(Type.AAAA, Rcode.SERVFAIL).isOf(List.of(a(192, 0, 2, 1)))).isFalse();
    assertThat(answer(Type.A, Rcode.NXDOMAIN).isOf(List.of(a(192, 0, 2, 1)))).isFalse();
    assertThat(answer(Type.A, Rcode.NXDOMAIN).shown()).isEqualTo("NXDOMAIN");
  }
}
