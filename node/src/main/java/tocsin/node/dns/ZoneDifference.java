package tocsin.node.dns;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/// What changed from one version of a zone to the next, the SOA aside: the body of one IXFR step
/// (RFC 1995 section 4). Immutable.
public final class ZoneDifference {
  private final Serial from;
  private final Serial to;
  private final OwnerRecords oldSoa;
  private final OwnerRecords newSoa;
  private final List<OwnerRecords> removed;
  private final List<OwnerRecords> added;

  private ZoneDifference(
      Serial from,
      Serial to,
      OwnerRecords oldSoa,
      OwnerRecords newSoa,
      List<OwnerRecords> removed,
      List<OwnerRecords> added) {
    this.from = from;
    this.to = to;
    this.oldSoa = oldSoa;
    this.newSoa = newSoa;
    this.removed = List.copyOf(removed);
    this.added = List.copyOf(added);
  }

  /// A difference that was kept.
  static ZoneDifference of(
      Name origin,
      Soa authority,
      Serial from,
      Serial to,
      List<OwnerRecords> removed,
      List<OwnerRecords> added) {
    return new ZoneDifference(
        from,
        to,
        OwnerRecords.of(List.of(authority.at(origin, from))),
        OwnerRecords.of(List.of(authority.at(origin, to))),
        removed,
        added);
  }

  /// The way from one version to another of the same zone.
  public static ZoneDifference between(Zone old, Zone next) {
    if (!old.origin().equals(next.origin())) {
      throw new IllegalArgumentException(old.origin() + " and " + next.origin() + " are two zones");
    }
    List<OwnerRecords> removed = new ArrayList<>();
    List<OwnerRecords> added = new ArrayList<>();
    NameTable<OwnerRecords> left = old.table();
    NameTable<OwnerRecords> right = next.table();
    int i = 0;
    int j = 0;
    while (i < left.size() || j < right.size()) {
      int order;
      if (i == left.size()) {
        order = 1;
      } else if (j == right.size()) {
        order = -1;
      } else {
        order = Arrays.compareUnsigned(left.key(i), right.key(j));
      }
      if (order < 0) {
        removed.add(left.value(i++));
      } else if (order > 0) {
        added.add(right.value(j++));
      } else {
        OwnerRecords before = left.value(i++);
        OwnerRecords after = right.value(j++);
        addIfAny(minus(before, after), removed);
        addIfAny(minus(after, before), added);
      }
    }
    return new ZoneDifference(
        old.serial(), next.serial(), old.soaWithOwner(), next.soaWithOwner(), removed, added);
  }

  private static void addIfAny(OwnerRecords records, List<OwnerRecords> to) {
    if (!records.sets().isEmpty()) {
      to.add(records);
    }
  }

  /// The records of one that the other has not, with the same TTL.
  private static OwnerRecords minus(OwnerRecords one, OwnerRecords other) {
    List<RecordSet> left = new ArrayList<>();
    for (RecordSet set : one.sets()) {
      RecordSet counterpart = other.set(set.type());
      if (counterpart == null || !set.equals(counterpart)) {
        addIfAny(set, counterpart, left);
      }
    }
    return left.isEmpty() ? OwnerRecords.NONE : new OwnerRecords(one.owner(), left);
  }

  private static void addIfAny(RecordSet set, @Nullable RecordSet other, List<RecordSet> to) {
    if (other == null || other.ttlSeconds() != set.ttlSeconds()) {
      to.add(set);
      return;
    }
    TreeSet<byte[]> rdatas = new TreeSet<>(Arrays::compareUnsigned);
    rdatas.addAll(set.rdatas());
    other.rdatas().forEach(rdatas::remove);
    if (!rdatas.isEmpty()) {
      to.add(RecordSet.of(set.type(), set.ttlSeconds(), rdatas));
    }
  }

  public Serial from() {
    return from;
  }

  public Serial to() {
    return to;
  }

  /// Whether both versions hold the same records, so that no new serial is due.
  public boolean isEmpty() {
    return removed.isEmpty() && added.isEmpty();
  }

  /// Records in both directions.
  public int size() {
    return count(removed) + count(added);
  }

  private static int count(List<OwnerRecords> owners) {
    int count = 0;
    for (OwnerRecords owner : owners) {
      for (RecordSet set : owner.sets()) {
        count += set.count();
      }
    }
    return count;
  }

  OwnerRecords oldSoa() {
    return oldSoa;
  }

  OwnerRecords newSoa() {
    return newSoa;
  }

  List<OwnerRecords> removed() {
    return removed;
  }

  List<OwnerRecords> added() {
    return added;
  }
}
