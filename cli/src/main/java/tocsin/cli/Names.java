package tocsin.cli;

import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import tocsin.trust.DnsName;

/// Domain names as people type them: either case, with or without the last dot, in any script.
final class Names {
  private Names() {}

  /// A label outside ASCII becomes its A-label (RFC 5890).
  ///
  /// @throws IllegalArgumentException with a sentence, if it is no name
  static DnsName parse(String text) {
    StringBuilder ascii = new StringBuilder();
    // RFC 3490 section 3.1: these are dots, too.
    String dotted = text.strip().replaceAll("[\u3002\uFF0E\uFF61]", ".");
    if (dotted.equals(".")) {
      return DnsName.ROOT;
    }
    for (String label : dotted.split("\\.", -1)) {
      ascii.append(ascii.isEmpty() ? "" : ".").append(label(label, text));
    }
    return DnsName.of(ascii.toString());
  }

  private static String label(String label, String name) {
    if (label.chars().allMatch(c -> c < 0x80)) {
      return label;
    }
    try {
      return IDN.toASCII(label);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("\"" + name + "\" is not a domain name", e);
    }
  }

  /// Ascending, each once.
  ///
  /// @throws Failure of usage, naming the first that is none
  static List<DnsName> parse(List<String> texts) throws Failure {
    TreeSet<DnsName> names = new TreeSet<>();
    for (String text : texts) {
      try {
        names.add(parse(text));
      } catch (IllegalArgumentException e) {
        throw Failure.usage(String.valueOf(e.getMessage())).causedBy(e);
      }
    }
    return new ArrayList<>(names);
  }

  /// For people: the Unicode form behind an international name.
  static String shown(String name) {
    if (!name.contains("xn--")) {
      return name;
    }
    String unicode = IDN.toUnicode(name);
    return unicode.equals(name) ? name : name + " (" + unicode + ")";
  }
}
