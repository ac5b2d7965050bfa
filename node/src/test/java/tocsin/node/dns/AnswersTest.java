package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;

/// `answers.txt`: a zone, questions, and what the server says.
class AnswersTest {
  static List<Texts.Case> cases() {
    return Texts.cases("answers.txt");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void answersAreAsWritten(Texts.Case vector) {
    ServedZones zones = ServedZones.NONE;
    for (String text : vector.of("zone")) {
      String[] words = text.split(" ", 2);
      Zone zone = Texts.zone(words[0], 7, words.length == 1 ? "" : words[1].replace(" | ", "\n"));
      zones = zones.with(new ServedZones.Served(zone, ZoneJournal.EMPTY));
    }
    ServedZones served = zones;
    Responder responder =
        new Responder(
            () -> served,
            new Tsig(List.of(), InstantSource.system()),
            TransferAcl.parse(List.of("127.0.0.1")),
            Cookies.random(InstantSource.system()),
            new DnsCounters(),
            new Refusals(System::nanoTime));
    List<String> expected = new ArrayList<>();
    List<String> actual = new ArrayList<>();
    for (String line : vector.lines()) {
      if (line.startsWith("zone ")) {
        continue;
      }
      expected.add(line);
      if (line.startsWith("query ")) {
        actual.add(line);
        actual.addAll(ask(responder, line.substring("query ".length())));
      }
    }
    assertThat(actual).isEqualTo(expected);
  }

  private static List<String> ask(Responder responder, String text) {
    List<String> words = List.of(text.split(" "));
    Message query = Texts.query(text);
    query.getHeader().unsetFlag(Flags.RD);
    if (words.contains("rd")) {
      query.getHeader().setFlag(Flags.RD);
    }
    if (words.contains("edns") || words.contains("expire") || words.contains("edns1")) {
      List<EDNSOption> options =
          words.contains("expire")
              ? List.of(new GenericEDNSOption(9, new byte[0]))
              : List.<EDNSOption>of();
      int version = words.contains("edns1") ? 1 : 0;
      query.addRecord(new OPTRecord(4096, 0, version, 0, options), Section.ADDITIONAL);
    }
    byte[] wire = query.toWire();
    boolean udp = !words.contains("tcp");
    Responder.Outcome outcome =
        responder.respond(
            wire, wire.length, InetAddress.getLoopbackAddress(), udp ? Limits.UDP_ANSWER_BYTES : 0);
    if (outcome != Responder.Outcome.ANSWER) {
      return List.of(outcome.toString());
    }
    Message answer = Texts.message(responder.out().toByteArray());
    assertThat(answer.getHeader().getID()).isEqualTo(query.getHeader().getID());
    assertThat(answer.getHeader().getFlag(Flags.QR)).isTrue();
    assertThat(answer.getQuestion()).isEqualTo(query.getQuestion());
    return Texts.lines(answer);
  }
}
