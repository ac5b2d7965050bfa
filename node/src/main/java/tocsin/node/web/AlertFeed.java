package tocsin.node.web;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tocsin.proto.AlertState;
import tocsin.proto.AlertView;
import tocsin.trust.DnsName;

/// What is live now, and who wants to know of changes.
///
/// One thread reads the source after each [#changed] and gives subscribers what is different. An
/// alert that is over is told once more, in its last state.
public final class AlertFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AlertFeed.class);

  /// All at one moment, and by the names they list.
  private record State(
      Map<ByteString, AlertView> alerts, Map<DnsName, List<AlertView>> activeByName) {
    static final State NOTHING = new State(Map.of(), Map.of());
  }

  private final AlertSource source;
  private final Thread thread;
  private final Set<Consumer<AlertView>> subscribers = new LinkedHashSet<>();
  private volatile State state = State.NOTHING;
  private boolean dirty = true;

  /// The thread waits for a change, and does not rest after one.
  private boolean waiting;

  private boolean closed;

  public AlertFeed(AlertSource source) {
    this.source = source;
    this.thread = Thread.ofPlatform().name("tocsin-feed").daemon().unstarted(this::loop);
  }

  /// Reads the source from now on.
  public void start() {
    thread.start();
  }

  /// Something may be different. Never blocks.
  public synchronized void changed() {
    dirty = true;
    if (waiting) {
      notifyAll();
    }
  }

  private synchronized boolean awaitChange() throws InterruptedException {
    waiting = true;
    while (!dirty && !closed) {
      wait();
    }
    waiting = false;
    dirty = false;
    return !closed;
  }

  private void loop() {
    try {
      while (awaitChange()) {
        long began = System.nanoTime();
        try {
          read();
        } catch (RuntimeException e) {
          LOG.warn("the consumer interface could not be brought up to date: {}", e.toString());
        }
        // A single change is told at once. In a flood not every change makes all be looked at.
        rest(WebLimits.REST_PER_READ * (System.nanoTime() - began));
      }
    } catch (InterruptedException e) {
      // Nobody does that but the end of the process.
    }
  }

  private synchronized void rest(long nanos) throws InterruptedException {
    long until = System.nanoTime() + nanos;
    for (long left = nanos; left > 0 && !closed; left = until - System.nanoTime()) {
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
  }

  private void read() {
    Map<ByteString, AlertView> next = new LinkedHashMap<>();
    Map<DnsName, List<AlertView>> byName = new HashMap<>();
    for (AlertView each : source.live()) {
      next.put(each.getId(), each);
      if (each.getState() == AlertState.ACTIVE) {
        for (String name : each.getAlert().getNamesList()) {
          byName.computeIfAbsent(DnsName.parse(name), absent -> new ArrayList<>()).add(each);
        }
      }
    }
    Map<ByteString, AlertView> before = state.alerts();
    List<AlertView> news = new ArrayList<>();
    next.forEach((id, alert) -> {
      if (!alert.equals(before.get(id))) {
        news.add(alert);
      }
    });
    for (ByteString id : before.keySet()) {
      if (!next.containsKey(id)) {
        source.find(HexFormat.of().formatHex(id.toByteArray())).ifPresent(news::add);
      }
    }
    synchronized (this) {
      state = new State(next, byName);
      for (Consumer<AlertView> each : List.copyOf(subscribers)) {
        news.forEach(each);
      }
    }
  }

  /// All that are live.
  List<AlertView> live() {
    return List.copyOf(state.alerts().values());
  }

  /// The active ones that list this name, or by their subtree one above it.
  List<AlertView> affecting(DnsName name) {
    Map<DnsName, List<AlertView>> byName = state.activeByName();
    List<AlertView> found = new ArrayList<>(byName.getOrDefault(name, List.of()));
    Optional<DnsName> above = name.isRoot() ? Optional.empty() : name.parent();
    while (above.isPresent()) {
      for (AlertView each : byName.getOrDefault(above.get(), List.of())) {
        if (each.getAlert().getSubtree()) {
          found.add(each);
        }
      }
      above = above.get().isRoot() ? Optional.empty() : above.get().parent();
    }
    return found;
  }

  /// One, whatever became of it; may block.
  Optional<AlertView> find(String id) {
    return source.find(id);
  }

  /// Gives the subscriber all that is live, and from then on each change; false if there are too
  /// many already. It is called while the feed is held, and must not block.
  synchronized boolean subscribe(Consumer<AlertView> subscriber) {
    if (subscribers.size() >= WebLimits.SUBSCRIBERS || closed) {
      return false;
    }
    state.alerts().values().forEach(subscriber);
    subscribers.add(subscriber);
    return true;
  }

  synchronized void unsubscribe(Consumer<AlertView> subscriber) {
    subscribers.remove(subscriber);
  }

  synchronized int subscribers() {
    return subscribers.size();
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
