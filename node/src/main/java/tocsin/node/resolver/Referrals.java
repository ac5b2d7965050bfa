package tocsin.node.resolver;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import tocsin.trust.DnsName;

/// Reads who serves a zone out of a message, believing it only what its sender may say.
final class Referrals {
  private Referrals() {}

  /// NS records that lead down from the sender's zone towards the name, with the glue that this
  /// zone may give (names at or below it).
  ///
  /// @param from the zone that the sender serves
  /// @param authoritative whether to take the zone's own NS set from the answer section: where
  ///   parent and zone have the same servers there is no referral
  /// @return empty if it refers nowhere, or not down towards the name
  static Optional<Delegation> of(
      InetAddress sender, Message message, DnsName from, DnsName name, boolean authoritative) {
    if (message.getHeader().getFlag(Flags.AA) != authoritative
        || message.getRcode() != Rcode.NOERROR) {
      return Optional.empty();
    }
    SequencedMap<DnsName, List<InetAddress>> nameServers = new LinkedHashMap<>();
    Optional<DnsName> zone = Optional.empty();
    for (Record record : message.getSection(authoritative ? Section.ANSWER : Section.AUTHORITY)) {
      if (!(record instanceof NSRecord ns)) {
        continue;
      }
      try {
        DnsName owner = DnsData.dnsName(ns.getName());
        boolean down = owner.isAtOrBelow(from) && !owner.equals(from) && name.isAtOrBelow(owner);
        if (down
            && (zone.isEmpty() || zone.get().equals(owner))
            && nameServers.size() < ResolverLimits.CHECK_SERVERS) {
          zone = Optional.of(owner);
          DnsName target = DnsData.dnsName(ns.getTarget());
          boolean believed = target.isAtOrBelow(from);
          nameServers.put(
              target,
              believed
                  ? addresses(message.getSection(Section.ADDITIONAL), ns.getTarget())
                  : List.of());
        }
      } catch (TextParseException e) {
        // No host can have such a name; others of the set may serve.
      }
    }
    return zone.map(owner -> new Delegation(owner, sender, nameServers));
  }

  /// The A and AAAA records of this owner.
  static List<InetAddress> addresses(List<Record> records, Name owner) {
    List<InetAddress> addresses = new ArrayList<>();
    for (Record record : records) {
      if (record.getName().equals(owner)) {
        switch (record) {
          case ARecord a -> addresses.add(a.getAddress());
          case AAAARecord aaaa -> addresses.add(aaaa.getAddress());
          default -> {
            // Signatures and the like.
          }
        }
      }
    }
    return addresses;
  }
}
