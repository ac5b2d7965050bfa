package tocsin.node.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Type;
import tocsin.node.lab.LabInternet;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Statement;

class DelegationCheckIT {
  static final DnsName DOMAIN = DnsName.parse("checkfree.test.");
  static final DnsName WWW = DnsName.parse("www.checkfree.test.");
  static final DnsName NS1 = DnsName.parse("ns1.checkfree.test.");
  static final DnsName NS2 = DnsName.parse("ns2.checkfree.test.");
  static final List<CorrectRecord> WEB =
      List.of(new CorrectRecord.A(bytes(InetAddress.ofLiteral("192.0.2.80"))));

  LabInternet lab;
  DelegationCheck check;

  @BeforeEach
  void setUp() throws Exception {
    lab = LabInternet.startOnAnyPort();
    check = new DelegationCheck(new RootHints(List.of(lab.rootAddress()), lab.port()));
  }

  @AfterEach
  void tearDown() {
    lab.close();
  }

  static ByteString bytes(InetAddress address) {
    return ByteString.copyFrom(address.getAddress());
  }

  List<Statement.NameServer> rightNameServers() {
    return lab.rightNameServers().entrySet().stream()
        .map(entry ->
            new Statement.NameServer(
                DnsName.parse(entry.getKey()), List.of(bytes(entry.getValue()))))
        .toList();
  }

  InetAddress addressOf(DnsName server) {
    return Objects.requireNonNull(lab.rightNameServers().get(server.toString()));
  }

  Optional<String> stillWrong() throws ResolverException {
    return check.stillWrong(List.of(WWW, DOMAIN), WEB, rightNameServers());
  }

  @Test
  void findsTheDelegationAndWhatEachNameServerSays() throws Exception {
    Findings findings = check.look(WWW, List.of(Type.A, Type.MX));
    InetAddress first = addressOf(NS1);
    InetAddress second = addressOf(NS2);
    assertThat(findings.zone()).isEqualTo(DOMAIN);
    assertThat(findings.delegations()).hasSize(1);
    assertThat(findings.delegations().getFirst().nameServers())
        .containsExactly(Map.entry(NS1, List.of(first)), Map.entry(NS2, List.of(second)));
    assertThat(findings.authoritative())
        .extracting(one ->
            one.server().getHostAddress()
                + " "
                + one.answer().question()
                + " "
                + one.answer().shown())
        .containsExactlyInAnyOrder(
            first.getHostAddress() + " www.checkfree.test. A 192.0.2.80",
            second.getHostAddress() + " www.checkfree.test. A 192.0.2.80",
            first.getHostAddress() + " www.checkfree.test. MX no data",
            second.getHostAddress() + " www.checkfree.test. MX no data");
  }

  @Test
  void saysWhatIsWrongBeforeDuringAndAfterAHijackOfTheDelegation() throws Exception {
    assertThat(stillWrong()).isEmpty();
    lab.hijackDelegation();
    assertThat(stillWrong())
        .contains(
            "the registry still delegates checkfree.test. to ns1.rogue.test. and ns2.rogue.test."
                + " instead of ns1.checkfree.test. and ns2.checkfree.test.");
    lab.repair();
    assertThat(stillWrong()).isEmpty();
  }

  @Test
  void aHijackedDelegationIsSeenInTheRecordsToo() throws Exception {
    lab.hijackDelegation();
    assertThat(check.stillWrong(List.of(WWW), WEB, List.of()).orElseThrow())
        .startsWith("the name server 127.")
        .endsWith("of checkfree.test. answers 203.0.113.66 for www.checkfree.test. A");
  }

  @Test
  void saysWhatIsWrongBeforeDuringAndAfterAHijackOfTheAddress() throws Exception {
    assertThat(stillWrong()).isEmpty();
    lab.hijackAddress();
    assertThat(stillWrong().orElseThrow())
        .endsWith("of checkfree.test. answers 203.0.113.66 for www.checkfree.test. A");
    lab.repair();
    assertThat(stillWrong()).isEmpty();
  }

  @Test
  void aNameServerWithAnotherAddressThanItsRightOneIsWrong() throws Exception {
    List<Statement.NameServer> moved =
        List.of(
            new Statement.NameServer(NS1, List.of(bytes(InetAddress.ofLiteral("192.0.2.1")))),
            new Statement.NameServer(NS2, List.of(bytes(addressOf(NS2)))));
    assertThat(check.stillWrong(List.of(DOMAIN), List.of(), moved).orElseThrow())
        .startsWith("the name server ns1.checkfree.test. of checkfree.test. has the address 127.")
        .endsWith(", which is not one of its right ones");
  }

  @Test
  void nothingIsRememberedBetweenTwoLooks() throws Exception {
    check.look(WWW, List.of(Type.A));
    long before = lab.queries();
    check.look(WWW, List.of(Type.A));
    assertThat(lab.queries() - before)
        .as("root, test., both name servers")
        .isGreaterThanOrEqualTo(4);
  }

  @Test
  void aNameThatDoesNotExistIsAFinding() throws Exception {
    Findings findings = check.look(DnsName.parse("gone.checkfree.test."), List.of(Type.A));
    assertThat(findings.zone()).isEqualTo(DOMAIN);
    assertThat(findings.authoritative())
        .hasSize(2)
        .allMatch(one -> one.answer().shown().equals("NXDOMAIN"));
    assertThat(findings.disagreement(WEB, List.of()).orElseThrow())
        .endsWith("answers NXDOMAIN for gone.checkfree.test. A");
  }

  @Test
  void aWorldThatIsNotThereIsAFailureNotAFinding() {
    lab.close();
    assertThatThrownBy(this::stillWrong)
        .isInstanceOf(ResolverException.class)
        .hasMessageContaining("no root server answers at 127.");
  }
}
