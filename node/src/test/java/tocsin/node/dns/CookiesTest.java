package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

class CookiesTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final InetAddress CLIENT = InetAddress.ofLiteral("198.51.100.100");

  /// RFC 9018, appendix A.
  private static final byte[] SECRET = HEX.parseHex("e5e973e5a6b2a43f48e7dc849e37bfcf");

  private static Cookies at(long seconds) {
    return new Cookies(SECRET, InstantSource.fixed(Instant.ofEpochSecond(seconds)));
  }

  @ParameterizedTest
  @CsvSource({
    // The reference's vectors for the key 00 01 .. 0f and the input 00 01 ..: sizes 0, 1, 8, 15,
    // 63.
    "0, 726fdb47dd0e0e31",
    "1, 74f839c593dc67fd",
    "8, 93f5f5799a932462",
    "15, a129ca6149be45e5",
    "63, 958a324ceb064572",
  })
  void sipHashIsTheReferences(int length, String expected) {
    byte[] input = new byte[length];
    for (int i = 0; i < length; i++) {
      input[i] = (byte) i;
    }
    assertThat(
            HEX.toHexDigits(SipHash.hash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L, input, length)))
        .isEqualTo(expected);
  }

  @Test
  void cookiesAreThoseOfTheRfc() {
    byte[] first = at(1_559_731_985).issue(HEX.parseHex("2464c4abcf10c957"), CLIENT);
    assertThat(HEX.formatHex(first)).isEqualTo("2464c4abcf10c957010000005cf79f111f8130c3eee29480");
    assertThat(at(1_559_731_985).isOurs(first, CLIENT)).isTrue();
    // A.2: made at 1559727985 for another client, and still good later.
    InetAddress other = InetAddress.ofLiteral("203.0.113.203");
    byte[] second = at(1_559_727_985).issue(HEX.parseHex("fc93fc62807ddb86"), other);
    assertThat(at(1_559_727_985 + 3_600).isOurs(second, other)).isTrue();
    assertThat(at(1_559_727_985 + 3_601).isOurs(second, other)).isFalse();
    assertThat(at(1_559_727_985 - 300).isOurs(second, other)).isTrue();
    assertThat(at(1_559_727_985 - 301).isOurs(second, other)).isFalse();
  }

  @Test
  void nobodyElsesCookieIsOurs() {
    Cookies cookies = at(1_700_000_000);
    byte[] good = cookies.issue(new byte[8], CLIENT);
    assertThat(cookies.isOurs(good, InetAddress.ofLiteral("198.51.100.101"))).isFalse();
    assertThat(cookies.isOurs(good, InetAddress.ofLiteral("2001:db8::1"))).isFalse();
    assertThat(cookies.isOurs(new byte[8], CLIENT)).isFalse();
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 1;
      // The lowest bit of the time makes another time; the hash is over that, too.
      assertThat(cookies.isOurs(bad, CLIENT)).as("byte %d", i).isFalse();
    }
    assertThat(
            Cookies.random(InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000)))
                .isOurs(good, CLIENT))
        .isFalse();
  }

  private static final Zone ZONE =
      Texts.zone("example.", 7, "www A 192.0.2.1\nlong TXT \"%s\"\n".formatted("x".repeat(250)));

  private static Responder responder() {
    ServedZones zones = ServedZones.NONE.with(new ServedZones.Served(ZONE, ZoneJournal.EMPTY));
    return new Responder(
        () -> zones,
        new Tsig(List.of(), InstantSource.system()),
        TransferAcl.NONE,
        Cookies.random(InstantSource.system()),
        new DnsCounters(),
        new Refusals(System::nanoTime));
  }

  private static byte[] query(String question, EDNSOption... options) {
    Message query = Texts.query(question);
    query.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(options)), Section.ADDITIONAL);
    return query.toWire();
  }

  private static CookieOption cookie(Message answer) {
    return (CookieOption) answer.getOPT().getOptions(10).getFirst();
  }

  @Test
  void aClientWithItsCookieGetsLongAnswersAndIsNotLimited() {
    Responder responder = responder();
    byte[] first = query("long.example. TXT", new CookieOption(new byte[8]));
    assertThat(responder.respond(first, first.length, CLIENT, 3 * first.length))
        .isEqualTo(Responder.Outcome.ANSWER);
    Message answer = Texts.message(responder.out().toByteArray());
    assertThat(responder.proven()).isFalse();
    assertThat(Texts.lines(answer).getFirst()).isEqualTo("NOERROR aa tc rd");
    byte[] server = cookie(answer).getServerCookie().orElseThrow();
    assertThat(server).hasSize(16);
    byte[] second = query("long.example. TXT", new CookieOption(new byte[8], server));
    responder.respond(second, second.length, CLIENT, 3 * second.length);
    assertThat(responder.proven()).isTrue();
    assertThat(Texts.message(responder.out().toByteArray()).getSection(Section.ANSWER)).hasSize(1);
    assertThat(responder.limited(second, second.length, CLIENT, false))
        .isEqualTo(Responder.Outcome.ANSWER);
    assertThat(Texts.message(responder.out().toByteArray()).getSection(Section.ANSWER)).hasSize(1);
    // From somewhere else it is worth nothing.
    InetAddress thief = InetAddress.ofLiteral("203.0.113.9");
    assertThat(responder.limited(second, second.length, thief, false))
        .isEqualTo(Responder.Outcome.SILENCE);
    assertThat(responder.limited(second, second.length, thief, true))
        .isEqualTo(Responder.Outcome.ANSWER);
    Message refused = Texts.message(responder.out().toByteArray());
    assertThat(refused.getRcode()).isEqualTo(Rcode.BADCOOKIE);
    assertThat(cookie(refused).getServerCookie()).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"1", "7", "9", "15", "41", "200"})
  void aCookieOfAWrongLengthIsMalformed(int length) {
    Responder responder = responder();
    byte[] query = query("www.example. A", new GenericEDNSOption(10, new byte[length]));
    responder.respond(query, query.length, CLIENT, 512);
    assertThat(Texts.message(responder.out().toByteArray()).getRcode()).isEqualTo(Rcode.FORMERR);
  }

  @Test
  void whatANetworkGetsIsThreeTimesWhatItSends() {
    RateLimit limit = new RateLimit(0);
    Random random = new Random(4);
    int bucket = limit.bucket(CLIENT);
    long sent = 0;
    long got = 0;
    for (int i = 0; i < 10_000; i++) {
      int question = 30 + random.nextInt(100);
      int wanted = random.nextInt(Limits.UDP_ANSWER_BYTES);
      sent += question;
      int credit = limit.credit(bucket, question);
      // What does not fit is a "truncated" as long as the question.
      int answer = wanted <= credit ? wanted : question;
      limit.spend(bucket, answer);
      got += answer;
      assertThat(got).isLessThanOrEqualTo(3 * sent);
    }
    assertThat(got).isGreaterThan(2 * sent);
  }
}
