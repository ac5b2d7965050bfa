package tocsin.node.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import tocsin.node.lab.SmallWorld;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Statement;

/// The walk from the root through worlds that are odd, broken or hostile.
@Timeout(60)
class IterationIT {
  static final DnsName WWW = DnsName.parse("www.bank.test.");
  static final DnsName BANK = DnsName.parse("bank.test.");
  static final List<CorrectRecord> RIGHT =
      List.of(
          new CorrectRecord.A(
              ByteString.copyFrom(InetAddress.ofLiteral("192.0.2.1").getAddress())));

  SmallWorld world;

  @BeforeEach
  void root() throws Exception {
    world = new SmallWorld();
    world.serve(
        1,
        ".",
        ". NS a.root.",
        "a.root. A @1",
        "test. NS ns.test.",
        "ns.test. A @2",
        "example. NS ns.example.",
        "ns.example. A @3");
  }

  @AfterEach
  void close() {
    world.close();
  }

  Findings look(DnsName name) throws ResolverException {
    return new DelegationCheck(new RootHints(List.of(world.address(1)), world.port()))
        .look(name, List.of(Type.A));
  }

  Statement.NameServer nameServer(String name, int host) {
    return new Statement.NameServer(
        DnsName.parse(name), List.of(ByteString.copyFrom(world.address(host).getAddress())));
  }

  @Test
  void nameServersWithoutGlueAreLookedUpFromTheRoot() throws Exception {
    world.serve(
        2, "test.", "test. NS ns.test.", "ns.test. A @2", "bank.test. NS ns1.host.example.");
    world.serve(
        3,
        "example.",
        "example. NS ns.example.",
        "ns.example. A @3",
        "host.example. NS ns.host.example.",
        "ns.host.example. A @4");
    world.serve(
        4,
        "host.example.",
        "host.example. NS ns.host.example.",
        "ns.host.example. A @4",
        "ns1.host.example. A @5");
    world.serve(5, "bank.test.", "bank.test. NS ns1.host.example.", "www.bank.test. A 192.0.2.1");
    Findings findings = look(WWW);
    assertThat(findings.addresses())
        .containsOnly(Map.entry(DnsName.parse("ns1.host.example."), List.of(world.address(5))));
    assertThat(findings.disagreement(RIGHT, List.of(nameServer("ns1.host.example.", 5)))).isEmpty();
  }

  @Test
  void oneOfTwoNameServersThatStillLiesIsFound() throws Exception {
    world.serve(
        2,
        "test.",
        "test. NS ns.test.",
        "ns.test. A @2",
        "bank.test. NS ns1.bank.test.",
        "bank.test. NS ns2.bank.test.",
        "ns1.bank.test. A @4",
        "ns2.bank.test. A @5");
    world.serve(4, "bank.test.", "bank.test. NS ns1.bank.test.", "www.bank.test. A 192.0.2.1");
    world.serve(5, "bank.test.", "bank.test. NS ns1.bank.test.", "www.bank.test. A 203.0.113.66");
    assertThat(look(WWW).disagreement(RIGHT, List.of()).orElseThrow())
        .isEqualTo(
            "the name server "
                + world.address(5).getHostAddress()
                + " of bank.test. answers 203.0.113.66 for www.bank.test. A");
  }

  @Test
  void oneOfTwoRegistryServersThatStillDelegatesWronglyIsFound() throws Exception {
    world.close();
    world = new SmallWorld();
    world.serve(
        1,
        ".",
        ". NS a.root.",
        "test. NS ns.test.",
        "test. NS ms.test.",
        "ns.test. A @2",
        "ms.test. A @3");
    world.serve(
        2, "test.", "test. NS ns.test.", "bank.test. NS ns1.bank.test.", "ns1.bank.test. A @4");
    world.serve(
        3, "test.", "test. NS ns.test.", "bank.test. NS ns.rogue.test.", "ns.rogue.test. A @5");
    world.serve(4, "bank.test.", "bank.test. NS ns1.bank.test.", "www.bank.test. A 192.0.2.1");
    world.serve(5, "bank.test.", "bank.test. NS ns.rogue.test.", "www.bank.test. A 203.0.113.66");
    assertThat(
            look(WWW)
                .disagreement(List.of(), List.of(nameServer("ns1.bank.test.", 4)))
                .orElseThrow())
        .isEqualTo(
            "the registry still delegates bank.test. to ns.rogue.test. instead of ns1.bank.test.");
    assertThat(look(WWW).disagreement(RIGHT, List.of()).orElseThrow())
        .contains("answers 203.0.113.66");
  }

  @Test
  void aZoneOnTheSameServersAsItsParentIsFoundByItsSoa() throws Exception {
    world.serve(2, "test.", "test. NS ns.test.", "ns.test. A @2");
    world.serve(2, "bank.test.", "bank.test. NS ns.test.", "www.bank.test. A 192.0.2.1");
    Findings findings = look(WWW);
    assertThat(findings.zone()).isEqualTo(BANK);
    assertThat(findings.delegations().getFirst().nameServers())
        .containsOnlyKeys(DnsName.parse("ns.test."));
    assertThat(findings.disagreement(RIGHT, List.of(nameServer("ns.test.", 2)))).isEmpty();
    assertThat(findings.disagreement(RIGHT, List.of(nameServer("ns9.test.", 9))).orElseThrow())
        .contains("instead of ns9.test.");
  }

  @Test
  void serversWithoutAuthorityDoNotCount() throws Exception {
    world.serve(
        2,
        "test.",
        "test. NS ns.test.",
        "ns.test. A @2",
        "bank.test. NS ns1.bank.test.",
        "ns1.bank.test. A @4");
    world.serve(4, "other.test.", "other.test. NS ns1.bank.test.");
    assertThat(look(WWW).disagreement(RIGHT, List.of()).orElseThrow())
        .isEqualTo("none of the name servers of bank.test. answers for it");
  }

  @Test
  void nameServersThatNeedEachOtherAreALoopThatEnds() throws Exception {
    world.serve(2, "test.", "test. NS ns.test.", "ns.test. A @2", "bank.test. NS ns.bank.example.");
    world.serve(
        3,
        "example.",
        "example. NS ns.example.",
        "ns.example. A @3",
        "bank.example. NS ns.bank.test.");
    assertThat(look(WWW).disagreement(RIGHT, List.of()).orElseThrow())
        .contains("none of the name servers");
    assertThat(world.queries()).isLessThan(100);
  }

  @Test
  void aServerThatRefersEverDeeperIsLeft() throws Exception {
    DnsName deep = DnsName.parse("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.test.");
    AtomicInteger asked = new AtomicInteger();
    world.answering(2, query -> deeper(query, world.address(2), asked));
    assertThat(catchThrowable(() -> look(deep)))
        .isInstanceOf(ResolverException.class)
        .hasMessageContaining("has more than 16 zones");
    assertThat(world.queries()).isLessThan(100);
  }

  /// A referral to the next label down, to itself.
  static Message deeper(Message query, InetAddress self, AtomicInteger asked) throws IOException {

    Message answer = SmallWorld.answerTo(query);
    Name name = query.getQuestion().getName();
    int known = asked.incrementAndGet();
    int strip = name.labels() - 2 - known;
    if (strip < 0) {
      answer.getHeader().setRcode(Rcode.SERVFAIL);
      return answer;
    }
    Name zone = new Name(name, strip);
    Name server = Name.fromString("ns", zone);
    answer.addRecord(new NSRecord(zone, DClass.IN, 60, server), Section.AUTHORITY);
    answer.addRecord(new ARecord(server, DClass.IN, 60, self), Section.ADDITIONAL);
    return answer;
  }
}
