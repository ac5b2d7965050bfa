package tocsin.node.resolver;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import tocsin.trust.CorrectRecord;

/// What was answered to a question.
///
/// @param question what was asked
/// @param responseCode RFC 1035 section 4.1.1 and its extensions: 0 no error, 2 server failure, 3
///   no such name
/// @param aliases targets of the CNAMEs that led from the name asked for to the data, in order,
///   lower case with trailing dot
/// @param data the records of the type asked for at the end of the aliases, sorted by their text;
///   empty if there are none
public record Answer(Question question, int responseCode, List<String> aliases, List<Data> data) {
  public Answer {
    aliases = List.copyOf(aliases);
    data = List.copyOf(data);
  }

  /// The data of one record.
  ///
  /// @param text presentation form, "192.0.2.80" or "10 mail.bank.test."
  /// @param wire canonical wire form (RFC 4034 section 6.2): names in lower case, no compression
  public record Data(String text, ByteString wire) {}

  /// Reads an answer that was matched to its question.
  static Answer of(Question question, Message message) {
    List<Record> records = message.getSection(Section.ANSWER);
    List<String> aliases = new ArrayList<>();
    Name name = DnsData.name(question.name());
    // Each alias is followed once: a loop ends when its records are used up.
    List<Record> unused = new ArrayList<>(records);
    for (Optional<CNAMERecord> next = alias(unused, name);
        next.isPresent() && question.type() != Type.CNAME;
        next = alias(unused, name)) {
      unused.remove(next.get());
      name = next.get().getTarget();
      aliases.add(DnsData.text(name));
    }
    List<Data> data = new ArrayList<>();
    for (Record record : unused) {
      if (record.getType() == question.type()
          && record.getName().equals(name)
          && !(record instanceof RRSIGRecord)) {
        data.add(DnsData.data(record));
      }
    }
    data.sort(Comparator.comparing(Data::text));
    return new Answer(question, message.getRcode(), aliases, data);
  }

  private static Optional<CNAMERecord> alias(List<Record> records, Name name) {
    for (Record record : records) {
      if (record instanceof CNAMERecord alias && alias.getName().equals(name)) {
        return Optional.of(alias);
      }
    }
    return Optional.empty();
  }

  /// The response code in words: NOERROR, NXDOMAIN, SERVFAIL, ...
  public String status() {
    return Rcode.string(responseCode);
  }

  /// The data as text, sorted.
  public List<String> texts() {
    return data.stream().map(Data::text).toList();
  }

  /// Whether this is the answer that a name with exactly these records gives: the same set of data
  /// of the type asked for (none of it where none is listed), or, where the name is an alias, the
  /// same first alias. TTLs do not count, and a server failure is never right.
  public boolean isOf(Collection<CorrectRecord> records) {
    if (responseCode != Rcode.NOERROR && responseCode != Rcode.NXDOMAIN) {
      return false;
    }
    for (CorrectRecord record : records) {
      if (record instanceof CorrectRecord.Cname alias) {
        return question.type() == Type.CNAME
            ? texts().equals(List.of(alias.target().toString()))
            : !aliases.isEmpty() && aliases.getFirst().equals(alias.target().toString());
      }
    }
    Set<ByteString> expected = new HashSet<>();
    for (CorrectRecord record : records) {
      if (record.type() == question.type()) {
        expected.add(DnsData.data(DnsData.record(question.name(), record)).wire());
      }
    }
    Set<ByteString> actual = new HashSet<>();
    data.forEach(one -> actual.add(one.wire()));
    return actual.equals(expected);
  }

  /// "192.0.2.80, 192.0.2.81", "no data", "NXDOMAIN": for sentences.
  public String shown() {
    if (!data.isEmpty()) {
      return String.join(", ", texts());
    }
    return responseCode == Rcode.NOERROR ? "no data" : status();
  }
}
