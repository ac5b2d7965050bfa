package tocsin.node.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Serial;
import org.xbill.DNS.ZoneTransferException;
import org.xbill.DNS.ZoneTransferIn;

/// Keeps the overlay zone as its primary has it: AXFR first, then IXFR (RFC 1995) at each NOTIFY
/// and, as a safety net, at each refresh of its SOA; gone when its expire time is over.
final class OverlayTransfer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OverlayTransfer.class);

  private final Name origin;
  private final InetSocketAddress primary;
  private final Semaphore wake = new Semaphore(0);
  private final Thread thread;
  private volatile @Nullable OverlayZone zone;
  private volatile long confirmedNanos;

  OverlayTransfer(Name origin, InetSocketAddress primary) {
    this.origin = origin;
    this.primary = primary;
    this.thread = Thread.ofVirtual().name("lab-overlay-" + origin).start(this::follow);
  }

  Name origin() {
    return origin;
  }

  /// The zone to apply now.
  Optional<OverlayZone> current() {
    OverlayZone held = zone;
    return held == null || expired(held) ? Optional.empty() : Optional.of(held);
  }

  private boolean expired(OverlayZone held) {
    return System.nanoTime() - confirmedNanos
        > Duration.ofSeconds(held.soa().getExpire()).toNanos();
  }

  /// The serial that is applied now.
  OptionalLong serial() {
    return current()
        .map(held -> OptionalLong.of(held.soa().getSerial()))
        .orElse(OptionalLong.empty());
  }

  /// Whether a NOTIFY from there is heeded.
  boolean isPrimary(InetAddress sender) {
    return primary.getAddress().equals(sender);
  }

  /// There may be a new serial.
  void notified() {
    wake.release();
  }

  private void follow() {
    try {
      while (true) {
        Duration pause = transfer();
        wake.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        // Several notices at once are answered by one transfer that begins after all of them.
        wake.drainPermits();
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /// @return how long to wait for a notice before the next look
  private Duration transfer() {
    OverlayZone held = zone;
    try {
      Optional<OverlayZone> newer = held == null ? whole() : changes(held);
      confirmedNanos = System.nanoTime();
      if (newer.isPresent()) {
        held = newer.get();
        zone = held;
      }
    } catch (IOException | ZoneTransferException e) {
      LOG.debug("{} could not be transferred from {}: {}", origin, primary, e.getMessage());
      return LabLimits.RETRY;
    }
    Duration refresh = Duration.ofSeconds(held == null ? 0 : held.soa().getRefresh());
    return refresh.compareTo(LabLimits.REFRESH_MIN) < 0 ? LabLimits.REFRESH_MIN : refresh;
  }

  private Optional<OverlayZone> whole() throws IOException, ZoneTransferException {
    ZoneTransferIn transfer = ZoneTransferIn.newAXFR(origin, primary, null);
    transfer.setTimeout(LabLimits.TRANSFER);
    transfer.run();
    return OverlayZone.of(origin, transfer.getAXFR());
  }

  private Optional<OverlayZone> changes(OverlayZone held)
      throws IOException, ZoneTransferException {
    ZoneTransferIn transfer =
        ZoneTransferIn.newIXFR(origin, held.soa().getSerial(), true, primary, null);
    transfer.setTimeout(LabLimits.TRANSFER);
    transfer.run();
    if (transfer.isCurrent()) {
      return Optional.empty();
    }
    Optional<OverlayZone> next =
        transfer.isAXFR()
            ? OverlayZone.of(origin, transfer.getAXFR())
            : applied(held, transfer.getIXFR());
    // As real resolvers do: a serial that goes back is not taken (RFC 1982).
    return next.filter(zone -> Serial.compare(zone.soa().getSerial(), held.soa().getSerial()) > 0);
  }

  private Optional<OverlayZone> applied(OverlayZone held, List<ZoneTransferIn.Delta> deltas) {
    List<Record> records = new ArrayList<>(held.records());
    for (ZoneTransferIn.Delta delta : deltas) {
      records.removeAll(delta.deletes);
      records.addAll(delta.adds);
    }
    return OverlayZone.of(origin, records);
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
