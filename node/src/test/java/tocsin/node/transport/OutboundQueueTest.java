package tocsin.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tocsin.node.core.Effect.Priority;

class OutboundQueueTest {
  private static ByteString bytes(int size) {
    return ByteString.copyFrom(new byte[size]);
  }

  private static ByteString text(String text) {
    return ByteString.copyFromUtf8(text);
  }

  @Test
  void theMostUrgentGoesFirstAndEachPriorityInOrder() {
    OutboundQueue queue = new OutboundQueue(10_000);
    queue.add(text("sync 1"), Priority.SYNC);
    queue.add(text("relay 1"), Priority.RELAY);
    queue.add(text("alert 1"), Priority.ALERT);
    queue.add(text("sync 2"), Priority.SYNC);
    queue.add(text("control 1"), Priority.CONTROL);
    queue.add(text("alert 2"), Priority.ALERT);
    List<String> order = new ArrayList<>();
    for (ByteString frame = queue.poll(); frame != null; frame = queue.poll()) {
      order.add(frame.toStringUtf8());
    }
    assertThat(order)
        .containsExactly("control 1", "alert 1", "alert 2", "relay 1", "sync 1", "sync 2");
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void whatPassesTheLimitDropsAllThatWaited() {
    OutboundQueue queue = new OutboundQueue(1_000);
    assertThat(queue.add(bytes(400), Priority.ALERT)).isTrue();
    assertThat(queue.add(bytes(400), Priority.SYNC)).isTrue();
    assertThat(queue.sizeBytes()).isLessThanOrEqualTo(1_000);
    assertThat(queue.add(bytes(100), Priority.SYNC)).isFalse();
    assertThat(queue.poll()).isEqualTo(bytes(100));
    assertThat(queue.poll()).isNull();
    assertThat(queue.sizeBytes()).isZero();
  }

  @Test
  void catchingUpIsNotInTheWayOfWhatIsNew() {
    OutboundQueue queue = new OutboundQueue(10_000);
    queue.add(bytes(4_000), Priority.SYNC);
    assertThat(queue.urgentBytes()).isZero();
    queue.add(bytes(400), Priority.ALERT);
    int urgent = queue.urgentBytes();
    assertThat(urgent).isBetween(400, 500);
    assertThat(queue.poll()).isEqualTo(bytes(400));
    assertThat(queue.urgentBytes()).isZero();
    queue.poll();
    assertThat(queue.sizeBytes()).isZero();
    assertThat(queue.urgentBytes()).isZero();
  }

  @Test
  void tinyFramesAreBoundedToo() {
    OutboundQueue queue = new OutboundQueue(1_000);
    int taken = 0;
    while (queue.add(bytes(1), Priority.CONTROL)) {
      taken++;
    }
    assertThat(taken).isBetween(5, 20);
  }
}
