package tocsin.node.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Zone;

/// The zones of the lab, before, during and after. The addresses of servers are parameters (they
/// depend on the block that was free); those of the victim and of the criminals are documentation
/// addresses (RFC 5737, RFC 3849), where nothing listens.
record LabZones(
    InetAddress root,
    InetAddress topLevel,
    InetAddress victim1,
    InetAddress victim2,
    InetAddress rogue1,
    InetAddress rogue2) {
  static final Name TEST = name("test.");
  static final Name VICTIM = name("checkfree.test.");
  static final Name WWW = name("www.checkfree.test.");
  static final Name MAIL = name("mail.checkfree.test.");
  static final Name PAY = name("pay.checkfree.test.");
  static final Name NS1 = name("ns1.checkfree.test.");
  static final Name NS2 = name("ns2.checkfree.test.");
  static final Name HIJACKER = name("rogue.test.");
  static final Name ROGUE_NS1 = name("ns1.rogue.test.");
  static final Name ROGUE_NS2 = name("ns2.rogue.test.");
  static final Name ROGUE_MAIL = name("mail.rogue.test.");
  static final Name CROWD = name("crowd.test.");
  static final Name ROOT_SERVER = name("a.root-servers.test.");
  static final Name TEST_SERVER = name("a.nic.test.");

  static final InetAddress RIGHT_WEB = InetAddress.ofLiteral("192.0.2.80");
  static final InetAddress RIGHT_WEB6 = InetAddress.ofLiteral("2001:db8::80");
  static final InetAddress RIGHT_MAIL = InetAddress.ofLiteral("192.0.2.25");
  static final InetAddress ROGUE_WEB = InetAddress.ofLiteral("203.0.113.66");
  static final InetAddress ROGUE_WEB6 = InetAddress.ofLiteral("2001:db8:bad::66");
  static final InetAddress ROGUE_MAIL_HOST = InetAddress.ofLiteral("203.0.113.67");
  static final String RIGHT_TEXT = "v=spf1 mx -all";
  static final String ROGUE_TEXT = "v=spf1 +all";

  private static final long TTL = LabLimits.TTL_SECONDS;

  Zone rootZone() {
    List<Record> records = apex(Name.root, ROOT_SERVER);
    records.add(a(ROOT_SERVER, root));
    records.add(ns(TEST, TEST_SERVER));
    records.add(a(TEST_SERVER, topLevel));
    return zone(Name.root, records);
  }

  /// @param hijacked whether the registry delegates the victim to the hijacker's name servers
  Zone testZone(boolean hijacked) {
    List<Record> records = apex(TEST, TEST_SERVER);
    records.add(a(TEST_SERVER, topLevel));
    records.add(a(ROOT_SERVER, root));
    records.add(ns(HIJACKER, ROGUE_NS1));
    records.add(ns(HIJACKER, ROGUE_NS2));
    records.add(a(ROGUE_NS1, rogue1));
    records.add(a(ROGUE_NS2, rogue2));
    records.add(a(wild(CROWD), RIGHT_MAIL));
    if (hijacked) {
      records.add(ns(VICTIM, ROGUE_NS1));
      records.add(ns(VICTIM, ROGUE_NS2));
    } else {
      records.add(ns(VICTIM, NS1));
      records.add(ns(VICTIM, NS2));
      records.add(a(NS1, victim1));
      records.add(a(NS2, victim2));
    }
    return zone(TEST, records);
  }

  /// @param hijacked whether the web addresses were changed in the victim's own zone
  Zone victimZone(boolean hijacked) {
    InetAddress web = hijacked ? ROGUE_WEB : RIGHT_WEB;
    InetAddress web6 = hijacked ? ROGUE_WEB6 : RIGHT_WEB6;
    List<Record> records = apex(VICTIM, NS1);
    records.add(ns(VICTIM, NS2));
    records.add(a(NS1, victim1));
    records.add(a(NS2, victim2));
    records.add(a(VICTIM, web));
    records.add(aaaa(VICTIM, web6));
    records.add(a(WWW, web));
    records.add(aaaa(WWW, web6));
    records.add(new CNAMERecord(PAY, DClass.IN, TTL, WWW));
    records.add(a(MAIL, RIGHT_MAIL));
    records.add(new MXRecord(VICTIM, DClass.IN, TTL, 10, MAIL));
    records.add(new TXTRecord(VICTIM, DClass.IN, TTL, RIGHT_TEXT));
    return zone(VICTIM, records);
  }

  /// The victim's domain as the hijacker's name servers tell it: every name leads to the criminals.
  Zone rogueVictimZone() {
    List<Record> records = apex(VICTIM, ROGUE_NS1);
    records.add(ns(VICTIM, ROGUE_NS2));
    for (Name name : List.of(VICTIM, WWW, PAY, MAIL, wild(VICTIM))) {
      records.add(a(name, ROGUE_WEB));
      records.add(aaaa(name, ROGUE_WEB6));
    }
    records.add(new MXRecord(VICTIM, DClass.IN, TTL, 10, ROGUE_MAIL));
    records.add(new TXTRecord(VICTIM, DClass.IN, TTL, ROGUE_TEXT));
    return zone(VICTIM, records);
  }

  Zone rogueZone() {
    List<Record> records = apex(HIJACKER, ROGUE_NS1);
    records.add(ns(HIJACKER, ROGUE_NS2));
    records.add(a(ROGUE_NS1, rogue1));
    records.add(a(ROGUE_NS2, rogue2));
    records.add(a(ROGUE_MAIL, ROGUE_MAIL_HOST));
    return zone(HIJACKER, records);
  }

  private static List<Record> apex(Name origin, Name server) {
    List<Record> records = new ArrayList<>();
    // Negative answers may be kept for 60 seconds: the last field (RFC 2308).
    records.add(
        new SOARecord(
            origin,
            DClass.IN,
            TTL,
            server,
            name("hostmaster.test."),
            2008120200L,
            3600,
            600,
            604800,
            60));
    records.add(ns(origin, server));
    return records;
  }

  private static Record a(Name name, InetAddress address) {
    return new ARecord(name, DClass.IN, TTL, address);
  }

  private static Record aaaa(Name name, InetAddress address) {
    return new AAAARecord(name, DClass.IN, TTL, address);
  }

  private static Record ns(Name name, Name server) {
    return new NSRecord(name, DClass.IN, TTL, server);
  }

  private static Name wild(Name name) {
    return name("*." + name);
  }

  private static Zone zone(Name origin, List<Record> records) {
    try {
      return new Zone(origin, records.toArray(Record[]::new));
    } catch (IOException e) {
      throw new AssertionError("the lab's zones are written in this file", e);
    }
  }

  private static Name name(String text) {
    return Name.fromConstantString(text);
  }
}
