package tocsin.node.dns;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import tocsin.node.core.Overlay;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;

/// The overlay as a response policy zone (draft-vixie-dnsop-dns-rpz): for each name its records as
/// local data, and for a subtree the same at `*.name`; for what is blocked whatever the name, a
/// trigger with the action NXDOMAIN.
///
/// A wildcard does not reach below a name that stands in the zone, nor below an empty non-terminal
/// (RFC 4592), and resolvers look RPZ wildcards up that way. So where a listed name lies below a
/// subtree, the subtree's records are repeated around it: at the names between both, and at the
/// wildcards of all of them.
///
/// @param origin the zone's name
/// @param records all but SOA and NS, ready for a [Zone]
/// @param refusals entries that cannot stand in the zone: nothing of them is in it
public record RpzZone(Name origin, List<Record> records, List<Refusal> refusals) {
  /// TTL of everything in the zone: a withdrawn override must be forgotten soon, and resolvers may
  /// cap it no lower.
  public static final int TTL_SECONDS = 5;

  /// Top labels that make an owner a trigger of another kind.
  private static final Set<String> TRIGGERS =
      Set.of("rpz-ip", "rpz-nsip", "rpz-nsdname", "rpz-client-ip");

  /// Top labels of CNAME targets that are actions (`rpz-passthru.`, `rpz-drop.`, `rpz-tcp-only.`)
  /// or may become ones.
  private static final String ACTION_PREFIX = "rpz-";

  /// An entry that is left out, and why.
  public record Refusal(DnsName name, String reason) {}

  public RpzZone {
    records = List.copyOf(records);
    refusals = List.copyOf(refusals);
  }

  /// The zone's records for this overlay.
  public static RpzZone of(Name origin, Overlay overlay) {
    List<Refusal> refusals = new ArrayList<>();
    List<Keyed<Overlay.Entry>> entries = new ArrayList<>(overlay.entries().size());
    for (Overlay.Entry entry : overlay.entries()) {
      String obstacle = obstacle(origin, entry);
      if (obstacle.isEmpty()) {
        entries.add(new Keyed<>(NameKey.of(CorrectRecords.name(entry.name())), entry));
      } else {
        refusals.add(new Refusal(entry.name(), obstacle));
      }
    }
    Keyed.sort(entries);
    List<Record> records = new ArrayList<>(new Layout(origin).records(entries));
    overlay.triggers().forEach(trigger -> RpzTriggers.put(origin, trigger, records));
    return new RpzZone(origin, records, refusals);
  }

  /// Why the entry cannot stand in the zone, as a sentence; empty if it can.
  private static String obstacle(Name origin, Overlay.Entry entry) {
    DnsName name = entry.name();
    Name wire = CorrectRecords.name(name);
    if (!Names.fits(wire, origin) || (entry.subtree() && !Names.wildcardFits(wire, origin))) {
      return "the name is too long below " + origin;
    }
    if (name.isRoot() || TRIGGERS.contains(name.labels().getLast())) {
      return "the name would be an RPZ trigger of another kind";
    }
    if (entry.records().isEmpty()) {
      return "there are no records, which RPZ would take for \"no data\"";
    }
    if (!CorrectRecords.fitTogether(entry.records())) {
      return "the records are a CNAME with others, or too large";
    }
    for (CorrectRecord each : entry.records()) {
      if (each instanceof CorrectRecord.Cname(DnsName target)) {
        if (target.isRoot() || target.labels().getLast().startsWith(ACTION_PREFIX)) {
          return "a CNAME to " + target + " would be an RPZ action";
        }
        if (target.equals(name) || (entry.subtree() && target.isAtOrBelow(name))) {
          return "a CNAME to itself would let the rogue answer pass";
        }
      }
    }
    return "";
  }

  /// Lays the entries out, ancestors before what is below them.
  private static final class Layout {
    private final Name origin;
    private final List<Keyed<List<Record>>> laid = new ArrayList<>();

    /// Subtrees around the current entry, the innermost first.
    private final Deque<Overlay.Entry> around = new ArrayDeque<>();

    Layout(Name origin) {
      this.origin = origin;
    }

    /// @param entries ancestors before what is below them
    List<Record> records(List<Keyed<Overlay.Entry>> entries) {
      for (Keyed<Overlay.Entry> keyed : entries) {
        Overlay.Entry entry = keyed.value();
        while (!around.isEmpty() && !entry.name().isAtOrBelow(around.peek().name())) {
          around.pop();
        }
        Name name = CorrectRecords.name(entry.name());
        put(name, entry);
        if (entry.subtree()) {
          putBelow(name, entry);
        } else if (!around.isEmpty()) {
          putBelow(name, around.peek());
        }
        if (!around.isEmpty()) {
          fillBetween(entry.name(), around.peek());
        }
        if (entry.subtree()) {
          around.push(entry);
        }
      }
      Keyed.sort(laid);
      // What came first counts: the name's own entry, or the innermost subtree around it.
      Keyed.merge(laid, (first, later) -> first);
      List<Record> records = new ArrayList<>(laid.size());
      laid.forEach(keyed -> records.addAll(keyed.value()));
      return records;
    }

    /// The names strictly between, which would otherwise be empty non-terminals.
    private void fillBetween(DnsName below, Overlay.Entry subtree) {
      DnsName between = below.parent().orElseThrow();
      while (!between.equals(subtree.name())) {
        Name name = CorrectRecords.name(between);
        put(name, subtree);
        putBelow(name, subtree);
        between = between.parent().orElseThrow();
      }
    }

    /// Puts the entry's records at a name below the origin, unless something is there already: what
    /// came first was the name's own entry, or the innermost subtree around it.
    private void put(Name name, Overlay.Entry entry) {
      lay(Names.below(name, origin), entry);
    }

    /// The same at the wildcard below the name; where that is too long, there is nothing below.
    private void putBelow(Name name, Overlay.Entry entry) {
      if (Names.wildcardFits(name, origin)) {
        lay(Names.below(Names.WILDCARD, Names.below(name, origin)), entry);
      }
    }

    private void lay(Name owner, Overlay.Entry entry) {
      List<Record> records = new ArrayList<>(entry.records().size());
      for (CorrectRecord data : entry.records()) {
        records.add(CorrectRecords.at(owner, TTL_SECONDS, data));
      }
      laid.add(new Keyed<>(NameKey.of(owner), records));
    }
  }
}
