package tocsin.simulations;

import static tocsin.simulations.Agenda.MILLI;
import static tocsin.simulations.Agenda.SECOND;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Header;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// Members all over the world flush a great many names within two seconds. The load on each
/// resolver, and on the servers that all resolvers ask again, must be spread.
final class FlushStorm extends Trial {
  private static final int RESOLVERS = 10_000;
  private static final int NAMES = 1_000;
  private static final int NAMES_EACH = 10;

  /// The window over which each node spreads its flushes.
  private static final long JITTER = 10 * SECOND;

  /// A burst of 20, 20 that a second brings, and one at each end of it.
  private static final int MOST_PER_SECOND = 42;

  private static final long STORM = 2 * SECOND;

  FlushStorm(Federation.Plan plan, Simulation simulation) {
    super("flush-storm", plan, simulation);
  }

  private static boolean isLarge(int nodes) {
    return nodes >= 100;
  }

  static Federation.Plan plan(int nodes) {
    return Federation.Plan.honest(nodes, isLarge(nodes) ? RESOLVERS / nodes : 3);
  }

  @Override
  void play() {
    begin();
    int names = isLarge(federation.size()) ? NAMES : 10 * federation.size();
    List<StatementId> flushes = new ArrayList<>();
    int flushed = names / NAMES_EACH * NAMES_EACH;
    long began = now();
    for (int i = 0; i < names / NAMES_EACH; i++) {
      TreeSet<DnsName> some = new TreeSet<>();
      while (some.size() < NAMES_EACH) {
        some.add(nextVictim());
      }
      int by = federation.member(script, List.of());
      simulation
          .agenda()
          .after(
              script.nextLong(STORM),
              () -> {
                Envelope flush =
                    federation.alert(
                        by,
                        List.copyOf(some),
                        Header.HOUR_MILLIS,
                        new Statement.FlushAction(),
                        Optional.empty());
                expect(flush.id());
                flushes.add(flush.id());
                workload.submit(federation.node(by), flush, () -> {});
              });
    }
    runFor(STORM);
    outcomes.within(WELL_WITHIN, outcomes::whoDisagrees);
    // Who has left out an anchor does not believe those whom it alone has vetted.
    long expected = 0;
    for (StatementId flush : flushes) {
      for (SimulatedNode node : believers(flush)) {
        expected += (long) NAMES_EACH * node.resolvers().size();
      }
    }
    long asked = expected;
    outcomes.within(
        WELL_WITHIN,
        () ->
            flushes() >= asked
                ? Optional.empty()
                : Optional.of(flushes() + " of " + asked + " flushes are done"));
    long took = (now() - began) / MILLI;
    int most = 0;
    TreeMap<Long, Integer> world = new TreeMap<>();
    for (SimulatedResolver resolver : resolvers()) {
      for (var second : resolver.flushesPerSecond().entrySet()) {
        most = Math.max(most, second.getValue());
        world.merge(second.getKey(), second.getValue(), Integer::sum);
      }
    }
    int worst = world.values().stream().mapToInt(it -> it).max().orElse(0);
    figure("resolvers", resolvers().size());
    figure("names", flushed);
    figure("flushes", flushes());
    figure("done_after_ms", took);
    figure("most_per_second_at_one_resolver", most);
    figure("most_per_second_in_the_world", worst);
    figure("world_if_even", expected * SECOND / (JITTER + STORM));
    require(most <= MOST_PER_SECOND, "a resolver is given " + most + " flushes in one second");
    require(
        world.size() > 1 && worst <= 3 * expected * SECOND / (JITTER + STORM) + NAMES_EACH,
        "flushes come all at once: " + worst + " of " + expected + " in one second");
    require(now() - began >= JITTER / 2, "nobody waits for his share of the jitter");
    badDay(List.of());
    peace();
  }

  private long flushes() {
    return resolvers().stream().mapToLong(SimulatedResolver::flushes).sum();
  }

  private List<SimulatedResolver> resolvers() {
    return federation.honest().stream().flatMap(node -> node.resolvers().stream()).toList();
  }
}
