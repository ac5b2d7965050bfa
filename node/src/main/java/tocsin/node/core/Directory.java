package tocsin.node.core;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import tocsin.node.core.PeerBook.Source;
import tocsin.node.core.PeerBook.Target;

/// Which of many known addresses are dialled: near ones, random ones, and now and then one more, to
/// learn how far it is. All draws follow from a seed that nobody else knows, so that nobody can
/// fill a node's neighbourhood by choosing keys or addresses.
final class Directory {
  private final ByteString seed;
  private final long[] draws = new long[Limits.DIAL_RANDOM];
  private long turns;
  private long nextNanos = Long.MIN_VALUE;
  private boolean measuredEnough;

  Directory(long seed) {
    this.seed = number(seed);
    for (int i = 0; i < draws.length; i++) {
      draws[i] = i;
    }
  }

  /// A full book keeps a random sample of the directory: the newcomer takes the place of one with a
  /// higher rank that is not connected, if there is one.
  boolean makesRoom(
      String address, Source source, Map<String, Target> targets, Predicate<Target> isConnected) {
    List<Target> candidates =
        targets.values().stream().filter(it -> it.source == Source.DIRECTORY).toList();
    long rank = Luck.of(seed, ByteString.copyFromUtf8(address)).rank(0);
    return candidates.stream()
        .max(Comparator.comparingLong((Target it) -> rank(0, it)))
        .filter(it -> source != Source.DIRECTORY || rank(0, it) > rank)
        .filter(isConnected.negate())
        .map(it -> targets.remove(it.address, it))
        .orElse(false);
  }

  boolean isDue(Map<String, Target> targets, Turn turn) {
    return isLarge(targets) && turn.nanos() >= nextNanos;
  }

  long nextDeadlineNanos(Map<String, Target> targets) {
    return isLarge(targets) && nextNanos != Long.MIN_VALUE ? nextNanos : Long.MAX_VALUE;
  }

  static boolean isLarge(Map<String, Target> targets) {
    return targets.size() > Limits.ALL_DIALLED;
  }

  /// Marks those that are wanted from now on.
  void choose(Map<String, Target> targets, Turn turn) {
    turns++;
    if (measuredEnough) {
      draws[(int) (turns % draws.length)] = draws.length + turns;
    }
    List<Target> open = new ArrayList<>();
    for (Target target : targets.values()) {
      target.chosen = target.source != Source.DIRECTORY;
      if (!target.chosen && !target.isSelf) {
        open.add(target);
      }
    }
    open.stream()
        .filter(it -> it.rttNanos > 0)
        .sorted(
            Comparator.comparingLong((Target it) -> it.rttNanos).thenComparing(it -> it.address))
        .limit(Limits.DIAL_NEAR)
        .forEach(it -> it.chosen = true);
    for (long draw : draws) {
      open.stream()
          .filter(it -> !it.chosen)
          .min(Comparator.comparingLong(it -> rank(draw + 1, it)))
          .ifPresent(it -> it.chosen = true);
    }
    List<Target> unknown =
        open.stream()
            .filter(it -> !it.chosen && it.rttNanos == 0 && it.failures == 0)
            .sorted(Comparator.comparingLong(it -> rank(-turns, it)))
            .toList();
    unknown.stream().limit(Limits.DIAL_SAMPLES).forEach(it -> it.chosen = true);
    measuredEnough = unknown.isEmpty();
    nextNanos = turn.after(measuredEnough ? Limits.REDRAW_MILLIS : Limits.SAMPLE_MILLIS);
  }

  private long rank(long draw, Target target) {
    Luck luck = target.luck;
    if (luck == null) {
      luck = Luck.of(seed, ByteString.copyFromUtf8(target.address));
      target.luck = luck;
    }
    return luck.rank(draw);
  }

  /// The places in a list of so many at which this node looks first: drawn, each at most once.
  List<Integer> sample(int size, int count) {
    Luck luck = Luck.of(seed, ByteString.copyFromUtf8("sample"));
    TreeSet<Integer> drawn = new TreeSet<>();
    for (long draw = 0; drawn.size() < Math.min(count, size); draw++) {
      drawn.add((int) Long.remainderUnsigned(luck.rank(draw), size));
    }
    return List.copyOf(drawn);
  }

  private static ByteString number(long value) {
    return ByteString.copyFrom(ByteBuffer.allocate(Long.BYTES).putLong(0, value));
  }
}
