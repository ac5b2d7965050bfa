package tocsin.node.core;

/// What people call the numbers of DNS. (A library that knows them all is for the edges.)
final class DnsWords {
  private DnsWords() {}

  /// The types that an alert can have records of.
  static String type(int type) {
    return switch (type) {
      case 1 -> "A";
      case 5 -> "CNAME";
      case 15 -> "MX";
      case 16 -> "TXT";
      case 28 -> "AAAA";
      case 33 -> "SRV";
      case 65 -> "HTTPS";
      case 257 -> "CAA";
      default -> "TYPE" + type;
    };
  }

  /// RCODEs of RFC 1035, section 4.1.1.
  static String status(int responseCode) {
    return switch (responseCode) {
      case 0 -> "NOERROR";
      case 1 -> "FORMERR";
      case 2 -> "SERVFAIL";
      case 3 -> "NXDOMAIN";
      case 4 -> "NOTIMP";
      case 5 -> "REFUSED";
      default -> "response code " + responseCode;
    };
  }
}
