package tocsin.node.web;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tocsin.proto.AlertState;
import tocsin.proto.AlertView;
import tocsin.trust.DnsName;

/// What is live now, and who wants to know of changes.
///
/// It is told of each alert that stands otherwise than before; what that looks like is made by one
/// thread of its own, which tells subscribers. An alert that is over is told once more, in its last
/// state.
public final class AlertFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AlertFeed.class);

  private final Function<String, Optional<AlertView>> log;
  private final Thread thread;

  /// What is not looked at yet, the last of each alert: no more than there are alerts, and what
  /// ended since the thread looked last. Guarded by itself.
  private final Map<ByteString, Supplier<AlertView>> news = new LinkedHashMap<>();

  /// All that are live, the newest first: by their indices in the log.
  private final TreeMap<Long, AlertView> live = new TreeMap<>(Comparator.reverseOrder());

  /// The active ones of them by the names they list, the newest first.
  private final Map<DnsName, TreeMap<Long, AlertView>> activeByName = new HashMap<>();

  private final Set<Consumer<AlertView>> subscribers = new LinkedHashSet<>();
  private boolean closed;

  /// @param log finds one alert by its id, 64 hexadecimal digits, whatever became of it; may block
  public AlertFeed(Function<String, Optional<AlertView>> log) {
    this.log = log;
    this.thread = Thread.ofPlatform().name("tocsin-feed").daemon().unstarted(this::loop);
  }

  /// Tells subscribers from now on.
  public void start() {
    thread.start();
  }

  /// An alert stands otherwise than before. Never blocks.
  ///
  /// @param view makes what it looks like now; not asked if there is newer news of it by then
  public void changed(ByteString id, Supplier<AlertView> view) {
    synchronized (news) {
      news.put(id, view);
      news.notifyAll();
    }
  }

  private List<Supplier<AlertView>> take() throws InterruptedException {
    synchronized (news) {
      while (news.isEmpty()) {
        news.wait();
      }
      List<Supplier<AlertView>> taken = List.copyOf(news.values());
      news.clear();
      return taken;
    }
  }

  private void loop() {
    try {
      while (true) {
        for (Supplier<AlertView> each : take()) {
          try {
            show(each.get());
          } catch (RuntimeException e) {
            LOG.warn("the consumer interface could not be brought up to date: {}", e.toString());
          }
        }
      }
    } catch (InterruptedException e) {
      // The feed is closed.
    }
  }

  private synchronized void show(AlertView now) {
    boolean isLive = now.getState() == AlertState.ACTIVE || now.getState() == AlertState.PENDING;
    AlertView before = isLive ? live.put(now.getLogIndex(), now) : live.remove(now.getLogIndex());
    if (now.equals(before) || (before == null && !isLive)) {
      return;
    }
    if (before != null && before.getState() == AlertState.ACTIVE) {
      names(before).forEach(name -> unlist(name, before.getLogIndex()));
    }
    if (now.getState() == AlertState.ACTIVE) {
      names(now)
          .forEach(name ->
              activeByName
                  .computeIfAbsent(name, _ -> new TreeMap<>(Comparator.reverseOrder()))
                  .put(now.getLogIndex(), now));
    }
    List.copyOf(subscribers).forEach(each -> each.accept(now));
  }

  private static List<DnsName> names(AlertView alert) {
    return alert.getAlert().getNamesList().stream().map(DnsName::parse).toList();
  }

  private void unlist(DnsName name, long index) {
    TreeMap<Long, AlertView> listed = activeByName.get(name);
    if (listed != null) {
      listed.remove(index);
      if (listed.isEmpty()) {
        activeByName.remove(name);
      }
    }
  }

  /// All that are live, the newest first.
  synchronized List<AlertView> live() {
    return List.copyOf(live.values());
  }

  /// The active ones that list this name, or by their subtree one above it.
  synchronized List<AlertView> affecting(DnsName name) {
    List<AlertView> found = new ArrayList<>(active(name));
    Optional<DnsName> above = name.isRoot() ? Optional.empty() : name.parent();
    while (above.isPresent()) {
      active(above.get()).stream().filter(it -> it.getAlert().getSubtree()).forEach(found::add);
      above = above.get().isRoot() ? Optional.empty() : above.get().parent();
    }
    return found;
  }

  private Collection<AlertView> active(DnsName name) {
    TreeMap<Long, AlertView> listed = activeByName.get(name);
    return listed == null ? List.of() : listed.values();
  }

  /// One, whatever became of it; may block.
  Optional<AlertView> find(String id) {
    return log.apply(id);
  }

  /// Gives the subscriber all that is live, and from then on each change; false if there are too
  /// many already. It is called while the feed is held, and must not block.
  synchronized boolean subscribe(Consumer<AlertView> subscriber) {
    if (subscribers.size() >= WebLimits.SUBSCRIBERS || closed) {
      return false;
    }
    live.values().forEach(subscriber);
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
    thread.interrupt();
  }
}
