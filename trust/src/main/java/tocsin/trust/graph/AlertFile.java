package tocsin.trust.graph;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// All that was said about one alert, whether or not the alert itself is here yet. Forks share it,
/// and copy it before they add to it.
final class AlertFile {
  /// Nothing was said about it. Not to be changed, as any that is not the asker's own.
  static final AlertFile EMPTY = new AlertFile();

  private @Nullable Seen<Statement.Alert> alert;

  /// These are made when there is something in them: of most alerts little is said.
  private @Nullable TreeMap<StatementId, Seen<Statement.Endorsement>> endorsements;

  private @Nullable TreeMap<StatementId, Seen<Statement.Dispute>> disputes;

  private @Nullable TreeSet<StatementId> successors;
  private @Nullable TreeSet<StatementId> followers;

  AlertFile copy() {
    AlertFile copy = new AlertFile();
    copy.alert = alert;
    copy.endorsements = endorsements == null ? null : new TreeMap<>(endorsements);
    copy.disputes = disputes == null ? null : new TreeMap<>(disputes);
    copy.successors = successors == null ? null : new TreeSet<>(successors);
    copy.followers = followers == null ? null : new TreeSet<>(followers);
    return copy;
  }

  void add(Seen<Statement.Alert> seen) {
    alert = seen;
  }

  void addEndorsement(Seen<Statement.Endorsement> endorsement) {
    endorsements = endorsements == null ? new TreeMap<>() : endorsements;
    endorsements.put(endorsement.id(), endorsement);
  }

  void addDispute(Seen<Statement.Dispute> dispute) {
    disputes = disputes == null ? new TreeMap<>() : disputes;
    disputes.put(dispute.id(), dispute);
  }

  void addSuccessor(StatementId id) {
    successors = successors == null ? new TreeSet<>() : successors;
    successors.add(id);
  }

  void addFollower(StatementId id) {
    followers = followers == null ? new TreeSet<>() : followers;
    followers.add(id);
  }

  Optional<Seen<Statement.Alert>> alert() {
    return Optional.ofNullable(alert);
  }

  SortedMap<StatementId, Seen<Statement.Endorsement>> endorsements() {
    return endorsements == null
        ? Collections.emptySortedMap()
        : Collections.unmodifiableSortedMap(endorsements);
  }

  SortedMap<StatementId, Seen<Statement.Dispute>> disputes() {
    return disputes == null
        ? Collections.emptySortedMap()
        : Collections.unmodifiableSortedMap(disputes);
  }

  /// Alerts that say that they replace this one.
  SortedSet<StatementId> successors() {
    return successors == null
        ? Collections.emptySortedSet()
        : Collections.unmodifiableSortedSet(successors);
  }

  /// Alerts that say that they belong to the incident which this one started.
  SortedSet<StatementId> followers() {
    return followers == null
        ? Collections.emptySortedSet()
        : Collections.unmodifiableSortedSet(followers);
  }
}
