package tocsin.trust;

import com.google.protobuf.ByteString;

/// A record that an override wants resolvers to answer with: typed and checked, never text to be
/// pasted. The owner name is the alert's; NS, DNAME, SOA, DS and signatures are not records of an
/// overlay and have no form here.
public sealed interface CorrectRecord {
  /// RFC 1035 section 3.4.1. Four bytes.
  record A(ByteString address) implements CorrectRecord {
    public A {
      require(address.size() == 4, "an A record has 4 bytes");
    }
  }

  /// RFC 3596. Sixteen bytes.
  record Aaaa(ByteString address) implements CorrectRecord {
    public Aaaa {
      require(address.size() == 16, "an AAAA record has 16 bytes");
    }
  }

  /// RFC 1035 section 3.3.1. Stands alone at its name.
  record Cname(DnsName target) implements CorrectRecord {}

  /// RFC 1035 section 3.3.9.
  record Mx(int preference, DnsName exchange) implements CorrectRecord {
    public Mx {
      requireUnsigned16(preference, "an MX preference");
    }
  }

  /// RFC 1035 section 3.3.14. One or more strings of at most 255 bytes, 4,096 bytes in all.
  record Txt(java.util.List<ByteString> strings) implements CorrectRecord {
    public Txt {
      strings = java.util.List.copyOf(strings);
      require(!strings.isEmpty(), "a TXT record has at least one string");
      int total = 0;
      for (ByteString string : strings) {
        require(string.size() <= 255, "a string of a TXT record has at most 255 bytes");
        total += string.size();
      }
      require(total <= StatementLimits.MAX_TXT_BYTES, "a TXT record has at most 4,096 bytes");
    }
  }

  /// RFC 2782.
  record Srv(int priority, int weight, int port, DnsName target) implements CorrectRecord {
    public Srv {
      requireUnsigned16(priority, "an SRV priority");
      requireUnsigned16(weight, "an SRV weight");
      requireUnsigned16(port, "an SRV port");
    }
  }

  /// RFC 8659. The tag has 1 to 15 lower-case letters and digits.
  record Caa(int flags, String tag, ByteString value) implements CorrectRecord {
    public Caa {
      require(flags >= 0 && flags <= 255, "a CAA flags field is one byte");
      require(tag.matches("[a-z0-9]{1,15}"), "a CAA tag is 1 to 15 letters and digits");
      require(value.size() <= 1024, "a CAA value has at most 1,024 bytes");
    }
  }

  /// The DNS type's number, by the IANA registry.
  default int type() {
    return switch (this) {
      case A _ -> 1;
      case Cname _ -> 5;
      case Mx _ -> 15;
      case Txt _ -> 16;
      case Aaaa _ -> 28;
      case Srv _ -> 33;
      case Caa _ -> 257;
    };
  }

  private static void requireUnsigned16(int value, String what) {
    require(value >= 0 && value <= 0xffff, what + " is 0 to 65,535");
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
