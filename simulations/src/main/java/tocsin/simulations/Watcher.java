package tocsin.simulations;

import tocsin.node.core.Effect;
import tocsin.node.core.Moment;
import tocsin.trust.StatementId;

/// Who watches: told of every turn of every node.
interface Watcher {
  void speaks(SimulatedNode node, Effect effect);

  /// Nothing is committed yet.
  void handled(SimulatedNode node, Moment now);

  /// Its effects have run.
  void turned(SimulatedNode node);

  void restarted(SimulatedNode node);

  /// An operator was told that the statement is accepted.
  void acknowledged(SimulatedNode node, StatementId id);
}
