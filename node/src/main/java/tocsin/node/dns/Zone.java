package tocsin.node.dns;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// One version of a zone, held in memory. Immutable.
///
/// Its origin has the SOA and one NS (the SOA's primary) besides what is given; there are no
/// delegations and no DNAMEs.
public final class Zone implements ZoneContent {
  private final Name origin;
  private final byte[] originKey;
  private final Soa authority;
  private final Serial serial;
  private final OwnerRecords soa;
  private final OwnerRecords apex;

  /// Everything but the SOA.
  private final NameTable<OwnerRecords> table;

  private Zone(Name origin, Soa authority, Serial serial, NameTable<OwnerRecords> table) {
    this.origin = origin;
    this.originKey = NameKey.of(origin);
    this.authority = authority;
    this.serial = serial;
    this.table = table;
    byte[] owner = origin.toWireCanonical();
    RecordSet soaSet = RecordSet.of(authority.at(origin, serial));
    this.soa = new OwnerRecords(owner, List.of(soaSet));
    List<RecordSet> sets = new ArrayList<>(List.of(soaSet));
    OwnerRecords rest = table.get(originKey, originKey.length);
    if (rest != null) {
      sets.addAll(rest.sets());
    }
    this.apex = new OwnerRecords(owner, sets);
  }

  /// A zone with these records, in any order; doubles are dropped, and the records of a set get the
  /// lowest of their TTLs.
  ///
  /// @throws IllegalArgumentException if a record cannot stand in such a zone; the message says
  ///   which and why
  public static Zone of(
      Name origin, Soa authority, Serial serial, Collection<? extends Record> records) {
    if (!origin.isAbsolute()) {
      throw new IllegalArgumentException("the origin of a zone ends with a dot: " + origin);
    }
    return new Zone(origin, authority, serial, table(origin, authority, records));
  }

  /// The next version, with these records instead.
  public Zone with(Serial next, Collection<? extends Record> records) {
    return of(origin, authority, next, records);
  }

  private static NameTable<OwnerRecords> table(
      Name origin, Soa authority, Collection<? extends Record> records) {
    List<Keyed<Record>> all = new ArrayList<>(records.size() + 1);
    for (Record each : records) {
      check(origin, each);
      all.add(new Keyed<>(NameKey.of(each.getName()), each));
    }
    all.add(
        new Keyed<>(
            NameKey.of(origin),
            new NSRecord(origin, DClass.IN, authority.minimumSeconds(), authority.primary())));
    Keyed.sort(all);
    List<Keyed<OwnerRecords>> table = new ArrayList<>(all.size());
    List<Record> owned = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      owned.add(all.get(i).value());
      if (i + 1 == all.size() || !all.get(i).sameKey(all.get(i + 1))) {
        table.add(new Keyed<>(all.get(i).key(), OwnerRecords.of(owned)));
        owned.clear();
      }
    }
    if (table.size() > Limits.ZONE_NAMES) {
      throw new IllegalArgumentException("a zone has at most " + Limits.ZONE_NAMES + " names");
    }
    return NameTable.copyOf(table);
  }

  private static void check(Name origin, Record each) {
    int type = each.getType();
    if (!each.getName().isAbsolute() || !each.getName().subdomain(origin)) {
      throw new IllegalArgumentException(each.getName() + " is not in the zone " + origin);
    }
    if (each.getDClass() != DClass.IN) {
      throw new IllegalArgumentException("a zone has records of class IN only: " + each);
    }
    boolean structural = type == Type.SOA || type == Type.NS || type == Type.DNAME;
    boolean meta = type == 0 || type == Type.OPT || (type >= Type.TKEY && type <= Type.ANY);
    if (structural || meta) {
      throw new IllegalArgumentException(
          "a " + Type.string(type) + " record cannot be given to a zone: " + each.getName());
    }
  }

  @Override
  public Name origin() {
    return origin;
  }

  @Override
  public byte[] originKey() {
    return originKey;
  }

  @Override
  public Serial serial() {
    return serial;
  }

  @Override
  public RecordSet soa() {
    return soa.sets().getFirst();
  }

  @Override
  public int expireSeconds() {
    return authority.expireSeconds();
  }

  /// Names with records, the origin included.
  public int size() {
    return table.size();
  }

  @Override
  public @Nullable OwnerRecords find(byte[] key, int length) {
    if (length == originKey.length) {
      return apex;
    }
    int index = table.search(key, 0, length);
    if (index >= 0) {
      return table.value(index);
    }
    int encloser = table.encloser(key, 0, length, index);
    if (encloser == length) {
      return OwnerRecords.NONE;
    }
    byte[] wildcard = Arrays.copyOf(key, encloser + 2);
    wildcard[encloser] = '*';
    wildcard[encloser + 1] = 0;
    return table.get(wildcard, wildcard.length);
  }

  /// The origin on the wire, lower case; not to be changed.
  byte[] originWire() {
    return soa.owner();
  }

  /// The SOA alone, with its owner.
  OwnerRecords soaWithOwner() {
    return soa;
  }

  /// Everything but the SOA, in canonical order.
  NameTable<OwnerRecords> table() {
    return table;
  }

  /// All records, the SOA first, then in canonical order.
  public List<Record> records() {
    List<Record> all = new ArrayList<>();
    append(soa, all);
    table.values().forEach(owner -> append(owner, all));
    return all;
  }

  private static void append(OwnerRecords records, List<Record> to) {
    Name owner = Names.fromWire(records.owner());
    records.sets().forEach(set -> to.addAll(set.records(owner)));
  }

  @Override
  public String toString() {
    return origin + " serial " + serial + ", " + table.size() + " names";
  }
}
