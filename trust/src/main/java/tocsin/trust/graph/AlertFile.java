package tocsin.trust.graph;

import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// All that was said about one alert, whether or not the alert itself is here yet.
final class AlertFile {
  @Nullable Seen<Statement.Alert> alert;
  final TreeMap<StatementId, Seen<Statement.Endorsement>> endorsements = new TreeMap<>();
  final TreeMap<StatementId, Seen<Statement.Dispute>> disputes = new TreeMap<>();

  /// Alerts that say that they replace this one.
  final TreeSet<StatementId> successors = new TreeSet<>();

  /// Alerts that say that they belong to the incident which this one started.
  final TreeSet<StatementId> followers = new TreeSet<>();

  Optional<Seen<Statement.Alert>> alert() {
    return Optional.ofNullable(alert);
  }
}
