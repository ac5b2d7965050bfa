package tocsin.simulations;

import static tocsin.simulations.Agenda.SECOND;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tocsin.node.core.Frame;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Header;
import tocsin.trust.Severity;
import tocsin.trust.Statement;
import tocsin.trust.graph.TrustPolicy;

/// A tenth of the members say as much as their keys can sign: every slot of the hour, as many again
/// beyond the quota, and one of them tells each peer something else in the same slot. All the while
/// honest alerts must come through.
final class Spam extends Trial {
  private static final int ALERTS = 10;
  private static final int QUOTA = TrustPolicy.DEFAULT_SLOT_QUOTA;
  private static final int PORTION = 20;

  /// Contradictions of the one who tells everybody something else.
  private static final int VERSIONS = 40;

  Spam(Federation.Plan plan, Simulation simulation) {
    super("spam", plan, simulation);
  }

  private static int issuers(int nodes) {
    return Math.max(2, nodes / 10);
  }

  static Federation.Plan plan(int nodes) {
    return new Federation.Plan(
        nodes,
        1,
        number -> number >= nodes - issuers(nodes),
        OptionalInt.empty(),
        (_, wanted) -> List.of(wanted));
  }

  @Override
  void play() {
    begin();
    int issuers = issuers(federation.size());
    long before = federation.node(0).disk().size();
    List<Integer> spammers = new ArrayList<>();
    for (int i = federation.size() - issuers; i < federation.size(); i++) {
      spammers.add(i);
    }
    int said = 0;
    for (int spammer : spammers) {
      List<Envelope> spam = spam(spammer, 2 * QUOTA);
      said += spam.size();
      for (int i = 0; i < spam.size(); i += PORTION) {
        List<Envelope> portion = List.copyOf(spam.subList(i, i + PORTION));
        simulation.agenda().after(script.nextLong(5 * SECOND), () -> pushToAll(spammer, portion));
      }
    }
    contradict(spammers.getLast());
    Spreading spreading = new Spreading();
    for (int i = 0; i < ALERTS; i++) {
      spreading.measure(federation.member(script, List.of()));
    }
    runFor(10 * SECOND);
    figures("", spreading.counted());
    require(spreading.missing == 0, spreading.missing + " honest alerts are missing");
    // Of all versions of the one statement two are a proof.
    long bound = before + ALERTS + (long) issuers * QUOTA + 1;
    long most =
        federation.honest().stream().mapToLong(node -> node.disk().size()).max().orElseThrow();
    require(most <= bound, "a node holds " + most + " statements, and " + bound + " is the bound");
    figure("spammers", issuers);
    figure("said", said);
    figure("spam_held_most", most - before - ALERTS);
    figure("spam_bound", (long) issuers * QUOTA);
    Incident incident = raise();
    badDay(List.of(incident));
    peace();
  }

  /// One statement for each slot, the quota's and as many beyond as asked for.
  private List<Envelope> spam(int by, int count) {
    List<Envelope> spam = new ArrayList<>();
    for (int slot = 0; slot < count; slot++) {
      spam.add(statement(by, 1_000 + slot, slot, nextVictim()));
    }
    return spam;
  }

  private Envelope statement(int by, long number, int slot, DnsName name) {
    Organization organization = federation.organization(by);
    Header header = organization.header(simulation.wallMillis(), Header.HOUR_MILLIS, number, slot);
    return organization.forge(
        header,
        it ->
            new Statement.Alert(
                it,
                List.of(name),
                true,
                new Statement.FlushAction(),
                Optional.empty(),
                Optional.empty(),
                Severity.EXTREME,
                "spam",
                "",
                false));
  }

  private void pushToAll(int spammer, List<Envelope> portion) {
    SimulatedNode node = federation.node(spammer);
    simulation
        .network()
        .streamsOf(node)
        .forEach(peer -> simulation.network().send(node, peer, new Frame.Push(portion)));
  }

  /// Another statement with the same number in the same slot for each peer.
  private void contradict(int spammer) {
    SimulatedNode node = federation.node(spammer);
    List<Envelope> versions = new ArrayList<>();
    for (int i = 0; i < VERSIONS; i++) {
      versions.add(statement(spammer, 1_001, 1, nextVictim()));
    }
    int i = 0;
    for (var peer : simulation.network().streamsOf(node)) {
      Envelope version = versions.get(i++ % versions.size());
      simulation.network().send(node, peer, new Frame.Push(List.of(version)));
    }
  }
}
