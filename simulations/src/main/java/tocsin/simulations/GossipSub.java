package tocsin.simulations;

import static tocsin.simulations.Agenda.SECOND;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// gossipsub v1.1 for one topic, built from github.com/libp2p/specs, pubsub/gossipsub (v1.0 and
/// v1.1), with the parameters that stand there: a mesh of D = 8 (6 to 12) along which messages are
/// pushed, a heartbeat each second that keeps it up and tells IHAVE of the last three windows to a
/// quarter, at least six, of the other peers; IWANT is answered from the last five windows; what a
/// node publishes itself goes to all its peers (flood publishing). Scores play no part: their
/// parameters are the application's, and nobody here is penalized unjustly.
final class GossipSub implements Baselines.Protocol {
  static final String SPECIFICATION =
      "libp2p specs, gossipsub v1.1 with flood publishing: D 8 (6 to 12), D_lazy 6, gossip factor"
          + " 0.25, heartbeat 1 s, history 5, gossip 3; no scoring";

  private static final int D = 8;
  private static final int D_LOW = 6;
  private static final int D_HIGH = 12;
  private static final int D_LAZY = 6;
  private static final double GOSSIP_FACTOR = 0.25;
  private static final long HEARTBEAT = SECOND;
  private static final int HISTORY_GOSSIP = 3;
  private static final int HISTORY_LENGTH = 5;

  private final Baselines network;
  private final RandomGenerator chance;
  private int[][] streams = {};
  private final List<TreeSet<Integer>> mesh = new ArrayList<>();

  /// By node: what came in each of the last windows, the newest first.
  private final List<List<List<Integer>>> history = new ArrayList<>();

  GossipSub(Baselines network) {
    this.network = network;
    this.chance = network.chance();
  }

  @Override
  public void begin() {
    streams = network.streams();
    for (int node = 0; node < network.count(); node++) {
      mesh.add(new TreeSet<>());
      List<List<Integer>> windows = new ArrayList<>();
      windows.add(new ArrayList<>());
      history.add(windows);
    }
    for (int node = 0; node < network.count(); node++) {
      graft(node, D);
      int beating = node;
      network.agenda().at(chance.nextLong(HEARTBEAT), () -> heartbeat(beating));
    }
  }

  /// Asks peers that are not in the mesh into it, until there are so many.
  private void graft(int node, int wanted) {
    for (int peer : shuffled(outside(node))) {
      if (mesh.get(node).size() >= wanted) {
        return;
      }
      mesh.get(node).add(peer);
      mesh.get(peer).add(node);
    }
  }

  private List<Integer> outside(int node) {
    List<Integer> others = new ArrayList<>();
    for (int peer : streams[node]) {
      if (!mesh.get(node).contains(peer)) {
        others.add(peer);
      }
    }
    return others;
  }

  private List<Integer> shuffled(List<Integer> list) {
    Collections.shuffle(list, Random.from(chance));
    return list;
  }

  private void heartbeat(int node) {
    network.agenda().after(HEARTBEAT, () -> heartbeat(node));
    if (network.isDown(node)) {
      return;
    }
    if (mesh.get(node).size() < D_LOW) {
      graft(node, D);
    } else if (mesh.get(node).size() > D_HIGH) {
      for (int peer : shuffled(new ArrayList<>(mesh.get(node)))) {
        if (mesh.get(node).size() > D) {
          mesh.get(node).remove(peer);
          mesh.get(peer).remove(node);
        }
      }
    }
    gossip(node);
    List<List<Integer>> windows = history.get(node);
    windows.addFirst(new ArrayList<>());
    if (windows.size() > HISTORY_LENGTH) {
      windows.removeLast();
    }
  }

  private void gossip(int node) {
    List<Integer> recent =
        history.get(node).stream().limit(HISTORY_GOSSIP).flatMap(List::stream).toList();
    if (recent.isEmpty() || network.isSilent(node)) {
      return;
    }
    List<Integer> others = shuffled(outside(node));
    int told = Math.max(D_LAZY, (int) (GOSSIP_FACTOR * others.size()));
    for (int peer : others.subList(0, Math.min(told, others.size()))) {
      network.send(node, peer, sizeBytes(recent.size()), () -> told(peer, node, recent));
    }
  }

  private static int sizeBytes(int ids) {
    return Baselines.ID_BYTES + (ids - 1) * 34;
  }

  /// IHAVE has come: what is missing is asked for at once.
  private void told(int node, int by, List<Integer> alerts) {
    List<Integer> wanted = alerts.stream().filter(it -> !network.holds(node, it)).toList();
    if (!wanted.isEmpty()) {
      network.send(node, by, sizeBytes(wanted.size()), () -> asked(by, node, wanted));
    }
  }

  /// IWANT has come.
  private void asked(int node, int by, List<Integer> alerts) {
    for (int alert : alerts) {
      if (history.get(node).stream().anyMatch(window -> window.contains(alert))) {
        network.bring(this, node, by, alert);
      }
    }
  }

  @Override
  public void learned(int node, int alert, int from) {
    history.get(node).getFirst().add(alert);
    if (network.isSilent(node)) {
      return;
    }
    int[] to =
        from < 0 ? streams[node] : mesh.get(node).stream().mapToInt(Integer::intValue).toArray();
    Arrays.stream(to)
        .filter(peer -> peer != from)
        .forEach(peer -> network.bring(this, node, peer, alert));
  }
}
