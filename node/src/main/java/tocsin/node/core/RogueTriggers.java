package tocsin.node.core;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.SpecialPurposeAddresses;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// Which of the rogue data in active overrides may be blocked for every name, on a node whose
/// policy wants that (`rogue-triggers`).
///
/// An override has the k paths that change the answers for *its* names. An address behind which
/// hijackers hide may be shared by thousands of honest names, so what is blocked is kept narrow:
/// single addresses and single host names, never one that somebody believed here calls correct, and
/// never a special-purpose address.
final class RogueTriggers {
  private RogueTriggers() {}

  /// What active alerts and binding registrations call correct.
  record Correct(TreeSet<ByteString> addresses, TreeSet<DnsName> names) {
    Correct() {
      this(new TreeSet<>(ByteString.unsignedLexicographicalComparator()), new TreeSet<>());
    }

    /// @param owned names that the correct data belongs to
    void add(
        List<DnsName> owned, List<CorrectRecord> records, List<Statement.NameServer> nameServers) {
      names.addAll(owned);
      for (CorrectRecord record : records) {
        switch (record) {
          case CorrectRecord.A it -> addresses.add(it.address());
          case CorrectRecord.Aaaa it -> addresses.add(it.address());
          case CorrectRecord.Cname it -> names.add(it.target());
          case CorrectRecord.Mx it -> names.add(it.exchange());
          case CorrectRecord.Srv it -> names.add(it.target());
          case CorrectRecord.Txt _, CorrectRecord.Caa _ -> {
            // They lead nowhere.
          }
        }
      }
      for (Statement.NameServer server : nameServers) {
        names.add(server.name());
        addresses.addAll(server.addresses());
      }
    }

    /// True if this name server is a correct one, or belongs to somebody whose names are protected.
    private boolean holds(DnsName nameServer) {
      return names.stream().anyMatch(nameServer::isAtOrBelow);
    }
  }

  /// True if any of these names rogue data.
  static boolean isAsked(List<Enactment.WantedOverride> overrides) {
    return overrides.stream()
        .map(Enactment.WantedOverride::action)
        .anyMatch(it -> !it.rogueAddresses().isEmpty() || !it.rogueNameServers().isEmpty());
  }

  /// The triggers of each override.
  ///
  /// @param specialPurpose whether special-purpose addresses may be blocked: in laboratories
  static SortedMap<StatementId, List<Overlay.Trigger>> of(
      List<Enactment.WantedOverride> overrides, Correct correct, boolean specialPurpose) {
    TreeMap<StatementId, List<Overlay.Trigger>> triggers = new TreeMap<>();
    for (Enactment.WantedOverride override : overrides) {
      List<Overlay.Trigger> its = new ArrayList<>();
      for (ByteString address : override.action().rogueAddresses()) {
        boolean special = SpecialPurposeAddresses.blockOf(address).isPresent();
        if (!correct.addresses().contains(address) && (specialPurpose || !special)) {
          its.add(new Overlay.Trigger.Address(address));
        }
      }
      for (DnsName name : override.action().rogueNameServers()) {
        if (!correct.holds(name)) {
          its.add(new Overlay.Trigger.NameServer(name));
        }
      }
      triggers.put(override.id(), List.copyOf(its));
    }
    return triggers;
  }
}
