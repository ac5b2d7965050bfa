package tocsin.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tocsin.node.core.Effect.Priority;
import tocsin.node.core.Event;
import tocsin.node.core.Frame;
import tocsin.trust.Envelope;

/// Two nodes over real TLS on loopback.
class PeerConnectionsIT {
  @Test
  void framesGoBothWaysBetweenTheKeysThatAreSeen() {
    try (Witness a = new Witness("a");
        Witness b = new Witness("b")) {
      Witness.Link link = a.connectTo(b);
      assertThat(a.expect(Event.PeerConnected.class))
          .isEqualTo(new Event.PeerConnected(link.there(), b.key.id(), Optional.of(b.address())));
      assertThat(b.expect(Event.PeerConnected.class))
          .isEqualTo(new Event.PeerConnected(link.here(), a.key.id(), Optional.empty()));

      Envelope envelope = SampleStatements.recall("speaker");
      a.connections.send(link.there(), new Frame.Push(List.of(envelope)), Priority.ALERT);
      a.connections.send(link.there(), new Frame.Ping(7), Priority.CONTROL);
      b.connections.send(link.here(), new Frame.Pong(7), Priority.CONTROL);
      b.expect(Event.FrameReceived.class, 2);
      a.expect(Event.FrameReceived.class);
      assertThat(b.frames()).containsExactly(new Frame.Push(List.of(envelope)), new Frame.Ping(7));
      assertThat(a.frames()).containsExactly(new Frame.Pong(7));

      a.connections.disconnect(link.there(), "enough");
      assertThat(a.expect(Event.PeerDisconnected.class).reason()).isEqualTo("enough");
      assertThat(b.expect(Event.PeerDisconnected.class).peer()).isEqualTo(link.here());
    }
  }

  @Test
  void theListenerCanEndAStreamToo() {
    try (Witness a = new Witness("a");
        Witness b = new Witness("b")) {
      Witness.Link link = a.connectTo(b);
      b.connections.disconnect(link.here(), "your key is revoked");
      assertThat(a.expect(Event.PeerDisconnected.class).reason()).contains("your key is revoked");
      assertThat(b.expect(Event.PeerDisconnected.class).reason()).isEqualTo("your key is revoked");
    }
  }

  @Test
  void anotherKeyThanExpectedIsRefused() {
    try (Witness a = new Witness("a");
        Witness b = new Witness("b")) {
      a.connections.dial(b.address(), SampleStatements.key("c").id());
      assertThat(a.expect(Event.DialFailed.class).reason())
          .contains("its certificate is refused")
          .contains(b.key.id().toString());
      assertThat(b.events()).isEmpty();
    }
  }

  @Test
  void aNodeDoesNotTalkToItself() {
    try (Witness a = new Witness("a")) {
      a.connections.dial(a.address());
      assertThat(a.expect(Event.DialFailed.class).reason()).contains("that is this node itself");
      assertThat(a.all(Event.PeerConnected.class)).isEmpty();
    }
  }

  @Test
  void nobodyThere() throws Exception {
    try (Witness a = new Witness("a")) {
      int port;
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      a.connections.dial("127.0.0.1:" + port);
      assertThat(a.expect(Event.DialFailed.class))
          .isEqualTo(new Event.DialFailed("127.0.0.1:" + port, "the connection is refused"));
      a.connections.dial("nobody.invalid:1");
      assertThat(a.expect(Event.DialFailed.class, 2).reason()).contains("the name is not known");
      a.connections.dial("nonsense");
      assertThat(a.expect(Event.DialFailed.class, 3).reason()).contains("host:port");
    }
  }

  @Test
  void aPortInUseIsOneClearSentence() {
    try (Witness a = new Witness("a")) {
      assertThatThrownBy(
              () -> new Witness("b", TransportLimits.STANDARD, a.connections.address().getPort()))
          .isInstanceOf(TransportFailure.class)
          .hasMessage(
              "cannot listen for gossip on "
                  + a.address()
                  + ": another program listens there; stop it, or choose another address at"
                  + " [gossip] listen");
    }
  }

  @Test
  void aRestartedListenerIsDialledAnew() {
    try (Witness a = new Witness("a")) {
      String address;
      int port;
      try (Witness b = new Witness("b")) {
        a.connectTo(b);
        address = b.address();
        port = b.connections.address().getPort();
      }
      a.expect(Event.PeerDisconnected.class);
      a.connections.dial(address);
      a.expect(Event.DialFailed.class);
      try (Witness b = new Witness("b", TransportLimits.STANDARD, port)) {
        Witness.Link link = a.connectTo(b);
        a.connections.send(link.there(), new Frame.Ping(1), Priority.CONTROL);
        b.expect(Event.FrameReceived.class);
      }
      await().until(() -> a.all(Event.PeerDisconnected.class).size() == 2);
    }
  }
}
