package tocsin.simulations;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import tocsin.node.core.Effect;
import tocsin.node.core.Moment;
import tocsin.trust.StatementId;

/// Notes when statements that somebody waits for are in whose log, committed.
final class Deliveries implements Watcher {
  private final TreeMap<StatementId, TreeMap<String, Long>> times = new TreeMap<>();
  private final TreeMap<String, Long> read = new TreeMap<>();

  void waitFor(StatementId statement) {
    times.putIfAbsent(statement, new TreeMap<>());
  }

  /// When it was there first; empty if it never was.
  Optional<Long> nanos(StatementId statement, SimulatedNode node) {
    return Optional.ofNullable(times.getOrDefault(statement, new TreeMap<>()).get(node.address()));
  }

  @Override
  public void turned(SimulatedNode node) {
    long size = node.disk().size();
    long from = Math.min(read.getOrDefault(node.address(), 0L), size);
    if (from < size) {
      node.disk()
          .scan(from, (int) (size - from))
          .forEach(entry -> {
            TreeMap<String, Long> arrivals = times.get(entry.envelope().id());
            if (arrivals != null) {
              arrivals.putIfAbsent(node.address(), node.nowNanos());
            }
          });
    }
    read.put(node.address(), size);
  }

  @Override
  public void speaks(SimulatedNode node, Effect effect) {}

  @Override
  public void handled(SimulatedNode node, Moment now) {}

  @Override
  public void restarted(SimulatedNode node) {}

  @Override
  public void acknowledged(SimulatedNode node, StatementId id) {}

  /// Two who watch the same.
  record With(Watcher first, Deliveries deliveries) implements Watcher {
    @Override
    public void speaks(SimulatedNode node, Effect effect) {
      both().forEach(it -> it.speaks(node, effect));
    }

    @Override
    public void handled(SimulatedNode node, Moment now) {
      both().forEach(it -> it.handled(node, now));
    }

    @Override
    public void turned(SimulatedNode node) {
      both().forEach(it -> it.turned(node));
    }

    @Override
    public void restarted(SimulatedNode node) {
      both().forEach(it -> it.restarted(node));
    }

    @Override
    public void acknowledged(SimulatedNode node, StatementId id) {
      both().forEach(it -> it.acknowledged(node, id));
    }

    private List<Watcher> both() {
      return List.of(first, deliveries);
    }
  }
}
