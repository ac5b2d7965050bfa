package tocsin.node.core;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import tocsin.trust.OrganizationId;

/// Over which of the streams that stand a node asks to be told everything whole: some to near
/// peers, because they are fast, and some to random ones, because they connect the world and no
/// attacker can choose them. Over the others come ids, and what is so new that it goes to all
/// ([Reach]).
///
/// A small network has no mesh: everybody is asked.
final class Mesh {
  private final ByteString seed;

  /// One draw each; one is drawn anew with every redraw.
  private final long[] draws = new long[Limits.EAGER_RANDOM];

  private long redraws;
  private long nextRedrawNanos;
  private long nextChokeNanos;
  private boolean stale = true;
  private boolean wasCalm = true;
  private long lastLossNanos = Long.MIN_VALUE;

  /// @param seed what nobody else knows, so that nobody can make himself chosen
  Mesh(long seed, Turn turn) {
    this.seed = ByteString.copyFrom(ByteBuffer.allocate(Long.BYTES).putLong(0, seed));
    for (int i = 0; i < draws.length; i++) {
      draws[i] = i;
    }
    nextRedrawNanos = turn.after(Limits.REDRAW_MILLIS);
    nextChokeNanos = turn.after(Limits.CHOKE_MILLIS);
  }

  /// Somebody came, or a round-trip time is known.
  void changed() {
    stale = true;
  }

  void lost(Turn turn) {
    stale = true;
    lastLossNanos = turn.nanos();
  }

  void tick(List<Peer> ready, boolean savesCopies, Turn turn) {
    boolean calm = savesCopies && !lostOfLate(turn);
    boolean due = turn.nanos() >= Math.min(nextRedrawNanos, nextChokeNanos);
    if (!stale && !due && calm == wasCalm) {
      return;
    }
    wasCalm = calm;
    if (turn.nanos() >= nextRedrawNanos) {
      nextRedrawNanos = turn.after(Limits.REDRAW_MILLIS);
      redraws++;
      draws[(int) (redraws % draws.length)] = draws.length + redraws;
      stale = true;
    }
    if (stale) {
      stale = false;
      choose(ready);
    }
    if (!calm) {
      ready.forEach(peer -> peer.weChoke = false);
    } else if (turn.nanos() >= nextChokeNanos) {
      choke(ready);
    }
    if (turn.nanos() >= nextChokeNanos) {
      nextChokeNanos = turn.after(Limits.CHOKE_MILLIS);
    }
    for (Peer peer : ready) {
      Frame.Wish wish = new Frame.Wish(peer.weChose, peer.weChoke);
      if (!wish.equals(peer.wishSent)) {
        peer.wishSent = wish;
        Reconciliation.send(peer, wish, Effect.Priority.CONTROL, turn);
      }
    }
  }

  private boolean lostOfLate(Turn turn) {
    return lastLossNanos != Long.MIN_VALUE
        && turn.nanos() - lastLossNanos < Limits.HEALTHY_MILLIS * Moment.NANOS_PER_MILLI;
  }

  private void choose(List<Peer> ready) {
    if (ready.size() <= Limits.ALL_EAGER) {
      ready.forEach(peer -> peer.weChose = true);
      return;
    }
    Chosen chosen = new Chosen();
    List<Peer> members = ready.stream().filter(peer -> peer.member).toList();
    List<Peer> near =
        members.stream()
            .filter(peer -> peer.rttNanos > 0)
            .sorted(
                Comparator.comparingLong((Peer peer) -> peer.rttNanos).thenComparing(it -> it.id))
            .toList();
    near.forEach(peer -> chosen.take(peer, Limits.EAGER_NEAR));
    for (long draw : draws) {
      // Enough of them are streams that we dialled: whoever dials us cannot surround us.
      boolean ownNeeded = chosen.missingOwn() >= Limits.EAGER - chosen.size();
      List<Peer> drawn = new ArrayList<>(members);
      drawn.sort(
          Comparator.comparing((Peer peer) -> ownNeeded && peer.dialledAddress.isEmpty())
              .thenComparingLong(peer -> rank(draw, peer)));
      int before = chosen.size();
      for (Peer peer : drawn) {
        if (chosen.size() == before) {
          chosen.take(peer, Limits.EAGER);
        }
      }
    }
    // What rules kept out comes in if places are left: a small choice is better than a rule.
    members.forEach(peer -> chosen.fill(peer, Limits.EAGER));
    ready.forEach(peer -> peer.weChose = chosen.peers.contains(peer.id));
  }

  private long rank(long draw, Peer peer) {
    Luck luck = peer.luck;
    if (luck == null) {
      luck = Luck.of(seed, peer.nodeKey.hash().toByteString());
      peer.luck = luck;
    }
    return luck.rank(draw);
  }

  /// The eager peers under choice: one of an organization, two of a network.
  private static final class Chosen {
    final TreeSet<PeerId> peers = new TreeSet<>();
    final TreeSet<OrganizationId> organizations = new TreeSet<>();
    final TreeMap<String, Integer> networks = new TreeMap<>();
    int own;

    int size() {
      return peers.size();
    }

    int missingOwn() {
      return Math.max(0, Limits.EAGER_OWN - own);
    }

    void take(Peer peer, int limit) {
      boolean alone =
          peer.hello.map(Frame.Hello::organization).filter(organizations::contains).isEmpty();
      if (alone && networks.getOrDefault(peer.network(), 0) < Limits.EAGER_PER_NETWORK) {
        fill(peer, limit);
      }
    }

    void fill(Peer peer, int limit) {
      if (peers.size() < limit && peers.add(peer.id)) {
        peer.hello.map(Frame.Hello::organization).ifPresent(organizations::add);
        if (!peer.network().isEmpty()) {
          networks.merge(peer.network(), 1, Integer::sum);
        }
        own += peer.dialledAddress.isPresent() ? 1 : 0;
      }
    }
  }

  /// Streams that hardly ever bring anything first are asked for ids only, as long as much is said.
  private static void choke(List<Peer> ready) {
    if (ready.size() <= Limits.ALL_EAGER) {
      return;
    }
    List<Peer> fastest =
        ready.stream()
            .sorted(Comparator.comparingLong(Peer::latenessNanos).thenComparing(it -> it.id))
            .toList();
    for (int i = 0; i < fastest.size(); i++) {
      Peer peer = fastest.get(i);
      peer.weChoke =
          i >= Limits.UNCHOKED
              && peer.samples() >= Limits.CHOKE_SAMPLES
              && peer.latenessNanos() > Limits.CHOKE_LATENESS_MILLIS * Moment.NANOS_PER_MILLI;
    }
  }

  long nextDeadlineNanos(int ready) {
    return ready <= Limits.ALL_EAGER ? Long.MAX_VALUE : Math.min(nextRedrawNanos, nextChokeNanos);
  }
}
