package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;

/// The server as `dig` (BIND) and `kdig` (Knot) see it.
class DigIT {
  private static final Name ORIGIN = Texts.name("alert.rpz.");
  private static final ByteString SECRET =
      ByteString.copyFromUtf8("thirty-two bytes of a secret....");

  private final List<TsigKey> keys = new ArrayList<>();
  private DnsServer server;
  private VersionedZone zone;

  @BeforeEach
  void start() throws Exception {
    for (TsigKey.Algorithm algorithm : TsigKey.Algorithm.values()) {
      keys.add(new TsigKey(Texts.name(algorithm + "-key."), algorithm, SECRET));
    }
    List<String> allowed = new ArrayList<>(List.of("127.0.0.11", "127.0.0.12 key:hmac-sha256-key"));
    TsigKey.Algorithm[] algorithms = TsigKey.Algorithm.values();
    for (TsigKey.Algorithm algorithm : algorithms) {
      if (algorithm != TsigKey.Algorithm.HMAC_SHA256) {
        allowed.add("key:" + algorithm + "-key");
      }
    }
    server =
        new DnsServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            keys,
            TransferAcl.parse(allowed));
    server.start();
    zone = VersionedZone.first(Texts.zone("alert.rpz.", 100, "www.bank.test A 192.0.2.10"));
    zone = zone.next(new Serial(101), Texts.records(ORIGIN, "www.bank.test A 192.0.2.11"));
    server.serve(zone.zone(), zone.journal());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /// Either tool takes these.
  private String ask(String tool, String... arguments) {
    List<String> all =
        new ArrayList<>(List.of("@127.0.0.1", "-p", String.valueOf(server.address().getPort())));
    all.addAll(List.of("+tries=4", "+time=3"));
    all.addAll(List.of(arguments));
    if (tool.equals("kdig")) {
      all.replaceAll(each -> each.equals("+tries=4") ? "+retry=3" : each);
    }
    return Tool.require(tool).run(all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dig", "kdig"})
  void aNameIsAnswered(String tool) {
    String said = ask(tool, "www.bank.test.alert.rpz.", "A", "+norec", "+edns");
    assertThat(said).containsPattern("status: NOERROR").containsPattern("(?i)flags: qr aa;");
    assertThat(said).containsPattern("www.bank.test.alert.rpz.\\s+5\\s+IN\\s+A\\s+192.0.2.11");
    assertThat(said).doesNotContainIgnoringCase("warning").doesNotContainIgnoringCase("error:");
    assertThat(ask(tool, "nowhere.alert.rpz.", "A")).contains("NXDOMAIN").contains("SOA");
    assertThat(ask(tool, "example.com.", "A")).contains("REFUSED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dig", "kdig"})
  void theZoneIsTransferred(String tool) {
    String said = ask(tool, "-b", "127.0.0.11", "alert.rpz.", "AXFR");
    assertThat(said.lines().filter(line -> line.contains("SOA")).count()).isEqualTo(2);
    assertThat(said).containsPattern("www.bank.test.alert.rpz.\\s+5\\s+IN\\s+A\\s+192.0.2.11");
    said = ask(tool, "-b", "127.0.0.11", "alert.rpz.", "IXFR=100");
    assertThat(said.lines().filter(line -> line.contains("SOA")).count()).isEqualTo(4);
    assertThat(said).contains("192.0.2.10").contains("192.0.2.11");
  }

  /// As somebody who may transfer by address alone, or by a signature.
  private String transfer(String tool, boolean signed, String question) {
    return signed
        ? ask(tool, "-y", "hmac-sha512:hmac-sha512-key:" + secret(), ORIGIN.toString(), question)
        : ask(tool, "-b", "127.0.0.11", ORIGIN.toString(), question);
  }

  private static long soas(String said) {
    assertThat(said).doesNotContain("verify").doesNotContain("ailed").doesNotContain("BAD");
    return said.lines().filter(line -> line.contains("\tSOA\t")).count();
  }

  @ParameterizedTest
  @CsvSource({
    "dig, 101, 1",
    "kdig, 101, 1",
    "dig, 7, 2",
    "kdig, 7, 2",
    "dig, 102, 2",
    "kdig, 102, 2",
    "dig, 4000000000, 2",
    "kdig, 4000000000, 2",
  })
  void anEqualAnUnknownAndAFutureSerial(String tool, long serial, long soas) {
    for (boolean signed : List.of(false, true)) {
      String said = transfer(tool, signed, "IXFR=" + serial);
      assertThat(soas(said)).as("signed: %s", signed).isEqualTo(soas);
      assertThat(said.lines().filter(line -> line.contains("192.0.2.11")).count())
          .isEqualTo(soas - 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void signedByEitherToolWithEachAlgorithm(TsigKey.Algorithm algorithm) {
    // The entry for SHA-256 wants its address, too.
    String from = algorithm == TsigKey.Algorithm.HMAC_SHA256 ? "127.0.0.12" : "127.0.0.1";
    String key = algorithm + ":" + algorithm + "-key:" + secret();
    for (String tool : List.of("dig", "kdig")) {
      for (String[] question :
          List.of(
              new String[] {"alert.rpz.", "SOA"},
              new String[] {"alert.rpz.", "AXFR"},
              new String[] {"alert.rpz.", "IXFR=100"})) {
        String said = ask(tool, "-b", from, "-y", key, question[0], question[1]);
        assertThat(said).as("%s %s", tool, question[1]).contains("SOA");
        assertThat(said).doesNotContain("verify").doesNotContain("BADSIG").doesNotContain("failed");
        assertThat(said).containsPattern(algorithm + "-key.\\s+0\\s+ANY\\s+TSIG");
      }
    }
  }

  private static String secret() {
    return Base64.getEncoder().encodeToString(SECRET.toByteArray());
  }

  @ParameterizedTest
  @CsvSource({
    // Nobody's address, the address without the key, the key without the address.
    "127.0.0.1, ''",
    "127.0.0.12, ''",
    "127.0.0.1, hmac-sha256:hmac-sha256-key",
  })
  void othersAreRefused(String from, String key) {
    List<String> arguments = new ArrayList<>(List.of("-b", from, "alert.rpz.", "AXFR"));
    if (!key.isEmpty()) {
      arguments.addAll(List.of("-y", key + ":" + secret()));
    }
    assertThat(ask("dig", arguments.toArray(String[]::new))).contains("Transfer failed");
    arguments.set(3, "IXFR=100");
    assertThat(ask("dig", arguments.toArray(String[]::new))).contains("Transfer failed");
    assertThat(server.counters().refused().sum()).isEqualTo(2);
  }

  @Test
  void aWrongSecretIsRefused() {
    String wrong =
        Base64.getEncoder()
            .encodeToString("something else".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    String said = ask("dig", "-y", "hmac-sha256:hmac-sha256-key:" + wrong, "alert.rpz.", "SOA");
    assertThat(said).contains("BADSIG").contains("NOTAUTH");
    said = ask("dig", "-y", "hmac-sha256:stranger:" + wrong, "alert.rpz.", "SOA");
    assertThat(said).contains("BADKEY").contains("NOTAUTH");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dig", "kdig"})
  void aSignedTransferOfManyMessages(String tool) {
    List<Record> records = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      Name owner = Texts.name("n%d.alert.rpz.".formatted(i));
      records.add(new TXTRecord(owner, DClass.IN, 5, "some text " + i));
    }
    VersionedZone large = zone.next(new Serial(102), records);
    server.serve(large.zone(), large.journal());
    String said = ask(tool, "-y", "hmac-sha512:hmac-sha512-key:" + secret(), "alert.rpz.", "AXFR");
    assertThat(said.lines().filter(line -> line.contains("some text")).count()).isEqualTo(5_000);
    assertThat(said).doesNotContain("verify").doesNotContain("failed");
  }

  @ParameterizedTest
  @CsvSource({"dig, false", "dig, true", "kdig, false", "kdig, true"})
  void aChainOf500Serials(String tool, boolean signed) {
    VersionedZone next = zone;
    for (int i = 0; i < 500; i++) {
      next =
          next.next(
              new Serial(102L + i),
              Texts.records(
                  ORIGIN, "www.bank.test A 192.0.2.%d\nn%d A 192.0.2.1".formatted(i % 250, i)));
    }
    server.serve(next.zone(), next.journal());
    assertThat(soas(transfer(tool, signed, "IXFR=101"))).isEqualTo(2 + 2 * 500);
    // Only the last half of it, and all at once.
    assertThat(soas(transfer(tool, signed, "IXFR=351"))).isEqualTo(2 + 2 * 250);
    assertThat(soas(transfer(tool, signed, "AXFR"))).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"dig, false", "dig, true", "kdig, false", "kdig, true"})
  void theSerialRunsPast32Bits(String tool, boolean signed) {
    VersionedZone before =
        VersionedZone.first(Texts.zone("alert.rpz.", 4_294_967_295L, "www A 192.0.2.1"));
    VersionedZone after = before.next(new Serial(0), Texts.records(ORIGIN, "www A 192.0.2.2"));
    server.serve(after.zone(), after.journal());
    String said = transfer(tool, signed, "IXFR=4294967295");
    assertThat(soas(said)).isEqualTo(4);
    assertThat(said).contains("192.0.2.1").contains("192.0.2.2");
    VersionedZone further = after.next(new Serial(1), Texts.records(ORIGIN, "www A 192.0.2.3"));
    server.serve(further.zone(), further.journal());
    // Several steps across the border come as the whole zone, and after it as a difference again.
    assertThat(soas(transfer(tool, signed, "IXFR=4294967295"))).isEqualTo(2);
    assertThat(soas(transfer(tool, signed, "IXFR=0"))).isEqualTo(4);
    assertThat(soas(transfer(tool, signed, "IXFR=1"))).isEqualTo(1);
  }

  @Test
  void answersTooLargeForUdpComeByTcp() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      text.append("many TXT \"text number %d\"\n".formatted(i));
    }
    VersionedZone large = zone.next(new Serial(102), Texts.records(ORIGIN, text.toString()));
    server.serve(large.zone(), large.journal());
    String truncated = ask("dig", "many.alert.rpz.", "TXT", "+ignore", "+bufsize=4096");
    assertThat(truncated).containsPattern("flags: qr aa tc").contains("ANSWER: 0");
    String whole = ask("dig", "many.alert.rpz.", "TXT");
    assertThat(whole).contains("ANSWER: 100").contains("(TCP)");
  }

  @Test
  void cookiesAreGivenAndTaken() {
    String first = ask("dig", "www.bank.test.alert.rpz.", "A", "+cookie=0123456789abcdef");
    assertThat(first).containsPattern("COOKIE: 0123456789abcdef01000000[0-9a-f]{24} \\(good\\)");
    String cookie = first.replaceAll("(?s).*COOKIE: ([0-9a-f]+) .*", "$1");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      text.append("many TXT \"text number %d\"\n".formatted(i));
    }
    VersionedZone larger = zone.next(new Serial(102), Texts.records(ORIGIN, text.toString()));
    server.serve(larger.zone(), larger.journal());
    // A long answer comes by UDP to whom has its cookie, and by TCP to whom has none.
    assertThat(ask("dig", "many.alert.rpz.", "TXT", "+cookie=" + cookie))
        .contains("ANSWER: 30")
        .contains("(UDP)");
    assertThat(ask("kdig", "many.alert.rpz.", "TXT", "+cookie=" + cookie))
        .contains("ANSWER: 30")
        .contains("(UDP)");
    assertThat(ask("dig", "many.alert.rpz.", "TXT", "+nocookie"))
        .contains("ANSWER: 30")
        .contains("(TCP)");
  }

  @Test
  void expiryIsToldToWhomAsks() {
    assertThat(ask("dig", "alert.rpz.", "SOA", "+expire")).contains("EXPIRE: 3600");
  }

  @Test
  void notifyAndUpdateFromOutsideAreRefused() {
    assertThat(ask("dig", "alert.rpz.", "SOA", "+opcode=notify")).contains("REFUSED");
    assertThat(ask("dig", "alert.rpz.", "SOA", "+opcode=update")).contains("REFUSED");
    assertThat(ask("dig", "alert.rpz.", "SOA", "+opcode=status")).contains("NOTIMP");
  }

  @Test
  void aConnectionIsUsedForManyQuestions() {
    List<String> questions = new ArrayList<>(List.of("+keepopen", "+tcp"));
    for (int i = 0; i < 50; i++) {
      questions.addAll(List.of("www.bank.test.alert.rpz.", "A"));
    }
    String said = ask("dig", questions.toArray(String[]::new));
    assertThat(said.lines().filter(line -> line.contains("192.0.2.11")).count()).isEqualTo(50);
  }
}
