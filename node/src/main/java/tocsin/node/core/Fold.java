package tocsin.node.core;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tocsin.storage.LogEntry;
import tocsin.storage.StatementLog;
import tocsin.trust.Envelope;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.StatementId;
import tocsin.trust.graph.TrustGraph;

/// What the statements of a log amount to: the web of trust, and the sets that are carried. A start
/// puts it together while the log is checked, before there is a core; the core goes on with it.
///
/// For one thread at a time.
public final class Fold {
  private final TrustGraph graph;
  private final CarriedSets carried;
  private long size;

  /// Where statements are read again; none until a core has the log.
  private @Nullable StatementLog log;

  public Fold(NetworkId network, int slotQuota) {
    graph = new TrustGraph(network, slotQuota, this::find);
    carried = new CarriedSets(reachIn(graph), this::at);
  }

  private Fold(Fold before) {
    graph = before.graph.fork(this::find);
    carried = before.carried.fork(reachIn(graph), this::at);
    size = before.size;
  }

  /// One for another log that begins with the same statements, and goes its own way from here.
  Fold fork() {
    return new Fold(this);
  }

  private Optional<Envelope> find(StatementId id) {
    return log().get(id).map(LogEntry::envelope);
  }

  private StatementId at(long index) {
    return log().get(index).orElseThrow().envelope().id();
  }

  private StatementLog log() {
    if (log == null) {
      throw new IllegalStateException("the log is not open yet");
    }
    return log;
  }

  /// What every statement does to the state, when it is admitted and when it is read again.
  public void add(LogEntry entry) {
    Envelope envelope = entry.envelope();
    TrustGraph.Filed filed =
        graph.file(envelope, entry.firstSeenMillis()).orElse(TrustGraph.Filed.NOTHING);
    carried.appended(graph.shared(envelope.issuer()), envelope.id(), filed);
    size = entry.index() + 1;
  }

  /// The statements stand in this log.
  void readFrom(StatementLog its) {
    log = its;
  }

  /// How many statements of the log it knows.
  long size() {
    return size;
  }

  TrustGraph graph() {
    return graph;
  }

  CarriedSets carried() {
    return carried;
  }

  private static CarriedSets.Reach reachIn(TrustGraph graph) {
    return new CarriedSets.Reach() {
      @Override
      public int count(OrganizationId anchor) {
        return graph.carriedCount(anchor);
      }

      @Override
      public boolean contains(OrganizationId anchor, OrganizationId organization) {
        return graph.isCarried(anchor, organization);
      }

      @Override
      public TrustGraph.Said said(OrganizationId anchor) {
        return graph.saidFor(anchor);
      }
    };
  }
}
