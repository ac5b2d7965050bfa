package tocsin.node.core;

import java.util.List;
import tocsin.trust.StatementId;

/// Whom a node tells of something new whole and at once.
///
/// What was said here goes to every stream. So does what has passed few nodes: as long as those who
/// have it are few, nearly every copy is news to somebody, and the news spreads as fast as the
/// whole graph of streams allows. Once it must be nearly everywhere, it goes to those who asked
/// this node to tell them everything. With d streams a node, d^(h+1) copies come of all nodes that
/// h nodes passed it to; up to some copies for each node of the network these are well spent.
///
/// When much is said and all is well, copies are saved: streams that hardly ever bring anything
/// first are choked by those who read them, and in a small network, where everybody hears from the
/// origin, each node tells one other, and all of them a little later which ids it has.
final class Reach {
  private final List<Peer> ready;
  private final Broadcast.Network network;
  private final boolean healthy;
  private final boolean busy;

  /// @param healthy hardly anything had to be asked for of late
  /// @param busy much is said
  Reach(List<Peer> ready, Broadcast.Network network, boolean healthy, boolean busy) {
    this.ready = ready;
    this.network = network;
    this.healthy = healthy;
    this.busy = busy;
  }

  /// Whoever is not told whole can be told the id later, with others.
  boolean othersMayWait() {
    return network.complete() && healthy && busy;
  }

  /// Who of those who are ready is told, place by place.
  ///
  /// @param hops nodes that it passed before this one
  boolean[] told(StatementId id, int hops) {
    boolean[] told = new boolean[ready.size()];
    // Whose turn it is differs from statement to statement.
    int turn = Byte.toUnsignedInt(id.toByteString().byteAt(0));
    int news = othersMayWait() ? 1 : early(hops);
    for (int place = 0; place < told.length; place++) {
      Peer peer = ready.get(place);
      boolean isNews = (place + turn) % told.length < news;
      boolean isWished = peer.theyChose && !othersMayWait();
      told[place] = hops == 0 || ((isNews || isWished) && !peer.theyChoke);
    }
    return told;
  }

  /// To how many streams it goes because it is news.
  private int early(int hops) {
    double each = healthy ? Limits.EARLY_COPIES : Limits.EARLY_COPIES_IN_TROUBLE;
    int streams = ready.size();
    return (int)
        Math.min(streams, streams * (each * network.nodes() / Math.pow(streams, hops + 1)));
  }
}
