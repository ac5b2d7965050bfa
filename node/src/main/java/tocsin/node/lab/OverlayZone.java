package tocsin.node.lab;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/// One serial of a response policy zone (draft-vixie-dnsop-dns-rpz), as the embedded resolver
/// applies it: triggers by the name asked for, exact and `*.`, with local data and the CNAME
/// actions. Triggers by address and by name server are not applied.
record OverlayZone(
    Name origin, SOARecord soa, List<Record> records, Map<Name, List<Record>> byTrigger) {
  /// @param records the zone as transferred, SOA once or twice
  static Optional<OverlayZone> of(Name origin, List<Record> records) {
    Map<Name, List<Record>> byTrigger = new HashMap<>();
    SOARecord soa = null;
    List<Record> content = new ArrayList<>();
    for (Record record : records) {
      if (record instanceof SOARecord one) {
        soa = one;
      } else {
        content.add(record);
        byTrigger.computeIfAbsent(record.getName(), name -> new ArrayList<>()).add(record);
      }
    }
    return soa == null
        ? Optional.empty()
        : Optional.of(new OverlayZone(origin, soa, List.copyOf(content), byTrigger));
  }

  /// What the zone wants for a name.
  sealed interface Policy {
    /// Answer with these records (of all types) and nothing else; their owner is the name asked
    /// for.
    record LocalData(List<Record> records) implements Policy {}

    record NoSuchName() implements Policy {}

    record NoData() implements Policy {}

    /// As if the zone did not exist.
    record PassThrough() implements Policy {}
  }

  Policy policy(Name name) {
    for (Optional<Name> trigger = relative(name); trigger.isPresent(); ) {
      List<Record> found = byTrigger.get(trigger.get());
      if (found != null) {
        return policy(name, found);
      }
      trigger = wider(trigger.get());
    }
    return new Policy.PassThrough();
  }

  private Optional<Name> relative(Name name) {
    try {
      return Optional.of(Name.concatenate(name.relativize(Name.root), origin));
    } catch (NameTooLongException e) {
      return Optional.empty();
    }
  }

  /// `a.b.zone` -> `*.b.zone` -> `*.zone` -> nothing.
  private Optional<Name> wider(Name trigger) {
    int strip = trigger.isWild() ? 2 : 1;
    if (trigger.labels() - strip < origin.labels()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Name.concatenate(Name.fromConstantString("*"), new Name(trigger, strip)));
    } catch (NameTooLongException e) {
      return Optional.empty();
    }
  }

  private static Policy policy(Name name, List<Record> found) {
    if (found.size() == 1 && found.getFirst() instanceof CNAMERecord action) {
      switch (action.getTarget().toString()) {
        case "." -> {
          return new Policy.NoSuchName();
        }
        case "*." -> {
          return new Policy.NoData();
        }
        case "rpz-passthru." -> {
          return new Policy.PassThrough();
        }
        default -> {
          // An alias like any other.
        }
      }
    }
    List<Record> local = new ArrayList<>();
    for (Record record : found) {
      // Measured on unbound: NS in such a zone is ignored.
      if (record.getType() != Type.NS) {
        local.add(
            Record.newRecord(
                name, record.getType(), DClass.IN, record.getTTL(), record.rdataToWireCanonical()));
      }
    }
    return new Policy.LocalData(local);
  }
}
