package tocsin.trust;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A domain name in canonical form: lower-case A-labels of letters, digits, hyphens and
/// underscores, each with its trailing dot ("www.bank.test."; the root is "."). At most 63 bytes a
/// label and 255 bytes on the wire (RFC 1035 section 2.3.4; the alphabet is that of host names with
/// RFC 8552's underscore). Names are parsed once, at the border.
///
/// Order is that of the text: stable, and the same everywhere.
public final class DnsName implements Comparable<DnsName> {
  public static final int MAX_LABEL_BYTES = 63;
  public static final int MAX_WIRE_BYTES = 255;
  public static final DnsName ROOT = new DnsName(".");

  private final String text;

  private DnsName(String text) {
    this.text = text;
  }

  /// Parses a name that must already be canonical: what the network sends.
  ///
  /// @throws IllegalArgumentException saying what is wrong, in one sentence
  public static DnsName parse(String text) {
    if (text.equals(".")) {
      return ROOT;
    }
    if (!text.endsWith(".")) {
      throw new IllegalArgumentException("name has no trailing dot: " + shown(text));
    }
    if (text.length() + 1 > MAX_WIRE_BYTES) {
      throw new IllegalArgumentException("name is longer than 255 bytes: " + shown(text));
    }
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.') {
        checkLabel(text, start, i);
        start = i + 1;
      } else if (!isNameCharacter(c)) {
        throw new IllegalArgumentException(
            "name has a character other than a-z, 0-9, '-', '_': " + shown(text));
      }
    }
    return new DnsName(text);
  }

  /// Parses a name as a person writes it: either case, with or without the trailing dot.
  ///
  /// @throws IllegalArgumentException saying what is wrong, in one sentence
  public static DnsName of(String text) {
    String lower = lowerCase(text);
    return parse(lower.endsWith(".") ? lower : lower + ".");
  }

  private static void checkLabel(String text, int start, int end) {
    if (end == start) {
      throw new IllegalArgumentException("name has an empty label: " + shown(text));
    }
    if (end - start > MAX_LABEL_BYTES) {
      throw new IllegalArgumentException("name has a label over 63 bytes: " + shown(text));
    }
    if (text.charAt(start) == '-' || text.charAt(end - 1) == '-') {
      throw new IllegalArgumentException("a label begins or ends with '-': " + shown(text));
    }
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  }

  private static String lowerCase(String text) {
    StringBuilder lower = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      lower.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
    }
    return lower.toString();
  }

  /// What may be repeated in a message: printable ASCII, at most 80 characters.
  private static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < Math.min(text.length(), 80); i++) {
      char c = text.charAt(i);
      shown.append(c > 0x20 && c < 0x7f ? c : '?');
    }
    return shown.append(text.length() > 80 ? "..." : "").toString();
  }

  public boolean isRoot() {
    return text.length() == 1;
  }

  /// How many labels: 0 for the root, 1 for a top-level name.
  public int labelCount() {
    if (isRoot()) {
      return 0;
    }
    int count = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '.') {
        count++;
      }
    }
    return count;
  }

  /// Labels from the left, without dots; empty for the root.
  public List<String> labels() {
    List<String> labels = new ArrayList<>();
    int start = 0;
    for (int i = 0; !isRoot() && i < text.length(); i++) {
      if (text.charAt(i) == '.') {
        labels.add(text.substring(start, i));
        start = i + 1;
      }
    }
    return labels;
  }

  /// The name without its first label; empty for the root.
  public Optional<DnsName> parent() {
    if (isRoot()) {
      return Optional.empty();
    }
    String rest = text.substring(text.indexOf('.') + 1);
    return Optional.of(rest.isEmpty() ? ROOT : new DnsName(rest));
  }

  /// True if this is the other name or stands anywhere below it.
  public boolean isAtOrBelow(DnsName other) {
    if (other.isRoot()) {
      return true;
    }
    if (!text.endsWith(other.text)) {
      return false;
    }
    int before = text.length() - other.text.length() - 1;
    return before < 0 || text.charAt(before) == '.';
  }

  /// Wire form of RFC 1035 section 3.1, uncompressed.
  public ByteString toWire() {
    ByteString.Output out = ByteString.newOutput(text.length() + 1);
    for (String label : labels()) {
      out.write(label.length());
      for (int i = 0; i < label.length(); i++) {
        out.write(label.charAt(i));
      }
    }
    out.write(0);
    return out.toByteString();
  }

  @Override
  public int compareTo(DnsName other) {
    return text.compareTo(other.text);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DnsName name && name.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /// With the trailing dot.
  @Override
  public String toString() {
    return text;
  }
}
