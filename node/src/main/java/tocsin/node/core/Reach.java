package tocsin.node.core;

import java.util.BitSet;
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
/// When much is said and all is well, copies are saved: less goes to every stream, and streams that
/// hardly ever bring anything first are choked by those who read them. Over these comes only what
/// passed so few nodes that it is news all the same: they cross the world where the fast ones,
/// which are near, do not. In a small network, where everybody hears from the origin, each node
/// tells one other, and all of them a little later which ids it has.
final class Reach {
  private final List<Peer> ready;
  private final int nodes;
  private final double earlyCopies;
  private final boolean together;

  /// @param nodes in the network, this one too, as far as we know
  /// @param earlyCopies for each node of the network, that go to whoever is ready
  /// @param together everybody hears of it where it was said, and is told the ids later
  Reach(List<Peer> ready, int nodes, double earlyCopies, boolean together) {
    this.ready = ready;
    this.nodes = nodes;
    this.earlyCopies = earlyCopies;
    this.together = together;
  }

  /// Who of those who are ready is told, by place.
  ///
  /// @param hops nodes that it passed before this one
  BitSet told(StatementId id, int hops) {
    BitSet told = new BitSet(ready.size());
    // Whose turn it is differs from statement to statement.
    int turn = Byte.toUnsignedInt(id.toByteString().byteAt(0));
    int news = together ? 1 : early(hops);
    for (int place = 0; place < ready.size(); place++) {
      Peer peer = ready.get(place);
      boolean isNews = (place + turn) % ready.size() < news;
      boolean isWished = peer.theyChose && !peer.theyChoke && !together;
      told.set(place, hops == 0 || isNews || isWished);
    }
    return told;
  }

  /// To how many streams it goes because it is news.
  private int early(int hops) {
    int streams = ready.size();
    return (int) Math.min(streams, streams * (earlyCopies * nodes / Math.pow(streams, hops + 1)));
  }
}
