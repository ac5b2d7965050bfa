package tocsin.node.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The last differences of a zone, oldest first, each beginning where the one before ends.
/// Immutable. A [JournalFile] keeps them over a restart; a serial that is not among them gets the
/// whole zone.
public final class ZoneJournal {
  /// Knows nothing: everyone gets the whole zone.
  public static final ZoneJournal EMPTY = new ZoneJournal(List.of(), 0);

  private final List<ZoneDifference> differences;
  private final int records;

  private ZoneJournal(List<ZoneDifference> differences, int records) {
    this.differences = differences;
    this.records = records;
  }

  /// With one more difference, and without the oldest ones that are too many. A difference that
  /// does not begin where this journal ends starts it anew.
  public ZoneJournal plus(ZoneDifference next) {
    boolean follows = !differences.isEmpty() && differences.getLast().to().equals(next.from());
    List<ZoneDifference> kept = new ArrayList<>(follows ? differences : List.of());
    int sum = (follows ? records : 0) + next.size();
    kept.add(next);
    int drop = 0;
    while (drop < kept.size()
        && (kept.size() - drop > Limits.JOURNAL_DIFFERENCES || sum > Limits.JOURNAL_RECORDS)) {
      sum -= kept.get(drop++).size();
    }
    return new ZoneJournal(List.copyOf(kept.subList(drop, kept.size())), sum);
  }

  /// The way from a version to the last one; empty if the version is unknown.
  Optional<List<ZoneDifference>> since(Serial serial) {
    // From the end: those who ask have mostly missed one.
    for (int i = differences.size() - 1; i >= 0; i--) {
      if (differences.get(i).from().equals(serial)) {
        return Optional.of(differences.subList(i, differences.size()));
      }
    }
    return Optional.empty();
  }

  /// Whether the newest difference begins at this version.
  boolean follows(Zone before) {
    return last().filter(difference -> difference.from().equals(before.serial())).isPresent();
  }

  /// The newest.
  Optional<ZoneDifference> last() {
    return differences.isEmpty() ? Optional.empty() : Optional.of(differences.getLast());
  }

  /// Oldest first.
  List<ZoneDifference> differences() {
    return differences;
  }

  public int size() {
    return differences.size();
  }
}
