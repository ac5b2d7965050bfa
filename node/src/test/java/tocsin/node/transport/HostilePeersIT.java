package tocsin.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tocsin.node.core.Effect.Priority;
import tocsin.node.core.Event;
import tocsin.node.core.Frame;
import tocsin.trust.Envelope;

/// Peers that speak garbage, break rules or want too much. Each test ends with a good peer being
/// served.
class HostilePeersIT {
  private final Witness node = new Witness("node");

  @AfterEach
  void aGoodPeerIsServedAllTheSame() {
    try (Witness good = new Witness("good")) {
      Witness.Link link = good.connectTo(node);
      good.connections.send(link.there(), new Frame.Ping(99), Priority.CONTROL);
      await().until(() -> node.frames().contains(new Frame.Ping(99)));
    } finally {
      node.close();
    }
  }

  private static Socket connect(Witness to) throws IOException {
    Socket socket =
        new Socket(to.connections.address().getAddress(), to.connections.address().getPort());
    socket.setSoTimeout(10_000);
    return socket;
  }

  /// Reads until the other side closes, one way or the other.
  private static void awaitClosed(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    try {
      while (in.read() >= 0) {
        // Whatever it says.
      }
    } catch (java.net.SocketException e) {
      // Reset: closed, too.
    }
  }

  @Test
  void garbageOnThePort() throws IOException {
    try (Socket socket = connect(node)) {
      socket
          .getOutputStream()
          .write(
              "GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(10).getBytes(StandardCharsets.US_ASCII));
      awaitClosed(socket);
    }
    assertThat(node.events()).isEmpty();
  }

  @Test
  void noCertificate() throws Exception {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, new TrustManager[] {new Trusting()}, null);
    try (Socket plain = connect(node);
        SSLSocket socket =
            (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", 1, true)) {
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      assertThatThrownBy(
              () -> {
                socket.startHandshake();
                socket.getInputStream().read();
              })
          .isInstanceOf(IOException.class);
    }
    assertThat(node.events()).isEmpty();
  }

  /// Trusts every server: what is tested is whom the server trusts.
  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Test
  void aMalformedFrameEndsTheStream() throws Exception {
    try (RawPeer raw = new RawPeer("raw", node)) {
      RawPeer.Call call = raw.converse();
      assertThat(call.isAccepted()).isTrue();
      call.say(ByteString.copyFromUtf8("no frame at all"));
      assertThat(call.end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(node.expect(Event.PeerFaulted.class).reason()).contains("frame");
      node.expect(Event.PeerDisconnected.class);
      assertThat(node.frames()).isEmpty();
    }
  }

  @Test
  void anOversizedFrameEndsTheStream() throws Exception {
    try (RawPeer raw = new RawPeer("raw", node)) {
      RawPeer.Call call = raw.converse();
      assertThat(call.isAccepted()).isTrue();
      call.say(ByteString.copyFrom(new byte[TransportLimits.FRAME_BYTES + 1]));
      assertThat(call.end().isOk()).isFalse();
      assertThat(node.expect(Event.PeerFaulted.class).reason()).isEqualTo("a frame over the limit");
      node.expect(Event.PeerDisconnected.class);
    }
  }

  @Test
  void aBadSignatureIsAFaultAndItsNeighboursGoOn() throws Exception {
    Envelope good = SampleStatements.recall("good one");
    Envelope known = SampleStatements.recall("known one");
    Envelope bad = SampleStatements.recall("bad one");
    node.known.add(known.id());
    ByteString push =
        tocsin.proto.Frame.newBuilder()
            .setPush(
                tocsin.proto.Push.newBuilder()
                    .addEnvelopes(
                        tocsin.proto.Envelope.parseFrom(SampleStatements.badlySigned(bad)))
                    .addEnvelopes(
                        tocsin.proto.Envelope.parseFrom(SampleStatements.badlySigned(known)))
                    .addEnvelopes(tocsin.proto.Envelope.parseFrom(good.wire())))
            .build()
            .toByteString();
    try (RawPeer raw = new RawPeer("raw", node)) {
      RawPeer.Call call = raw.converse();
      assertThat(call.isAccepted()).isTrue();
      call.say(push);
      node.expect(Event.FrameReceived.class, 2);
      assertThat(node.frames())
          .containsExactly(
              new Frame.Push(List.of(good), 0), new Frame.Announce(List.of(known.id())));
      assertThat(node.expect(Event.PeerFaulted.class).reason()).contains(bad.id().toString());
      assertThat(node.all(Event.PeerDisconnected.class)).isEmpty();
    }
  }

  @Test
  void aSecondStreamOnOneConnectionIsRefused() throws Exception {
    try (RawPeer raw = new RawPeer("raw", node)) {
      RawPeer.Call first = raw.converse();
      assertThat(first.isAccepted()).isTrue();
      RawPeer.Call second = raw.converse();
      assertThat(second.end().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      first.say(Frames.ping(5));
      node.expect(Event.FrameReceived.class);
      assertThat(node.all(Event.PeerConnected.class)).hasSize(1);
    }
  }

  @Test
  void unknownMethodsAreRefusedAndThenTheConnectionEnds() throws Exception {
    MethodDescriptor<ByteString, ByteString> other =
        GossipService.CONVERSE.toBuilder().setFullMethodName("tocsin.v1.Gossip/Confess").build();
    try (RawPeer raw = new RawPeer("raw", node)) {
      RawPeer.Call converse = raw.converse();
      assertThat(converse.isAccepted()).isTrue();
      for (int i = 0; i < TransportLimits.REFUSED_CALLS_PER_CONNECTION; i++) {
        assertThat(raw.call(other, CallOptions.DEFAULT).end().getCode())
            .isEqualTo(Status.Code.UNIMPLEMENTED);
      }
      assertThat(converse.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      node.expect(Event.PeerDisconnected.class);
    }
  }

  @Test
  void compressedFramesAreRefused() throws Exception {
    try (RawPeer raw = new RawPeer("raw", node)) {
      RawPeer.Call call =
          raw.call(GossipService.CONVERSE, CallOptions.DEFAULT.withCompression("gzip"));
      assertThat(call.end().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
      assertThat(node.events()).isEmpty();
    }
  }

  @Test
  void hugeHeadersAreRefused() throws Exception {
    MethodDescriptor<ByteString, ByteString> long_ =
        GossipService.CONVERSE.toBuilder()
            .setFullMethodName("tocsin.v1.Gossip/" + "C".repeat(TransportLimits.METADATA_BYTES))
            .build();
    try (RawPeer raw = new RawPeer("raw", node)) {
      assertThat(raw.call(long_, CallOptions.DEFAULT).end().isOk()).isFalse();
      assertThat(node.events()).isEmpty();
    }
  }

  @Test
  void rapidResetsOfStreamsEndTheConnection() throws Exception {
    try (RawPeer raw = new RawPeer("raw", node)) {
      assertThat(raw.converse().isAccepted()).isTrue();
      for (int i = 0; i < 50 * TransportLimits.RESETS_PER_WINDOW; i++) {
        raw.converse().reset();
      }
      node.expect(Event.PeerDisconnected.class);
    }
  }

  @Test
  void fiftyRapidConnectionsThatAreReset() throws Exception {
    for (int i = 0; i < 50; i++) {
      try (Socket socket = connect(node)) {
        socket.setSoLinger(true, 0);
        if (i % 2 == 0) {
          // The beginning of a TLS record.
          socket.getOutputStream().write(new byte[] {0x16, 0x03, 0x01, 0x02, 0x00, 0x01});
        }
      }
    }
    await().until(() -> node.connections.acceptedConnections() == 0);
    assertThat(node.events()).isEmpty();
  }

  @Test
  void oneAddressGetsOnlySoManyConnections() throws Exception {
    TransportLimits two =
        new TransportLimits(10, 1, 2, Duration.ofSeconds(10), Duration.ofSeconds(5));
    try (Witness small = new Witness("small", two, 0);
        Witness a = new Witness("a");
        Witness b = new Witness("b");
        Witness c = new Witness("c")) {
      a.connectTo(small);
      Witness.Link link = b.connectTo(small);
      c.connections.dial(small.address());
      c.expect(Event.DialFailed.class);
      assertThat(small.all(Event.PeerConnected.class)).hasSize(2);
      b.connections.disconnect(link.there(), "to make room");
      await().until(() -> small.connections.acceptedConnections() == 1);
      c.connectTo(small);
    }
  }
}
