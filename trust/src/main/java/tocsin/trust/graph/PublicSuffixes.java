package tocsin.trust.graph;

import com.google.common.net.InternetDomainName;
import tocsin.trust.DnsName;

/// Names under which others register: Mozilla's Public Suffix List (https://publicsuffix.org), its
/// private section too, as Guava carries it.
final class PublicSuffixes {
  private PublicSuffixes() {}

  static boolean contains(DnsName name) {
    if (name.isRoot()) {
      return false;
    }
    String text = name.toString();
    // Guava takes no name with an underscore in some places; the list has none, but it has
    // wildcards.
    String plain = text.substring(0, text.length() - 1).replace('_', 'x');
    try {
      // To ask whether it is valid takes as long as to read it.
      return InternetDomainName.from(plain).isPublicSuffix();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
