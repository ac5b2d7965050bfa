package tocsin.simulations;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import tocsin.node.core.CoreConfig;
import tocsin.node.core.Effect;
import tocsin.node.core.Event;
import tocsin.node.core.Frame;
import tocsin.node.core.Moment;
import tocsin.node.transport.FrameCodec;
import tocsin.node.transport.MalformedFrame;
import tocsin.storage.LogId;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;
import tocsin.trust.graph.TrustPolicy;

/// A simulator that finds nothing proves nothing: each mistake planted here must be found, by the
/// scenario and with the words that are named. Nodes are bent from outside: by what surrounds the
/// core, and by what of the world reaches it.
class PlantedFaultsTest {
  private static final int PATIENCE = 12;
  private static final int FEDERATION = 12;

  /// What the simulator says when it all does not end well.
  private static final String ENDS_BADLY = "though the faults have stopped";

  private interface NodeMaker {
    SimulatedNode make(
        Simulation simulation,
        CoreConfig config,
        List<Envelope> profile,
        SimulatedDisk disk,
        List<SimulatedResolver> resolvers);
  }

  private static Simulation.Parts nodes(NodeMaker maker) {
    return new Simulation.Parts() {
      @Override
      public SimulatedNode node(
          Simulation simulation,
          CoreConfig config,
          List<Envelope> profile,
          SimulatedDisk disk,
          List<SimulatedResolver> resolvers) {
        return maker.make(simulation, config, profile, disk, resolvers);
      }
    };
  }

  private static Simulation.Parts disks(Function<LogId, SimulatedDisk> maker) {
    return new Simulation.Parts() {
      @Override
      public SimulatedDisk disk(LogId id) {
        return maker.apply(id);
      }
    };
  }

  private static Simulation.Parts resolvers(
      BiFunction<String, Simulation, SimulatedResolver> maker) {
    return new Simulation.Parts() {
      @Override
      public SimulatedResolver resolver(String name, Simulation simulation) {
        return maker.apply(name, simulation);
      }
    };
  }

  /// Some seed shows it, and the violation says how to see it again.
  private static void isFound(String scenario, Simulation.Parts parts, String... words) {
    isFoundFrom(1, scenario, parts, words);
  }

  private static void isFoundFrom(
      long first, String scenario, Simulation.Parts parts, String... words) {
    int nodes = scenario.equals("checkfree") ? CheckFree.MIN_NODES : FEDERATION;
    for (long seed = first; seed < first + PATIENCE; seed++) {
      try {
        Scenarios.run(scenario, nodes, seed, parts);
      } catch (Violation violation) {
        assertThat(violation)
            .hasMessageContaining(
                "to see it again: tocsin simulate "
                    + scenario
                    + " --nodes "
                    + nodes
                    + " --seed "
                    + seed);
        assertThat(List.of(words))
            .as(String.valueOf(violation.getMessage()))
            .anyMatch(String.valueOf(violation.getMessage())::contains);
        return;
      }
    }
    throw new AssertionError("the planted fault was not found by " + PATIENCE + " seeds");
  }

  /// A node in which some effects are done in another way.
  private static Simulation.Parts doing(BiFunction<SimulatedNode, Effect, Optional<Effect>> how) {
    return nodes((simulation, config, profile, disk, resolvers) ->
        new SimulatedNode(simulation, config, profile, disk, resolvers) {
          @Override
          void run(Effect effect) {
            how.apply(this, effect).ifPresent(super::run);
          }
        });
  }

  /// A node to which some events come in another way.
  private static Simulation.Parts hearing(BiFunction<SimulatedNode, Event, List<Event>> how) {
    return nodes((simulation, config, profile, disk, resolvers) ->
        new SimulatedNode(simulation, config, profile, disk, resolvers) {
          @Override
          List<Event> hears(Event event) {
            return how.apply(this, event);
          }
        });
  }

  /// A node whose core has another configuration than its administrator wrote.
  private static Simulation.Parts configured(Function<CoreConfig, CoreConfig> how) {
    return nodes((simulation, config, profile, disk, resolvers) ->
        new SimulatedNode(simulation, how.apply(config), profile, disk, resolvers) {
          @Override
          CoreConfig config() {
            return config;
          }
        });
  }

  // ---- commit, then speak

  @Test
  void aDiskThatDropsCommits() {
    isFound(
        "checkfree",
        disks(id ->
            new SimulatedDisk(id) {
              @Override
              public void commit() {
                // Says it is done.
              }
            }),
        "has forgotten in a crash what it told");
  }

  @Test
  void aDiskThatSyncsNowAndThen() {
    isFound(
        "checkfree",
        disks(id ->
            new SimulatedDisk(id) {
              private int commits;

              @Override
              public void commit() {
                if (commits++ % 16 == 0) {
                  super.commit();
                }
              }
            }),
        "has forgotten in a crash what it told");
  }

  @Test
  void effectsThatRunBeforeTheCommit() {
    isFound(
        "checkfree",
        nodes((simulation, config, profile, disk, resolvers) ->
            new SimulatedNode(simulation, config, profile, disk, resolvers) {
              @Override
              void handled(List<Effect> effects, long commitNanos) {
                effects.forEach(this::run);
                super.handled(List.of(), commitNanos);
              }
            }),
        "which is not committed");
  }

  @Test
  void anOperatorWhoIsAnsweredBeforeTheCommit() {
    isFound(
        "checkfree",
        nodes((simulation, config, profile, disk, resolvers) ->
            new SimulatedNode(simulation, config, profile, disk, resolvers) {
              @Override
              void handled(List<Effect> effects, long commitNanos) {
                List<Effect> later = new ArrayList<>();
                for (Effect effect : effects) {
                  if (effect instanceof Effect.Reply) {
                    run(effect);
                  } else {
                    later.add(effect);
                  }
                }
                super.handled(later, commitNanos);
              }
            }),
        "which is not committed");
  }

  @Test
  void viewersWhoMissSomeNews() {
    isFound(
        "checkfree",
        doing((node, effect) ->
            effect instanceof Effect.ShowAlerts show
                ? Optional.of(
                    new Effect.ShowAlerts(
                        show.alerts().stream().filter(it -> it.progress().isEmpty()).toList()))
                : Optional.of(effect)),
        "otherwise than it stands");
  }

  /// Made anew from a clock, and the clock was set back while the node was down.
  @Test
  void aSerialThatIsNotKept() {
    isFound(
        "cold-boot",
        new Simulation.Parts() {
          @Override
          public SimulatedDisk disk(LogId id) {
            return forgetful(id, "serial"::equals);
          }

          @Override
          public SimulatedNode node(
              Simulation simulation,
              CoreConfig config,
              List<Envelope> profile,
              SimulatedDisk disk,
              List<SimulatedResolver> resolvers) {
            return new SimulatedNode(simulation, config, profile, disk, resolvers) {
              @Override
              Moment moment() {
                Moment right = super.moment();
                return new Moment(
                    right.monotonicNanos(), right.wallMillis() - crashes() * 120_000L);
              }
            };
          }
        },
        "comes after");
  }

  /// Only a crash between a recall and its clearing shows it.
  @Test
  void aBegunOverrideThatIsNotKept() {
    isFoundFrom(
        23,
        "checkfree",
        disks(id -> forgetful(id, key -> key.startsWith("begun/"))),
        "still holds a correction",
        ENDS_BADLY);
  }

  private static SimulatedDisk forgetful(LogId id, Predicate<String> forgets) {
    return new SimulatedDisk(id) {
      @Override
      public void remember(String key, ByteString value) {
        if (!forgets.test(key)) {
          super.remember(key, value);
        }
      }
    };
  }

  @Test
  void aRecoveryThatDoesNotReadTheLog() {
    isFound(
        "checkfree",
        hearing((node, event) ->
            event instanceof Event.Started && node.crashes() > 0 ? List.of() : List.of(event)),
        "believes something else than its log says",
        "has anchors",
        ENDS_BADLY);
  }

  // ---- who is believed

  @Test
  void aNodeThatAsksForFewerPathsThanItsPolicy() {
    isFound(
        "checkfree",
        configured(config -> with(config, 1, TrustPolicy.DEFAULT_SLOT_QUOTA, 10_000)),
        "believes something else than its log says",
        "with 1 disjoint paths");
  }

  @Test
  void oneDescentThatIsEnough() {
    isFound(
        "byzantine",
        configured(config -> with(config, 1, TrustPolicy.DEFAULT_SLOT_QUOTA, 10_000)),
        "believes something else than its log says",
        "with 1 disjoint paths",
        "hold the same and believe");
  }

  @Test
  void aQuotaThatIsForgotten() {
    isFound(
        "spam",
        configured(config -> with(config, 2, 100_000, 10_000)),
        "than the quota of an hour");
  }

  private static CoreConfig with(
      CoreConfig config, int overridePaths, int slotQuota, long flushJitterMillis) {
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
            overridePaths,
            policy.depth(),
            policy.allowSpecialPurposeAddresses(),
            policy.overrideMaxMillis(),
            slotQuota,
            policy.overrideApproval(),
            policy.allowPublicSuffixes(),
            policy.publicSuffixPaths()),
        flushJitterMillis,
        config.resolvers());
  }

  @Test
  void revocationsThatMeanNothing() {
    isFound(
        "revocation-race",
        hearing((node, event) ->
            loggedAndForgotten(node, event, Statement.Revocation.class::isInstance)),
        "believes something else than its log says",
        "with 0 disjoint paths",
        "with 1 disjoint paths",
        "still serves what a revoked key has signed");
  }

  @Test
  void recallsThatMeanNothing() {
    isFound(
        "partition",
        hearing(
            (node, event) -> loggedAndForgotten(node, event, Statement.Recall.class::isInstance)),
        "which is recalled",
        "believes something else than its log says");
  }

  /// Such statements come into the log, and the core never hears of them.
  private static List<Event> loggedAndForgotten(
      SimulatedNode node, Event event, Predicate<Statement> forgotten) {
    if (event instanceof Event.Submitted submitted
        && forgotten.test(submitted.envelope().statement())) {
      log(node, submitted.envelope());
      return List.of();
    }
    if (event instanceof Event.FrameReceived it && it.frame() instanceof Frame.Push push) {
      List<Envelope> rest = new ArrayList<>();
      for (Envelope envelope : push.envelopes()) {
        if (forgotten.test(envelope.statement())) {
          log(node, envelope);
        } else {
          rest.add(envelope);
        }
      }
      return rest.isEmpty()
          ? List.of()
          : List.of(new Event.FrameReceived(it.peer(), new Frame.Push(rest)));
    }
    return List.of(event);
  }

  private static void log(SimulatedNode node, Envelope envelope) {
    if (!node.disk().contains(envelope.id())) {
      node.disk().append(envelope, node.nowMillis());
      node.disk().commit();
    }
  }

  @Test
  void anchorsThatPeersChoose() {
    isFound(
        "checkfree",
        hearing((_, event) -> {
          List<Event> events = new ArrayList<>(List.of(event));
          if (event instanceof Event.FrameReceived it && it.frame() instanceof Frame.Hello hello) {
            hello
                .anchors()
                .forEach(anchor ->
                    events.add(new Event.AnchorAdded(0, anchor, anchor.toString(), List.of())));
          }
          return events;
        }),
        "has anchors that its administrator has not chosen");
  }

  @Test
  void signaturesThatNobodyLooksAt() {
    isFound(
        "byzantine",
        nodes((simulation, config, profile, disk, resolvers) ->
            new SimulatedNode(simulation, config, profile, disk, resolvers) {
              @Override
              FrameCodec.Decoded decode(ByteString message) throws MalformedFrame {
                List<Envelope> pushed = pushed(message);
                return pushed.isEmpty()
                    ? super.decode(message)
                    : new FrameCodec.Decoded(List.of(new Frame.Push(pushed)), Optional.empty());
              }
            }),
        "serves an adversary's override");
  }

  private static List<Envelope> pushed(ByteString message) {
    try {
      return tocsin.proto.Frame.parseFrom(message).getPush().getEnvelopesList().stream()
          .map(envelope -> Envelopes.fromLog(envelope.toByteString()))
          .toList();
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      return List.of();
    }
  }

  // ---- time

  @Test
  void aClockThatStandsStill() {
    isFound(
        "checkfree",
        nodes((simulation, config, profile, disk, resolvers) ->
            new SimulatedNode(simulation, config, profile, disk, resolvers) {
              @Override
              Moment moment() {
                return new Moment(super.moment().monotonicNanos(), Simulation.EPOCH_MILLIS);
              }
            }),
        "which has expired",
        ENDS_BADLY);
  }

  @Test
  void aTimerThatIsNeverSet() {
    isFound(
        "checkfree",
        nodes((simulation, config, profile, disk, resolvers) ->
            new SimulatedNode(simulation, config, profile, disk, resolvers) {
              @Override
              void arm() {
                // Not now.
              }
            }),
        ENDS_BADLY);
  }

  /// Cut off, it takes its own echo for its peers.
  @Test
  void aNodeThatDoesNotNoticeThatItIsAlone() {
    isFound(
        "partition",
        nodes((simulation, config, profile, disk, resolvers) ->
            new SimulatedNode(simulation, config, profile, disk, resolvers) {
              @Override
              void run(Effect effect) {
                super.run(effect);
                if (effect instanceof Effect.Send send && send.frame() instanceof Frame.Ping ping) {
                  happened(new Event.FrameReceived(send.peer(), new Frame.Pong(ping.nonce())));
                }
              }
            }),
        "has heard of nobody for more than an hour");
  }

  // ---- how news travels

  @Test
  void aNodeThatTellsNobody() {
    isFound(
        "partition",
        doing((_, effect) ->
            effect instanceof Effect.Send send
                    && (send.frame() instanceof Frame.Push
                        || send.frame() instanceof Frame.Announce
                        || send.frame() instanceof Frame.Appended)
                ? Optional.empty()
                : Optional.of(effect)),
        ENDS_BADLY);
  }

  @Test
  void aNodeThatNeverAsksForWhatItMissed() {
    isFound(
        "partition",
        doing((_, effect) ->
            effect instanceof Effect.Send send
                    && (send.frame() instanceof Frame.Pull
                        || send.frame() instanceof Frame.Want
                        || send.frame() instanceof Frame.Resume)
                ? Optional.empty()
                : Optional.of(effect)),
        ENDS_BADLY);
  }

  /// What came too early once is dropped for ever: the alert of an endorsement may be on its way.
  @Test
  void endorsementsThatAreDroppedWhenTheyComeBeforeTheirAlert() {
    isFound(
        "partition",
        nodes((simulation, config, profile, disk, resolvers) ->
            new SimulatedNode(simulation, config, profile, disk, resolvers) {
              private final TreeSet<StatementId> dropped = new TreeSet<>();

              @Override
              List<Event> hears(Event event) {
                if (event instanceof Event.FrameReceived it
                    && it.frame() instanceof Frame.Appended appended) {
                  return List.of(
                      new Event.FrameReceived(
                          it.peer(),
                          new Frame.Appended(
                              appended.logId(),
                              kept(appended.envelopes()),
                              appended.next(),
                              appended.end())));
                }
                if (event instanceof Event.FrameReceived it
                    && it.frame() instanceof Frame.Push push) {
                  return List.of(
                      new Event.FrameReceived(it.peer(), new Frame.Push(kept(push.envelopes()))));
                }
                return List.of(event);
              }

              private List<Envelope> kept(List<Envelope> envelopes) {
                return envelopes.stream().filter(envelope -> !isOrphan(envelope)).toList();
              }

              private boolean isOrphan(Envelope envelope) {
                if (envelope.statement() instanceof Statement.Endorsement endorsement
                    && !disk().contains(endorsement.alert())) {
                  dropped.add(envelope.id());
                }
                return dropped.contains(envelope.id());
              }
            }),
        ENDS_BADLY);
  }

  // ---- what resolvers are told

  @Test
  void aResolverThatLiesAboutItsSerial() {
    isFound(
        "checkfree",
        resolvers((name, simulation) ->
            new SimulatedResolver(name, simulation) {
              @Override
              Optional<Long> heldSerial() {
                return Optional.of(0xffff_ffffL & Simulation.EPOCH_MILLIS / 1_000 + 9_999);
              }

              @Override
              void transferred(SimulatedNode primary) {
                // Never.
              }
            }),
        ENDS_BADLY);
  }

  @Test
  void aResolverThatDoesNotFlush() {
    isFound(
        "checkfree",
        resolvers((name, simulation) ->
            new SimulatedResolver(name, simulation) {
              @Override
              void flush(DnsName apex) {
                // Says it is done.
              }
            }),
        ENDS_BADLY);
  }

  @Test
  void aSerialThatGoesBack() {
    isFound(
        "checkfree",
        doing((_, effect) ->
            Optional.of(
                effect instanceof Effect.ServeOverlay it && !it.overlay().entries().isEmpty()
                    ? new Effect.ServeOverlay(it.overlay(), it.serial() - 1_000)
                    : effect)),
        "comes after");
  }

  @Test
  void anOverlayThatIsNeverWithdrawn() {
    isFound(
        "checkfree",
        doing((node, effect) ->
            effect instanceof Effect.ServeOverlay it
                    && it.overlay().entries().isEmpty()
                    && node.hasServed()
                ? Optional.empty()
                : Optional.of(effect)),
        "which is recalled",
        "which has expired",
        ENDS_BADLY);
  }

  @Test
  void correctionsThatAreNotCleared() {
    isFound(
        "checkfree",
        doing((node, effect) -> {
          if (effect instanceof Effect.Actuate it
              && it.operation() instanceof Effect.Operation.ClearNameServers) {
            node.happened(new Event.Actuated(it.ticket(), new Event.Outcome.Done()));
            return Optional.empty();
          }
          return Optional.of(effect);
        }),
        "still holds a correction",
        ENDS_BADLY);
  }

  @Test
  void aTimeoutThatPassesForSuccess() {
    isFound(
        "checkfree",
        hearing((_, event) ->
            List.of(
                event instanceof Event.Actuated it && it.outcome() instanceof Event.Outcome.Failed
                    ? new Event.Actuated(it.ticket(), new Event.Outcome.Done())
                    : event)),
        ENDS_BADLY,
        "a core contradicts itself");
  }

  @Test
  void flushesThatAreNotSpread() {
    isFound(
        "flush-storm",
        configured(config -> with(config, 2, TrustPolicy.DEFAULT_SLOT_QUOTA, 0)),
        "flushes come all at once",
        "nobody waits for his share of the jitter");
  }
}
