package tocsin.node.resolver;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tocsin.trust.DnsName;

class FlushQueueTest {
  static final DnsName BANK = DnsName.parse("bank.test.");
  static final DnsName SHOP = DnsName.parse("shop.test.");

  @Test
  void thoseThatWaitTogetherAreDoneOnceAndOneUnderWayIsNotJoined() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    List<DnsName> done = new ArrayList<>();
    FlushQueue queue =
        new FlushQueue(name -> {
          started.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new ResolverException("interrupted", e);
          }
          synchronized (done) {
            done.add(name);
          }
        });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      all.add(threads.submit(() -> flush(queue, BANK)));
      assertThat(started.await(10, SECONDS)).isTrue();
      for (int i = 0; i < 10; i++) {
        all.add(threads.submit(() -> flush(queue, BANK)));
        all.add(threads.submit(() -> flush(queue, SHOP)));
      }
      await().until(() -> queue.callers() == 21);
      release.countDown();
      for (Future<?> one : all) {
        one.get(10, SECONDS);
      }
    }
    assertThat(done).containsExactlyInAnyOrder(BANK, BANK, SHOP);
    assertThat(queue.callers()).isZero();
  }

  @Test
  void aFailureIsEverybodysAndTheNextFlushIsTriedAnew() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    AtomicBoolean started = new AtomicBoolean();
    AtomicInteger calls = new AtomicInteger();
    FlushQueue queue =
        new FlushQueue(name -> {
          started.set(true);
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new ResolverException("interrupted", e);
          }
          if (calls.incrementAndGet() == 2) {
            throw new ResolverException("resolver r1 is down");
          }
        });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> first = threads.submit(() -> flush(queue, SHOP));
      await().until(started::get);
      List<Future<?>> failing = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        failing.add(threads.submit(() -> flush(queue, BANK)));
      }
      await().until(() -> queue.callers() == 6);
      release.countDown();
      first.get(10, SECONDS);
      for (Future<?> one : failing) {
        assertThatThrownBy(() -> one.get(10, SECONDS))
            .isInstanceOf(ExecutionException.class)
            .hasRootCauseMessage("resolver r1 is down");
      }
    }
    queue.flush(BANK);
    assertThat(calls).hasValue(3);
  }

  private static DnsName flush(FlushQueue queue, DnsName name) throws ResolverException {
    queue.flush(name);
    return name;
  }
}
