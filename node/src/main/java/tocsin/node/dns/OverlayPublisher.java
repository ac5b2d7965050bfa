package tocsin.node.dns;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import tocsin.node.core.Listing;
import tocsin.node.core.Overlay;

/// Lays out what the core wants served as zones, hands them to the server, and notifies. On a
/// thread of its own, because a zone of 100,000 entries takes longer than the loop may wait; only
/// the last of several orders that wait is carried out.
public final class OverlayPublisher implements AutoCloseable {
  /// @param list the lookup zone is to be made anew
  private record Wanted(@Nullable Overlay overlay, long serial, boolean list) {
    static final Wanted NOTHING = new Wanted(null, 0, false);
  }

  private static final Logger LOG = LoggerFactory.getLogger(OverlayPublisher.class);

  private final DnsServer server;
  private final NotifySender notifications;
  private final Name rpz;
  private final Optional<Name> lookup;
  private final Optional<ZoneSigner> signer;
  private final AtomicReference<Wanted> wanted = new AtomicReference<>(Wanted.NOTHING);

  /// What the lookup zone is to show otherwise than it does, by place. Guarded by itself.
  private final TreeMap<Long, Optional<Listing>> unlisted = new TreeMap<>();

  private final ListedNames listed;

  private final Thread thread;
  private volatile boolean closed;
  private volatile Taker taker = (origin, serial, records) -> {};

  private final Soa authority;
  private final JournalFile journal;
  private @Nullable VersionedZone published;

  /// Whether the published zone may have triggers by address or name server in it; not known of one
  /// that was loaded.
  private boolean mayHoldTriggers = true;

  private long lookupSerial;
  private long listedNanos = System.nanoTime();

  /// How long that took.
  private long listingNanos;

  /// @param lookup the lookup zone's name; empty: there is none
  /// @param signer signs the lookup zone's answers; empty: they are not signed
  /// @param journal file in which the overlay's versions are kept; its folder exists
  public OverlayPublisher(
      DnsServer server,
      NotifySender notifications,
      Name rpz,
      Optional<Name> lookup,
      Optional<ZoneSigner> signer,
      Path journal) {
    this.server = server;
    this.notifications = notifications;
    this.rpz = rpz;
    this.lookup = lookup;
    this.listed = new ListedNames(lookup.orElse(Name.root));
    this.signer = signer;
    this.authority = Soa.usual();
    this.journal = new JournalFile(journal, rpz, authority);
    this.thread = Thread.ofPlatform().name("tocsin-overlay").daemon().unstarted(this::loop);
  }

  /// Somebody who takes the overlay otherwise than by transfer.
  public interface Taker {
    /// @param records all but SOA and NS
    void take(Name origin, long serial, List<Record> records);
  }

  /// Hands every overlay to this one too, on this publisher's thread. Before [#start].
  public void handTo(Taker taker) {
    this.taker = taker;
  }

  public void start() {
    thread.start();
  }

  /// Serves this overlay under this serial, soon.
  public void overlay(Overlay overlay, long serial) {
    wanted.updateAndGet(before -> new Wanted(overlay, serial, before.list()));
    wake();
  }

  /// Shows this in the lookup zone, soon.
  ///
  /// @param changes by place among the listings; empty: nothing is there any more
  public void listings(Map<Long, Optional<Listing>> changes) {
    if (lookup.isEmpty()) {
      return;
    }
    synchronized (unlisted) {
      unlisted.putAll(changes);
    }
    Wanted before = wanted.getAndUpdate(it -> new Wanted(it.overlay(), it.serial(), true));
    if (!before.list()) {
      wake();
    }
  }

  private void list() {
    Map<Long, Optional<Listing>> changes;
    synchronized (unlisted) {
      changes = new TreeMap<>(unlisted);
      unlisted.clear();
    }
    changes.forEach(listed::change);
  }

  private void wake() {
    synchronized (thread) {
      thread.notifyAll();
    }
  }

  private void loop() {
    try {
      published = journal.load().orElse(null);
    } catch (RuntimeException e) {
      LOG.warn("the overlay's journal could not be read and begins anew", e);
    }
    while (!closed) {
      try {
        Wanted next = take();
        try {
          publish(next);
        } catch (RuntimeException e) {
          LOG.error("the overlay could not be published; it is tried again", e);
          // What came meanwhile is newer and counts.
          wanted.updateAndGet(newer ->
              new Wanted(
                  newer.overlay() == null ? next.overlay() : newer.overlay(),
                  newer.overlay() == null ? next.serial() : newer.serial(),
                  newer.list() || next.list()));
          Thread.sleep(Limits.PUBLISH_AGAIN);
        }
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private Wanted take() throws InterruptedException {
    synchronized (thread) {
      while (!closed && Wanted.NOTHING.equals(wanted.get())) {
        thread.wait();
      }
      // A list of many alerts takes milliseconds to make: not one for each alert of a flood.
      long rest = restMillis();
      while (!closed && !hasOverlay(wanted.get()) && rest > 0) {
        thread.wait(rest);
        rest = restMillis();
      }
    }
    return wanted.getAndSet(Wanted.NOTHING);
  }

  private static boolean hasOverlay(@Nullable Wanted one) {
    return one != null && one.overlay() != null;
  }

  private long restMillis() {
    long spacing =
        Math.max(Limits.LISTING_SPACING.toMillis(), Limits.LISTING_REST * listingNanos / 1_000_000);
    return spacing - (System.nanoTime() - listedNanos) / 1_000_000;
  }

  private void publish(Wanted next) {
    if (next.overlay() != null) {
      RpzZone zone = RpzZone.of(rpz, next.overlay());
      for (RpzZone.Refusal refusal : zone.refusals()) {
        LOG.warn("{} cannot stand in the overlay: {}", refusal.name(), refusal.reason());
      }
      VersionedZone version = version(new Serial(next.serial()), zone.records());
      if (mayHoldTriggers && published != null && RpzTriggers.isAnyGone(published, version)) {
        version = version.withoutPast();
      }
      mayHoldTriggers = !next.overlay().triggers().isEmpty();
      server.serve(version.zone(), version.journal());
      notifications.notify(version.zone());
      taker.take(rpz, next.serial(), zone.records());
      // After that: a resolver shall not wait for the disk.
      VersionedZone before = published;
      published = version;
      if (!version.equals(before)) {
        journal.append(version, before != null && version.journal().follows(before.zone()));
      }
    }
    if (next.list() && lookup.isPresent()) {
      listedNanos = System.nanoTime();
      // Nobody transfers it, but caches compare: it goes on from where the last start was.
      lookupSerial = Math.max(lookupSerial + 1, System.currentTimeMillis() / 1_000);
      Name origin = lookup.get();
      list();
      LookupZone zone = LookupZone.of(origin, Soa.usual(), new Serial(lookupSerial), listed);
      server.serve(signer.map(zone::signedBy).orElse(zone));
      listingNanos = System.nanoTime() - listedNanos;
    }
  }

  private VersionedZone version(Serial serial, List<Record> records) {
    VersionedZone before = published;
    if (before != null) {
      try {
        return before.next(serial, records);
      } catch (IllegalArgumentException e) {
        // A log that was restored, or a program that lays zones out in another way.
        LOG.warn("the past of the overlay is forgotten: {}", e.getMessage());
      }
    }
    return VersionedZone.first(Zone.of(rpz, authority, serial, records));
  }

  /// Serves an overlay as the only version of its zone, and notifies: for whoever stands in for a
  /// node that does not run.
  public static void serveOnce(
      DnsServer server, NotifySender notifications, Name rpz, Overlay overlay, long serial) {
    Zone zone = Zone.of(rpz, Soa.usual(), new Serial(serial), RpzZone.of(rpz, overlay).records());
    server.serve(zone, ZoneJournal.EMPTY);
    notifications.notify(zone);
  }

  @Override
  public void close() {
    closed = true;
    wake();
  }
}
