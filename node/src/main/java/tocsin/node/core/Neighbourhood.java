package tocsin.node.core;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import tocsin.trust.KeyUse;
import tocsin.trust.OrganizationId;
import tocsin.trust.Statement;
import tocsin.trust.graph.TrustGraph;

/// The part of the network that this node takes part in: the anchors for whose sake it carries
/// statements, and the nodes of the organizations that are reached from them.
final class Neighbourhood {
  private final CoreConfig config;
  private final TrustGraph graph;
  private final PeerBook peers;

  /// The administrator's choice, with names.
  private final SortedMap<OrganizationId, String> chosen;

  /// As they were at this version of the peers; -1: to be gathered anew.
  private NavigableSet<OrganizationId> anchors = new TreeSet<>();

  private long version = -1;

  /// Organizations whose nodes' addresses may be new, if not all are to be looked at.
  private final TreeSet<OrganizationId> relisted = new TreeSet<>();

  private boolean directoryStale = true;

  /// Other nodes that the directory named when all of it was last gone through.
  private int listedNodes;

  /// @param chosen the administrator's anchors, as they change
  Neighbourhood(
      CoreConfig config,
      TrustGraph graph,
      PeerBook peers,
      SortedMap<OrganizationId, String> chosen) {
    this.config = config;
    this.graph = graph;
    this.peers = peers;
    this.chosen = chosen;
  }

  /// The anchors for whose sake we carry statements by our own choice; and our own organization, as
  /// long as it cannot be reached from them. (What is reached once stays reached.)
  NavigableSet<OrganizationId> ownAnchors() {
    TreeSet<OrganizationId> own = new TreeSet<>(chosen.keySet());
    if (!graph.isCarried(own, config.self())) {
      own.add(config.self());
    }
    return own;
  }

  /// Those, and those that members and the peers we dialled declare.
  NavigableSet<OrganizationId> anchors() {
    boolean _ = gather();
    return anchors;
  }

  /// Looks anew at what the peers declare, if they are others.
  ///
  /// @return statements are carried for other anchors now
  boolean gather() {
    if (version == peers.version()) {
      return false;
    }
    version = peers.version();
    NavigableSet<OrganizationId> now = gathered();
    boolean others = !now.equals(anchors);
    directoryStale |= others;
    anchors = now;
    return others;
  }

  private NavigableSet<OrganizationId> gathered() {
    NavigableSet<OrganizationId> all = ownAnchors();
    for (Peer peer : peers.ready()) {
      if (peer.maySubmit() && peer.hello.isPresent()) {
        for (OrganizationId anchor : peer.hello.get().anchors()) {
          if (all.size() < Limits.MAX_CARRIED_ANCHORS) {
            all.add(anchor);
          }
        }
      }
    }
    return all;
  }

  /// The administrator has chosen other ones.
  void anchorsChanged() {
    directoryStale = true;
    version = -1;
  }

  /// Keys of nodes may have begun or ended.
  void timePassed() {
    directoryStale = true;
  }

  /// How many organizations are reached from the anchors, this one aside.
  long reached(OrganizationId aside) {
    long reached = 0;
    for (OrganizationId anchor : anchors()) {
      reached += graph.carriedCount(anchor) - (graph.isCarried(anchor, aside) ? 1 : 0);
    }
    return reached;
  }

  /// Something was said about this organization.
  ///
  /// @param reachedBefore others than this one. Mostly the same are reached as before: then the
  ///   directory need not be gone through
  void saidOf(OrganizationId subject, long reachedBefore) {
    if (reached(subject) != reachedBefore) {
      directoryStale = true;
    }
    relisted.add(subject);
  }

  /// The addresses that a snapshot names are wanted.
  ///
  /// @param complete nothing has come since
  void listed(Snapshot snapshot, boolean complete) {
    peers.wantSome(snapshot);
    listedNodes = snapshot.directory().size();
    // What it does not list has come since, and is looked at as it came.
    boolean _ = gather();
    directoryStale = !complete;
  }

  /// Nodes of the network, this one too, as far as we know.
  int size() {
    return 1 + Math.max(listedNodes, peers.nodeCount());
  }

  /// Wants the addresses of the nodes of all organizations that are reached.
  void wantDirectory(Turn turn) {
    if (directoryStale) {
      directoryStale = false;
      listedNodes = 0;
      graph.organizations().forEach(organization -> listedNodes += wantNodesOf(organization, turn));
    } else {
      relisted.forEach(organization -> wantNodesOf(organization, turn));
    }
    relisted.clear();
  }

  /// @return how many there are
  private int wantNodesOf(OrganizationId organization, Turn turn) {
    List<Snapshot.Listed> nodes = nodesOf(organization, turn.wallMillis());
    nodes.forEach(
        node -> peers.want(node.address(), PeerBook.Source.DIRECTORY, Optional.of(node.nodeKey())));
    return nodes.size();
  }

  /// Other nodes of all organizations that are reached.
  List<Snapshot.Listed> directory(long nowMillis) {
    List<Snapshot.Listed> all = new ArrayList<>();
    for (OrganizationId organization : graph.organizations()) {
      all.addAll(nodesOf(organization, nowMillis));
    }
    return all;
  }

  private List<Snapshot.Listed> nodesOf(OrganizationId organization, long nowMillis) {
    List<Snapshot.Listed> nodes = new ArrayList<>();
    for (Statement.OperationalKey key :
        graph.profile(organization).map(Statement.Profile::keys).orElse(List.of())) {
      if (isNode(key, nowMillis) && graph.isCarried(anchors(), organization)) {
        nodes.add(new Snapshot.Listed(key.address(), key.key().id()));
      }
    }
    return nodes;
  }

  private boolean isNode(Statement.OperationalKey key, long nowMillis) {
    return key.isFor(KeyUse.NODE, nowMillis)
        && !key.address().isEmpty()
        && !key.key().id().equals(config.nodeKey());
  }
}
