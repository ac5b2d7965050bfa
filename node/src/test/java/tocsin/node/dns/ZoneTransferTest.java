package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/// `transfers.txt`: the versions of a zone, and what each transfer sends.
class ZoneTransferTest {
  private static final Name ORIGIN = Texts.name("rpz.");

  static List<Texts.Case> cases() {
    return Texts.cases("transfers.txt");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void transfersAreAsWritten(Texts.Case vector) {
    List<String> versions = vector.of("version");
    VersionedZone current = VersionedZone.first(version(versions.getFirst()));
    List<String> expected = new ArrayList<>();
    List<String> actual = new ArrayList<>();
    for (String line : vector.lines()) {
      List<String> words = List.of(line.split(" ", -1));
      switch (words.getFirst()) {
        case "version" -> {
          Zone next = version(line.substring("version ".length()));
          List<Record> records = next.records();
          records.removeIf(each -> each.getType() == Type.SOA || each.getType() == Type.NS);
          current = current.next(next.serial(), records);
        }
        case "restart" -> current = new VersionedZone(current.zone(), ZoneJournal.EMPTY);
        case "axfr", "ixfr" -> {
          expected.add(line);
          actual.add(line);
          long serial = words.size() > 1 ? Long.parseLong(words.get(1)) : -1;
          List<Message> messages =
              transfer(current, query(words.getFirst(), serial), words.contains("udp"));
          actual.addAll(Texts.lines(answers(messages)));
        }
        default -> expected.add(line);
      }
    }
    assertThat(actual).isEqualTo(expected);
  }

  private static Zone version(String line) {
    String[] words = line.split(" ", 2);
    String text = words.length < 2 ? "" : words[1].replace(" | ", "\n");
    return Texts.zone("rpz.", Long.parseLong(words[0]), text);
  }

  private static Message query(String kind, long serial) {
    Message query =
        Message.newQuery(
            Record.newRecord(ORIGIN, kind.equals("axfr") ? Type.AXFR : Type.IXFR, DClass.IN));
    if (serial >= 0) {
      query.addRecord(
          new SOARecord(ORIGIN, DClass.IN, 0, Name.root, Name.root, serial, 0, 0, 0, 0),
          Section.AUTHORITY);
    }
    return query;
  }

  private static List<Record> answers(List<Message> messages) {
    return messages.stream().flatMap(each -> each.getSection(Section.ANSWER).stream()).toList();
  }

  private static List<Message> transfer(VersionedZone current, Message query, boolean udp) {
    ServedZones zones =
        ServedZones.NONE.with(new ServedZones.Served(current.zone(), current.journal()));
    Responder responder =
        new Responder(
            () -> zones,
            new Tsig(List.of(), InstantSource.system()),
            TransferAcl.parse(List.of("127.0.0.1")),
            Cookies.random(InstantSource.system()),
            new DnsCounters(),
            new Refusals(System::nanoTime));
    byte[] wire = query.toWire();
    Responder.Outcome outcome =
        responder.respond(
            wire, wire.length, InetAddress.getLoopbackAddress(), udp ? Limits.UDP_ANSWER_BYTES : 0);
    if (outcome == Responder.Outcome.ANSWER) {
      return List.of(Texts.message(responder.out().toByteArray()));
    }
    assertThat(outcome).isEqualTo(Responder.Outcome.TRANSFER);
    ZoneTransfer transfer = responder.transfer();
    List<Message> messages = new ArrayList<>();
    while (!transfer.done()) {
      MessageWriter out = responder.out();
      transfer.write(out, Limits.TRANSFER_MESSAGE_BYTES);
      assertThat(out.position()).isLessThanOrEqualTo(Limits.TRANSFER_MESSAGE_BYTES);
      messages.add(Texts.message(out.toByteArray()));
    }
    return messages;
  }

  @Test
  void aLargeZoneTakesManyFullMessages() {
    List<Record> records = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      records.add(new TXTRecord(Texts.name("n" + i + ".rpz."), DClass.IN, 5, "text " + i));
    }
    Zone zone = Zone.of(ORIGIN, Soa.usual(), new Serial(1), records);
    List<Message> messages = transfer(VersionedZone.first(zone), query("axfr", -1), false);
    List<Record> sent = answers(messages);
    assertThat(sent).hasSize(5_003);
    assertThat(sent.getFirst()).isEqualTo(sent.getLast()).isInstanceOf(SOARecord.class);
    assertThat(new HashSet<>(sent)).containsAll(records);
    assertThat(messages).hasSizeBetween(5, 20);
  }

  @Test
  void aRecordOfAnyAllowedSizeIsSent() {
    String strings = ("\"" + "x".repeat(250) + "\" ").repeat(59);
    Zone zone = Texts.zone("rpz.", 1, "a TXT " + strings + "\nb TXT " + strings);
    List<Message> messages = transfer(VersionedZone.first(zone), query("axfr", -1), false);
    assertThat(answers(messages)).hasSize(5);
    assertThat(messages).hasSize(2);
  }

  /// Any chain of differences, applied to the version it starts from, gives the last version.
  @Test
  void chainsLeadFromEachVersionToTheLast() {
    Random random = new Random(11);
    List<Set<Record>> versions = new ArrayList<>();
    VersionedZone current = VersionedZone.first(Texts.zone("rpz.", 1, ""));
    versions.add(new HashSet<>(current.zone().records()));
    for (int serial = 2; serial <= 60; serial++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 20; i++) {
        if (random.nextInt(3) > 0) {
          text.append(
              "n%d %d A 192.0.2.%d\n".formatted(i, random.nextInt(2) + 5, random.nextInt(3)));
          text.append("n%d A 192.0.2.%d\n".formatted(i, random.nextInt(3)));
        }
      }
      current = current.next(new Serial(serial), Texts.records(ORIGIN, text.toString()));
      versions.add(new HashSet<>(current.zone().records()));
    }
    for (int from = 1; from < 60; from++) {
      List<Record> sent = answers(transfer(current, query("ixfr", from), false));
      assertThat(apply(versions.get(from - 1), sent)).isEqualTo(versions.getLast());
    }
  }

  /// What a secondary does with a chain (RFC 1995 section 4).
  private static Set<Record> apply(Set<Record> version, List<Record> sent) {
    Set<Record> zone = new HashSet<>(version);
    boolean adding = true;
    for (Record each : sent.subList(1, sent.size() - 1)) {
      if (each instanceof SOARecord) {
        adding = !adding;
      }
      boolean changed = adding ? zone.add(each) : zone.remove(each);
      assertThat(changed).as("%s %s", adding ? "add" : "remove", each).isTrue();
    }
    return zone;
  }
}
