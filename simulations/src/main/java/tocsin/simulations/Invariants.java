package tocsin.simulations;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import tocsin.node.core.Effect;
import tocsin.node.core.Frame;
import tocsin.node.core.Moment;
import tocsin.node.core.NodeView;
import tocsin.node.core.Overlay;
import tocsin.storage.LogEntry;
import tocsin.storage.RefusedStatement;
import tocsin.trust.Envelope;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;
import tocsin.trust.graph.AlertJudgement;
import tocsin.trust.graph.AlertStatus;
import tocsin.trust.graph.Judge;
import tocsin.trust.graph.TrustGraph;

/// What must be true after every single turn of every node, whatever goes wrong around it.
final class Invariants implements Watcher {
  /// What is known of one node beside what it says itself.
  private static final class Known {
    /// Everything that it told anybody: no crash may make it forget.
    final TreeSet<StatementId> spoken = new TreeSet<>();

    long highestSerial;

    /// A judge of our own over the same log, read backwards: made anew when the log changes.
    Optional<Judge> judge = Optional.empty();

    /// Order-free digest of the log's statements.
    Sha256 set = Sha256.ZERO;

    long judgedSize = -1;
  }

  private final Simulation simulation;
  private final TreeMap<String, Known> known = new TreeMap<>();

  Invariants(Simulation simulation) {
    this.simulation = simulation;
  }

  private Known of(SimulatedNode node) {
    return known.computeIfAbsent(node.address(), _ -> new Known());
  }

  private void require(boolean holds, SimulatedNode node, String otherwise) {
    if (!holds) {
      throw simulation.violation(node.address() + ": " + otherwise, null);
    }
  }

  // ---- commit, then speak

  @Override
  public void speaks(SimulatedNode node, Effect effect) {
    switch (effect) {
      case Effect.Send send -> {
        switch (send.frame()) {
          case Frame.Push push -> push.envelopes().forEach(it -> speaks(node, it.id(), "sends"));
          case Frame.Appended it -> it.envelopes().forEach(e -> speaks(node, e.id(), "sends"));
          case Frame.Announce it -> it.ids().forEach(id -> speaks(node, id, "announces"));
          case Frame.Hello _,
              Frame.Pull _,
              Frame.Digests _,
              Frame.Resume _,
              Frame.Compare _,
              Frame.Symbols _,
              Frame.Want _,
              Frame.Refused _,
              Frame.Checkpoint _,
              Frame.Witnessed _,
              Frame.Wish _,
              Frame.Ping _,
              Frame.Pong _ -> {}
        }
      }
      case Effect.ServeOverlay it -> {
        it.overlay().entries().forEach(entry -> speaks(node, entry.alert(), "serves"));
        Known about = of(node);
        require(
            it.serial() > about.highestSerial,
            node,
            "serial " + it.serial() + " comes after " + about.highestSerial);
        about.highestSerial = it.serial();
      }
      case Effect.Dial _,
          Effect.Disconnect _,
          Effect.Reply _,
          Effect.ServeListings _,
          Effect.Actuate _,
          Effect.CheckDelegation _,
          Effect.Audit _,
          Effect.KeepProof _,
          Effect.Notice _,
          Effect.Halt _ -> {}
    }
  }

  private void speaks(SimulatedNode node, StatementId id, String how) {
    Optional<LogEntry> entry = node.disk().get(id);
    require(
        entry.isPresent() && entry.get().index() < node.committedSize(),
        node,
        how + " statement " + id + ", which is not committed");
    of(node).spoken.add(id);
  }

  @Override
  public void acknowledged(SimulatedNode node, StatementId id) {
    if (node.disk().contains(id)) {
      speaks(node, id, "acknowledges");
    } else {
      boolean waits = node.disk().refused(id).filter(RefusedStatement::revisit).isPresent();
      require(waits, node, "acknowledged " + id + " and has it nowhere");
    }
  }

  @Override
  public void restarted(SimulatedNode node) {
    for (StatementId id : of(node).spoken) {
      require(node.disk().contains(id), node, "has forgotten in a crash what it told: " + id);
    }
  }

  // ---- after every turn

  @Override
  public void turned(SimulatedNode node) {
    Known about = of(node);
    if (about.judgedSize != node.disk().size() || about.judge.isEmpty()) {
      readAgain(node, about);
      isAFunctionOfItsLog(node, about);
      agreesWithItsEquals(node, about);
    }
    servesOnlyWhatItMay(node, about);
    refusesNothingThatItHolds(node);
    staysWithinItsLimits(node);
  }

  private static void readAgain(SimulatedNode node, Known about) {
    List<LogEntry> entries = new ArrayList<>(node.disk().scan(0, Integer.MAX_VALUE));
    Collections.reverse(entries);
    TrustGraph graph = new TrustGraph(node.config().network(), node.config().policy().slotQuota());
    Sha256 set = Sha256.ZERO;
    for (LogEntry entry : entries) {
      graph.add(entry.envelope(), entry.firstSeenMillis());
      set = set.plus(entry.envelope().id().hash());
    }
    about.judge =
        Optional.of(
            new Judge(
                graph,
                node.config().policy(),
                new TreeSet<>(node.core().view().anchors().keySet())));
    about.set = set;
    // Anchors are chosen while the log is still small: read again as long as there are none.
    about.judgedSize = node.core().view().anchors().size() < 2 ? -1 : entries.size();
  }

  /// Law 3: what it believes is what anybody would believe who reads its log, in any order.
  private void isAFunctionOfItsLog(SimulatedNode node, Known about) {
    Sha256 ours = about.judge.orElseThrow().stateHash(node.nowMillis());
    Sha256 its = node.core().judge().stateHash(node.nowMillis());
    require(its.equals(ours), node, "believes something else than its log says");
  }

  /// Of the same statements, nodes of the same policy and anchors make the same.
  private void agreesWithItsEquals(SimulatedNode node, Known about) {
    for (SimulatedNode other : simulation.nodes()) {
      Known equal = of(other);
      if (!other.address().equals(node.address())
          && other.isUp()
          && equal.judgedSize == about.judgedSize
          && equal.set.equals(about.set)
          && other.config().policy().equals(node.config().policy())
          && other.core().view().anchors().keySet().equals(node.core().view().anchors().keySet())) {
        String one = words(node.core().judge(), node);
        String two = words(other.core().judge(), node);
        require(
            one.equals(two),
            node,
            "and " + other.address() + " hold the same and believe " + one + " and " + two);
      }
    }
  }

  private static String words(Judge judge, SimulatedNode node) {
    StringBuilder words = new StringBuilder();
    for (LogEntry entry : node.disk().scan(0, Integer.MAX_VALUE)) {
      judge
          .judge(entry.envelope().id(), node.nowMillis())
          .ifPresent(it ->
              words
                  .append(it.alert())
                  .append(' ')
                  .append(it.status())
                  .append(' ')
                  .append(it.found())
                  .append(';'));
    }
    return words.toString();
  }

  /// No override without its paths, none that is recalled, replaced or expired.
  private void servesOnlyWhatItMay(SimulatedNode node, Known about) {
    for (Overlay.Entry entry : node.served().entries()) {
      AlertJudgement judgement =
          about
              .judge
              .orElseThrow()
              .judge(entry.alert(), node.nowMillis())
              .orElseThrow(() ->
                  simulation.violation(
                      node.address() + ": serves an alert that it does not hold", null));
      boolean closing = judgement.status() instanceof AlertStatus.Closed;
      require(
          judgement.isActive() || closing,
          node,
          "serves " + entry.alert() + ", which is " + judgement.status());
      require(
          judgement.found() >= judgement.required(),
          node,
          "serves " + entry.alert() + " with " + judgement.found() + " paths");
    }
  }

  private void refusesNothingThatItHolds(SimulatedNode node) {
    for (RefusedStatement refused : node.disk().refused(Integer.MAX_VALUE)) {
      StatementId id = refused.envelope().id();
      require(!node.disk().contains(id), node, "holds and refuses statement " + id);
    }
  }

  private void staysWithinItsLimits(SimulatedNode node) {
    NodeView view = node.core().view();
    require(view.peerCount() <= simulation.nodes().size() + 1, node, "has peers that do not exist");
    require(node.inboxSize() <= SimulatedNode.INBOX, node, "its inbox runs over");
    require(
        node.disk().refused(Integer.MAX_VALUE).size() <= 2 * simulation.nodes().size() + 8,
        node,
        "keeps more refusals than were said");
  }

  /// Once it has handled what is due, it must not ask to be called at once again, for ever.
  @Override
  public void handled(SimulatedNode node, Moment now) {
    require(
        node.core().nextDeadline() > now.monotonicNanos(),
        node,
        "asks for a deadline that is past already");
  }

  /// Digest of the statements a node holds.
  static Sha256 setOf(SimulatedNode node) {
    Sha256 set = Sha256.ZERO;
    for (LogEntry entry : node.disk().scan(0, Integer.MAX_VALUE)) {
      Envelope envelope = entry.envelope();
      set = set.plus(envelope.id().hash());
    }
    return set;
  }
}
