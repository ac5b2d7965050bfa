package tocsin.simulations;

import static tocsin.simulations.Agenda.MILLI;
import static tocsin.simulations.Agenda.SECOND;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Gossip in rounds, as hashicorp/memberlist does it with `DefaultWANConfig`: every 500 ms a node
/// sends what is new to four members drawn from all, by datagrams that may be lost, until each
/// piece was sent 4 * ceil(log10(n + 1)) times; and every minute, more rarely in large networks, it
/// exchanges everything with one member.
final class PushPull implements Baselines.Protocol {
  static final String SPECIFICATION =
      "hashicorp/memberlist, DefaultWANConfig: gossip every 500 ms to 4 of all members by datagrams,"
          + " each piece 4 log10(n) times; push-pull of everything once a minute, scaled with n";

  private static final long GOSSIP_INTERVAL = 500 * MILLI;
  private static final int GOSSIP_NODES = 4;
  private static final int RETRANSMIT_MULT = 4;
  private static final long PUSH_PULL_INTERVAL = 60 * SECOND;
  private static final int PUSH_PULL_SCALE_THRESHOLD = 32;

  private final Baselines network;
  private final RandomGenerator chance;
  private final int retransmitLimit;

  /// By node: how often each piece was sent that is still to be sent.
  private final List<TreeMap<Integer, Integer>> queues = new ArrayList<>();

  private final List<List<Integer>> known = new ArrayList<>();

  PushPull(Baselines network) {
    this.network = network;
    this.chance = network.chance();
    this.retransmitLimit =
        RETRANSMIT_MULT * (int) Math.ceil(StrictMath.log10(network.count() + 1.0));
  }

  @Override
  public void begin() {
    for (int node = 0; node < network.count(); node++) {
      int own = node;
      queues.add(new TreeMap<>());
      known.add(new ArrayList<>());
      network.agenda().at(chance.nextLong(GOSSIP_INTERVAL), () -> gossip(own));
      network.agenda().at(chance.nextLong(pushPullInterval()), () -> exchange(own));
    }
  }

  private long pushPullInterval() {
    if (network.count() <= PUSH_PULL_SCALE_THRESHOLD) {
      return PUSH_PULL_INTERVAL;
    }
    double log2 =
        StrictMath.log((double) network.count() / PUSH_PULL_SCALE_THRESHOLD) / StrictMath.log(2);
    return PUSH_PULL_INTERVAL * ((long) Math.ceil(log2) + 1);
  }

  private void gossip(int node) {
    network.agenda().after(GOSSIP_INTERVAL, () -> gossip(node));
    TreeMap<Integer, Integer> queue = queues.get(node);
    if (network.isDown(node) || queue.isEmpty() || network.isSilent(node)) {
      return;
    }
    for (int i = 0; i < GOSSIP_NODES; i++) {
      int peer = another(node);
      for (int alert : List.copyOf(queue.keySet())) {
        network.bringUnreliably(this, node, peer, alert);
        if (queue.merge(alert, 1, Integer::sum) >= retransmitLimit) {
          queue.remove(alert);
        }
      }
    }
  }

  private int another(int node) {
    int peer = chance.nextInt(network.count() - 1);
    return peer < node ? peer : peer + 1;
  }

  /// Everything there, and everything back.
  private void exchange(int node) {
    network.agenda().after(pushPullInterval(), () -> exchange(node));
    int peer = another(node);
    if (network.isDown(node) || network.isDown(peer) || network.isSilent(node)) {
      return;
    }
    for (int alert : List.copyOf(known.get(node))) {
      network.bring(this, node, peer, alert);
    }
    if (!network.isSilent(peer)) {
      for (int alert : List.copyOf(known.get(peer))) {
        network.bring(this, peer, node, alert);
      }
    }
  }

  @Override
  public void learned(int node, int alert, int from) {
    known.get(node).add(alert);
    queues.get(node).put(alert, 0);
  }
}
