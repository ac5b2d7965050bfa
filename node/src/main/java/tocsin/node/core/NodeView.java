package tocsin.node.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;
import tocsin.storage.LogEntry;
import tocsin.storage.StatementLog;
import tocsin.trust.Header;
import tocsin.trust.KeyId;
import tocsin.trust.OrganizationId;
import tocsin.trust.StatementId;
import tocsin.trust.graph.TrustGraph;
import tocsin.trust.graph.TrustPolicy;

/// What there is to see of a core, for those who only look: operators, the consumer interface, the
/// simulator's invariants.
public final class NodeView {
  /// One address or stream.
  ///
  /// @param source "bootstrap", "added", "directory" or "inbound"
  public record PeerLine(
      Optional<KeyId> node,
      Optional<OrganizationId> organization,
      String address,
      boolean connected,
      boolean guest,
      long rttMicros,
      String source,
      String lastError) {}

  /// @param serial 0 if it holds none, or none is known
  /// @param backlog alerts and flushes that are not done there
  /// @param lagMillis for how long the oldest thing that it is to do has waited; 0: there is none
  public record ResolverLine(
      String name, boolean up, String detail, long serial, int backlog, long lagMillis) {}

  private final CoreConfig config;
  private final StatementLog log;
  private final TrustGraph graph;
  private final PeerBook peers;
  private final Enactment enactment;
  private final IncidentBook incidents;
  private final ActingBudget budget;
  private final TrustPolicy policy;
  private final Optional<String> noRoom;
  private final Moment now;
  private final SortedMap<OrganizationId, String> anchors;
  private final Function<OrganizationId, String> names;

  NodeView(
      CoreConfig config,
      StatementLog log,
      TrustGraph graph,
      PeerBook peers,
      Enactment enactment,
      IncidentBook incidents,
      ActingBudget budget,
      TrustPolicy policy,
      SortedMap<OrganizationId, String> anchors,
      Function<OrganizationId, String> names,
      Optional<String> noRoom,
      Moment now) {
    this.config = config;
    this.log = log;
    this.graph = graph;
    this.peers = peers;
    this.enactment = enactment;
    this.incidents = incidents;
    this.budget = budget;
    this.policy = policy;
    this.noRoom = noRoom;
    this.now = now;
    this.anchors = Collections.unmodifiableSortedMap(anchors);
    this.names = names;
  }

  /// What an organization is called here.
  public String nameOf(OrganizationId organization) {
    return names.apply(organization);
  }

  public CoreConfig config() {
    return config;
  }

  public StatementLog log() {
    return log;
  }

  public TrustGraph graph() {
    return graph;
  }

  public IncidentBook incidents() {
    return incidents;
  }

  /// Pet names by anchor.
  public SortedMap<OrganizationId, String> anchors() {
    return anchors;
  }

  public int peerCount() {
    return peers.nodeCount();
  }

  public int guestCount() {
    return peers.guests();
  }

  public long overlaySerial() {
    return enactment.serial();
  }

  public Overlay overlay() {
    return enactment.overlay();
  }

  public List<Progress> progress(StatementId alert) {
    return enactment.progress(alert);
  }

  /// What an operator should see to.
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (anchors.isEmpty()) {
      warnings.add("no anchor is chosen: nothing can be believed here (tocsin trust anchor add)");
    }
    noRoom.ifPresent(warnings::add);
    warnings.addAll(incidents.warnings());
    warnings.addAll(enactment.warnings());
    warnings.addAll(Reminders.of(graph, config.self(), names, now.wallMillis()));
    return warnings;
  }

  /// What one organization has caused here in the last 24 hours.
  ///
  /// @param spent alerts; see [ActingBudget]
  /// @param limit beyond it, a person has to approve each
  public record BudgetLine(OrganizationId organization, double spent, int limit) {}

  /// The greatest first.
  public List<BudgetLine> budgets() {
    return budget.accounts().stream()
        .map(it -> new BudgetLine(it.organization(), it.spent(), policy.actingBudget()))
        .toList();
  }

  /// The policy in force, as last read.
  public TrustPolicy policy() {
    return policy;
  }

  public List<PeerLine> peers() {
    List<PeerLine> lines = new ArrayList<>();
    TreeSet<KeyId> shown = new TreeSet<>();
    Collection<Peer> ready = peers.ready();
    for (PeerBook.Target target : peers.targets()) {
      Optional<Peer> peer =
          ready.stream().filter(it -> target.nodeKey.equals(Optional.of(it.nodeKey))).findFirst();
      peer.ifPresent(it -> shown.add(it.nodeKey));
      lines.add(line(target, peer));
    }
    for (Peer peer : ready) {
      if (shown.add(peer.nodeKey)) {
        lines.add(
            new PeerLine(
                Optional.of(peer.nodeKey),
                peer.hello.map(Frame.Hello::organization),
                peer.hello.map(Frame.Hello::address).orElse(""),
                true,
                !peer.member,
                peer.rttNanos / 1_000,
                "inbound",
                ""));
      }
    }
    return lines;
  }

  private static PeerLine line(PeerBook.Target target, Optional<Peer> peer) {
    return new PeerLine(
        target.nodeKey,
        peer.flatMap(it -> it.hello).map(Frame.Hello::organization),
        target.address,
        peer.isPresent(),
        peer.isPresent() && !peer.get().member,
        peer.map(it -> it.rttNanos / 1_000).orElse(0L),
        target.source.name().toLowerCase(java.util.Locale.ROOT),
        target.isSelf ? "this is the node itself" : target.lastError);
  }

  public List<ResolverLine> resolvers() {
    List<ResolverLine> lines = new ArrayList<>();
    for (ResolverBook.Beside beside : enactment.resolvers().all()) {
      lines.add(
          new ResolverLine(
              beside.name,
              beside.up,
              beside.asked ? beside.detail : "not asked yet",
              beside.heldSerial.orElse(0),
              enactment.backlog(beside.name),
              enactment.lagMillis(beside, now.monotonicNanos())));
    }
    return lines;
  }

  /// The header that the next statement of this key must carry.
  public Header nextHeader(KeyId key, long nowMillis) {
    Optional<LogEntry> latest = log.latestOf(key);
    long hour = nowMillis / Header.HOUR_MILLIS;
    Optional<Header> last = latest.map(entry -> entry.envelope().statement().header());
    int slot = last.filter(it -> it.slotHour() == hour).map(it -> it.slotIndex() + 1).orElse(0);
    return new Header(
        config.network(),
        Optional.of(config.self()),
        key,
        last.map(Header::sequence).orElse(0L) + 1,
        latest.map(entry -> entry.envelope().id()),
        nowMillis,
        0,
        hour,
        slot);
  }
}
