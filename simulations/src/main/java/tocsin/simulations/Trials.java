package tocsin.simulations;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/// The trials, by name.
final class Trials {
  private Trials() {}

  /// Each node knows everybody.
  private static final int MAX_NODES = 10_000;

  private interface Play {
    Report.Findings play(int nodes, Function<Federation.Plan, Simulation> simulation);
  }

  private record Named(String name, String summary, Play play) {}

  private static final List<Named> ALL =
      List.of(
          new Named(
              "partition",
              "the network falls into two halves and a lone node, for a minute, ten, seventy, or"
                  + " (seeds from 1000 on) two days; incidents begin and end out of sight; it heals",
              (nodes, simulation) -> {
                Federation.Plan plan = Partition.plan(nodes);
                return new Partition(plan, simulation.apply(plan)).run();
              }),
          new Named(
              "cold-boot",
              "the power fails everywhere in the midst of incidents, and comes back node by node",
              (nodes, simulation) -> {
                Federation.Plan plan = ColdBoot.plan(nodes);
                return new ColdBoot(plan, simulation.apply(plan)).run();
              }),
          new Named(
              "eclipse",
              "a fifth of the directory aims at one victim, tells it nothing, and agrees with it in"
                  + " everything",
              (nodes, simulation) -> {
                Federation.Plan plan = Eclipse.plan(nodes);
                return new Eclipse(plan, simulation.apply(plan)).run();
              }),
          new Named(
              "censor",
              "a fifth of the directory never passes on what one submitter says",
              (nodes, simulation) -> {
                Federation.Plan plan = Censor.plan(nodes);
                return new Censor(plan, simulation.apply(plan)).run();
              }),
          new Named(
              "covert-flash",
              "three in ten behave until an alert is raised, then all of them are silent or gone",
              (nodes, simulation) -> {
                AtomicBoolean flash = new AtomicBoolean();
                Federation.Plan plan = CovertFlash.plan(nodes, flash);
                return new CovertFlash(plan, flash, simulation.apply(plan)).run();
              }),
          new Named(
              "spam",
              "a tenth of the members sign all that their keys can, twice the quota, and contradict"
                  + " themselves, while honest alerts are raised",
              (nodes, simulation) -> {
                Federation.Plan plan = Spam.plan(nodes);
                return new Spam(plan, simulation.apply(plan)).run();
              }),
          new Named(
              "byzantine",
              "a fifth of the members speak nonsense: broken bytes, forged statements,"
                  + " contradictions",
              (nodes, simulation) -> {
                Byzantine.Nonsense nonsense = new Byzantine.Nonsense();
                Federation.Plan plan = Byzantine.plan(nodes, nonsense);
                return new Byzantine(plan, nonsense, simulation.apply(plan)).run();
              }),
          new Named(
              "flush-storm",
              "a great many names are flushed within two seconds; from 100 nodes on, 1,000 names at"
                  + " 10,000 resolvers",
              (nodes, simulation) -> {
                Federation.Plan plan = FlushStorm.plan(nodes);
                return new FlushStorm(plan, simulation.apply(plan)).run();
              }),
          new Named(
              "revocation-race",
              "two stolen keys raise an override in one half of a divided network while one of them"
                  + " is revoked in the other",
              (nodes, simulation) -> {
                Federation.Plan plan = RevocationRace.plan(nodes);
                return new RevocationRace(plan, simulation.apply(plan)).run();
              }),
          new Named(
              "slack2021",
              "an owner's DNSSEC mistake: 24 hours of cached DS records, and one flush",
              (nodes, simulation) -> {
                Federation.Plan plan = Slack2021.plan(nodes);
                return new Slack2021(plan, simulation.apply(plan)).run();
              }));

  static List<Scenarios.Described> list() {
    return ALL.stream()
        .map(
            it -> new Scenarios.Described(it.name(), it.summary(), Federation.MIN_NODES, MAX_NODES))
        .toList();
  }

  /// Plays it, if there is a trial of this name.
  static Optional<Report> play(
      String name, int nodes, long seed, Simulation.Parts parts, String command) {
    return ALL.stream()
        .filter(it -> it.name().equals(name))
        .findFirst()
        .map(it -> it.play().play(nodes, plan -> new Simulation(seed, plan.in(parts), command)));
  }
}
