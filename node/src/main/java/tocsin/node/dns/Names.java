package tocsin.node.dns;

import java.io.IOException;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.TextParseException;

/// Names in and out of dnsjava, whose checked exceptions are of no use where the name is known to
/// be good.
final class Names {
  /// The label "*" alone.
  static final Name WILDCARD = Name.fromConstantString("*.");

  private Names() {}

  /// The name of an uncompressed, well-formed wire form.
  static Name fromWire(byte[] wire) {
    try {
      return new Name(wire);
    } catch (IOException e) {
      throw new IllegalArgumentException("not a name on the wire", e);
    }
  }

  /// A name as a person writes it, with or without the final dot.
  ///
  /// @throws IllegalArgumentException with a sentence, if it is none
  static Name parse(String text) {
    try {
      return Name.fromString(text, Name.root);
    } catch (TextParseException e) {
      throw new IllegalArgumentException("\"" + text + "\" is not a domain name", e);
    }
  }

  /// Whether `name`, without its root, fits before `origin`.
  static boolean fits(Name name, Name origin) {
    return fits(name, origin, 0);
  }

  /// Whether so many more bytes of labels fit between both.
  static boolean fits(Name name, Name origin, int betweenBytes) {
    return name.length() - 1 + betweenBytes + origin.length() <= Limits.NAME_BYTES;
  }

  /// Whether the wildcard below `name` fits before `origin`, too.
  static boolean wildcardFits(Name name, Name origin) {
    return fits(name, origin, WILDCARD.length() - 1);
  }

  /// `name`, without its root, before `origin`.
  ///
  /// @throws IllegalArgumentException if that is too long; see [#fits]
  static Name below(Name name, Name origin) {
    try {
      return Name.concatenate(name.relativize(Name.root), origin);
    } catch (NameTooLongException e) {
      throw new IllegalArgumentException(name + " is too long below " + origin, e);
    }
  }
}
