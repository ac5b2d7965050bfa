package tocsin.simulations;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tocsin.node.core.Effect;
import tocsin.node.core.Frame;
import tocsin.trust.Envelope;
import tocsin.trust.StatementId;

/// What adversaries keep to themselves: they take part like everybody else, but of some statements
/// they tell some peers nothing.
final class Encirclement {
  private Encirclement() {}

  /// The last fifth of the directory.
  static boolean isLastFifth(int number, int nodes) {
    return number >= nodes - Math.max(2, nodes / 5);
  }

  /// The same effect without these statements; empty if nothing is left of it.
  ///
  /// @param kept which statements are kept back
  static List<Effect> without(Adversary self, Effect effect, Predicate<Envelope> kept) {
    if (!(effect instanceof Effect.Send send)) {
      return List.of(effect);
    }
    Predicate<StatementId> keptId =
        id -> self.disk().get(id).filter(entry -> kept.test(entry.envelope())).isPresent();
    Optional<Frame> frame =
        switch (send.frame()) {
          case Frame.Push push -> {
            List<Envelope> rest = rest(push.envelopes(), kept);
            yield rest.isEmpty()
                ? Optional.empty()
                : Optional.of(new Frame.Push(rest, push.hops()));
          }
          case Frame.Announce announce -> {
            List<StatementId> rest = rest(announce.ids(), keptId);
            yield rest.isEmpty() ? Optional.empty() : Optional.of(new Frame.Announce(rest));
          }
          case Frame.Appended it ->
              Optional.of(
                  new Frame.Appended(it.logId(), rest(it.envelopes(), kept), it.next(), it.end()));
          default -> Optional.of(send.frame());
        };
    return frame.stream()
        .<Effect>map(it -> new Effect.Send(send.peer(), it, send.priority()))
        .toList();
  }

  private static <T> List<T> rest(List<T> all, Predicate<? super T> kept) {
    List<T> rest = new ArrayList<>(all);
    rest.removeIf(kept);
    return rest;
  }
}
