package tocsin.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import tocsin.node.core.Effect.Priority;
import tocsin.node.core.Event;
import tocsin.node.core.Frame;
import tocsin.node.core.PeerId;
import tocsin.trust.Envelope;
import tocsin.trust.StatementId;

/// Peers that do not read, and peers that say too much.
class BusyPeersIT {
  private static final int MANY_ROUNDS = 2_000;

  /// What is awaited here takes milliseconds on a machine that does nothing else.
  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(60));
  }

  @Test
  void aPeerThatStopsReadingHasABoundedQueueAndOthersDoNotNotice() throws Exception {
    try (Witness node = new Witness("node");
        Witness good = new Witness("good");
        RawPeer raw = new RawPeer("raw", node)) {
      // Never asks for a message.
      RawPeer.Call deaf = raw.converse();
      assertThat(deaf.isAccepted()).isTrue();
      PeerId deafId = node.expect(Event.PeerConnected.class).peer();
      Witness.Link link = good.connectTo(node);

      // 60 KiB, and each equal to the last, so that writing it costs nothing.
      Frame frame =
          new Frame.Pull(
              IntStream.range(0, TransportLimits.IDS_PER_FRAME)
                  .mapToObj(i -> new StatementId(SampleStatements.hash("id " + i)))
                  .toList());
      int most = 0;
      for (int i = 0; i < MANY_ROUNDS; i++) {
        node.connections.send(deafId, frame, Priority.SYNC);
        node.connections.send(link.here(), new Frame.Ping(i), Priority.CONTROL);
        most = Math.max(most, node.connections.queuedBytes(deafId));
      }
      assertThat(most)
          .isGreaterThan(TransportLimits.QUEUE_BYTES / 2)
          .isLessThanOrEqualTo(TransportLimits.QUEUE_BYTES);
      assertThat(node.expect(Event.PeerOverflowed.class))
          .isEqualTo(new Event.PeerOverflowed(deafId));
      await().until(() -> good.frames().size() == MANY_ROUNDS);
      assertThat(good.frames().getLast()).isEqualTo(new Frame.Ping(MANY_ROUNDS - 1));
      // Said once for each time that the queue was empty in between, while buffers between us
      // filled,
      // and not for each of the 60 times that it was dropped.
      assertThat(node.all(Event.PeerOverflowed.class)).hasSizeLessThan(16);

      // It wakes up: all that is still there flows, and a new overflow is said anew.
      deaf.listen(Integer.MAX_VALUE);
      await().until(() -> node.connections.queuedBytes(deafId) == 0);
      node.connections.send(deafId, new Frame.Ping(1), Priority.CONTROL);
      await().until(() -> deaf.heard().contains(Frames.ping(1)));
    }
  }

  @Test
  void aPeerThatReadsSlowlyIsToldIdsUnlessItAsked() throws Exception {
    try (Witness node = new Witness("node");
        RawPeer raw = new RawPeer("raw", node)) {
      RawPeer.Call deaf = raw.converse();
      assertThat(deaf.isAccepted()).isTrue();
      PeerId deafId = node.expect(Event.PeerConnected.class).peer();
      Frame large =
          new Frame.Pull(
              IntStream.range(0, TransportLimits.IDS_PER_FRAME)
                  .mapToObj(i -> new StatementId(SampleStatements.hash("id " + i)))
                  .toList());
      // Until all buffers between us are full too: what drains from the queue later would make
      // room.
      await()
          .during(Duration.ofMillis(500))
          .until(() -> {
            boolean isBehind =
                node.connections.queuedBytes(deafId) > TransportLimits.ANNOUNCE_ABOVE_BYTES;
            if (!isBehind) {
              node.connections.send(deafId, large, Priority.RELAY);
            }
            return isBehind;
          });
      Envelope news = SampleStatements.recall("news");
      Envelope asked = SampleStatements.recall("asked for");
      node.connections.send(deafId, new Frame.Push(List.of(news)), Priority.ALERT);
      node.connections.send(deafId, new Frame.Push(List.of(asked)), Priority.SYNC);
      deaf.listen(Integer.MAX_VALUE);
      ByteString told = FrameCodec.encode(new Frame.Announce(List.of(news.id()))).getFirst();
      ByteString whole = FrameCodec.encode(new Frame.Push(List.of(asked))).getFirst();
      await().until(() -> deaf.heard().containsAll(List.of(told, whole)));
      assertThat(deaf.heard())
          .doesNotContain(FrameCodec.encode(new Frame.Push(List.of(news))).getFirst());
    }
  }

  @Test
  void aFloodWaitsAtItsSource() throws Exception {
    // An inbox that is full: nothing is handled until the test says so.
    Queue<Runnable> held = new ArrayDeque<>();
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    EventSink slow =
        (event, handled) -> {
          if (event instanceof Event.FrameReceived(PeerId _, Frame frame)
              && frame instanceof Frame.Pull) {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            synchronized (held) {
              held.add(() -> {
                underWay.decrementAndGet();
                handled.run();
              });
            }
          } else {
            handled.run();
          }
        };
    try (Witness node = new Witness("node", TransportLimits.STANDARD, 0, slow);
        Witness good = new Witness("good");
        RawPeer raw = new RawPeer("raw", node)) {
      Witness.Link link = good.connectTo(node);
      RawPeer.Call flood = raw.converse();
      assertThat(flood.isAccepted()).isTrue();
      ByteString large =
          FrameCodec.encode(
                  new Frame.Pull(
                      IntStream.range(0, TransportLimits.IDS_PER_FRAME)
                          .mapToObj(i -> new StatementId(SampleStatements.hash("id " + i)))
                          .toList()))
              .getFirst();
      // As fast as it may, until it may not for a second: then all buffers between us are full.
      int said = 0;
      long quietSince = System.nanoTime();
      while (System.nanoTime() - quietSince < TimeUnit.SECONDS.toNanos(1)) {
        if (flood.isReady()) {
          flood.say(large);
          said++;
          quietSince = System.nanoTime();
        } else {
          Thread.onSpinWait();
        }
        assertThat((long) said * large.size()).isLessThan(64L << 20);
      }
      int buffered = said;
      assertThat((long) buffered * large.size())
          .as("what a peer can make two machines hold for it")
          .isLessThan(4L << 20);
      assertThat(most).hasValue(TransportLimits.FRAMES_UNDER_WAY);

      // Others are served while the flooder waits.
      good.connections.send(link.there(), new Frame.Ping(7), Priority.CONTROL);
      await().until(() -> node.frames().contains(new Frame.Ping(7)));

      // And nothing was dropped.
      await()
          .pollInterval(Duration.ofMillis(1))
          .until(() -> {
            for (Runnable next = poll(held); next != null; next = poll(held)) {
              next.run();
            }
            return wants(node) == buffered;
          });
      assertThat(most).hasValue(TransportLimits.FRAMES_UNDER_WAY);
    }
  }

  private static long wants(Witness node) {
    return node.frames().stream().filter(Frame.Pull.class::isInstance).count();
  }

  private static @org.jspecify.annotations.Nullable Runnable poll(Queue<Runnable> queue) {
    synchronized (queue) {
      return queue.poll();
    }
  }

  @Test
  void aThousandStatementsArriveInOrderThoughTheyAreCheckedByManyThreads() {
    try (Witness a = new Witness("a");
        Witness b = new Witness("b")) {
      Witness.Link link = a.connectTo(b);
      List<Envelope> all =
          IntStream.range(0, 1_000).mapToObj(i -> SampleStatements.recall("s" + i)).toList();
      // Cut into as many frames as it needs.
      a.connections.send(link.there(), new Frame.Push(all), Priority.SYNC);
      await().until(() -> statements(b).size() == all.size());
      assertThat(statements(b)).isEqualTo(all);
      assertThat(b.frames().size()).isGreaterThan(1);
    }
  }

  private static List<Envelope> statements(Witness witness) {
    return witness.frames().stream()
        .flatMap(frame -> ((Frame.Push) frame).envelopes().stream())
        .toList();
  }
}
