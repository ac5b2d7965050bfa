package tocsin.node.core;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tocsin.storage.LogId;
import tocsin.storage.MemoryStatementLog;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Header;
import tocsin.trust.Role;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;
import tocsin.trust.graph.TrustPolicy;

/// A core that already believes a submitter and an endorser, for tests of what stands around it:
/// the caller drives it, in real time.
public final class TrustedCore {
  private static final long OVERRIDE_MILLIS = 20 * Header.HOUR_MILLIS;
  private static final long FLUSH_MILLIS = Header.HOUR_MILLIS;

  private final Speaker self = new Speaker("self");
  private final Speaker first = new Speaker("first");
  private final Speaker second = new Speaker("second");
  private final Speaker submitter = new Speaker("submitter");
  private final Speaker endorser = new Speaker("endorser");
  private final MemoryStatementLog log =
      new MemoryStatementLog(new LogId(ByteString.copyFrom(new byte[16])));
  private final TrustPolicy policy;
  private final List<String> resolvers;
  private final NodeCore core;
  private final long begun = System.nanoTime();
  private long request;

  /// @param resolvers names of those beside it
  public TrustedCore(CoreConfig.Mode mode, List<String> resolvers) {
    TrustPolicy usual = TrustPolicy.DEFAULT;
    this.resolvers = List.copyOf(resolvers);
    policy =
        new TrustPolicy(
            usual.flushPaths(),
            usual.overridePaths(),
            usual.depth(),
            true,
            usual.overrideMaxMillis(),
            usual.slotQuota(),
            usual.overrideApproval(),
            usual.allowPublicSuffixes(),
            usual.publicSuffixPaths());
    core =
        new NodeCore(
            new CoreConfig(
                Speaker.NETWORK,
                self.id,
                self.node.id(),
                "test",
                "self.test:7353",
                List.of(OneNode.ADDRESS),
                mode,
                policy,
                0,
                resolvers),
            log);
  }

  public NodeCore core() {
    return core;
  }

  public MemoryStatementLog log() {
    return log;
  }

  /// The time of the tests' statements, which goes on from their beginning.
  public Moment now() {
    long since = System.nanoTime() - begun;
    return new Moment(since + 1_000_000_000L, Speaker.NOW + since / Moment.NANOS_PER_MILLI);
  }

  /// What makes it believe the two, and think that it is connected.
  public List<Event> introductions() {
    List<Event> events = new ArrayList<>();
    for (Speaker anchor : List.of(first, second)) {
      events.add(new Event.AnchorAdded(++request, anchor.id, anchor.name, List.of(anchor.profile)));
    }
    PeerId peer = new PeerId(1);
    events.add(new Event.PeerConnected(peer, first.node.id(), Optional.of(OneNode.ADDRESS)));
    for (Envelope each :
        List.of(
            first.vouch(submitter, "test", Role.SUBMITTER),
            second.vouch(endorser, "test", Role.SUBMITTER),
            submitter.profile,
            endorser.profile)) {
      events.add(new Event.Submitted(++request, each));
    }
    return events;
  }

  /// Whether its policy blocks rogue data for every name from now on.
  public Event blocksRogueData(boolean blocks) {
    return new Event.Reconfigured(
        policy, 0, blocks, List.of(OneNode.ADDRESS), resolvers, List.of());
  }

  public Event.Submitted submission(Envelope envelope) {
    return new Event.Submitted(++request, envelope);
  }

  public Envelope override(Statement.OverrideAction action, boolean subtree, String... names) {
    return alert(OVERRIDE_MILLIS, action, Optional.empty(), subtree, names);
  }

  public Envelope flush(Optional<StatementId> incident, String... names) {
    return alert(FLUSH_MILLIS, new Statement.FlushAction(), incident, true, names);
  }

  private Envelope alert(
      long lifeMillis,
      Statement.Action action,
      Optional<StatementId> incident,
      boolean subtree,
      String... names) {
    List<DnsName> affected = new ArrayList<>();
    for (String name : names) {
      affected.add(DnsName.of(name));
    }
    long now = now().wallMillis();
    return submitter.alert(now, now + lifeMillis, subtree, action, incident, affected);
  }

  public Envelope endorse(Envelope alert) {
    return endorser.endorse(alert);
  }

  public Envelope recall(Envelope alert) {
    return submitter.recall(alert);
  }
}
