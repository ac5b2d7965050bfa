package tocsin.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tocsin.node.core.Effect.Priority;
import tocsin.node.core.Event;
import tocsin.node.core.Frame;

/// Peers, and networks, that go silent without a word. All at once, because each takes seconds.
class SilentPeersIT {
  @Test
  void silenceIsNoticed() throws Exception {
    TransportLimits quick =
        new TransportLimits(10, 10, 10, Duration.ofSeconds(1), Duration.ofSeconds(1));
    try (Witness node = new Witness("node", quick, 0);
        Witness dialler = new Witness("dialler", quick, 0);
        Witness patient = new Witness("patient");
        Relay relay = new Relay(node.connections.address());
        ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Socket lurker =
            new Socket(
                node.connections.address().getAddress(), node.connections.address().getPort())) {
      // The kernel accepts for it, and nobody ever speaks.
      String muteAddress = "127.0.0.1:" + mute.getLocalPort();
      patient.connections.dial(muteAddress);

      dialler.connections.dial(relay.address());
      Event.PeerConnected there = dialler.expect(Event.PeerConnected.class);
      dialler.connections.send(there.peer(), new Frame.Ping(1), Priority.CONTROL);
      node.expect(Event.FrameReceived.class);
      relay.swallow();

      // Our PINGs come back no more. The dialling side's first goes out after gRPC's floor of 10 s.
      node.expect(Event.PeerDisconnected.class);
      dialler.expect(Event.PeerDisconnected.class);

      lurker.setSoTimeout(10_000);
      assertThat(isClosed(lurker)).as("who never begins with TLS is shown out").isTrue();

      await()
          .atMost(TransportLimits.DIAL.plusSeconds(5))
          .until(() -> !patient.all(Event.DialFailed.class).isEmpty());
      assertThat(patient.expect(Event.DialFailed.class).address()).isEqualTo(muteAddress);
    }
  }

  private static boolean isClosed(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /// Passes bytes both ways until told to swallow them.
  private static final class Relay implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final InetSocketAddress target;
    private volatile boolean swallowing;

    Relay(InetSocketAddress target) throws IOException {
      this.target = target;
      Thread.ofVirtual().start(this::accept);
    }

    String address() {
      return "127.0.0.1:" + server.getLocalPort();
    }

    void swallow() {
      swallowing = true;
    }

    private void accept() {
      try {
        Socket near = server.accept();
        Socket far = new Socket(target.getAddress(), target.getPort());
        Thread.ofVirtual().start(() -> pass(near, far));
        Thread.ofVirtual().start(() -> pass(far, near));
      } catch (IOException e) {
        // The test is over.
      }
    }

    private void pass(Socket from, Socket to) {
      byte[] buffer = new byte[8192];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          if (!swallowing) {
            out.write(buffer, 0, count);
          }
        }
      } catch (IOException e) {
        // One side closed.
      }
      // The other side is told nothing: that is what is tested.
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
