package tocsin.node.dns;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIGRecord;
import org.xbill.DNS.Type;

/// Zones, messages and test vectors as text. What the server wrote is read by dnsjava here, so that
/// our reading and writing never confirm each other.
final class Texts {
  private Texts() {}

  static Name name(String text) {
    return Name.fromConstantString(text);
  }

  /// Records in the form of a master file.
  static List<Record> records(Name origin, String text) {
    List<Record> records = new ArrayList<>();
    try (Master master =
        new Master(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), origin, 5)) {
      for (Record each = master.nextRecord(); each != null; each = master.nextRecord()) {
        records.add(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return records;
  }

  static Zone zone(String origin, long serial, String text) {
    Name name = name(origin);
    return Zone.of(name, Soa.usual(), new Serial(serial), records(name, text));
  }

  /// The cases of a vector file: `=== title` starts one, `#` a comment, and blank lines count for
  /// nothing.
  static List<Case> cases(String file) {
    List<Case> cases = new ArrayList<>();
    try (InputStream in = Texts.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("no test resource " + file);
      }
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        if (line.startsWith("=== ")) {
          cases.add(new Case(line.substring(4), new ArrayList<>()));
        } else if (!line.isBlank() && !line.startsWith("#")) {
          cases.getLast().lines().add(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cases;
  }

  record Case(String title, List<String> lines) {
    /// The lines that begin with a word, without it.
    List<String> of(String word) {
      return lines.stream()
          .filter(line -> line.startsWith(word + " "))
          .map(line -> line.substring(word.length() + 1))
          .toList();
    }

    String one(String word) {
      return of(word).getFirst();
    }

    @Override
    public String toString() {
      return title;
    }
  }

  static String line(Record each) {
    return "%s %d %s %s"
        .formatted(each.getName(), each.getTTL(), Type.string(each.getType()), data(each));
  }

  private static String data(Record each) {
    // The times of our SOAs are always the same.
    return each.getType() == Type.SOA
        ? each.rdataToString().split(" ", -1)[2]
        : each.rdataToString();
  }

  static List<String> lines(List<Record> records) {
    return records.stream().map(Texts::line).toList();
  }

  /// "NOERROR aa tc", then a line per record with its section's first letters.
  static List<String> lines(Message message) {
    List<String> lines = new ArrayList<>();
    String flags =
        List.of(Flags.AA, Flags.TC, Flags.RA, Flags.RD).stream()
            .filter(flag -> message.getHeader().getFlag(flag))
            .map(flag -> " " + Flags.string(flag))
            .collect(Collectors.joining());
    lines.add(Rcode.string(message.getRcode()) + flags);
    message.getSection(Section.ANSWER).forEach(each -> lines.add("answer " + line(each)));
    message.getSection(Section.AUTHORITY).forEach(each -> lines.add("authority " + line(each)));
    for (Record each : message.getSection(Section.ADDITIONAL)) {
      if (each instanceof OPTRecord opt) {
        lines.add("edns " + opt.getPayloadSize() + options(opt));
      } else if (each instanceof TSIGRecord tsig) {
        lines.add(
            "tsig %s %s %s"
                .formatted(
                    tsig.getName(), Rcode.TSIGstring(tsig.getError()), tsig.getSignature().length));
      } else {
        lines.add("additional " + line(each));
      }
    }
    return lines;
  }

  private static String options(OPTRecord opt) {
    return opt.getOptions().stream()
        .map(option -> " option " + option.getCode() + " " + hex(option.toWire()))
        .collect(Collectors.joining());
  }

  private static String hex(byte[] wire) {
    return java.util.HexFormat.of().formatHex(wire, 4, wire.length);
  }

  static Message message(byte[] wire) {
    try {
      return new Message(wire);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// "www.example. A" as a query.
  static Message query(String question) {
    String[] words = question.split(" +", -1);
    return Message.newQuery(
        Record.newRecord(
            name(words[0]),
            words[1].startsWith("TYPE") || Type.value(words[1]) < 0
                ? Integer.parseInt(words[1].replace("TYPE", ""))
                : Type.value(words[1]),
            words.length > 2 && words[2].equals("CH") ? DClass.CH : DClass.IN));
  }
}
