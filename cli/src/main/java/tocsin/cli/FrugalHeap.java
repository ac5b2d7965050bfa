package tocsin.cli;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import javax.management.NotificationEmitter;

/// Keeps the heap of a node as small as what is in it. The serial collector takes all that it is
/// allowed before it looks whether what is old is still needed, and a node is allowed a gigabyte,
/// in case a large log is on its way to it. So it is made to look whenever what is old has grown by
/// half: with a small log some tens of milliseconds, every few hours; a million statements that
/// come to a new node make it look five times.
final class FrugalHeap {
  /// Beneath that nothing is gained.
  private static final long LEAST_BYTES = 64L << 20;

  private final MemoryPoolMXBean old;
  private final Semaphore exceeded = new Semaphore(0);

  private FrugalHeap(MemoryPoolMXBean old) {
    this.old = old;
  }

  /// Begins, in a thread of its own; does nothing with another collector.
  static void begin() {
    Optional<MemoryPoolMXBean> old =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .filter(pool -> pool.getName().equals("Tenured Gen"))
            .findFirst();
    if (old.isPresent()
        && ManagementFactory.getMemoryMXBean() instanceof NotificationEmitter emitter) {
      FrugalHeap heap = new FrugalHeap(old.get());
      emitter.addNotificationListener(
          (notification, _) -> {
            if (notification.getType().equals(MemoryNotificationInfo.MEMORY_THRESHOLD_EXCEEDED)) {
              heap.exceeded.release();
            }
          },
          null,
          null);
      heap.setThreshold();
      Thread.ofPlatform().daemon().name("tocsin-heap").start(heap::look);
    }
  }

  private void setThreshold() {
    long used = old.getUsage().getUsed();
    long most = old.getUsage().getMax();
    old.setUsageThreshold(Math.min(Math.max(LEAST_BYTES, used + used / 2), most));
  }

  private void look() {
    try {
      while (true) {
        exceeded.acquire();
        int _ = exceeded.drainPermits();
        System.gc();
        setThreshold();
      }
    } catch (InterruptedException e) {
      // The process ends.
    }
  }
}
