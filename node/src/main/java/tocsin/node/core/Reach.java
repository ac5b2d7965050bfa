package tocsin.node.core;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
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
/// Where only some more are told than those who asked, half of them are the farthest: whoever is
/// near hears of it from others soon, and the other end of the world does not. Half, because
/// anybody can seem far by answering late.
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
  private final int earlyStreams;
  private final boolean together;

  /// @param nodes in the network, this one too, as far as we know
  /// @param earlyCopies for each node of the network, that go to whoever is ready
  /// @param earlyStreams to how many streams, if there are not enough of them for all
  /// @param together everybody hears of it where it was said, and is told the ids later
  Reach(List<Peer> ready, int nodes, double earlyCopies, int earlyStreams, boolean together) {
    this.ready = ready;
    this.nodes = nodes;
    this.earlyCopies = earlyCopies;
    this.earlyStreams = earlyStreams;
    this.together = together;
  }

  /// Who of those who are ready is told, by place.
  ///
  /// @param hops nodes that it passed before this one
  BitSet told(StatementId id, int hops) {
    BitSet told = new BitSet(ready.size());
    if (hops == 0) {
      told.set(0, ready.size());
      return told;
    }
    for (int place = 0; place < ready.size(); place++) {
      Peer peer = ready.get(place);
      told.set(place, peer.theyChose && !peer.theyChoke && !together);
    }
    int news = early(hops);
    if (news > 0) {
      // Whose turn it is differs from statement to statement.
      tellAsNews(news, Byte.toUnsignedInt(id.toByteString().byteAt(0)), told);
    }
    return told;
  }

  /// Of those who are not told yet so many more, half of them the farthest, the others from this
  /// place on.
  private void tellAsNews(int news, int turn, BitSet told) {
    List<Integer> others = new ArrayList<>();
    for (int i = 0; i < ready.size(); i++) {
      int place = (i + turn) % ready.size();
      if (!told.get(place)) {
        others.add(place);
      }
    }
    int far = news < others.size() ? news / 2 : 0;
    if (far > 0) {
      others.stream()
          .sorted(Comparator.comparingLong(place -> -ready.get(place).rttNanos))
          .limit(far)
          .forEach(told::set);
    }
    others.stream().filter(place -> !told.get(place)).limit(news - far).forEach(told::set);
  }

  /// To how many streams it goes because it is news.
  private int early(int hops) {
    if (together) {
      return 1;
    }
    int streams = ready.size();
    double enough = earlyCopies * nodes / Math.pow(streams, hops + 1);
    return enough >= 1 ? streams : Math.min(earlyStreams, (int) (streams * enough));
  }
}
