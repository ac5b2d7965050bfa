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

/// All that was said about one alert, whether or not the alert itself is here yet. A value: forks
/// share it.
///
/// @param successors alerts that say that they replace this one
/// @param followers alerts that say that they belong to the incident which this one started
record AlertFile(
    @Nullable Seen<Statement.Alert> known,
    SortedMap<StatementId, Seen<Statement.Endorsement>> endorsements,
    SortedMap<StatementId, Seen<Statement.Dispute>> disputes,
    SortedSet<StatementId> successors,
    SortedSet<StatementId> followers) {
  /// Nothing was said about it.
  static final AlertFile EMPTY =
      new AlertFile(
          null,
          Collections.emptySortedMap(),
          Collections.emptySortedMap(),
          Collections.emptySortedSet(),
          Collections.emptySortedSet());

  AlertFile with(Seen<Statement.Alert> alert) {
    return new AlertFile(alert, endorsements, disputes, successors, followers);
  }

  AlertFile withEndorsement(Seen<Statement.Endorsement> endorsement) {
    return new AlertFile(known, plus(endorsements, endorsement), disputes, successors, followers);
  }

  AlertFile withDispute(Seen<Statement.Dispute> dispute) {
    return new AlertFile(known, endorsements, plus(disputes, dispute), successors, followers);
  }

  AlertFile withSuccessor(StatementId id) {
    return new AlertFile(known, endorsements, disputes, plus(successors, id), followers);
  }

  AlertFile withFollower(StatementId id) {
    return new AlertFile(known, endorsements, disputes, successors, plus(followers, id));
  }

  private static <S extends Statement> SortedMap<StatementId, Seen<S>> plus(
      SortedMap<StatementId, Seen<S>> before, Seen<S> one) {
    TreeMap<StatementId, Seen<S>> all = new TreeMap<>(before);
    all.put(one.id(), one);
    return all;
  }

  private static SortedSet<StatementId> plus(SortedSet<StatementId> before, StatementId one) {
    TreeSet<StatementId> all = new TreeSet<>(before);
    all.add(one);
    return all;
  }

  Optional<Seen<Statement.Alert>> alert() {
    return Optional.ofNullable(known);
  }
}
