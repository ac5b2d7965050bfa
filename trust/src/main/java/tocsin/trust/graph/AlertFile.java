package tocsin.trust.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// All that was said about one alert, whether or not the alert itself is here yet. The alert and
/// its endorsements are read when they are asked for. Forks share the file, and copy it before they
/// add to it.
final class AlertFile {
  /// Nothing was said about it. Not to be changed, as any that is not the asker's own.
  static final AlertFile EMPTY = new AlertFile();

  private static final long NOT_HERE = -1;

  /// By the alert's own word; 0 if it does not.
  private long expiresAtMillis = NOT_HERE;

  /// Once somebody asked for it.
  private @Nullable Seen<Statement.Alert> alert;

  /// These are made when there is something in them: of most alerts little is said.
  private @Nullable ArrayList<StatementId> unreadEndorsements;

  private @Nullable TreeMap<StatementId, Seen<Statement.Endorsement>> endorsements;

  private @Nullable TreeMap<StatementId, Seen<Statement.Dispute>> disputes;

  private @Nullable TreeSet<StatementId> successors;
  private @Nullable TreeSet<StatementId> followers;

  AlertFile copy() {
    AlertFile copy = new AlertFile();
    copy.expiresAtMillis = expiresAtMillis;
    copy.alert = alert;
    copy.unreadEndorsements =
        unreadEndorsements == null ? null : new ArrayList<>(unreadEndorsements);
    copy.endorsements = endorsements == null ? null : new TreeMap<>(endorsements);
    copy.disputes = disputes == null ? null : new TreeMap<>(disputes);
    copy.successors = successors == null ? null : new TreeSet<>(successors);
    copy.followers = followers == null ? null : new TreeSet<>(followers);
    return copy;
  }

  /// The alert itself is here now, or was first seen at another time than was known.
  void addAlert(long itExpiresAtMillis) {
    expiresAtMillis = itExpiresAtMillis;
    alert = null;
  }

  void addEndorsement(StatementId id) {
    unreadEndorsements = unreadEndorsements == null ? new ArrayList<>(1) : unreadEndorsements;
    unreadEndorsements.add(id);
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

  /// What was read is read again when somebody asks for it again.
  void forgetWhatWasRead() {
    alert = null;
    if (endorsements != null) {
      ArrayList<StatementId> ids = new ArrayList<>(endorsements.keySet());
      if (unreadEndorsements != null) {
        ids.addAll(unreadEndorsements);
      }
      unreadEndorsements = ids;
      endorsements = null;
    }
  }

  boolean hasAlert() {
    return expiresAtMillis != NOT_HERE;
  }

  boolean hasAlertEndingAfter(long millis) {
    return hasAlert() && (expiresAtMillis == 0 || expiresAtMillis > millis);
  }

  /// @param reader asked the first time
  Optional<Seen<Statement.Alert>> alert(Supplier<Seen<Statement.Alert>> reader) {
    if (alert == null && hasAlert()) {
      alert = reader.get();
    }
    return Optional.ofNullable(alert);
  }

  /// Ascending by id.
  ///
  /// @param reader asked for each the first time
  Collection<Seen<Statement.Endorsement>> endorsements(
      Function<StatementId, Seen<Statement.Endorsement>> reader) {
    if (unreadEndorsements != null) {
      endorsements = endorsements == null ? new TreeMap<>() : endorsements;
      for (StatementId id : unreadEndorsements) {
        endorsements.put(id, reader.apply(id));
      }
      unreadEndorsements = null;
    }
    return endorsements == null
        ? List.of()
        : Collections.unmodifiableCollection(endorsements.values());
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
