package tocsin.node.core;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tocsin.storage.LogId;
import tocsin.storage.MemoryStatementLog;
import tocsin.trust.Envelope;
import tocsin.trust.StatementId;
import tocsin.trust.graph.TrustPolicy;

/// One core under test, driven through its only door as the loop would: handle, commit, effects.
final class OneNode {
  static final String ADDRESS = "peer.test:7353";

  final Speaker self = new Speaker("self");
  final Speaker first = new Speaker("first");
  final Speaker second = new Speaker("second");
  final Speaker submitter = new Speaker("submitter");
  final Speaker endorser = new Speaker("endorser");
  final PeerId peer = new PeerId(1);
  final MemoryStatementLog log =
      new MemoryStatementLog(new LogId(ByteString.copyFrom(new byte[16])));
  final List<Effect> effects = new ArrayList<>();

  private final List<String> resolvers;
  private final TrustPolicy policy;
  private NodeCore core;
  private long nanos = 1_000_000_000L;
  private long wallMillis = Speaker.NOW;
  private long request;

  OneNode(String... resolvers) {
    this(TrustPolicy.DEFAULT, resolvers);
  }

  OneNode(TrustPolicy policy, String... resolvers) {
    this.policy = policy;
    this.resolvers = List.of(resolvers);
    start();
  }

  /// Crashes, forgetting what was not committed, and starts again.
  void restart() {
    log.crash();
    start();
  }

  /// Half of what the log holds is read before the core has it, as by a start that checks its log.
  private void start() {
    Fold fold = new Fold(Speaker.NETWORK, policy.slotQuota());
    log.scan(0, (int) (log.size() + 1) / 2).forEach(fold::add);
    core =
        new NodeCore(
            new CoreConfig(
                Speaker.NETWORK,
                self.id,
                self.node.id(),
                "test",
                "self.test:7353",
                List.of(ADDRESS),
                CoreConfig.Mode.ENFORCE,
                policy,
                0,
                resolvers),
            log,
            Optional.empty(),
            fold);
    happens(new Event.Started());
  }

  NodeCore core() {
    return core;
  }

  /// Lets something happen; the effects of this turn replace those of the last.
  List<Effect> happens(Event event) {
    effects.clear();
    effects.addAll(core.handle(event, new Moment(nanos, wallMillis)));
    log.commit();
    return effects;
  }

  /// Somebody sets the wall clock; the other one goes on.
  void clockIsSet(long byMillis) {
    wallMillis += byMillis;
    List<Effect> _ = happens(new Event.DeadlineReached());
  }

  /// Lets time pass, calling the core whenever it asked for it; gathers all effects.
  List<Effect> passes(long millis) {
    List<Effect> all = new ArrayList<>();
    long end = nanos + millis * Moment.NANOS_PER_MILLI;
    while (core.nextDeadline() <= end) {
      long next = Math.max(core.nextDeadline(), nanos);
      wallMillis += (next - nanos) / Moment.NANOS_PER_MILLI;
      nanos = next;
      all.addAll(happens(new Event.DeadlineReached()));
    }
    wallMillis += (end - nanos) / Moment.NANOS_PER_MILLI;
    nanos = end;
    return all;
  }

  /// The two anchors are chosen, and have vouched for submitter and endorser within bank.test.
  OneNode withTrust() {
    trust(first);
    trust(second);
    connect();
    receives(
        first.vouch(submitter, "bank.test", tocsin.trust.Role.SUBMITTER),
        second.vouch(endorser, "bank.test", tocsin.trust.Role.SUBMITTER),
        submitter.profile,
        endorser.profile);
    return this;
  }

  void trust(Speaker anchor) {
    happens(new Event.AnchorAdded(++request, anchor.id, anchor.name, List.of(anchor.profile)));
  }

  /// A stream to the peer that we dialled stands; it is the first anchor's node.
  void connect() {
    connect(peer, first, Optional.of(ADDRESS));
  }

  void connect(PeerId id, Speaker organization, Optional<String> dialled) {
    happens(new Event.PeerConnected(id, organization.node.id(), dialled));
    happens(
        new Event.FrameReceived(
            id,
            new Frame.Hello(
                1,
                1,
                Speaker.NETWORK,
                organization.id,
                new LogId(organization.id.toByteString().substring(0, 16)),
                List.of(),
                "test",
                "")));
  }

  List<Effect> receives(Envelope... envelopes) {
    return happens(new Event.FrameReceived(peer, new Frame.Push(List.of(envelopes))));
  }

  /// An operator hands it in.
  Effect.Answer submits(Envelope envelope) {
    return happens(new Event.Submitted(++request, envelope)).stream()
        .filter(Effect.Reply.class::isInstance)
        .map(it -> ((Effect.Reply) it).answer())
        .findFirst()
        .orElseThrow();
  }

  IncidentBook.Standing standing(Envelope alert) {
    return core.standing(alert.id()).orElseThrow();
  }

  AlertState state(Envelope alert) {
    return standing(alert).state();
  }

  Optional<String> refusal(Envelope envelope) {
    return log.refused(envelope.id()).map(it -> it.reason());
  }

  /// Names in the overlay that is served now.
  List<String> overlay() {
    return core.view().overlay().entries().stream().map(it -> it.name().toString()).toList();
  }

  <T extends Effect> List<T> all(Class<T> type) {
    return effects.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /// The operation that is under way at a resolver, and its ticket.
  Effect.Actuate under(List<? extends Effect> from, Class<? extends Effect.Operation> operation) {
    return from.stream()
        .filter(Effect.Actuate.class::isInstance)
        .map(Effect.Actuate.class::cast)
        .filter(it -> operation.isInstance(it.operation()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + operation.getSimpleName() + " in " + from));
  }

  List<Effect> ends(Effect.Actuate operation, Event.Outcome outcome) {
    return happens(new Event.Actuated(operation.ticket(), outcome));
  }

  String progress(StatementId alert) {
    List<Progress> progress = core.view().progress(alert);
    return progress.isEmpty() ? "" : progress.getFirst().word();
  }
}
