package tocsin.cli;

import com.google.common.net.InetAddresses;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Statement;

/// Records as people type them: the type, then its data in the presentation form of RFC 1035
/// section 5.1: `A 192.0.2.10`, `MX 10 mail.bank.test.`, `TXT "v=spf1 -all"`. The owner is the
/// alert's name and not written. Names are complete with or without their last dot.
final class RecordText {
  private static final String TYPES = "A, AAAA, CNAME, MX, TXT, SRV and CAA";

  private RecordText() {}

  /// @throws IllegalArgumentException with a sentence, if it is no such record
  static CorrectRecord parse(String text) {
    String trimmed = text.strip();
    int space = trimmed.indexOf(' ');
    if (space < 0) {
      throw wrong(text, "a record is its type and its data, such as \"A 192.0.2.10\"");
    }
    String type = trimmed.substring(0, space).toUpperCase(Locale.ROOT);
    List<ByteString> words = words(text, trimmed.substring(space + 1));
    return switch (type) {
      case "A" -> new CorrectRecord.A(address(text, only(text, words, "A ADDRESS"), 4));
      case "AAAA" -> new CorrectRecord.Aaaa(address(text, only(text, words, "AAAA ADDRESS"), 16));
      case "CNAME" -> new CorrectRecord.Cname(name(text, only(text, words, "CNAME NAME")));
      case "MX" -> {
        require(text, words, 2, "MX PREFERENCE NAME");
        yield new CorrectRecord.Mx(number(text, words.get(0)), name(text, plain(words.get(1))));
      }
      case "TXT" -> new CorrectRecord.Txt(words);
      case "SRV" -> {
        require(text, words, 4, "SRV PRIORITY WEIGHT PORT NAME");
        yield new CorrectRecord.Srv(
            number(text, words.get(0)),
            number(text, words.get(1)),
            number(text, words.get(2)),
            name(text, plain(words.get(3))));
      }
      case "CAA" -> {
        require(text, words, 3, "CAA FLAGS TAG VALUE");
        yield new CorrectRecord.Caa(
            number(text, words.get(0)), plain(words.get(1)).toLowerCase(Locale.ROOT), words.get(2));
      }
      case "NS" ->
          throw wrong(text, "name servers are corrected with --nameserver \"NAME ADDRESS\"");
      case "DS", "DNSKEY", "RRSIG", "NSEC", "NSEC3" ->
          throw wrong(text, "DNSSEC's own records are never served, only flushed; see --insecure");
      default -> throw wrong(text, "the types are " + TYPES);
    };
  }

  /// "ns1.bank.test 192.0.2.53 2001:db8::53"
  ///
  /// @throws IllegalArgumentException with a sentence, if it is no such thing
  static Statement.NameServer nameServer(String text) {
    List<ByteString> words = words(text, text.strip());
    if (words.size() < 2) {
      throw wrong(text, "a name server is its name and its addresses: \"NAME ADDRESS..\"");
    }
    List<ByteString> addresses = new ArrayList<>();
    for (ByteString word : words.subList(1, words.size())) {
      addresses.add(anyAddress(text, plain(word)));
    }
    return new Statement.NameServer(name(text, plain(words.getFirst())), addresses);
  }

  /// The 4 or 16 bytes of an address.
  ///
  /// @throws IllegalArgumentException with a sentence, if it is none
  static ByteString anyAddress(String whole, String text) {
    try {
      return ByteString.copyFrom(InetAddress.ofLiteral(text).getAddress());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"" + whole + "\": \"" + text + "\" is not an IP address", e);
    }
  }

  static boolean isAddress(String text) {
    try {
      InetAddress.ofLiteral(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static ByteString address(String whole, String text, int size) {
    ByteString address = anyAddress(whole, text);
    if (address.size() != size) {
      throw wrong(
          whole,
          size == 4 ? "an A record has an IPv4 address" : "an AAAA record has an IPv6 address");
    }
    return address;
  }

  private static DnsName name(String whole, String text) {
    try {
      return Names.parse(text);
    } catch (IllegalArgumentException e) {
      throw wrong(whole, String.valueOf(e.getMessage()));
    }
  }

  private static int number(String whole, ByteString word) {
    String digits = plain(word);
    if (!digits.matches("[0-9]{1,5}")) {
      throw wrong(whole, "\"" + digits + "\" is not a number from 0 to 65535");
    }
    return Integer.parseInt(digits);
  }

  private static String only(String whole, List<ByteString> words, String form) {
    require(whole, words, 1, form);
    return plain(words.getFirst());
  }

  private static void require(String whole, List<ByteString> words, int count, String form) {
    if (words.size() != count) {
      throw wrong(whole, "the form is \"" + form + "\"");
    }
  }

  private static String plain(ByteString word) {
    return word.toStringUtf8();
  }

  private static IllegalArgumentException wrong(String whole, String why) {
    return new IllegalArgumentException("\"" + whole + "\" is no record: " + why);
  }

  /// Words separated by spaces; in quotes a space is part of the word. `\"`, `\\` and `\DDD` are as
  /// in RFC 1035.
  private static List<ByteString> words(String whole, String text) {
    List<ByteString> words = new ArrayList<>();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream word = new ByteArrayOutputStream();
    boolean quoted = false;
    boolean begun = false;
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b == '\\') {
        int escaped = escaped(whole, bytes, i);
        word.write(escaped & 0xff);
        begun = true;
        i += escaped >> 8;
      } else if (b == '"') {
        quoted = !quoted;
        begun = true;
      } else if (!quoted && (b == ' ' || b == '\t')) {
        if (begun) {
          words.add(ByteString.copyFrom(word.toByteArray()));
        }
        word.reset();
        begun = false;
      } else {
        word.write(b);
        begun = true;
      }
    }
    if (quoted) {
      throw wrong(whole, "a quote is not closed");
    }
    if (begun) {
      words.add(ByteString.copyFrom(word.toByteArray()));
    }
    return words;
  }

  /// The byte that an escape stands for, and above it how many further bytes it took.
  private static int escaped(String whole, byte[] bytes, int at) {
    if (at + 1 >= bytes.length) {
      throw wrong(whole, "nothing follows the last backslash");
    }
    if (bytes[at + 1] < '0' || bytes[at + 1] > '9') {
      return (1 << 8) | (bytes[at + 1] & 0xff);
    }
    int value = 0;
    for (int i = 1; i <= 3; i++) {
      if (at + i >= bytes.length || bytes[at + i] < '0' || bytes[at + i] > '9') {
        throw wrong(whole, "a backslash is followed by three digits or one other character");
      }
      value = 10 * value + bytes[at + i] - '0';
    }
    if (value > 255) {
      throw wrong(whole, "\\" + value + " is no byte");
    }
    return (3 << 8) | value;
  }

  /// As [#parse(String)] reads it; what the network sent is escaped.
  static String show(CorrectRecord correct) {
    return switch (correct) {
      case CorrectRecord.A a -> "A " + address(a.address());
      case CorrectRecord.Aaaa aaaa -> "AAAA " + address(aaaa.address());
      case CorrectRecord.Cname cname -> "CNAME " + cname.target();
      case CorrectRecord.Mx mx -> "MX " + mx.preference() + " " + mx.exchange();
      case CorrectRecord.Txt txt -> {
        StringJoiner strings = new StringJoiner(" ", "TXT ", "");
        txt.strings().forEach(string -> strings.add(quoted(string)));
        yield strings.toString();
      }
      case CorrectRecord.Srv srv ->
          "SRV " + srv.priority() + " " + srv.weight() + " " + srv.port() + " " + srv.target();
      case CorrectRecord.Caa caa ->
          "CAA " + caa.flags() + " " + caa.tag() + " " + quoted(caa.value());
    };
  }

  static String address(ByteString bytes) {
    try {
      InetAddress address = InetAddress.getByAddress(bytes.toByteArray());
      return address instanceof Inet4Address
          ? address.getHostAddress()
          : InetAddresses.toAddrString(address);
    } catch (UnknownHostException e) {
      return Words.hex(bytes);
    }
  }

  private static String quoted(ByteString bytes) {
    StringBuilder text = new StringBuilder("\"");
    for (byte b : bytes) {
      int c = b & 0xff;
      if (c == '"' || c == '\\') {
        text.append('\\').append((char) c);
      } else if (c >= 0x20 && c < 0x7f) {
        text.append((char) c);
      } else {
        text.append(String.format(Locale.ROOT, "\\%03d", c));
      }
    }
    return text.append('"').toString();
  }
}
