package tocsin.simulations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tocsin.node.core.CoreConfig;
import tocsin.node.core.Effect;
import tocsin.storage.LogId;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.graph.TrustPolicy;

/// A simulator that finds nothing proves nothing: each mistake planted here must be found.
class PlantedFaultsTest {
  private static final int NODES = 5;
  private static final int PATIENCE = 12;

  /// The first violation that some seed shows.
  private static Violation found(Simulation.Parts parts) {
    for (long seed = 1; seed <= PATIENCE; seed++) {
      try {
        Scenarios.run("checkfree", NODES, seed, parts);
      } catch (Violation violation) {
        assertThat(violation)
            .hasMessageContaining(
                "to see it again: tocsin simulate checkfree --nodes 5 --seed " + seed);
        return violation;
      }
    }
    throw new AssertionError("the planted fault was not found by " + PATIENCE + " seeds");
  }

  @Test
  void aDiskThatDropsCommits() {
    assertThat(
            found(
                new Simulation.Parts() {
                  @Override
                  public SimulatedDisk disk(LogId id) {
                    return new SimulatedDisk(id) {
                      @Override
                      public void commit() {
                        // Says it is done.
                      }
                    };
                  }
                }))
        .hasMessageContaining("has forgotten in a crash what it told");
  }

  @Test
  void effectsThatRunBeforeTheCommit() {
    assertThat(
            found(
                new Simulation.Parts() {
                  @Override
                  public SimulatedNode node(
                      Simulation simulation,
                      CoreConfig config,
                      List<Envelope> profile,
                      SimulatedDisk disk,
                      List<SimulatedResolver> resolvers) {
                    return new SimulatedNode(simulation, config, profile, disk, resolvers) {
                      @Override
                      void handled(List<Effect> effects, long commitNanos) {
                        effects.forEach(this::run);
                        super.handled(List.of(), commitNanos);
                      }
                    };
                  }
                }))
        .hasMessageContaining("which is not committed");
  }

  @Test
  void aResolverThatLiesAboutItsSerial() {
    assertThat(
            found(
                new Simulation.Parts() {
                  @Override
                  public SimulatedResolver resolver(String name, Simulation simulation) {
                    return new SimulatedResolver(name, simulation) {
                      @Override
                      Optional<Long> heldSerial() {
                        return Optional.of(0xffff_ffffL & Simulation.EPOCH_MILLIS / 1_000 + 9_999);
                      }

                      @Override
                      void transferred(SimulatedNode primary) {
                        // Never.
                      }
                    };
                  }
                }))
        .hasMessageContaining("though the faults have stopped");
  }

  @Test
  void aNodeThatAsksForFewerPathsThanItsPolicy() {
    assertThat(
            found(
                new Simulation.Parts() {
                  @Override
                  public SimulatedNode node(
                      Simulation simulation,
                      CoreConfig config,
                      List<Envelope> profile,
                      SimulatedDisk disk,
                      List<SimulatedResolver> resolvers) {
                    return new SimulatedNode(
                        simulation, credulous(config), profile, disk, resolvers) {
                      @Override
                      CoreConfig config() {
                        return config;
                      }
                    };
                  }
                }))
        .hasMessageContaining("believes something else than its log says");
  }

  private static CoreConfig credulous(CoreConfig config) {
    TrustPolicy policy = config.policy();
    return new CoreConfig(
        config.network(),
        config.self(),
        config.nodeKey(),
        config.software(),
        config.address(),
        config.bootstrap(),
        config.mode(),
        new TrustPolicy(
            policy.flushPaths(),
            1,
            policy.depth(),
            policy.allowSpecialPurposeAddresses(),
            policy.overrideMaxMillis(),
            policy.slotQuota(),
            policy.overrideApproval(),
            policy.allowPublicSuffixes(),
            policy.publicSuffixPaths()),
        config.flushJitterMillis(),
        config.resolvers());
  }

  @Test
  void aResolverThatDoesNotFlush() {
    assertThat(
            found(
                new Simulation.Parts() {
                  @Override
                  public SimulatedResolver resolver(String name, Simulation simulation) {
                    return new SimulatedResolver(name, simulation) {
                      @Override
                      void flush(DnsName apex) {
                        // Says it is done.
                      }
                    };
                  }
                }))
        .hasMessageContaining("though the faults have stopped");
  }
}
