package tocsin.node.dns;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that stands at one name of a zone: its record sets, ascending by type. Immutable. A name without any is an empty
/// non-terminal.
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
