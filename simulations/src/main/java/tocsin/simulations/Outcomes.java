package tocsin.simulations;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import tocsin.node.core.AlertState;
import tocsin.node.core.IncidentBook;
import tocsin.node.core.Progress;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// What must be true when the faults have stopped and everybody has had time: it ends well.
final class Outcomes {
  private final Simulation simulation;

  Outcomes(Simulation simulation) {
    this.simulation = simulation;
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw simulation.violation("though the faults have stopped: " + otherwise, null);
    }
  }

  void everybodyIsUpAndHoldsTheSame() {
    Optional<Sha256> first = Optional.empty();
    for (SimulatedNode node : simulation.nodes()) {
      require(node.isUp(), node.address() + " is down");
      require(
          node.core().view().peerCount() >= simulation.nodes().size() - 1,
          node.address() + " has only " + node.core().view().peerCount() + " peers");
      Sha256 set = Invariants.setOf(node);
      require(
          first.isEmpty() || first.get().equals(set),
          node.address()
              + " and "
              + simulation.nodes().getFirst().address()
              + " hold other statements: "
              + node.disk().size()
              + " and "
              + simulation.nodes().getFirst().disk().size());
      first = Optional.of(set);
    }
  }

  void alertIs(StatementId alert, AlertState state) {
    for (SimulatedNode node : simulation.nodes()) {
      Optional<IncidentBook.Standing> standing = node.core().standing(alert);
      require(standing.isPresent(), node.address() + " does not know alert " + alert);
      IncidentBook.Standing it = standing.orElseThrow();
      require(
          it.state() == state,
          node.address() + ": alert is " + it.state() + ", not " + state + ": " + it.reason());
    }
  }

  void nobodyKnows(StatementId fake) {
    for (SimulatedNode node : simulation.nodes()) {
      require(!node.disk().contains(fake), node.address() + " has taken the fake");
    }
  }

  void everyResolverAnswersRight() {
    for (SimulatedNode node : simulation.nodes()) {
      for (SimulatedResolver resolver : node.resolvers()) {
        List<ByteString> answer = resolver.answer(SimulatedWorld.HOST);
        require(
            answer.equals(List.of(SimulatedWorld.RIGHT_ADDRESS)),
            resolver.name() + " answers " + Trace.textOf(answer));
      }
    }
  }

  void verifiedEverywhere(StatementId alert) {
    for (SimulatedNode node : simulation.nodes()) {
      for (Progress progress : node.core().view().progress(alert)) {
        require(
            progress.word().equals("verified"),
            "alert is " + progress.word() + " at " + progress.resolver() + ": " + progress);
      }
    }
  }

  void nothingIsLeftBehind() {
    for (SimulatedNode node : simulation.nodes()) {
      require(node.served().entries().isEmpty(), node.address() + " still serves an overlay");
      for (SimulatedResolver resolver : node.resolvers()) {
        require(resolver.isPlain(), resolver.name() + " still holds a correction");
      }
    }
  }
}
