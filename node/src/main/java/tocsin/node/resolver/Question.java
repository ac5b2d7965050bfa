package tocsin.node.resolver;

import org.xbill.DNS.Type;
import tocsin.trust.DnsName;

/// A name and a type to ask for, in class IN.
///
/// @param type the number of a data type by the IANA registry, 1 to 65,535 without the query types
///   128 to 255
public record Question(DnsName name, int type) {
  public Question {
    if (type < 1 || type > 0xffff || (type >= 128 && type <= 255)) {
      throw new IllegalArgumentException("no type that one can ask data for: " + type);
    }
  }

  /// "www.bank.test. A"
  @Override
  public String toString() {
    return name + " " + Type.string(type);
  }
}
