package tocsin.simulations;

import static tocsin.simulations.Agenda.MILLI;
import static tocsin.simulations.Agenda.SECOND;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tocsin.node.core.AlertState;
import tocsin.node.core.Effect;
import tocsin.node.core.Event;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.EnvelopeVerdict;
import tocsin.trust.Envelopes;
import tocsin.trust.Header;
import tocsin.trust.Role;
import tocsin.trust.Signatures;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// December 2008 on a bad day. Two anchors; an ISP that the first vouches for submits the override,
/// a security company that the second vouches for endorses it; further ISPs only listen. Twice
/// there is a phase of faults and then one without, after which everything must be well: first
/// while the override protects, then when the incident has ended, by flush, recall or expiry.
final class CheckFree {
  static final int MIN_NODES = 5;

  private static final int NORTH = 0;
  private static final int SOUTH = 1;
  private static final int SUBMITTER = 2;
  private static final int ENDORSER = 3;

  private static final long HIJACK = 10 * SECOND;
  private static final long ALARM = 15 * SECOND;
  private static final long FIRST_FAULTS_END = 70 * SECOND;

  /// A silent stream is found in 35 s, a dial repeated after 15 s, a lost push by digests in 5 s, a
  /// resolver verified again in 30 s.
  private static final long PROTECTED = FIRST_FAULTS_END + 120 * SECOND;

  private static final long ENDING = PROTECTED + 5 * SECOND;
  private static final long SECOND_FAULTS_END = ENDING + 60 * SECOND;
  private static final long END = SECOND_FAULTS_END + 150 * SECOND;

  /// Of the story that the report shows.
  private static final long BUCKET = 5 * SECOND;

  private static final int BUCKETS = (int) (END / BUCKET) + 1;

  /// So short that it expires between the two checks, in the middle of the second faults.
  private static final long SHORT_LIFE_MILLIS = (ENDING + 20 * SECOND - ALARM) / MILLI;

  private enum Ending {
    FLUSH,
    RECALL,
    EXPIRY
  }

  private final int count;
  private final Simulation simulation;
  private final Workload workload;
  private final Outcomes outcomes;
  private final RandomGenerator script;
  private final List<Organization> organizations = new ArrayList<>();
  private final Envelopes envelopes = new Envelopes(new Signatures());
  private final Ending ending;

  private @Nullable Envelope override;
  private @Nullable Envelope fake;
  private @Nullable Envelope flush;
  private boolean overrideAccepted;
  private boolean endorsed;
  private long endorsedNanos;
  private long acceptedEverywhereNanos;
  private long repairedNanos;

  /// Questions, and answers that were the hijacker's, by [#BUCKET].
  private final int[] asked = new int[BUCKETS];

  private final int[] rogue = new int[BUCKETS];
  private final int[] rogueWithout = new int[BUCKETS];
  private double tailWithoutHours;

  /// For each resolver one that has no node beside it, and the same clients.
  private final TreeMap<String, SimulatedResolver> twins = new TreeMap<>();

  private boolean fakeRefused;

  CheckFree(int count, Simulation simulation) {
    this.count = count;
    this.simulation = simulation;
    this.workload = new Workload(simulation);
    this.outcomes = new Outcomes(simulation);
    this.script = simulation.chance().stream("script");
    this.ending = List.of(Ending.values()).get(script.nextInt(Ending.values().length));
  }

  Report.BadDay run() {
    foundNodes();
    firstFaults();
    alarm();
    fake();
    simulation.runUntil(PROTECTED);
    isProtected();
    secondFaults();
    end();
    simulation.runUntil(END);
    hasEnded();
    return report();
  }

  private Report.BadDay report() {
    int crashes = simulation.nodes().stream().mapToInt(SimulatedNode::crashes).sum();
    return new Report.BadDay(
        "checkfree",
        count,
        simulation.chance().seed(),
        simulation.trace().hash(),
        simulation.trace().lines(),
        simulation.agenda().now() / MILLI,
        simulation.nodes().getFirst().disk().size(),
        crashes,
        ending.name().toLowerCase(java.util.Locale.ROOT),
        (acceptedEverywhereNanos - endorsedNanos) / MILLI,
        IntStream.of(rogue).sum(),
        IntStream.of(rogueWithout).sum(),
        tailWithoutHours,
        simulation.network().longestQueue(),
        story());
  }

  private Report.Story story() {
    return new Report.Story(
        BUCKET / (double) SECOND,
        shares(rogue),
        shares(rogueWithout),
        List.of(
            mark(HIJACK, "the name servers are the hijacker's"),
            mark(endorsedNanos, "the second signature"),
            mark(repairedNanos, "the owner has the domain back")));
  }

  private static Report.Mark mark(long nanos, String words) {
    return new Report.Mark(nanos / (double) SECOND, words);
  }

  private List<Double> shares(int[] wrong) {
    List<Double> shares = new ArrayList<>();
    for (int i = 0; i < BUCKETS; i++) {
      shares.add(Math.round(wrong[i] * 1_000.0 / Math.max(1, asked[i])) / 1_000.0);
    }
    return shares;
  }

  private long between(long fromNanos, long toNanos) {
    return script.nextLong(fromNanos, toNanos);
  }

  private void at(long nanos, Runnable action) {
    simulation.agenda().at(nanos, action);
  }

  private SimulatedNode node(int number) {
    return simulation.nodes().get(number);
  }

  private Envelope signed(Envelope envelope) {
    if (!(envelopes.verify(envelope.wire()) instanceof EnvelopeVerdict.Valid)) {
      throw new AssertionError("a simulated organization signs badly");
    }
    return envelope;
  }

  // ---- how it begins

  private void foundNodes() {
    for (int i = 0; i < count; i++) {
      organizations.add(
          new Organization("Organization " + i, "node-" + i + ":7353", simulation.chance()));
    }
    for (int i = 0; i < count; i++) {
      Organization own = organizations.get(i);
      List<String> bootstrap =
          i == 0 ? List.of() : List.of(organizations.get(script.nextInt(i)).address());
      SimulatedNode node =
          simulation.add(
              own.config(bootstrap, i >= SUBMITTER ? List.of("resolver-" + i) : List.of()),
              List.of(signed(own.profile())));
      at(between(0, 2 * SECOND), node::start);
      anchor(node, NORTH);
      anchor(node, SOUTH);
      node.resolvers().forEach(resolver -> askNowAndThen(resolver));
    }
    at(3 * SECOND, () -> vouch(NORTH, SUBMITTER, "."));
    at(3 * SECOND, () -> vouch(SOUTH, ENDORSER, "."));
    for (int i = ENDORSER + 1; i < count; i++) {
      int isp = i;
      at(
          between(3 * SECOND, 6 * SECOND),
          () -> vouch(isp % 2 == 0 ? NORTH : SOUTH, isp, "isp-" + isp + ".test"));
    }
    at(HIJACK, simulation.world()::hijack);
  }

  private void anchor(SimulatedNode node, int number) {
    Organization anchor = organizations.get(number);
    at(
        2 * SECOND + number * MILLI,
        () ->
            workload.insist(
                node,
                request ->
                    new Event.AnchorAdded(
                        request, anchor.id(), "anchor-" + number, List.of(anchor.profile())),
                () -> {}));
  }

  private void vouch(int voucher, int subject, String scope) {
    Envelope vouch =
        organizations
            .get(voucher)
            .vouch(
                simulation.wallMillis(),
                organizations.get(subject),
                List.of(Role.SUBMITTER),
                List.of(scope));
    // One vouches for a card: the subject's profile comes with it.
    workload.submit(node(voucher), organizations.get(subject).profile(), () -> {});
    workload.submit(node(voucher), signed(vouch), () -> {});
  }

  /// A client asks this resolver about once a second, from the hijack on.
  private void askNowAndThen(SimulatedResolver resolver) {
    RandomGenerator chance = simulation.chance().stream("client of " + resolver.name());
    simulation.agenda().at(HIJACK + MILLI, () -> ask(resolver, chance));
  }

  private void ask(SimulatedResolver resolver, RandomGenerator chance) {
    if (resolver.isUp()) {
      List<ByteString> answer = resolver.answer(SimulatedWorld.HOST);
      simulation.trace().add(simulation.agenda().now(), resolver.name(), "answer", answer);
      int bucket = (int) (simulation.agenda().now() / BUCKET);
      asked[bucket]++;
      if (answer.contains(SimulatedWorld.ROGUE_ADDRESS)) {
        rogue[bucket]++;
      }
      if (twin(resolver).answer(SimulatedWorld.HOST).contains(SimulatedWorld.ROGUE_ADDRESS)) {
        rogueWithout[bucket]++;
      }
    }
    simulation.agenda().after(chance.nextLong(2 * SECOND), () -> ask(resolver, chance));
  }

  private SimulatedResolver twin(SimulatedResolver resolver) {
    return twins.computeIfAbsent(
        resolver.name(), name -> new SimulatedResolver("twin of " + name, simulation));
  }

  /// How long those without a node would go on after the repair.
  private void tail() {
    long now = simulation.agenda().now();
    long longest =
        twins.values().stream()
            .flatMap(twin -> twin.wrongUntil(SimulatedWorld.APEX).stream())
            .mapToLong(until -> until - now)
            .max()
            .orElse(0);
    tailWithoutHours = Math.round(longest * 10.0 / (3_600 * SECOND)) / 10.0;
  }

  // ---- what goes wrong

  private void firstFaults() {
    at(HIJACK, () -> simulation.setFaults(Faults.MANY));
    // The submitter's node never knew; the endorser's knew and had told nobody.
    at(
        ALARM - MILLI,
        () -> node(SUBMITTER).crashAt(SimulatedNode.CrashPoint.BEFORE_COMMIT, downtime()));
    at(
        ALARM + SECOND,
        () -> node(ENDORSER).crashAt(SimulatedNode.CrashPoint.BEFORE_EFFECTS, downtime()));
    mishaps(ALARM, FIRST_FAULTS_END);
    at(FIRST_FAULTS_END, this::faultsStop);
  }

  private void secondFaults() {
    simulation.setFaults(Faults.MANY);
    mishaps(ENDING, SECOND_FAULTS_END);
    at(SECOND_FAULTS_END, this::faultsStop);
  }

  private void faultsStop() {
    simulation.setFaults(Faults.NONE);
    simulation.network().heal();
  }

  private long downtime() {
    return between(SECOND / 2, 8 * SECOND);
  }

  /// Crashes, restarts of resolvers, and a partition.
  private void mishaps(long from, long to) {
    for (int i = 0; i < 3; i++) {
      SimulatedNode unlucky = node(script.nextInt(count));
      SimulatedNode.CrashPoint point =
          script.nextInt(2) == 0
              ? SimulatedNode.CrashPoint.BEFORE_COMMIT
              : SimulatedNode.CrashPoint.BEFORE_EFFECTS;
      long downtime = downtime();
      boolean anywhere = script.nextBoolean();
      at(
          between(from, to - 10 * SECOND),
          () -> {
            if (anywhere) {
              unlucky.crash(downtime);
            } else {
              unlucky.crashAt(point, downtime);
            }
          });
    }
    for (int i = 0; i < 2; i++) {
      SimulatedResolver unlucky =
          node(SUBMITTER + script.nextInt(count - SUBMITTER)).resolvers().getFirst();
      long downtime = downtime();
      at(between(from, to - 10 * SECOND), () -> unlucky.restart(downtime));
    }
    TreeMap<String, Integer> sides = new TreeMap<>();
    organizations.forEach(it -> sides.put(it.address(), script.nextInt(2)));
    long begins = between(from, to - 20 * SECOND);
    at(begins, () -> simulation.network().partition(sides));
    at(between(begins, to), simulation.network()::heal);
  }

  // ---- the alarm

  private void alarm() {
    Statement.Action action = action();
    at(
        ALARM,
        () -> {
          long life = ending == Ending.EXPIRY ? SHORT_LIFE_MILLIS : 24 * Header.HOUR_MILLIS;
          Envelope alert =
              signed(alert(organizations.get(SUBMITTER), life, action, Optional.empty()));
          override = alert;
          workload.submit(node(SUBMITTER), alert, () -> overrideAccepted = true);
          workload.when(
              () -> node(ENDORSER).isUp() && node(ENDORSER).disk().contains(alert.id()),
              () -> endorse(alert));
        });
  }

  private Statement.OverrideAction action() {
    boolean records = script.nextInt(3) != 0;
    boolean nameServers = !records || script.nextBoolean();
    return new Statement.OverrideAction(
        records ? List.of(new CorrectRecord.A(SimulatedWorld.RIGHT_ADDRESS)) : List.of(),
        nameServers
            ? List.of(
                new Statement.NameServer(
                    DnsName.of("ns1.checkfree.test"), List.of(SimulatedWorld.RIGHT_SERVER)))
            : List.of(),
        List.of(SimulatedWorld.ROGUE_ADDRESS),
        List.of(),
        script.nextBoolean(),
        300);
  }

  private Envelope alert(
      Organization by, long lifeMillis, Statement.Action action, Optional<StatementId> incident) {
    return by.alert(
        simulation.wallMillis(), lifeMillis, List.of(SimulatedWorld.APEX), action, incident);
  }

  private void endorse(Envelope alert) {
    Envelope endorsement =
        signed(
            organizations
                .get(ENDORSER)
                .say(
                    simulation.wallMillis(),
                    24 * Header.HOUR_MILLIS,
                    header -> new Statement.Endorsement(header, alert.id())));
    endorsedNanos = simulation.agenda().now();
    workload.submit(node(ENDORSER), endorsement, () -> endorsed = true);
    workload.when(
        () ->
            simulation.nodes().stream()
                .allMatch(node ->
                    node.isUp()
                        && node.core()
                            .standing(alert.id())
                            .filter(it -> it.state() == AlertState.ACTIVE)
                            .isPresent()),
        () -> acceptedEverywhereNanos = simulation.agenda().now());
  }

  /// The hijacker fools an operator, and pushes by itself.
  private void fake() {
    Organization hijacker = new Organization("Hijacker", "hijacker:666", simulation.chance());
    at(
        between(ALARM, ALARM + 10 * SECOND),
        () -> {
          Envelope alert =
              signed(
                  alert(hijacker, 24 * Header.HOUR_MILLIS, SimulatedWorld.FAKE, Optional.empty()));
          fake = alert;
          SimulatedNode fooled = node(count - 1);
          workload.when(
              fooled::isUp,
              () ->
                  workload.tryOnce(
                      fooled,
                      alert,
                      answer -> fakeRefused |= answer instanceof Effect.Answer.Refused));
          Intruder intruder =
              new Intruder(simulation, hijacker, List.of(hijacker.profile(), alert));
          simulation.network().add(intruder);
          intruder.dialAll();
          simulation.agenda().after(20 * SECOND, intruder::dialAll);
        });
  }

  private static Envelope said(@Nullable Envelope envelope) {
    if (envelope == null) {
      throw new IllegalStateException("nobody said it");
    }
    return envelope;
  }

  private void isProtected() {
    StatementId alert = said(override).id();
    outcomes.everybodyIsUpAndHoldsTheSame();
    outcomes.alertIs(alert, AlertState.ACTIVE);
    outcomes.nobodyKnows(said(fake).id());
    outcomes.verifiedEverywhere(alert);
    outcomes.everyResolverAnswersRight();
    if (!overrideAccepted || !endorsed) {
      throw simulation.violation("an operator never got an answer", null);
    }
  }

  // ---- how it ends

  private void end() {
    StatementId alert = said(override).id();
    long repair = between(ENDING + 5 * SECOND, ENDING + 15 * SECOND);
    at(
        repair,
        () -> {
          simulation.world().repair();
          repairedNanos = simulation.agenda().now();
          tail();
        });
    switch (ending) {
      case FLUSH ->
          // Before the repair, too: then it waits, and the override goes on protecting.
          at(
              between(ENDING, ENDING + 30 * SECOND),
              () -> {
                Envelope closing =
                    signed(
                        alert(
                            organizations.get(SUBMITTER),
                            Header.HOUR_MILLIS,
                            new Statement.FlushAction(),
                            Optional.of(alert)));
                flush = closing;
                workload.submit(node(SUBMITTER), closing, () -> {});
              });
      case RECALL ->
          at(
              between(repair, repair + 15 * SECOND),
              () ->
                  workload.submit(
                      node(SUBMITTER),
                      signed(
                          organizations
                              .get(SUBMITTER)
                              .say(
                                  simulation.wallMillis(),
                                  0,
                                  header -> new Statement.Recall(header, alert, "it is repaired"))),
                      () -> {}));
      case EXPIRY -> {}
    }
  }

  private void hasEnded() {
    outcomes.everybodyIsUpAndHoldsTheSame();
    outcomes.alertIs(
        said(override).id(),
        switch (ending) {
          case FLUSH -> AlertState.RESOLVED;
          case RECALL -> AlertState.RECALLED;
          case EXPIRY -> AlertState.EXPIRED;
        });
    if (ending == Ending.FLUSH) {
      outcomes.alertIs(said(flush).id(), AlertState.RESOLVED);
    }
    outcomes.nobodyKnows(said(fake).id());
    outcomes.nothingIsLeftBehind();
    outcomes.everyResolverAnswersRight();
    if (!fakeRefused && simulation.nodes().getLast().crashes() == 0) {
      throw simulation.violation("nobody told the fooled operator that the alert is fake", null);
    }
  }
}
