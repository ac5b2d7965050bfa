package tocsin.simulations;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import tocsin.node.core.Effect;
import tocsin.node.core.Event;
import tocsin.trust.Envelope;

/// What people do: they hand statements to their nodes and, if a node does not answer or does not
/// believe them yet, try again.
final class Workload {
  private static final long PATIENCE_NANOS = 2 * Agenda.SECOND;
  private static final long LOOK_NANOS = 50 * Agenda.MILLI;

  private final Simulation simulation;

  Workload(Simulation simulation) {
    this.simulation = simulation;
  }

  /// Hands in a statement until it is accepted.
  void submit(SimulatedNode node, Envelope envelope, Runnable accepted) {
    insist(
        node,
        request -> new Event.Submitted(request, envelope),
        () -> {
          simulation.watcher().acknowledged(node, envelope.id());
          accepted.run();
        });
  }

  void insist(SimulatedNode node, LongFunction<Event> question, Runnable accepted) {
    boolean[] done = {false};
    ask(node, question, done, accepted);
  }

  private void ask(
      SimulatedNode node, LongFunction<Event> question, boolean[] done, Runnable accepted) {
    if (done[0]) {
      return;
    }
    node.ask(
        question,
        answer -> {
          if (answer instanceof Effect.Answer.Accepted && !done[0]) {
            done[0] = true;
            accepted.run();
          }
        });
    simulation.agenda().after(PATIENCE_NANOS, () -> ask(node, question, done, accepted));
  }

  /// Hands in a statement once.
  void tryOnce(SimulatedNode node, Envelope envelope, Consumer<Effect.Answer> answer) {
    node.ask(request -> new Event.Submitted(request, envelope), answer);
  }

  /// Looks now and then until it is so, then goes on.
  void when(BooleanSupplier condition, Runnable then) {
    if (condition.getAsBoolean()) {
      then.run();
    } else {
      simulation.agenda().after(LOOK_NANOS, () -> when(condition, then));
    }
  }
}
