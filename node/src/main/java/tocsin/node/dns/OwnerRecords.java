package tocsin.node.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// All that stands at one name of a zone: its record sets, ascending by type. Immutable. A name
/// without any is an empty non-terminal.
final class OwnerRecords {
  /// A name that exists and has no records.
  static final OwnerRecords NONE = new OwnerRecords(new byte[] {0}, List.of());

  private final byte[] owner;
  private final List<RecordSet> sets;

  /// @param owner the name, uncompressed, lower case
  /// @param sets ascending by type, each type once
  OwnerRecords(byte[] owner, List<RecordSet> sets) {
    this.owner = owner;
    this.sets = List.copyOf(sets);
  }

  /// From the records of one name, at least one; the records of a type get the lowest of their
  /// TTLs.
  ///
  /// @throws IllegalArgumentException if there is a CNAME and anything else
  static OwnerRecords of(List<Record> records) {
    Record first = records.getFirst();
    byte[] owner = first.getName().toWireCanonical();
    if (records.size() == 1) {
      return new OwnerRecords(owner, List.of(RecordSet.of(first)));
    }
    NavigableMap<Integer, List<Record>> byType = new TreeMap<>();
    for (Record each : records) {
      byType.computeIfAbsent(each.getType(), type -> new ArrayList<>(2)).add(each);
    }
    List<RecordSet> sets = new ArrayList<>(byType.size());
    byType.forEach((type, list) -> {
      long ttl = list.stream().mapToLong(Record::getTTL).min().orElseThrow();
      sets.add(RecordSet.of(type, ttl, list.stream().map(Record::rdataToWireCanonical).toList()));
    });
    boolean alias = byType.containsKey(Type.CNAME);
    if (alias && (sets.size() > 1 || sets.getFirst().count() > 1)) {
      throw new IllegalArgumentException(
          first.getName() + " has a CNAME, so it can have no other record");
    }
    return new OwnerRecords(owner, sets);
  }

  /// The name, uncompressed, lower case; not to be changed.
  byte[] owner() {
    return owner;
  }

  List<RecordSet> sets() {
    return sets;
  }

  @Nullable RecordSet set(int type) {
    // A name has one to five types: a loop beats a search.
    for (int i = 0; i < sets.size(); i++) {
      RecordSet set = sets.get(i);
      if (set.type() == type) {
        return set;
      }
    }
    return null;
  }
}
