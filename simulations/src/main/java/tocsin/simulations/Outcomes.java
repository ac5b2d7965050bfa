package tocsin.simulations;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import tocsin.node.core.AlertState;
import tocsin.node.core.IncidentBook;
import tocsin.node.core.Progress;
import tocsin.storage.LogEntry;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.OrganizationId;
import tocsin.trust.Sha256;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;
import tocsin.trust.graph.TrustGraph;

/// What must be true when the faults have stopped and everybody has had time: it ends well.
final class Outcomes {
  /// How often it is looked whether all is well: at first, and after some seconds.
  private static final long LOOK_NANOS = 20 * Agenda.MILLI;

  private static final long LOOK_SELDOM_NANOS = 250 * Agenda.MILLI;

  /// Streams that a node of a large network has at least.
  private static final int MESH = 8;

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
          node.core().view().peerCount() >= Math.min(simulation.nodes().size() - 1, MESH),
          node.address() + " has only " + node.core().view().peerCount() + " peers");
      Sha256 set = setOf(node);
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

  // ---- of federations

  /// What is not yet as it must be once the faults have stopped; empty if all is well: every honest
  /// node is up, those that share an anchor hold the same S(anchor), and every resolver does what
  /// the log beside it asks, no more and no less.
  Optional<String> whatIsNotWell() {
    return somebodyIsDown().or(this::whoDisagrees).or(this::whatIsNotEnacted);
  }

  /// Runs on until all is well.
  ///
  /// @param whatIsNot what is still wrong; empty if nothing is
  /// @return after how many milliseconds it was
  /// @throws Violation if it is not in this time
  long within(long patienceNanos, Supplier<Optional<String>> whatIsNot) {
    long from = simulation.agenda().now();
    while (true) {
      Optional<String> wrong = whatIsNot.get();
      long nanos = simulation.agenda().now() - from;
      if (wrong.isEmpty()) {
        return nanos / Agenda.MILLI;
      }
      require(nanos < patienceNanos, wrong.get());
      long look = nanos < 5 * Agenda.SECOND ? LOOK_NANOS : LOOK_SELDOM_NANOS;
      simulation.runUntil(simulation.agenda().now() + look);
    }
  }

  private Optional<String> somebodyIsDown() {
    return simulation.nodes().stream()
        .filter(node -> node.isHonest() && !node.isUp())
        .map(node -> node.address() + " is down")
        .findFirst();
  }

  private Invariants invariants() {
    return switch (simulation.watcher()) {
      case Deliveries.With with -> (Invariants) with.first();
      case Invariants it -> it;
      default -> throw new IllegalStateException("nobody watches over the invariants");
    };
  }

  Optional<String> whoDisagrees() {
    Invariants invariants = invariants();
    TreeMap<OrganizationId, SimulatedNode> firsts = new TreeMap<>();
    for (SimulatedNode node : simulation.nodes()) {
      if (!node.isHonest() || !node.isUp()) {
        continue;
      }
      for (OrganizationId anchor : node.core().view().anchors().keySet()) {
        SimulatedNode first = firsts.computeIfAbsent(anchor, _ -> node);
        Sha256 one = invariants.setOf(first);
        Sha256 two = invariants.setOf(node);
        if (!one.equals(two)
            && (!invariants
                    .oracle()
                    .carried(first.disk(), one, anchor)
                    .equals(invariants.oracle().carried(node.disk(), two, anchor))
                || !said(first, anchor).equals(said(node, anchor)))) {
          return Optional.of(
              first.address()
                  + " and "
                  + node.address()
                  + " hold different statements for their anchor "
                  + node.core().view().anchors().get(anchor)
                  + ": of "
                  + first.disk().size()
                  + " and "
                  + node.disk().size());
        }
      }
    }
    return Optional.empty();
  }

  /// What its digests are made of: as long as these differ, nodes go on comparing.
  private static TrustGraph.Said said(SimulatedNode node, OrganizationId anchor) {
    return node.core().view().graph().saidFor(anchor);
  }

  Optional<String> whatIsNotEnacted() {
    return simulation.nodes().stream()
        .filter(node -> node.isHonest() && node.isUp())
        .flatMap(node -> whatIsNotEnacted(node).stream())
        .findFirst();
  }

  /// By what a node's log and anchors say.
  boolean isActive(SimulatedNode node, StatementId alert) {
    return invariants()
            .oracle()
            .verdict(
                node.disk(),
                invariants().setOf(node),
                new TreeSet<>(node.core().view().anchors().keySet()),
                alert,
                node.nowMillis())
        == Oracle.Verdict.ACTIVE;
  }

  private Optional<String> whatIsNotEnacted(SimulatedNode node) {
    Invariants invariants = invariants();
    TreeSet<OrganizationId> anchors = new TreeSet<>(node.core().view().anchors().keySet());
    for (StatementId id : invariants.alertsOf(node)) {
      Statement.Alert alert =
          (Statement.Alert) node.disk().get(id).orElseThrow().envelope().statement();
      Oracle.Verdict verdict =
          invariants
              .oracle()
              .verdict(node.disk(), invariants.setOf(node), anchors, id, node.nowMillis());
      boolean wanted =
          verdict == Oracle.Verdict.ACTIVE && alert.action() instanceof Statement.OverrideAction;
      boolean served = node.served().entries().stream().anyMatch(it -> it.alert().equals(id));
      if (wanted != served) {
        return Optional.of(
            node.address()
                + (wanted ? " does not serve " : " still serves ")
                + id
                + ", which is "
                + verdict
                + " by its log; it holds it to be "
                + node.core()
                    .standing(id)
                    .map(it -> it.state().word() + ": " + it.reason())
                    .orElse("nothing it knows"));
      }
      for (SimulatedResolver resolver : node.resolvers()) {
        Optional<String> wrong = whatIsWrongAt(resolver, id, alert, wanted);
        if (wrong.isPresent()) {
          return wrong;
        }
      }
      if (wanted) {
        for (Progress progress : node.core().view().progress(id)) {
          if (!progress.word().equals("verified")) {
            return Optional.of(id + " is " + progress.word() + " at " + progress.resolver());
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> whatIsWrongAt(
      SimulatedResolver resolver, StatementId id, Statement.Alert alert, boolean wanted) {
    if (resolver.holds(id) != wanted) {
      return Optional.of(
          resolver.name() + (wanted ? " does not hold the records of " : " still holds ") + id);
    }
    if (wanted && alert.action() instanceof Statement.OverrideAction override) {
      for (DnsName name : alert.names()) {
        List<ByteString> answer = resolver.answer(name);
        List<ByteString> right =
            override.records().stream()
                .filter(CorrectRecord.A.class::isInstance)
                .map(it -> ((CorrectRecord.A) it).address())
                .toList();
        if (!right.isEmpty() && !answer.equals(right)) {
          return Optional.of(resolver.name() + " answers " + Trace.textOf(answer) + " for " + name);
        }
      }
    }
    return Optional.empty();
  }

  private static Sha256 setOf(SimulatedNode node) {
    Sha256 set = Sha256.ZERO;
    for (LogEntry entry : node.disk().scan(0, Integer.MAX_VALUE)) {
      set = set.plus(entry.envelope().id().hash());
    }
    return set;
  }
}
